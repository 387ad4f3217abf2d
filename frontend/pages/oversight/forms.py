"""Forms of the registers."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.pages.workbench.forms import day_field
from oversight.counting.facts import (
    CertificateState,
    Issue,
    Level,
    Presence,
    ReviewResult,
    Stage,
    Standard,
    StateChange,
    Title,
    TitleReview,
)
from oversight.divisions import all_places, division_name
from oversight.entries import (
    CertificateEntry,
    Holder,
    RecognitionEntry,
    SeriesEntry,
    UnitEntry,
)
from oversight.models import (
    CertificateRevision,
    RecognitionRevision,
    TitleEquivalence,
)

NEEDED = _("这一项必填。")
DAY = _("请填写日期。")


def line(label: Any, limit: int, *, required: bool = True, hint: Any = "") -> Any:
    """Return a field for one line of text."""
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=hint,
        error_messages={"required": NEEDED},
    )


def choice(label: Any, choices: Any, *, required: bool = True, hint: Any = "") -> Any:
    """Return a select."""
    offered = [("", _("请选择")), *choices]
    return forms.ChoiceField(
        label=label,
        choices=offered,
        required=required,
        help_text=hint,
        error_messages={"required": _("请选择。")},
    )


def division_choices() -> list[tuple[str, str]]:
    """Return every place a unit could ever be, in the active language."""
    return [(place.code, place.name) for place in all_places()]


class SourcedForm(forms.Form):
    """A form of an entry: where it comes from, and why it is corrected."""

    def add_source(self) -> None:
        """Ask where the entry comes from."""
        self.fields["source"] = line(
            _("来源"), 200, hint=_("依据的文件、名录或查询平台。")
        )

    def add_reason(self) -> None:
        """Ask why what was recorded is corrected, and keep which revision was seen."""
        self.fields["reason"] = line(_("更正的理由"), 300)
        self.add_seq()

    def add_seq(self) -> None:
        """Keep which revision was seen."""
        self.fields["seq"] = forms.IntegerField(widget=forms.HiddenInput)


class HolderFields(SourcedForm):
    """Whose a record is; unknown units are introduced."""

    def add_holder(self) -> None:
        """Ask for the holder by credit code."""
        self.fields["holder"] = line(_("持有单位的统一社会信用代码"), 30)
        self.fields["holder_name"] = line(
            _("单位名称"), 120, required=False,
            hint=_("登记库中还没有这个单位时必填。"),
        )  # fmt: skip
        self.fields["holder_division"] = choice(
            _("所在区市"), division_choices(), required=False,
            hint=_("登记库中还没有这个单位时填写；不在本市的不选。请勿按信用代码推断。"),
        )  # fmt: skip

    def holder(self) -> Holder:
        """Return the holder of a valid form."""
        data = self.cleaned_data
        return Holder(
            data.get("holder", ""),
            data.get("holder_name", ""),
            data.get("holder_division", ""),
        )


class CertificateForm(HolderFields):
    """A certificate as printed."""

    number = line(_("证书编号"), 30, hint=_("请先到 cx.cnca.cn 核对，再按证书填写。"))
    body = choice(_("认证机构"), [])
    standard = choice(_("标准"), CertificateRevision.Standard.choices)
    issue = choice(_("发证类型"), CertificateRevision.Issue.choices)
    first_issued_on = day_field(_("初次发证日期"), missing=DAY)
    issued_on = day_field(_("发证日期"), missing=DAY)
    expires_on = day_field(_("证书到期日"), missing=DAY)
    scope = line(_("认证范围"), 500, required=False)
    group_holder = line(
        _("集团证书持有人的信用代码"), 30, required=False,
        hint=_("本证书是集团证书的子证书时填写。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", _("请选择")), *bodies]  # type: ignore[attr-defined]

    def entry(self, before: CertificateEntry | None = None) -> CertificateEntry:
        """Return the entry of a valid form; states come from before."""
        data = self.cleaned_data
        return CertificateEntry(
            number=data["number"],
            body=UUID(data["body"]),
            holder=self.holder(),
            standard=Standard(data["standard"]),
            issue=Issue(data["issue"]),
            first_issued_on=data["first_issued_on"],
            issued_on=data["issued_on"],
            expires_on=data["expires_on"],
            scope=data["scope"],
            group_holder=data["group_holder"],
            states=before.states if before else (),
        )


class RecognitionForm(HolderFields):
    """A title as its document gives it."""

    level = choice(_("级别"), RecognitionRevision.Level.choices)
    title = choice(_("类别"), RecognitionRevision.Title.choices)
    stage = choice(
        _("阶段"), RecognitionRevision.Stage.choices,
        hint=_("优势培育企业选“培育”，不计入优势企业数。"),
    )  # fmt: skip
    name = line(_("称号全称"), 120, hint=_("按文件的写法。"))
    document = line(_("文号"), 120)
    since = day_field(_("认定日期"), missing=DAY)
    round = line(_("批次"), 60, required=False)
    term_ends_on = day_field(_("期满日"), required=False)

    def entry(self, before: RecognitionEntry | None = None) -> RecognitionEntry:
        """Return the entry of a valid form; what happened since comes from before."""
        data = self.cleaned_data
        return RecognitionEntry(
            holder=self.holder(),
            level=Level(data["level"]),
            title=Title(data["title"]),
            stage=Stage(data["stage"]),
            name=data["name"],
            document=data["document"],
            since=data["since"],
            round=data["round"],
            term_ends_on=data["term_ends_on"],
            reviews=before.reviews if before else (),
            ended_on=before.ended_on if before else None,
            end_reason=before.end_reason if before else "",
            vetoed_on=before.vetoed_on if before else None,
        )


class StateForm(SourcedForm):
    """A certificate enters a state."""

    states = choice(_("状态"), CertificateRevision.State.choices)
    on = day_field(_("自何日起"), missing=DAY)
    document = line(_("依据的文件或公告"), 120)
    fraud = forms.BooleanField(
        label=_("以欺骗等不正当手段取得证书而被撤销"),
        required=False,
        help_text=_("选中后，这张证书不再计入任何年份的首次贯标数。"),
    )

    def change(self) -> StateChange:
        """Return the change of a valid form."""
        data = self.cleaned_data
        state = CertificateState(data["states"])
        return StateChange(state, data["on"], data["fraud"], data["document"])


class TitleReviewForm(SourcedForm):
    """The result of a review of a title."""

    reviews = choice(_("复核结果"), RecognitionRevision.Result.choices)
    on = day_field(_("结果文件的日期"), missing=DAY)
    document = line(_("文号"), 120)
    term_ends_on = day_field(_("新的期满日"), required=False)

    def review(self) -> TitleReview:
        """Return the review of a valid form."""
        data = self.cleaned_data
        result = ReviewResult(data["reviews"])
        return TitleReview(result, data["on"], data["document"], data["term_ends_on"])


class TitleEndForm(SourcedForm):
    """From when a title no longer holds."""

    ended_on = day_field(_("终止日期"), missing=DAY)
    end_reason = line(_("终止原因"), 200)


class VetoForm(SourcedForm):
    """A disqualifying event; an empty day says it was answered."""

    vetoed_on = day_field(_("一票否决事项的日期"), required=False)
    reason = line(_("事项和依据"), 300, hint=_("事项已消除时，日期留空并写明依据。"))


class UnitForm(SourcedForm):
    """A unit: name, place and group since a day, end."""

    credit_code = line(_("统一社会信用代码"), 30)
    name = line(_("单位名称"), 120)
    division = choice(_("所在区市"), [], required=False, hint=_("不在本市的不选。"))
    since = day_field(_("自何日起"), required=False)
    deregistered_on = day_field(_("注销日期"), required=False)
    merged_into = line(_("并入单位的信用代码"), 30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = [  # type: ignore[attr-defined]
            ("", _("不在本市")), *division_choices(),
        ]  # fmt: skip

    def entry(self) -> UnitEntry:
        """Return the entry of a valid form for a new unit."""
        data = self.cleaned_data
        return UnitEntry(
            credit_code=data["credit_code"],
            name=data["name"],
            presences=(Presence(data["division"], data["since"]),),
            deregistered_on=data["deregistered_on"],
            merged_into=data["merged_into"],
        )


class UnitChangeForm(SourcedForm):
    """What became of a unit since a day."""

    name = line(_("单位名称"), 120)
    division = choice(_("所在区市"), [], required=False)
    group = line(
        _("控制集团"), 120, required=False,
        hint=_("统计时，同一集团的单位视为一家。不属于集团的留空。"),
    )  # fmt: skip
    since = day_field(_("名称、区市或集团变更的日期"), required=False)
    deregistered_on = day_field(_("注销日期"), required=False)
    merged_into = line(_("并入单位的信用代码"), 30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = [  # type: ignore[attr-defined]
            ("", _("不在本市")), *division_choices(),
        ]  # fmt: skip


class SeriesForm(SourcedForm):
    """A figure another office counted."""

    indicator = line(_("指标编号"), 40, hint=_("如 P1、T4，与计划中的编号一致。"))
    period = line(_("时期"), 7, hint=_("写作 2017、2017Q3 或 2017-12。"))
    value = forms.DecimalField(
        label=_("数值"), max_digits=24, decimal_places=6,
        error_messages={"required": NEEDED, "invalid": _("请填写数字。")},
    )  # fmt: skip
    numerator = forms.DecimalField(
        label=_("分子"), required=False, max_digits=24, decimal_places=6,
        error_messages={"invalid": _("请填写数字。")},
    )  # fmt: skip
    denominator = forms.DecimalField(
        label=_("分母"), required=False, max_digits=24, decimal_places=6,
        error_messages={"invalid": _("请填写数字。")},
    )  # fmt: skip
    denominator_of = line(
        _("分母所指"), 60, required=False, hint=_("如：2018年末常住人口（万人）。")
    )
    note = line(_("备注"), 300, required=False)

    def entry(self) -> SeriesEntry:
        """Return the entry of a valid form."""
        data = self.cleaned_data
        names = (
            "indicator", "period", "value", "numerator", "denominator",
            "denominator_of", "note",
        )  # fmt: skip
        return SeriesEntry(**{name: data[name] for name in names})


class BodyForm(forms.Form):
    """A certification body."""

    name = line(_("认证机构名称"), 120)
    approval_number = line(
        _("批准号"), 20, required=False, hint=_("如 CNCA-R-2014-165。")
    )
    is_active = forms.BooleanField(label=_("仍在发证"), required=False, initial=True)


class EquivalenceForm(forms.Form):
    """What a title of another name counts as."""

    name = line(_("称号全称"), 120)
    counts_as = choice(_("计为"), TitleEquivalence.CountsAs.choices)
    source = line(_("依据的文件"), 200)


class ReasonForm(forms.Form):
    """Why something is sent back, taken out or undone."""

    reason = line(_("理由"), 300)


def shown_division(code: str) -> str:
    """Return the name of a division, or that it is outside the city."""
    return division_name(code) if code else str(_("不在本市"))
