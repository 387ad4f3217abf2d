"""Forms of mandates: what an owner decides."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from accounts.claims import Proof
from accounts.forms import NameField
from accounts.mandate_scope import FLAGS, Scope
from accounts.mandates import DEFAULT_DAYS, MOST_DAYS, Purpose, Terms
from accounts.models import Organisation
from assessments.mandate_preview import section_choices, shown_assessments
from frontend.templatetags.texts import localized, short_date

ALL, NAMED = "all", "named"
EVERYTHING = Scope(drafts=True)
FLAG_WORDS = {
    "evidence": (
        _("证明材料"),
        _("可以预览和下载所选部分的证明文件。不勾选时连文件名也看不到。"),
    ),
    "report": (_("PDF 报告"), _("报告包含全部回答和证明材料的文件名。")),
    "data_sheet": (
        _("企业数据表"),
        _("营业收入、研发费用等年度数据，连同知识产权清单和一票否决事项。"),
    ),
    "drafts": (_("未提交的草稿"), _("可以随时看到正在填写的内容，包括还没有核对的。")),
}


def end_of_day(day: date) -> datetime:
    """Return the end of a local day: the midnight after it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def last_day(moment: datetime) -> date:
    """Return the last local day that lies before `moment`."""
    return timezone.localdate(moment - timedelta(microseconds=1))


class DayField(forms.DateField):
    """A day, typed or chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": _("请填写结束日期。"),
                "invalid": _("请按 2026-01-05 的格式填写日期。"),
            },
            **options,
        )


class ScopeForm(forms.Form):
    """What an agency may see. `names_drafts`: whether drafts can be named."""

    names_drafts = True
    which = forms.ChoiceField(
        label=_("哪些自评"),
        choices=((ALL, _("全部，包括以后新建的")), (NAMED, _("只限下面勾选的"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择授权哪些自评。")},
    )
    assessments = forms.MultipleChoiceField(
        label=_("勾选自评"),
        required=False,
        help_text=_("选择“只限下面勾选的”时勾选。"),
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.ChoiceField(
        label=_("哪些部分"),
        choices=(
            (ALL, _("全部部分，连同自评结果")),
            (NAMED, _("只限下面勾选的部分，不含结果和报告")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择授权哪些部分。")},
    )
    sections = forms.MultipleChoiceField(
        label=_("勾选部分"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.BooleanField(required=False)
    report = forms.BooleanField(required=False)
    data_sheet = forms.BooleanField(required=False)
    drafts = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, enterprise: Organisation, within: Scope = EVERYTHING,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        shown = Scope(assessments=within.assessments, drafts=self.names_drafts)
        named = _assessment_choices(enterprise, shown)
        self._choose("assessments", named, of="which")
        sections = [
            (key, localized(title))
            for key, title in section_choices(enterprise)
            if within.shows(key)
        ]
        self._choose("sections", sections, of="parts")
        for flag in FLAGS:
            label, text = FLAG_WORDS[flag]
            self.fields[flag].label, self.fields[flag].help_text = label, text

    def _choose(
        self, name: str, choices: Iterable[tuple[str, str]], *, of: str
    ) -> None:
        """Offer what can be named; where there is nothing, naming is no choice."""
        found, ways = list(choices), self.fields[of]
        self.fields[name].choices = found  # type: ignore[attr-defined]
        if not found:
            ways.choices = [way for way in ways.choices if way[0] != NAMED]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("which") == NAMED and not data.get("assessments"):
            self.add_error("assessments", gettext("请至少勾选一次自评。"))
        if data.get("parts") == NAMED and not data.get("sections"):
            self.add_error("sections", gettext("请至少勾选一个部分。"))
        if data.get("parts") == NAMED and data.get("report"):
            self.add_error(
                "report",
                gettext("报告包含全部部分。只授权部分内容时，不能同时授权报告。"),
            )
        return data

    def scope(self) -> Scope:
        """Return the scope a valid form describes."""
        data = self.cleaned_data
        named = frozenset(map(UUID, data["assessments"]))
        return Scope(
            assessments=None if data["which"] == ALL else named,
            sections=None if data["parts"] == ALL else frozenset(data["sections"]),
            **{flag: data.get(flag, False) for flag in FLAGS},
        )


class TermsForm(ScopeForm):
    """Everything about a mandate but the agency."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择授权用途。")},
    )
    purpose_note = NameField(
        label=_("用途说明"),
        max_length=200,
        required=False,
        help_text=_("选择“其他”时必填。对方会看到。"),
    )
    ends_on = DayField(
        label=_("结束日期"), help_text=_("到这一天结束时自动停止，最长一年。")
    )
    field_order: tuple[str, ...] = ("purpose", "purpose_note", "which")

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if not today <= day < today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("结束日期须在今天以后的一年之内。"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("purpose") == Purpose.OTHER and not data.get("purpose_note"):
            self.add_error("purpose_note", gettext("请写明授权用途。"))
        return data

    def terms(self) -> Terms:
        """Return the terms a valid form describes."""
        data = self.cleaned_data
        return Terms(
            scope=self.scope(),
            purpose=data["purpose"],
            purpose_note=data["purpose_note"],
            ends_at=end_of_day(data["ends_on"]),
        )

    @staticmethod
    def usual() -> dict[str, Any]:
        """Return what the form shows first: little, and for 90 days."""
        day = timezone.localdate() + timedelta(days=DEFAULT_DAYS)
        return {"purpose": Purpose.COACHING, "which": ALL, "parts": ALL, "ends_on": day}


class GrantForm(TermsForm):
    """A mandate for an agency that is named here."""

    agency = forms.CharField(
        label=_("服务机构"),
        max_length=120,
        help_text=_("填写机构全称或统一社会信用代码，须完全一致。"),
        error_messages={"required": _("请填写服务机构。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("agency", "purpose", "purpose_note", "which")


class ExtendForm(forms.Form):
    """A later end."""

    ends_on = DayField(label=_("新的结束日期"), help_text=_("从今天起最长一年。"))


class RevokeForm(forms.Form):
    """Why a mandate is revoked; may be left out."""

    reason = NameField(
        label=_("原因"),
        max_length=200,
        required=False,
        help_text=_("写入双方都能看到的记录。"),
    )


class RequestForm(forms.Form):
    """To whom an agency sends its request."""

    email = forms.EmailField(
        label=_("企业负责人的邮箱"),
        required=False,
        max_length=254,
        help_text=_("填写后，链接会发到该邮箱，且只有该邮箱可以使用。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ClaimForm(forms.Form):
    """How a claim is decided."""

    decision = forms.ChoiceField(
        label=_("审核结论"),
        choices=(("approve", _("通过")), ("refuse", _("不通过"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择审核结论。")},
    )
    proof = forms.ChoiceField(
        label=_("核对方式"),
        choices=[(p.value, p.label) for p in (Proof.BUREAU, Proof.LICENCE)],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("通过时必选。"),
    )
    reason = NameField(
        label=_("理由"),
        max_length=200,
        required=False,
        help_text=_("不通过时必填，企业会看到。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "approve" and not data.get("proof"):
            self.add_error("proof", gettext("请选择核对方式。"))
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", gettext("请写明不通过的理由。"))
        return data


def scope_initial(scope: Scope) -> dict[str, Any]:
    """Return what the form shows of a present scope."""
    return {
        "which": ALL if scope.assessments is None else NAMED,
        "assessments": [str(key) for key in scope.assessments or ()],
        "parts": ALL if scope.sections is None else NAMED,
        "sections": sorted(scope.sections or ()),
        **{flag: getattr(scope, flag) for flag in FLAGS},
    }


def _assessment_choices(
    enterprise: Organisation, scope: Scope
) -> list[tuple[str, str]]:
    return [
        (str(row.pk), assessment_words(row.bank_version.edition, row.submitted_at))
        for row in shown_assessments(enterprise, scope)
    ]


def assessment_words(edition: str, submitted_at: datetime | None) -> str:
    """Name an assessment by its standard and the day it was submitted."""
    if submitted_at is None:
        return gettext("%(edition)s，填写中") % {"edition": edition}
    words = {"edition": edition, "day": short_date(submitted_at)}
    return gettext("%(edition)s，%(day)s提交") % words


def only_less(form: ScopeForm, scope: Scope) -> None:
    """Leave nothing on the form that would show more than `scope`."""
    for name, named in (("which", scope.assessments), ("parts", scope.sections)):
        if named is not None:
            field = form.fields[name]
            kept = [pair for pair in field.choices if pair[0] == NAMED]  # type: ignore[attr-defined]
            field.choices = kept  # type: ignore[attr-defined]
    for flag in FLAGS:
        if not getattr(scope, flag):
            form.fields.pop(flag, None)
