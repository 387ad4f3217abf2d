"""Simulated audit findings: what an auditor would probably raise.

An item named in a major finding is not raised again as a minor one. A section-wide
finding that meets a critical item's in the same section is told there, not twice.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from question_bank.engine.definition import Bank, Localized, Question
from question_bank.engine.rating import (
    COUNTING_STATES,
    NO_EVIDENCE,
    Rating,
    Scheme,
    is_below_minimum,
    scheme_of,
)
from question_bank.engine.scorecard import Finding, FindingKind, SectionScore


class Rated(NamedTuple):
    """The scored items that count, and what findings need to know of the bank."""

    bank: Bank
    scheme: Scheme
    items: list[Rating]
    all: list[Rating]


def findings(
    bank: Bank,
    ratings: list[Rating],
    sections: tuple[SectionScore, ...],
    gap: Fraction | None,
) -> tuple[Finding, ...]:
    """Return all findings: major, then minor, then observations.

    `gap` is the self total minus the evidenced total, in points of 100.
    """
    scheme = scheme_of(bank)
    items = [
        rating
        for spec, rating in zip(scheme.specs, ratings, strict=True)
        if spec.scored and rating.state in COUNTING_STATES
    ]
    rated = Rated(bank, scheme, items, ratings)
    grave = [*_critical(rated), *_weak_clauses(rated)]
    grave = _with_systemic(rated, grave) + _prohibited(rated)
    majors = [finding for finding in grave if finding.severity == "major"]
    named = {question for finding in grave for question in finding.questions}
    minors = [finding for finding in grave if finding.severity != "major"]
    minors += [_minor(r) for r in items if _is_weak(r) and r.question.id not in named]
    observed = [*_optional(rated), *_said_only(rated), *_gaps(bank, sections, gap)]
    return (*majors, *minors, *observed)


def _is_weak(rating: Rating) -> bool:
    return rating.conformity != "conforming"


def _critical(rated: Rated) -> list[Finding]:
    return [
        _of_question(rating, "critical")
        for rating in rated.items
        if is_below_minimum(rated.scheme, rating)
    ]


def _of_question(rating: Rating, kind: FindingKind) -> Finding:
    question = rating.question
    mandatory = question.mandatory
    severity = mandatory.severity if kind == "critical" and mandatory else "minor"
    return Finding(
        id=f"{kind}:{question.id}",
        severity=severity,
        kind=kind,
        section=question.section,
        clause=question.clause,
        questions=(question.id,),
        text=_text(question),
        provisional=rating.state == "unanswered",
    )


def _text(question: Question) -> Localized:
    if question.finding is not None:
        return question.finding
    return {
        locale: _UNMET[locale].format(text)
        for locale, text in question.text.items()
        if locale in _UNMET
    }


_UNMET = {"zh": "未达到符合：{}", "en": "Not conforming: {}"}


def _minor(rating: Rating) -> Finding:
    partial = rating.conformity == "partial"
    return _of_question(rating, "partial" if partial else "nonconforming")


def _grouped(
    items: list[Rating], key: Callable[[Rating], str | None]
) -> dict[str, list[Rating]]:
    groups: dict[str, list[Rating]] = {}
    for rating in items:
        group = key(rating)
        if group is not None:
            groups.setdefault(group, []).append(rating)
    return groups


def _weak_clauses(rated: Rated) -> list[Finding]:
    least = rated.bank.policy.weak_items_per_clause
    weak = [rating for rating in rated.items if _is_weak(rating)]
    found = []
    for key, group in _grouped(weak, lambda rating: rating.question.clause).items():
        if len(group) >= least:
            title = rated.bank.clause(key).title
            texts = {
                "zh": f"“{title['zh']}”有 {len(group)} 项未达到符合，条款整体薄弱。",
                "en": f"{len(group)} items of “{title.get('en', title['zh'])}” do not "
                "conform: the clause as a whole is weak.",
            }
            found.append(_of_group("weak_clause", key, group, texts, clause=key))
    return found


def _of_group(
    kind: FindingKind,
    key: str,
    group: list[Rating],
    text: Localized,
    *,
    clause: str | None = None,
) -> Finding:
    return Finding(
        id=f"{kind}:{key}",
        severity="major",
        kind=kind,
        section=group[0].question.section,
        clause=clause,
        questions=tuple(rating.question.id for rating in group),
        text=text,
        provisional=any(rating.state == "unanswered" for rating in group),
    )


def _with_systemic(rated: Rated, found: list[Finding]) -> list[Finding]:
    """Add the sections that fail as a whole, told once per section."""
    merged = list(found)
    for section, group in _grouped(rated.items, lambda r: r.question.section).items():
        if not _is_systemic(rated, group):
            continue
        weak = [rating for rating in group if _is_weak(rating)]
        texts = _systemic_text(rated.bank, section)
        systemic = _of_group("systemic", section, weak, texts)
        place = _critical_in(merged, section)
        if place is None:
            merged.append(systemic)
        else:
            merged[place] = _told_with(merged[place], systemic)
    return merged


def _is_systemic(rated: Rated, group: list[Rating]) -> bool:
    whole = sum(rating.weight for rating in group)
    weak = sum(rating.weight for rating in group if _is_weak(rating))
    share = rated.bank.policy.systemic_share
    return (
        weak > 0
        and weak >= share * whole
        and any(rating.conformity == "nonconforming" for rating in group)
    )


def _systemic_text(bank: Bank, section: str) -> Localized:
    title = bank.section(section).title
    return {
        "zh": f"“{title['zh']}”至少一半权重未达到符合且含不符合项，属系统性问题。",
        "en": f"At least half of “{title.get('en', title['zh'])}” by weight does not "
        "conform, with nonconformities: a systemic problem.",
    }


def _critical_in(found: list[Finding], section: str) -> int | None:
    for place, finding in enumerate(found):
        grave = finding.kind == "critical" and finding.severity == "major"
        if grave and finding.section == section:
            return place
    return None


def _told_with(critical: Finding, systemic: Finding) -> Finding:
    """Keep the critical finding and let it name the whole section's weak items."""
    return Finding(
        id=critical.id,
        severity=critical.severity,
        kind=critical.kind,
        section=critical.section,
        clause=critical.clause,
        questions=tuple(dict.fromkeys((*critical.questions, *systemic.questions))),
        text={
            locale: f"{text}{' ' if locale == 'en' else ''}{systemic.text[locale]}"
            for locale, text in critical.text.items()
            if locale in systemic.text
        },
        provisional=critical.provisional or systemic.provisional,
    )


def _prohibited(rated: Rated) -> list[Finding]:
    return [
        Finding(
            id=f"prohibited:{rating.question.id}",
            severity="major",
            kind="prohibited",
            section=rating.question.section,
            clause=rating.question.clause,
            questions=(rating.question.id,),
            text=_text(rating.question),
        )
        for rating in rated.all
        if rating.question.prohibited and rating.conformity == "nonconforming"
    ]


def _observation(rating: Rating, kind: FindingKind, text: Localized) -> Finding:
    question = rating.question
    return Finding(
        id=f"{kind}:{question.id}",
        severity="observation",
        kind=kind,
        section=question.section,
        clause=question.clause,
        questions=(question.id,),
        text=text,
    )


def _optional(rated: Rated) -> list[Finding]:
    text = {
        "zh": "标准留给企业自选的做法，尚未做到符合；不构成不符合。",
        "en": "Optional in the standard and not in place yet; no nonconformity.",
    }
    return [
        _observation(rating, "optional", text)
        for rating in rated.all
        if rating.question.modality == "optional"
        and rating.level is not None
        and _is_weak(rating)
    ]


def _said_only(rated: Rated) -> list[Finding]:
    text = {
        "zh": "自评达到符合，但只有口头说明，没有文件或记录可查。",
        "en": "Claimed to conform, but only said: no document or record to show.",
    }
    return [
        _observation(rating, "said_only", text)
        for rating in rated.items
        if rating.conformity == "conforming" and rating.strength == NO_EVIDENCE
    ]


def _gaps(
    bank: Bank, sections: tuple[SectionScore, ...], gap: Fraction | None
) -> list[Finding]:
    threshold = bank.policy.evidence_gap
    found = []
    if gap is not None and gap >= threshold:
        found.append(_gap("evidence_gap", None, _GAP))
    for section in sections:
        if section.self_score is None or section.evidenced_score is None:
            continue
        if section.self_score - section.evidenced_score >= threshold:
            found.append(_gap(f"evidence_gap:{section.id}", section.id, _SECTION_GAP))
    return found


_GAP = {
    "zh": "自评得分明显高于可证得分：说得到，拿不出。",
    "en": "The self score is well above the evidenced score: claims outrun evidence.",
}
_SECTION_GAP = {
    "zh": "本部分自评得分明显高于可证得分，请补充证据。",
    "en": "In this section the self score is well above the evidenced score.",
}


def _gap(finding_id: str, section: str | None, text: Localized) -> Finding:
    return Finding(
        id=finding_id,
        severity="observation",
        kind="evidence_gap",
        section=section,
        clause=None,
        questions=(),
        text=text,
    )
