"""Scoring an assessment: one pure function from a bank and a sheet to a scorecard.

The model follows how certification is decided (a veto, not a total); all its figures
are bank data and the product's decisions. docs/scoring.md explains it with an example.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from question_bank.engine.answers import AnswerSheet, DontKnow
from question_bank.engine.branching import (
    Applicability,
    is_asked,
    is_settled,
    resolve,
)
from question_bank.engine.definition import Bank, Kind, Question
from question_bank.engine.findings import findings
from question_bank.engine.gates import (
    blocked_until_done,
    blocking,
    earliest_application,
    gate_results,
)
from question_bank.engine.points import (
    bonus_points,
    section_points,
    total_points,
    unjudged_points,
    with_outdone,
)
from question_bank.engine.rating import COUNTING_STATES, Rating, rate, scheme_of
from question_bank.engine.scorecard import (
    Finding,
    GateResult,
    Note,
    Scorecard,
    SectionScore,
    display as display,
)
from question_bank.engine.totals import Totals, clause_scores, section_scores, totals
from question_bank.engine.trace import item_scores

SCORER_VERSION: Final = "1"
"""Changes whenever the same bank and answers would give another result."""


def score(bank: Bank, sheet: AnswerSheet) -> Scorecard:
    """Return the complete, exact result of a sheet under a bank."""
    applicability = resolve(bank, sheet)
    ratings = rate(bank, sheet, applicability)
    if bank.scheme == "points":
        ratings = with_outdone(bank, ratings)
        sections = section_points(bank, ratings)
        card = _scorecard(
            bank,
            sheet,
            applicability,
            _Parts(ratings, sections, total_points(sections), ()),
        )
        return replace(
            card,
            notes=(*card.notes, *_points_notes(ratings)),
            bonus=bonus_points(bank, sections),
            unjudged=unjudged_points(sections),
        )
    sections = section_scores(bank, ratings)
    summary = totals(bank, ratings, sections)
    found = findings(bank, ratings, sections, _gap(summary))
    return _scorecard(
        bank, sheet, applicability, _Parts(ratings, sections, summary, found)
    )


class _Parts(NamedTuple):
    """What both ways of scoring bring to the result."""

    ratings: list[Rating]
    sections: tuple[SectionScore, ...]
    summary: Totals
    findings: tuple[Finding, ...]


def _scorecard(
    bank: Bank, sheet: AnswerSheet, applicability: Applicability, parts: _Parts
) -> Scorecard:
    ratings, sections, summary, found = parts
    gates = gate_results(bank, sheet, applicability, ratings)
    completeness = _completeness(bank, sheet, applicability)
    minor_share = _minor_share(bank, ratings, found)
    return Scorecard(
        bank_sha256=bank.sha256,
        answers_sha256=sheet.sha256,
        scorer_version=SCORER_VERSION,
        as_of=sheet.as_of,
        self_score=summary.self_score,
        evidenced_score=summary.evidenced_score,
        low=summary.low,
        high=summary.high,
        maturity=summary.maturity,
        self_raw=summary.self_raw,
        evidenced_raw=summary.evidenced_raw,
        capped_by=summary.capped_by,
        band=_band(bank, summary, found, gates, completeness, minor_share),
        completeness=completeness,
        na_share=_na_share(sections),
        minor_share=minor_share,
        sections=sections,
        clauses=clause_scores(bank, ratings),
        items=item_scores(bank, ratings),
        gates=gates,
        findings=found,
        earliest_application=earliest_application(bank, gates, sheet.as_of),
        blocked_until_done=blocked_until_done(gates),
        notes=_notes(bank, sheet, applicability, sections, completeness),
    )


def _gap(summary: Totals) -> Fraction | None:
    if summary.self_raw is None or summary.evidenced_raw is None:
        return None
    return summary.self_raw - summary.evidenced_raw


def _completeness(
    bank: Bank, sheet: AnswerSheet, applicability: Applicability
) -> Fraction:
    """Return the share answered of all that must be; unknown counts as not answered."""
    asked = done = 0
    states = applicability.states
    for question in bank.memo("asked questions", _asked_questions):
        state = states[question.id]
        if state != "hidden":
            asked += 1
            if state == "applies" and is_settled(question, sheet, applicability.values):
                done += 1
    return Fraction(done, asked) if asked else Fraction(1)


def _asked_questions(bank: Bank) -> tuple[Question, ...]:
    """Return what must be answered; what experts judge can wait."""
    return tuple(q for q in bank.questions if is_asked(q) and not q.expert)


def _points_notes(ratings: list[Rating]) -> tuple[Note, ...]:
    notes = []
    unjudged = tuple(r.question.id for r in ratings if r.state == "unjudged")
    if unjudged:
        notes.append(Note("unjudged", _UNJUDGED, questions=unjudged))
    missing = tuple(
        rating.question.id
        for rating in ratings
        if rating.state == "unanswered" and rating.question.type is Kind.CALCULATED
    )
    if missing:
        notes.append(Note("figures_missing", _MISSING, questions=missing))
    return tuple(notes)


def _minor_share(
    bank: Bank, ratings: list[Rating], found: tuple[Finding, ...]
) -> Fraction:
    specs = scheme_of(bank).specs
    items = sum(
        spec.scored and rating.state in COUNTING_STATES
        for spec, rating in zip(specs, ratings, strict=True)
    )
    minors = sum(finding.severity == "minor" for finding in found)
    return Fraction(minors, items) if items else Fraction(0)


def _na_share(sections: tuple[SectionScore, ...]) -> Fraction:
    items = sum(section.items for section in sections)
    return Fraction(sum(s.na for s in sections), items) if items else Fraction(0)


def _band(
    bank: Bank,
    summary: Totals,
    found: tuple[Finding, ...],
    gates: tuple[GateResult, ...],
    completeness: Fraction,
    minor_share: Fraction,
) -> str | None:
    """Return the band: a shut gate comes before everything, doubt before a verdict."""
    if blocking(gates):
        return bank.gate_band.id
    if completeness < bank.policy.completeness_min:
        return None
    return first_band(bank, summary, found, minor_share)


def first_band(
    bank: Bank, summary: Totals, found: tuple[Finding, ...], minor_share: Fraction
) -> str | None:
    """Return the best band whose conditions all hold, gates left aside."""
    reached_self, reached_evidenced = summary.self_score, summary.evidenced_score
    if reached_self is None or reached_evidenced is None:
        return None
    majors = sum(finding.severity == "major" for finding in found)
    for band in bank.bands:
        if (
            _at_least(reached_self, band.min_self)
            and _at_least(reached_evidenced, band.min_evidenced)
            and _at_most(majors, band.max_major)
            and _at_most(minor_share, band.max_minor_share)
        ):
            return band.id
    return None


def band_of(bank: Bank, ratings: list[Rating]) -> str | None:
    """Return the band that ratings reach, gates and completeness left aside."""
    sections = section_scores(bank, ratings)
    summary = totals(bank, ratings, sections)
    found = findings(bank, ratings, sections, _gap(summary))
    return first_band(bank, summary, found, _minor_share(bank, ratings, found))


def _at_least(value: Fraction, least: Fraction | None) -> bool:
    return least is None or value >= least


def _at_most(value: int | Fraction, most: int | Fraction | None) -> bool:
    return most is None or value <= most


def _notes(
    bank: Bank,
    sheet: AnswerSheet,
    applicability: Applicability,
    sections: tuple[SectionScore, ...],
    completeness: Fraction,
) -> tuple[Note, ...]:
    notes = []
    if completeness < bank.policy.completeness_min:
        notes.append(Note("incomplete", _INCOMPLETE))
    if applicability.unknown:
        notes.append(
            Note("applicability_unknown", _UNKNOWN, questions=applicability.unknown)
        )
    to_find_out = tuple(
        q.id
        for q in bank.questions
        if type(sheet.answers.get(q.id)) is DontKnow
        and applicability.states[q.id] == "applies"
    )
    if to_find_out:
        notes.append(Note("to_find_out", _TO_FIND_OUT, questions=to_find_out))
    doubtful = tuple(s.id for s in sections if s.na_share > bank.policy.na_share_doubt)
    if doubtful:
        notes.append(Note("scope_in_doubt", _IN_DOUBT, sections=doubtful))
    empty = tuple(s.id for s in sections if s.self_score is None)
    if empty:
        notes.append(Note("not_scored", _EMPTY, sections=empty))
    return tuple(notes)


_UNJUDGED = {
    "zh": "由专家评定的指标尚未评分，不计零分也不计满分，只计入区间。",
    "en": "What experts judge is not scored yet: neither zero nor full marks, but "
    "part of the interval.",
}
_MISSING = {
    "zh": "企业数据表缺少数据，相关指标暂未计分。",
    "en": "Figures are missing in the data sheet; their indicators are not scored yet.",
}
_INCOMPLETE = {
    "zh": "已答题目不足，暂不给出等级。",
    "en": "Too little has been answered to name a band.",
}
_UNKNOWN = {
    "zh": "有题目是否适用取决于尚未回答的前题；提交前须答清。",
    "en": "Whether some questions apply depends on earlier ones still open; "
    "nothing can be submitted until they are answered.",
}
_TO_FIND_OUT = {
    "zh": "答为“不知道”的题目按等级 0 计，请核实。",
    "en": "Questions answered “don't know” count as level 0; find them out.",
}
_IN_DOUBT = {
    "zh": "“不适用”所占比例偏高，请核对体系范围是否写窄。",
    "en": "The share of “not applicable” is high; check the scope of the system.",
}
_EMPTY = {
    "zh": "没有适用的计分题目，本部分不计入总分。",
    "en": "No scored question applies; the section's weight goes to the others.",
}
