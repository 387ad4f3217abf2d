"""Two assessments of one enterprise side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from assessments.evaluation import bank_of, evaluate, local_date
from assessments.models import Answer, Assessment, Evidence
from backend.errors import Conflict
from question_bank.engine.answers import answer_from_json
from question_bank.engine.comparison import Comparison, Judged, compare
from question_bank.engine.migration import BankMap
from question_bank.engine.scorecard import Scorecard
from question_bank.versions import NoRoute, route


class NotComparable(Conflict):
    """No map leads between the banks of the two assessments."""

    code = "not_comparable"
    message = _("这两次自评所用的题库之间没有对应表，不能比较。")


@dataclass(frozen=True)
class Side:
    """One of the two: its stored answers and its result, sealed or scored just now."""

    assessment: Assessment
    answers: Mapping[str, Answer]
    judged: Judged


@dataclass(frozen=True)
class Compared:
    """Two assessments, the earlier first, and what changed between them."""

    earlier: Side
    later: Side
    comparison: Comparison


def compare_assessments(
    first: Assessment, second: Assessment, *, at: datetime
) -> Compared:
    """Return what changed from one assessment to the other, in the order of time.

    A sealed one is shown as it was sealed, a draft is scored as it stands. Four
    queries, one more for each draft. Raises NotComparable when no map leads from the
    one bank to the other.
    """
    earlier, later = sorted((first, second), key=_moment)
    try:
        bank_map = route(earlier.bank_version, later.bank_version).bank_map
    except NoRoute:
        earlier, later, bank_map = _turned(earlier, later)
    before, after = _side(earlier, at), _side(later, at)
    return Compared(before, after, compare(before.judged, after.judged, bank_map))


def _moment(assessment: Assessment) -> tuple[bool, datetime, str]:
    """Drafts are of now, and so come after everything sealed."""
    when = assessment.submitted_at or assessment.created_at
    return assessment.is_draft, when, str(assessment.pk)


def _turned(
    earlier: Assessment, later: Assessment
) -> tuple[Assessment, Assessment, BankMap]:
    """Return the two the other way round: maps lead to newer editions only."""
    try:
        bank_map = route(later.bank_version, earlier.bank_version).bank_map
    except NoRoute as error:
        raise NotComparable from error
    return later, earlier, bank_map


def _side(assessment: Assessment, at: datetime) -> Side:
    rows = {row.question: row for row in Answer.objects.filter(assessment=assessment)}
    judged = Judged(
        bank_of(assessment),
        _scorecard(assessment, rows.values(), at),
        {
            key: answer_from_json(data)
            for key, row in rows.items()
            if (data := row.engine_json()) is not None
        },
    )
    return Side(assessment, rows, judged)


def _scorecard(
    assessment: Assessment, rows: Iterable[Answer], at: datetime
) -> Scorecard:
    if assessment.scorecard is not None:
        return Scorecard.from_json(assessment.scorecard)
    attached = Evidence.objects.filter(assessment=assessment)
    questions = attached.values_list("question", flat=True)
    found = evaluate(assessment, rows, as_of=local_date(at), attached=questions)
    return found.scorecard
