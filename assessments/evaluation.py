"""From stored rows to the engine and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from assessments.models import Answer, Assessment, Evidence
from question_bank.engine.answers import AnswerSheet, answer_from_json
from question_bank.engine.branching import Applicability, Progress, progress, resolve
from question_bank.engine.definition import Bank, Strength
from question_bank.engine.scorecard import Scorecard
from question_bank.engine.scoring import score
from question_bank.selectors import compiled_bank, pinned_sha256


def bank_of(assessment: Assessment) -> Bank:
    """Return the bank the assessment is pinned to; no query once it is cached."""
    return compiled_bank(pinned_sha256(assessment.bank_version_id))


def local_date(at: datetime) -> date:
    """Return the calendar day of `at` in Asia/Shanghai."""
    return timezone.localtime(at).date()


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
    rows = list(answers)
    return Evaluation(
        bank_of(assessment),
        AnswerSheet(
            answers={
                row.question: answer_from_json(data)
                for row in rows
                if (data := row.engine_json()) is not None
            },
            strengths=_strengths(rows, frozenset(attached)),
            facts={},
            as_of=assessment.reference_date or as_of,
        ),
    )


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
