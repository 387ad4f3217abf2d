"""What the score would be if the agency's marks were right, beside the self score.

Pure: an answer sheet and marks in, figures out. Nothing here is stored, and the sheet
that the self score is computed from is never touched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from accounts.mandate_scope import OWN, Scope
from question_bank.engine.answers import (
    Answer,
    Answered,
    AnswerSheet,
    NotApplicable,
    NotOccurred,
)
from question_bank.engine.branching import clauses_above
from question_bank.engine.definition import Bank
from question_bank.engine.scorecard import ClauseScore, Scorecard, SectionScore
from question_bank.engine.scoring import score


@dataclass(frozen=True)
class MarkedAs:
    """What one mark does to a score; marks of earlier revisions are left out."""

    suggested_level: int | None = None
    evidence_insufficient: bool = False
    na_rejected: bool = False


@dataclass(frozen=True)
class Beside:
    """One figure of the enterprise, the agency's beside it, and agency minus self."""

    self_score: Fraction | None
    agency_score: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """Agency minus self, None where either is not scored."""
        if self.self_score is None or self.agency_score is None:
            return None
        return self.agency_score - self.self_score


@dataclass(frozen=True)
class PartScores:
    """A section or clause: its score, and its score as evidenced."""

    id: str
    score: Beside
    evidenced: Beside


@dataclass(frozen=True)
class AgencyScore:
    """Both scores side by side; `total` is None where only parts may be seen."""

    total: PartScores | None
    sections: tuple[PartScores, ...]
    clauses: tuple[PartScores, ...]


def reviewed_sheet(sheet: AnswerSheet, marks: Mapping[str, MarkedAs]) -> AnswerSheet:
    """Return another sheet, with the agency's levels in place of the enterprise's.

    Where evidence is insufficient the answer counts as merely said. A rejected “not
    applicable” counts as no answer.
    """
    answers, strengths = dict(sheet.answers), dict(sheet.strengths)
    for question_id, mark in marks.items():
        if mark.na_rejected and isinstance(answers.get(question_id), NotApplicable):
            del answers[question_id]
        if mark.suggested_level is not None:
            given = answers.get(question_id)
            answers[question_id] = _at_level(given, mark.suggested_level)
        if mark.evidence_insufficient:
            strengths.pop(question_id, None)
    return replace(sheet, answers=answers, strengths=strengths)


def _at_level(given: Answer | None, level: int) -> Answer:
    if isinstance(given, NotOccurred):
        return NotOccurred(level)
    return Answered(level)


def agency_score(
    bank: Bank,
    sheet: AnswerSheet,
    marks: Mapping[str, MarkedAs],
    *,
    own: Scorecard,
    scope: Scope = OWN,
) -> AgencyScore:
    """Return the agency's figures beside those of `own`, as far as the scope shows."""
    theirs = score(bank, reviewed_sheet(sheet, marks))
    shown = {s.id for s in bank.sections if scope.shows(s.id)}
    clauses = _clauses_of(bank, shown) if not scope.is_whole else None
    return AgencyScore(
        total=_part("", own, theirs) if scope.is_whole else None,
        sections=tuple(
            _part(mine.id, mine, other)
            for mine, other in zip(own.sections, theirs.sections, strict=True)
            if mine.id in shown and bank.section(mine.id).weight > 0
        ),
        clauses=tuple(_clause_parts(own.clauses, theirs.clauses, clauses)),
    )


def _clause_parts(
    own: Iterable[ClauseScore], theirs: Iterable[ClauseScore], shown: set[str] | None
) -> Iterable[PartScores]:
    for mine, other in zip(own, theirs, strict=True):
        scored = mine.self_score is not None or other.self_score is not None
        if scored and (shown is None or mine.key in shown):
            yield _part(mine.key, mine, other)


def _clauses_of(bank: Bank, sections: set[str]) -> set[str]:
    """Return the clauses that sum up nothing of a section that is not shown."""
    hidden = {
        above
        for question in bank.questions
        if question.section not in sections
        and question.scored
        and bank.section(question.section).weight > 0
        for above in clauses_above(bank, question)
    }
    return {clause.key for clause in bank.clauses} - hidden


def _part(
    part_id: str,
    own: Scorecard | SectionScore | ClauseScore,
    theirs: Scorecard | SectionScore | ClauseScore,
) -> PartScores:
    return PartScores(
        part_id,
        Beside(own.self_score, theirs.self_score),
        Beside(own.evidenced_score, theirs.evidenced_score),
    )
