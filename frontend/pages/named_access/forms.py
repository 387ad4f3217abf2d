"""Forms of named access: what officials ask for and what an owner decides."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from accounts.forms import NameField
from accounts.mandate_scope import Scope
from accounts.models import NamedAccess, User
from accounts.named_access import Ground, Wanted
from accounts.named_access_rules import DEFAULT_DAYS, GROUND_MOST_DAYS, MOST_DAYS
from assessments.mandate_preview import offered_sections
from frontend.pages.mandates.forms import (
    ALL,
    FLAG_WORDS,
    NAMED,
    DayField,
    ScopeForm,
    end_of_day,
    last_day,
)
from frontend.templatetags.texts import localized

FLAG_LABELS = {
    "evidence": (_("证明材料"), _("所选部分的证明文件，可以下载。")),
    "report": (_("PDF 报告"), _("报告包含全部回答和证明材料的文件名。")),
    "data_sheet": FLAG_WORDS["data_sheet"],
}


class PurposeField(NameField):
    """What an access is for; the other side reads it."""

    def __init__(self) -> None:
        super().__init__(
            label=_("用途"),
            max_length=200,
            help_text=_("写明为什么要看、看了做什么。企业会看到。"),
            error_messages={"required": _("请写明查阅用途。")},
        )


class AskForm(forms.Form):
    """What an official asks an enterprise's owner for.

    Nothing on it tells anything of the enterprise: not even which assessments it has.
    """

    most_days = MOST_DAYS
    enterprise = forms.CharField(
        label=_("企业"),
        max_length=120,
        help_text=_("填写企业全称或统一社会信用代码，须完全一致。"),
        error_messages={"required": _("请填写企业。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = PurposeField()
    readers = forms.MultipleChoiceField(
        label=_("查阅人"),
        help_text=_("只有点名的人可以看，本部门其他人看不到。"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少点名一位查阅人。")},
    )
    parts = forms.ChoiceField(
        label=_("查阅哪些部分"),
        choices=(
            (ALL, _("全部部分，连同自评结果")),
            (NAMED, _("只限下面勾选的部分，不含结果和报告")),
        ),
        initial=ALL,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择查阅哪些部分。")},
    )
    sections = forms.MultipleChoiceField(
        label=_("勾选部分"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.BooleanField(required=False)
    report = forms.BooleanField(required=False)
    data_sheet = forms.BooleanField(required=False)
    ends_on = DayField(label=_("结束日期"))

    def __init__(self, *args: Any, officials: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officials = {str(person.pk): person for person in officials}
        people = [(key, _named(who)) for key, who in self.officials.items()]
        self.fields["readers"].choices = people  # type: ignore[attr-defined]
        sections = [(key, localized(title)) for key, title in offered_sections()]
        self.fields["sections"].choices = sections  # type: ignore[attr-defined]
        for flag, (label, text) in FLAG_LABELS.items():
            self.fields[flag].label, self.fields[flag].help_text = label, text
        until = gettext("最长 %(days)s 天，到期自动停止。")
        self.fields["ends_on"].help_text = until % {"days": self.most_days}
        self.initial.setdefault("ends_on", usual_end())

    def clean_ends_on(self) -> date:
        return checked_day(self.cleaned_data["ends_on"], self.most_days)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("parts") == NAMED and not data.get("sections"):
            self.add_error("sections", gettext("请至少勾选一个部分。"))
        if data.get("parts") == NAMED and data.get("report"):
            self.add_error("report", gettext("报告包含全部部分，不能只看部分内容。"))
        return data

    def wanted(self) -> Wanted:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        named = frozenset(data["sections"])
        return Wanted(
            scope=Scope(
                sections=None if data["parts"] == ALL else named,
                **{flag: data[flag] for flag in FLAG_LABELS},
            ),
            purpose=data["purpose"],
            ends_at=end_of_day(data["ends_on"]),
            readers=tuple(self.officials[key] for key in data["readers"]),
        )


class GroundForm(AskForm):
    """A ground in law, its document, and what is to be read."""

    most_days = GROUND_MOST_DAYS
    ground = forms.ChoiceField(
        label=_("法定依据类别"),
        choices=NamedAccess.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择法定依据类别。")},
    )
    document_number = NameField(
        label=_("文号"),
        max_length=80,
        help_text=_("立案、检查或协助文书的文号，企业会看到。"),
        error_messages={"required": _("请填写文号。")},
    )
    document_date = DayField(label=_("文书日期"))
    field_order = ("enterprise", "ground", "document_number", "document_date")

    def the_ground(self) -> Ground:
        """Return the ground a valid form states."""
        data = self.cleaned_data
        return Ground(data["ground"], data["document_number"], data["document_date"])


class AccessScopeForm(ScopeForm):
    """What officials may see of one's enterprise: submitted assessments alone."""

    names_drafts = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["drafts"]


class ConsentForm(AccessScopeForm):
    """What an owner agrees to: what was asked for, or less."""

    ends_on = DayField(label=_("结束日期"), help_text=_("可以提前，不能推后。"))

    def clean_ends_on(self) -> date:
        return checked_day(self.cleaned_data["ends_on"], MOST_DAYS)


class OfferForm(AccessScopeForm):
    """What an owner shows unasked, and to whom."""

    readers = forms.CharField(
        label=_("查阅人的邮箱"),
        max_length=600,
        help_text=_("主管部门工作人员的邮箱，每行一个，须完全一致。"),
        error_messages={"required": _("请填写查阅人的邮箱。")},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    purpose = PurposeField()
    ends_on = DayField(label=_("结束日期"), help_text=_("到期自动停止，最长 180 天。"))
    field_order = ("readers", "purpose", "which")

    def clean_ends_on(self) -> date:
        return checked_day(self.cleaned_data["ends_on"], MOST_DAYS)

    def addresses(self) -> list[str]:
        """Return the addresses of a valid form."""
        return str(self.cleaned_data["readers"]).split()


class DecisionForm(forms.Form):
    """Yes or no, and why not."""

    decision = forms.ChoiceField(
        label=_("审批意见"),
        choices=(("approve", _("批准")), ("refuse", _("不批准"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择审批意见。")},
    )
    reason = NameField(
        label=_("理由"),
        max_length=200,
        required=False,
        help_text=_("不批准时必填。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", gettext("请写明不批准的理由。"))
        return data


class ReasonForm(forms.Form):
    """Why something ends; may be left out."""

    reason = NameField(
        label=_("原因"),
        max_length=200,
        required=False,
        help_text=_("写入双方都能看到的记录。"),
    )


class ObjectionForm(forms.Form):
    """What the enterprise objects to."""

    text = forms.CharField(
        label=_("异议内容"),
        max_length=2000,
        help_text=_("写明不同意的理由和要求。主管部门会收到提醒，内容不能再修改。"),
        error_messages={"required": _("请填写异议内容。")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def usual_end() -> date:
    """Return the last day a form proposes."""
    return timezone.localdate() + timedelta(days=DEFAULT_DAYS)


def checked_day(day: date, most_days: int) -> date:
    """Return a day within reach, or raise ValidationError."""
    today = timezone.localdate()
    if not today <= day <= today + timedelta(days=most_days - 1):
        words = gettext("结束日期须在今天以后的 %(days)s 天之内。")
        raise forms.ValidationError(words % {"days": most_days})
    return day


def _named(who: User) -> str:
    role = who.membership.get_role_display()
    return f"{who} {role} {who.email}"


class NarrowGroundForm(forms.Form):
    """Less of what a ground shows; names nothing of the enterprise but its scope."""

    sections = forms.MultipleChoiceField(
        label=_("保留哪些部分"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一个部分。")},
    )  # fmt: skip
    evidence = forms.BooleanField(required=False)
    report = forms.BooleanField(required=False)
    data_sheet = forms.BooleanField(required=False)
    ends_on = DayField(label=_("结束日期"), help_text=_("可以提前，不能推后。"))

    def __init__(self, *args: Any, access: NamedAccess, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access, old = access, access.scope
        offered = offered_sections()
        known = [(key, localized(title)) for key, title in offered if old.shows(key)]
        if old.is_whole:
            del self.fields["sections"]
        else:
            self.fields["sections"].choices = known  # type: ignore[attr-defined]
            self.initial["sections"] = [key for key, _title in known]
        for flag, (label, text) in FLAG_LABELS.items():
            self.fields[flag].label, self.fields[flag].help_text = label, text
            self.initial[flag] = getattr(old, flag)
            if not self.initial[flag]:
                del self.fields[flag]
        self.initial["ends_on"] = last_day(access.ends_at)

    def scope(self) -> Scope:
        """Return the scope a valid form describes."""
        data, old = self.cleaned_data, self.access.scope
        named = old.sections if old.is_whole else frozenset(data["sections"])
        return Scope(
            assessments=old.assessments,
            sections=named,
            **{flag: bool(data.get(flag)) for flag in FLAG_LABELS},
        )

    def ends_at(self) -> datetime:
        """Return the end, the old one when the day is the old one."""
        day: date = self.cleaned_data["ends_on"]
        return kept_or_new(self.access, day)


def kept_or_new(access: NamedAccess, day: date) -> datetime:
    """Return the end of a day, or the present end if it lies on that day."""
    return access.ends_at if day == last_day(access.ends_at) else end_of_day(day)
