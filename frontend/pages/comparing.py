"""Two assessments side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.comparing import Compared, NotComparable, Side, compare_assessments
from assessments.models import Assessment
from frontend.components import Link, Option
from frontend.pages.answering.doors import assessment_or_404, person
from frontend.pages.answering.words import answer_words
from frontend.templatetags.texts import localized, rounded, score, short_date
from question_bank.engine.comparison import PartChange, QuestionChange, Verdict
from question_bank.engine.definition import Bank
from question_bank.engine.scorecard import ItemScore
from reports.trend_charts import ChangeRow, ChangeWords, change_rows

LONG = 12
"""Longer lists are folded at first."""


@dataclass(frozen=True)
class PartRow:
    """A section or clause as the tables show it."""

    title: str
    before: str
    after: str
    difference: str
    evidenced: str
    compared: int


@dataclass(frozen=True)
class QuestionRow:
    """One question then and now, in words."""

    text: str
    old_text: str
    before: str
    after: str
    evidence_before: str
    evidence_after: str
    difference: str


@dataclass(frozen=True)
class VerdictGroup:
    """The questions that fared alike."""

    id: str
    title: str
    rows: tuple[QuestionRow, ...]

    @property
    def is_long(self) -> bool:
        """Whether the list is folded at first."""
        return len(self.rows) > LONG


@dataclass(frozen=True)
class Charts:
    """Sections or clauses then and now, for a wide and a narrow screen."""

    title: str
    wide: SafeString
    narrow: SafeString


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Ask which two assessments to compare, and show what changed between them."""
    chosen = {name: request.GET.get(name, "") for name in ("first", "second")}
    context: dict[str, object] = {
        "pickers": tuple(_pickers(request, chosen)),
        "crumbs": (Link(reverse("home"), _("工作台")), Link("", _("比较两次自评"))),
    }
    if all(chosen.values()):
        first, second = (
            assessment_or_404(request, _uuid_or_404(value)) for value in chosen.values()
        )
        context |= _result(first, second)
    return render(request, "comparing/compare.html", context)


def _uuid_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True)
class Picker:
    """A list to choose one of the two assessments from."""

    name: str
    label: str
    options: tuple[Option, ...]


def _pickers(request: HttpRequest, chosen: dict[str, str]) -> Iterable[Picker]:
    rows = Assessment.objects.own_of(person(request)).light().newest_first()
    found = list(rows.select_related("bank_version").defer("bank_version__document"))
    labels = {"first": _("第一份"), "second": _("第二份")}
    if not any(chosen.values()) and len(found) > 1:
        chosen = {"first": str(found[1].pk), "second": str(found[0].pk)}
    for name, label in labels.items():
        options = (
            Option(str(row.pk), _assessment_words(row), "", str(row.pk) == chosen[name])
            for row in found
        )
        yield Picker(name, label, tuple(options))


def _assessment_words(row: Assessment) -> str:
    words = {"edition": row.bank_version.edition, "version": row.bank_version.version}
    if row.is_draft:
        day = short_date(row.created_at)
        text = _("%(edition)s，题库 %(version)s，%(day)s 开始，填写中")
    else:
        day = short_date(row.submitted_at)
        text = _("%(edition)s，题库 %(version)s，%(day)s 提交")
    return text % {**words, "day": day}


def _result(first: Assessment, second: Assessment) -> dict[str, object]:
    if first == second:
        return {"refusal": _("请选两份不同的自评。")}
    try:
        found = compare_assessments(first, second, at=timezone.now())
    except NotComparable as error:
        return {"refusal": str(error.message)}
    bank = found.later.judged.bank
    sections = {section.id: localized(section.title) for section in bank.sections}
    clauses = {clause.key: _clause_title(bank, clause.key) for clause in bank.clauses}
    return {
        "found": found,
        "earlier": _assessment_words(found.earlier.assessment),
        "later": _assessment_words(found.later.assessment),
        "figures": _figures(found),
        "charts": _charts(found.comparison.sections, sections),
        "clause_charts": _charts(_both(found.comparison.clauses), clauses),
        "sections": tuple(_part_rows(found.comparison.sections, sections)),
        "clauses": tuple(_part_rows(_scored(found.comparison.clauses), clauses)),
        "groups": tuple(group for group in _groups(found) if group.rows),
        "same": found.comparison.count("same"),
    }


def _clause_title(bank: Bank, key: str) -> str:
    clause = bank.clause(key)
    title = localized(clause.title)
    return f"{clause.number} {title}" if clause.number else title


def _scored(parts: Iterable[PartChange]) -> tuple[PartChange, ...]:
    """Return the parts with any score: the others have nothing to show."""
    return tuple(p for p in parts if p.before is not None or p.after is not None)


def _both(parts: Iterable[PartChange]) -> tuple[PartChange, ...]:
    """Return the parts with two scores: the others have nothing to draw."""
    return tuple(part for part in parts if part.difference is not None)


def _figures(found: Compared) -> tuple[tuple[str, str, str, str], ...]:
    count = found.comparison.count
    return (
        (_("提高"), str(count("better")), _("题"), ""),
        (_("下降"), str(count("worse")), _("题"), ""),
        (_("新增"), str(count("new")), _("题"), ""),
        (_("不再问"), str(count("gone")), _("题"), ""),
    )


# --- Sections and clauses ---------------------------------------------------------


def _charts(parts: tuple[PartChange, ...], titles: dict[str, str]) -> Charts:
    title = finding(parts, titles)
    words = ChangeWords(_("前一份"), _("后一份"), _("没有可比的题"))
    rows = [
        ChangeRow(titles[part.key], _float(part.before), _float(part.after))
        for part in parts
    ]
    wide, narrow = (
        change_rows(rows, title=title, words=words, width=width) for width in (640, 340)
    )
    return Charts(title, wide, narrow)


def finding(parts: Iterable[PartChange], titles: dict[str, str]) -> str:
    """Return what the chart shows, in a sentence."""
    known = {p.key: p.difference for p in parts if p.difference is not None}
    if not known:
        return _("没有可以比较的部分")
    rose, fell = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    if known[rose] > 0:
        return _("“%(part)s”提高最多") % {"part": titles[rose]}
    if known[fell] < 0:
        return _("“%(part)s”下降最多") % {"part": titles[fell]}
    return _("各部分得分没有变化")


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _part_rows(
    parts: Iterable[PartChange], titles: dict[str, str]
) -> Iterable[PartRow]:
    for part in parts:
        evidenced = (
            f"{score(part.evidenced_before, 1)} → {score(part.evidenced_after, 1)}"
        )
        yield PartRow(
            titles[part.key],
            score(part.before, 1),
            score(part.after, 1),
            signed(part.difference),
            evidenced,
            part.compared,
        )


def signed(difference: Fraction | None) -> str:
    """Return a difference with its sign, one decimal; None is a dash."""
    if difference is None:
        return "–"
    text = rounded(difference, 1)
    if text.lstrip("-") == "0.0":
        return "0"
    return f"+{text}" if difference > 0 else text.replace("-", "−")


# --- Questions --------------------------------------------------------------------


def _groups(found: Compared) -> Iterable[VerdictGroup]:
    titles: tuple[tuple[Verdict, str], ...] = (
        ("worse", _("下降的题")),
        ("better", _("提高的题")),
        ("open", _("还没有回答的题")),
        ("changed", _("回答有变化、不计分的题")),
        ("not_compared", _("问法不同、不比较的题")),
        ("new", _("新增的题")),
        ("gone", _("不再问的题")),
    )
    for verdict, title in titles:
        rows = (
            _question_row(found, change)
            for change in found.comparison.questions
            if change.verdict == verdict
        )
        yield VerdictGroup(verdict, title, tuple(rows))


def _question_row(found: Compared, change: QuestionChange) -> QuestionRow:
    old, new = _text(found.earlier, change.earlier), _text(found.later, change.later)
    return QuestionRow(
        text=new or old,
        old_text=old if new and old not in ("", new) else "",
        before=_answer(found.earlier, change.earlier, change.before),
        after=_answer(found.later, change.later, change.after),
        evidence_before=_evidence(change.before),
        evidence_after=_evidence(change.after),
        difference=_difference(change),
    )


def _text(side: Side, question_id: str | None) -> str:
    if question_id is None:
        return ""
    return localized(side.judged.bank.question(question_id).text)


def _answer(side: Side, question_id: str | None, item: ItemScore | None) -> str:
    if question_id is None or item is None:
        return "–"
    if item.state == "hidden":
        return _("与本企业无关，不问")
    if item.state == "unknown":
        return _("取决于前面的回答")
    bank = side.judged.bank
    row = side.answers.get(question_id)
    return answer_words(bank, bank.question(question_id), row) or _("未回答")


def _evidence(item: ItemScore | None) -> str:
    words = {
        "named": _("写明文件"),
        "attached": _("已附证据"),
        "sampled": _("已抽样核验"),
    }
    return words.get(item.strength or "", "") if item else ""


def _difference(change: QuestionChange) -> str:
    parts = []
    before, after = change.before, change.after
    if change.relation == "same" and before and after:
        if before.level is not None and after.level is not None:
            steps = after.level - before.level
            if steps:
                words = f"{steps:+d}".replace("-", "−")
                parts.append(_("等级 %(steps)s") % {"steps": words})
        if change.difference:
            points = signed(change.difference)
            parts.append(_("得分 %(points)s") % {"points": points})
        elif _only_evidence(before, after):
            parts.append(_("证据"))
    return _("，").join(parts) or "–"


def _only_evidence(before: ItemScore, after: ItemScore) -> bool:
    return before.evidenced_points != after.evidenced_points and (
        before.level == after.level
    )


urlpatterns = [path("assessments/compare/", compare, name="compare")]
