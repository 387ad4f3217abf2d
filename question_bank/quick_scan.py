"""Five minutes, twelve questions, nothing stored.

The scan scores the bank's `quick_scan` questions with the same engine as the full
assessment, in a small bank made of them alone: without preconditions, profile or
evidence. Its band is an indication and is never called a result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from question_bank.engine.answers import Answer, Answered, AnswerSheet, DontKnow
from question_bank.engine.definition import Band, Bank, Guidance, Question
from question_bank.engine.scoring import score

LARGEST_GAPS = 3


@dataclass(frozen=True)
class Gap:
    """A question below the conforming level and what to do about it."""

    question: Question
    level: int
    guidance: Guidance | None


@dataclass(frozen=True)
class Scan:
    """The indication: score 0–100 (None when nothing was answered), band, gaps."""

    score: Fraction | None
    band: Band | None
    answered: int
    gaps: tuple[Gap, ...]


def scan_questions(bank: Bank) -> tuple[Question, ...]:
    """Return the questions of the quick scan in the order of the bank's list."""
    return tuple(bank.question(question_id) for question_id in bank.quick_scan)


def scan(bank: Bank, levels: Mapping[str, int | None], *, as_of: date) -> Scan:
    """Score the given levels (None = don't know); other keys are ignored."""
    small = scan_bank(bank)
    answers: dict[str, Answer] = {
        question.id: DontKnow() if level is None else Answered(level)
        for question in small.questions
        if (level := levels.get(question.id, -1)) != -1
    }
    sheet = AnswerSheet(answers=answers, as_of=as_of)
    card = score(small, sheet)
    return Scan(
        score=card.self_score if answers else None,
        band=_indicated(small, card.self_score) if answers else None,
        answered=len(answers),
        gaps=_gaps(bank, levels),
    )


def scan_bank(bank: Bank) -> Bank:
    """Return the bank that consists of the quick-scan questions alone."""
    wanted = set(bank.quick_scan)
    questions = tuple(
        replace(question, applies_when=None)
        for question in bank.questions
        if question.id in wanted
    )
    used = {question.section for question in questions}
    return replace(
        bank,
        questions=questions,
        sections=tuple(s for s in bank.sections if s.id in used),
        gates=(),
        checks=(),
        quick_scan=(),
    )


def _indicated(bank: Bank, self_score: Fraction | None) -> Band | None:
    """Return the best band whose thresholds the self score alone reaches."""
    if self_score is None:
        return None
    for band in bank.bands:
        if self_score >= max(band.min_self or 0, band.min_evidenced or 0):
            return band
    return bank.bands[-1]


def _gaps(bank: Bank, levels: Mapping[str, int | None]) -> tuple[Gap, ...]:
    conforming = bank.scale.conforming_level
    gaps = [
        Gap(question, level, _guidance(question, level))
        for question in scan_questions(bank)
        if (level := levels.get(question.id, conforming) or 0) < conforming
    ]
    gaps.sort(key=lambda gap: _urgency(bank, gap))
    return tuple(gaps[:LARGEST_GAPS])


def _urgency(bank: Bank, gap: Gap) -> tuple[bool, Fraction, int]:
    """Order by: critical first, then points lost in the total, then bank order."""
    question = gap.question
    lost = 1 - bank.scale.points[gap.level]
    critical = (
        question.mandatory is not None and gap.level < question.mandatory.min_level
    )
    weight = bank.section(question.section).weight
    return (
        not critical,
        -lost * question.weight * weight,
        bank.quick_scan.index(question.id),
    )


def _guidance(question: Question, level: int) -> Guidance | None:
    for guidance in question.guidance:
        if guidance.first <= level <= guidance.last:
            return guidance
    return None
