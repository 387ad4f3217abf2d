"""Due dates month by month, and as a file for other calendars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.evaluation import bank_of, local_date
from frontend.components import Status
from frontend.pages.answering.doors import answers_refusals
from frontend.pages.plans.board import task_rows
from frontend.pages.plans.doors import frame, plan_and_hand
from frontend.pages.plans.words import TaskRow, month_of
from reviews.calendar_file import Event, calendar_file
from reviews.models import ImprovementPlan
from reviews.readiness import clock_of


@dataclass(frozen=True)
class Entry:
    """One day of the calendar: a task, or a milestone of the run."""

    uid: str
    day: date
    text: str
    about: str = ""
    row: TaskRow | None = None

    @property
    def status(self) -> Status | None:
        """Where the task stands."""
        return self.row.status if self.row else None


@login_required
@never_cache
@require_safe
@answers_refusals
def calendar(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """List what is due, month by month."""
    plan, hand = plan_and_hand(request, assessment_id)
    months: dict[str, list[Entry]] = {}
    rows = task_rows(plan, local_date(timezone.now()))
    for entry in sorted(_entries(plan, rows), key=lambda e: (e.day, e.uid)):
        months.setdefault(month_of(entry.day), []).append(entry)
    context = frame(plan, hand, "plan-calendar") | {
        "months": list(months.items()),
        "open": [r for r in rows if r.task.due_on is None and _waits(r)],
    }
    return render(request, "plans/calendar.html", context)


@login_required
@never_cache
@require_safe
@answers_refusals
def file(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Download what is still to do as an iCalendar file."""
    plan, _hand = plan_and_hand(request, assessment_id)
    now = timezone.now()
    rows = task_rows(plan, local_date(now))
    events = [
        Event(entry.uid, entry.day, entry.text, entry.about)
        for entry in sorted(_entries(plan, rows), key=lambda e: (e.day, e.uid))
        if entry.row is None or _waits(entry.row)
    ]
    answer = HttpResponse(
        calendar_file(_("整改计划"), events, at=now),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="plan.ics"'
    return answer


def _waits(row: TaskRow) -> bool:
    return row.task.state in ("proposed", "open", "doing")


def _entries(plan: ImprovementPlan, rows: Iterable[TaskRow]) -> Iterable[Entry]:
    for row in rows:
        if row.task.due_on is not None and row.task.state != "dropped":
            about = " · ".join(filter(None, (row.department, row.owner)))
            yield Entry(
                f"task-{row.task.pk}", row.task.due_on, row.text, about, row=row
            )
    clock = clock_of(plan, bank_of(plan.assessment), local_date(timezone.now()))
    months = _("运行满 %(months)s 个月") % {"months": clock.months}
    for name, day, text in (
        ("run", clock.full_on, months),
        ("audit", plan.audit_on, _("内部审核")),
        ("review", plan.review_on, _("管理评审")),
    ):
        if day is not None:
            yield Entry(f"{name}-{plan.pk}", day, text)
