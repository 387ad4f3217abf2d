"""Forms of projects, teams and leave."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.models.coaching import Stage
from reviews.services.coaching import NOTE_LIMIT, Team

People = Iterable[tuple[UUID, str]]
INVALID_DAY = _("请按 2026-01-05 的格式填写日期。")


def day_field(
    label: Any, *, required: bool = True, missing: Any = ""
) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": INVALID_DAY},
    )


class StageForm(forms.Form):
    """Which stage a client has reached, and when."""

    stage = forms.ChoiceField(
        label=_("阶段"),
        choices=Stage.choices,
        error_messages={"required": _("请选择阶段。")},
    )
    reached_on = day_field(_("进入日期"), missing=_("请填写进入日期。"))
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_("只有本机构的成员看得到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DatesForm(forms.Form):
    """Until when each stage is planned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in Stage:
            self.fields[stage.value] = day_field(stage.label, required=False)

    def due(self) -> dict[str, date | None]:
        """Return the days a valid form holds, by stage."""
        return {stage.value: self.cleaned_data[stage.value] for stage in Stage}


class TeamForm(forms.Form):
    """Who is responsible for a client, and who helps."""

    responsible = forms.ChoiceField(label=_("主办人"), required=False)
    helpers = forms.MultipleChoiceField(
        label=_("协办人"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("交接事项"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_("更换主办人时必填：做到哪里、接下来做什么、要留意什么。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(pk), name) for pk, name in people]
        self.fields["responsible"].choices = [("", _("不指定")), *choices]  # type: ignore[attr-defined]
        self.fields["helpers"].choices = choices  # type: ignore[attr-defined]

    def team(self) -> Team:
        """Return the team a valid form holds."""
        responsible = self.cleaned_data["responsible"]
        return Team(
            UUID(responsible) if responsible else None,
            frozenset(map(UUID, self.cleaned_data["helpers"])),
        )


class AbsenceForm(forms.Form):
    """Who is away from when to when, and who stands in."""

    person = forms.ChoiceField(label=_("休假人"))
    deputy = forms.ChoiceField(
        label=_("代理人"),
        help_text=_("休假期间，代理人的工作台会显示休假人的客户。"),
        error_messages={"required": _("请选择代理人。")},
    )
    first_day = day_field(_("第一天"), missing=_("请填写第一天。"))
    last_day = day_field(_("最后一天"), missing=_("请填写最后一天。"))

    def __init__(self, *args: Any, own: People, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        away = [(str(pk), name) for pk, name in own]
        deputies = [(str(pk), name) for pk, name in people]
        self.fields["person"].choices = away  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", _("请选择")), *deputies]  # type: ignore[attr-defined]
