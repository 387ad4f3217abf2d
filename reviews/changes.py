"""What changed at a client since somebody was last told, within the mandate.

Everything is counted from rows the person may see. The number of queries does not
grow with what changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from accounts.models import Mandate, MandateEvent, User
from assessments.evaluation import bank_of
from assessments.models import Answer, Assessment, DataSheet, Evidence
from reviews.models import ImprovementPlan, PlanEvent, PlanTask, ReviewEvent

ANSWERS_TO_REMARKS = (
    ReviewEvent.Kind.ACCEPTED_REMARK,
    ReviewEvent.Kind.ARGUED,
    ReviewEvent.Kind.REPLIED,
)
MOST_MANDATE_EVENTS = 20


@dataclass(frozen=True)
class Change:
    """Something that changed: when last, how many times, and where to look.

    `about` is an assessment's key, a review's for answers to remarks, a data sheet's
    or a mandate's; `event` says what happened to the mandate.
    """

    kind: str
    at: datetime
    about: UUID
    number: int = 1
    title: str = ""
    event: MandateEvent | None = None


@dataclass(frozen=True)
class Shown:
    """What a mandate shows a person of a client now: fetched by `visible_to`."""

    user: User
    mandate: Mandate
    assessments: tuple[Assessment, ...]
    sheets: tuple[DataSheet, ...]


def changes_since(shown: Shown, since: datetime) -> tuple[Change, ...]:
    """Return what changed after `since`, the latest first; seven queries at most."""
    found = [
        *_assessments(shown, since),
        *_answers(shown, since),
        *_files(shown, since),
        *_remarks(shown, since),
        *_plans(shown, since),
        *_sheets(shown, since),
        *_mandate(shown, since),
    ]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True))


def _assessments(shown: Shown, since: datetime) -> Iterator[Change]:
    for row in shown.assessments:
        if row.submitted_at and row.submitted_at > since:
            yield Change("submitted", row.submitted_at, row.pk, title=_title(row))
        elif row.is_draft and row.created_at > since:
            yield Change("started", row.created_at, row.pk, title=_title(row))


def _title(row: Assessment) -> str:
    return str(row.bank_version.edition)


def _known_before(shown: Shown, since: datetime) -> list[Assessment]:
    """Return what was seen in part before: of what is new as a whole, no part is."""
    if shown.mandate.drafts:
        return list(shown.assessments)
    return [
        row
        for row in shown.assessments
        if row.submitted_at and row.submitted_at <= since
    ]


def _answers(shown: Shown, since: datetime) -> Iterable[Change]:
    known = _known_before(shown, since)
    rows = Answer.objects.filter(assessment__in=known, updated_at__gt=since)
    pairs = rows.values_list("assessment_id", "question", "updated_at")
    return _counted("answers", shown, known, pairs)


def _files(shown: Shown, since: datetime) -> Iterable[Change]:
    if not shown.mandate.evidence:
        return ()
    known = _known_before(shown, since)
    rows = Evidence.objects.filter(assessment__in=known, uploaded_at__gt=since)
    pairs = rows.values_list("assessment_id", "question", "uploaded_at")
    return _counted("files", shown, known, pairs)


def _counted(
    kind: str,
    shown: Shown,
    known: list[Assessment],
    rows: Iterable[tuple[UUID, str, datetime]],
) -> Iterator[Change]:
    """Count rows of questions by assessment, within the sections of the mandate."""
    scope = shown.mandate.scope
    moments: dict[UUID, list[datetime]] = defaultdict(list)
    by_key = {row.pk: row for row in known}
    for key, question, when in rows:
        if scope.is_whole or scope.shows(
            bank_of(by_key[key]).question(question).section
        ):
            moments[key].append(when)
    for key, found in moments.items():
        title = _title(by_key[key])
        yield Change(kind, max(found), key, len(found), title)


def _remarks(shown: Shown, since: datetime) -> Iterator[Change]:
    enterprise = shown.mandate.enterprise_id
    rows = ReviewEvent.objects.visible_to(shown.user).filter(
        review__assessment__enterprise=enterprise,
        organisation=enterprise,
        kind__in=ANSWERS_TO_REMARKS,
        at__gt=since,
    )
    return _grouped("remarks", rows.order_by(), "review", "at")


def _plans(shown: Shown, since: datetime) -> Iterator[Change]:
    plans = ImprovementPlan.objects.visible_to(shown.user).filter(
        assessment__enterprise=shown.mandate.enterprise_id
    )
    done = PlanTask.objects.filter(plan__in=plans.values("pk"), done_at__gt=since)
    yield from _grouped("tasks_done", done.order_by(), "plan", "done_at")
    events = PlanEvent.objects.filter(
        plan__in=plans.values("pk"), agency=None, at__gt=since
    ).exclude(kind=PlanEvent.Kind.MOVED, task__done_at__gt=since)
    yield from _grouped("plan", events.order_by(), "plan", "at")


def _grouped(
    kind: str, rows: QuerySet[Any], group: str, moment: str
) -> Iterator[Change]:
    counted = rows.values(group).annotate(number=Count("pk"), last=Max(moment))
    for found in counted:
        yield Change(kind, found["last"], found[group], found["number"])


def _sheets(shown: Shown, since: datetime) -> Iterator[Change]:
    for row in shown.sheets:
        if row.confirmed_at and row.confirmed_at > since:
            yield Change(
                "sheet_confirmed", row.confirmed_at, row.pk, title=str(row.year)
            )
        elif row.updated_at > since:
            yield Change("sheet", row.updated_at, row.pk, title=str(row.year))


def _mandate(shown: Shown, since: datetime) -> Iterator[Change]:
    mandate = shown.mandate
    rows = MandateEvent.objects.filter(mandate=mandate, at__gt=since).in_order()
    for event in rows.reverse()[:MOST_MANDATE_EVENTS]:
        yield Change("mandate", event.at, mandate.pk, event=event)
