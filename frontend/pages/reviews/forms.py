"""The form of a mark."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from frontend.pages.answering.words import level_titles
from frontend.templatetags.texts import localized
from question_bank.engine.definition import Bank, Kind
from reviews.opinions import ON_NOT_APPLICABLE, TEXT_LIMIT, Opinion, Verdict
from reviews.selectors import Row

LABELS = {
    Verdict.AGREE: _("认可"),
    Verdict.PARTLY: _("部分认可"),
    Verdict.DISAGREE: _("不认可"),
    Verdict.INSUFFICIENT: _("证据不足"),
}
NA_LABELS = {
    Verdict.AGREE: _("确认不适用"),
    Verdict.DISAGREE: _("不认可不适用"),
}


class MarkForm(forms.Form):
    """What the agency thinks of one answer, and which revisions it looked at."""

    verdict = forms.ChoiceField(
        label=_("评审意见"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择评审意见。")},
    )
    suggested_level = forms.TypedChoiceField(
        label=_("建议等级"), required=False, coerce=int, empty_value=None
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=_("不是“认可”时必填。写明看了什么、缺什么。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    answer_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, *, bank: Bank, row: Row) -> None:
        super().__init__(data, initial=_initial(row))
        away = row.answer is not None and row.answer.state == "not_applicable"
        self._offer_verdicts(away=away)
        if row.question.type is not Kind.LEVEL or away:
            del self.fields["suggested_level"]
        else:
            self._offer_levels(bank)

    def _offer_verdicts(self, *, away: bool) -> None:
        labels = NA_LABELS if away else LABELS
        wanted = ON_NOT_APPLICABLE if away else tuple(LABELS)
        choices = [(verdict.value, labels[verdict]) for verdict in wanted]
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]

    def _offer_levels(self, bank: Bank) -> None:
        titles = level_titles(bank)
        levels = [(n, f"{n} · {localized(titles[n])}") for n in sorted(titles)]
        field = self.fields["suggested_level"]
        field.choices = [("", gettext("不建议")), *levels]  # type: ignore[attr-defined]

    def look_again(self, row: Row) -> None:
        """Keep what was typed, but for the revisions as they stand now."""
        now = {
            "revision": row.mark.revision if row.mark else 0,
            "answer_revision": row.answer_revision,
        }
        self.data = self.data.dict() | now  # type: ignore[attr-defined]

    def opinion(self) -> Opinion:
        """Return what was filled in."""
        data = self.cleaned_data
        return Opinion(data["verdict"], data["reason"], data.get("suggested_level"))


def _initial(row: Row) -> dict[str, Any]:
    """Return the mark as it stands; a changed answer is looked at afresh."""
    found: dict[str, Any] = {"revision": 0, "answer_revision": row.answer_revision}
    if row.mark is not None:
        found |= {
            "verdict": row.mark.verdict,
            "suggested_level": row.mark.suggested_level,
            "reason": row.mark.reason,
            "revision": row.mark.revision,
        }
    return found
