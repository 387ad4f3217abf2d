"""From stored rows to the engine and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from assessments.data_sheet_facts import FactSet, facts_of
from assessments.local_day import local_date as local_date
from assessments.models import Answer, Assessment, Evidence
from assessments.sealed_facts import facts_from_json
from question_bank.engine.answers import AnswerSheet, answer_from_json
from question_bank.engine.branching import (
    Applicability,
    Progress,
    facts_read,
    progress,
    resolve,
)
from question_bank.engine.definition import Bank, Strength
from question_bank.engine.scorecard import Scorecard
from question_bank.engine.scoring import score
from question_bank.selectors import compiled_bank, pinned_sha256


def bank_of(assessment: Assessment) -> Bank:
    """Return the bank the assessment is pinned to; no query once it is cached."""
    return compiled_bank(pinned_sha256(assessment.bank_version_id))


@dataclass(frozen=True)
class Evaluation:
    """An answer sheet with everything the engine derives from it, on demand."""

    bank: Bank
    sheet: AnswerSheet

    @cached_property
    def applicability(self) -> Applicability:
        """Which questions apply, do not apply or are still unknown."""
        return resolve(self.bank, self.sheet)

    @cached_property
    def progress(self) -> Progress:
        """How many applicable questions are done, by section, clause, department."""
        return progress(self.bank, self.sheet, self.applicability)

    @cached_property
    def scorecard(self) -> Scorecard:
        """The full score with trace."""
        return score(self.bank, self.sheet)


def evaluate(
    assessment: Assessment,
    answers: Iterable[Answer],
    *,
    as_of: date,
    attached: Iterable[str] = (),
) -> Evaluation:
    """Evaluate `answers`; `attached` are the questions that have evidence files."""
    rows, bank = list(answers), bank_of(assessment)
    day = assessment.reference_date or as_of
    known = _known_facts(assessment, bank, day)
    return Evaluation(
        bank,
        AnswerSheet(
            answers={
                row.question: answer_from_json(data)
                for row in rows
                if (data := row.engine_json()) is not None
            },
            strengths=_strengths(rows, frozenset(attached)),
            facts=_facts_asked(bank, known),
            vetoes=known.vetoes if bank.vetoes else (),
            as_of=day,
        ),
    )


def _known_facts(assessment: Assessment, bank: Bank, day: date) -> FactSet:
    """Return the sealed facts, or the data sheet's of the last complete year."""
    if not (facts_read(bank) or bank.vetoes):
        return FactSet()
    if not assessment.is_draft:
        return facts_from_json(assessment.facts)
    return facts_of(assessment.enterprise_id, year=day.year - 1)


def _facts_asked(bank: Bank, known: FactSet) -> dict[str, Any]:
    """Return the facts that decide anything, sets as lists: they are sealed as JSON."""
    found = {name: known.facts.get(name) for name in sorted(facts_read(bank))}
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in found.items()
        if value is not None
    }


def evaluate_stored(assessment: Assessment, *, at: datetime) -> Evaluation:
    """Evaluate what is stored now; two queries."""
    attached = Evidence.objects.filter(assessment=assessment)
    return evaluate(
        assessment,
        Answer.objects.filter(assessment=assessment),
        as_of=local_date(at),
        attached=attached.values_list("question", flat=True),
    )


def _strengths(
    rows: Iterable[Answer], attached: frozenset[str]
) -> Mapping[str, Strength]:
    strengths: dict[str, Strength] = {}
    for row in rows:
        if row.question in attached:
            strengths[row.question] = "attached"
        elif row.document:
            strengths[row.question] = "named"
    return strengths
