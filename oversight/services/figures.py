"""Note the figures of sealed assessments, once each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from assessments.local_day import local_date
from assessments.models import AnswerEvent, Assessment
from oversight.figures import figures_of
from oversight.models import SubmittedFigures
from question_bank.engine.scorecard import Scorecard

BATCH = 200


def note_missing_figures() -> int:
    """Note the figures of every sealed assessment without them; return how many.

    The sealed row is the truth: a submission nobody told of is found here. Works in
    batches of constant size and three queries; may run twice at once.
    """
    noted = 0
    while found := list(_without_figures()[:BATCH]):
        SubmittedFigures.objects.bulk_create(_rows(found), ignore_conflicts=True)
        noted += len(found)
    return noted


def _without_figures() -> QuerySet[Assessment]:
    found = Assessment.objects.submitted().filter(figures=None)
    return found.select_related("bank_version").defer("bank_version__document")


def _rows(assessments: Sequence[Assessment]) -> list[SubmittedFigures]:
    times = _answering_times([one.pk for one in assessments])
    return [_row(one, *times.get(one.pk, (None, None))) for one in assessments]


def _answering_times(
    assessments: Sequence[UUID],
) -> dict[UUID, tuple[datetime, datetime]]:
    """Return the first and the last change of an answer by assessment."""
    events = AnswerEvent.objects.filter(assessment__in=assessments)
    spans = events.values("assessment").annotate(first=Min("at"), last=Max("at"))
    return {
        span["assessment"]: (span["first"], span["last"]) for span in spans.order_by()
    }


def _row(
    assessment: Assessment, first: datetime | None, last: datetime | None
) -> SubmittedFigures:
    assert assessment.submitted_at is not None  # noqa: S101 - the seal's constraint
    assert assessment.scorecard is not None  # noqa: S101 - the seal's constraint
    scorecard = Scorecard.from_json(assessment.scorecard)
    figures = figures_of(scorecard, first=first, last=last)
    return SubmittedFigures(
        assessment=assessment,
        enterprise_id=assessment.enterprise_id,
        bank=assessment.bank_version.bank,
        edition=assessment.bank_version.edition,
        submitted_at=assessment.submitted_at,
        submitted_on=local_date(assessment.submitted_at),
        band=figures.band,
        points=figures.points,
        gaps=list(figures.gaps),
        levels=figures.levels,
        seconds=figures.seconds,
    )
