"""The plan itself: its tasks, the run dates, its history."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import show_problem
from assessments.evaluation import bank_of, local_date
from assessments.services.access import get_own_assessment
from assessments.services.moving import NotSealed
from backend.errors import Forbidden, Invalid, NotFound
from frontend.components import Link, Status
from frontend.pages.answering.doors import answers_refusals, person, problem_text
from frontend.pages.plans.doors import frame, plan_and_hand, posted, way_to
from frontend.pages.plans.forms import DatesForm
from frontend.pages.plans.words import (
    Group,
    TaskRow,
    by_department,
    by_due,
    clock_lines,
    event_line,
    task_row,
)
from reports.labels import Labels
from reviews.access import require_member
from reviews.models import ImprovementPlan, PlanTask
from reviews.plan_selectors import history_of, tasks_of_plan
from reviews.readiness import clock_of
from reviews.run_clock import start_question
from reviews.services import make_plan, set_run_dates
from reviews.services.plans import PlanExists

EVENTS_A_PAGE = 50
GROUPINGS = ("due", "department")
WAITING = ("proposed", "open", "doing")
SHOWN: dict[str, Callable[[TaskRow], bool]] = {
    "needed": lambda row: row.task.state in WAITING and is_needed(row.task),
    "todo": lambda row: row.task.state in WAITING,
    "all": lambda _row: True,
}
"""Which tasks one may look at; the first is shown unasked."""


def is_needed(task: PlanTask) -> bool:
    """Tell whether the target needs the task, or somebody wanted it."""
    return task.essential or task.kind == PlanTask.Kind.OWN


read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@never_cache
@read_or_post
@answers_refusals
def plan(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the plan, or make it."""
    if request.method == "POST":
        return _make(request, assessment_id)
    try:
        found, hand = plan_and_hand(request, assessment_id)
    except NotFound:
        return _offer(request, assessment_id)
    today = local_date(timezone.now())
    rows = task_rows(found, today)
    by = _chosen(request, "by", GROUPINGS)
    show = _chosen(request, "show", tuple(SHOWN))
    counted = [r for r in rows if r.task.state not in ("proposed", "dropped")]
    context = frame(found, hand, "plan") | {
        "groups": grouped([row for row in rows if SHOWN[show](row)], by),
        "groupings": _choices(
            by, show, {"due": _("按到期日"), "department": _("按部门")}
        ),
        "filters": _filters(by, show),
        "done": sum(row.task.state == "done" for row in counted),
        "total": len(counted),
        "late": sum(row.late for row in rows),
        "clock": _clock(found, today),
    }
    return render(request, "plans/plan.html", context)


def task_rows(found: ImprovementPlan, today: date) -> list[TaskRow]:
    """Return all tasks of a plan as lists show them; one query."""
    labels = Labels(bank_of(found.assessment))
    return [task_row(task, labels, today) for task in tasks_of_plan(found)]


def grouped(rows: list[TaskRow], by: str) -> list[Group]:
    """Return rows under titles."""
    return by_department(rows) if by == "department" else by_due(rows)


def _clock(found: ImprovementPlan, today: date) -> list[tuple[str, str, Status]]:
    """Return the run clock; nothing where the bank asks for no time of running."""
    bank = bank_of(found.assessment)
    return clock_lines(clock_of(found, bank, today)) if start_question(bank) else []


def _chosen(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else known[0]


def _choices(by: str, show: str, words: dict[str, str]) -> tuple[Link, ...]:
    return tuple(
        Link(f"?by={key}&show={show}", text, current=key == by)
        for key, text in words.items()
    )


def _filters(by: str, show: str) -> tuple[Link, ...]:
    words = {"needed": _("必要的"), "todo": _("全部未完成"), "all": _("全部")}
    return tuple(
        Link(f"?by={by}&show={key}", text, current=key == show)
        for key, text in words.items()
    )


def _offer(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Offer to make the plan to whoever may; for everybody else there is none."""
    try:
        assessment = get_own_assessment(person(request), assessment_id)
    except Forbidden as error:
        raise Http404 from error
    if assessment.is_draft:
        raise Http404
    here = Link("", _("整改计划"), current=True)
    context = {"assessment": assessment, "crumbs": (*way_to(assessment.pk), here)}
    return render(request, "plans/offer.html", context)


def _make(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    try:
        make_plan(assessment_id=assessment_id, actor=person(request), at=timezone.now())
    except NotSealed as error:
        raise Http404 from error
    except PlanExists as error:
        messages.info(request, problem_text(error))
    else:
        messages.success(request, _("整改计划已建立，请核对到期日和负责人。"))
    return redirect("plan", assessment_id)


@login_required
@never_cache
@require_safe
@answers_refusals
def history(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show who did what, the latest first."""
    found, hand = plan_and_hand(request, assessment_id)
    page = Paginator(history_of(found).reverse(), EVENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = frame(found, hand, "plan-history") | {
        "page": page,
        "lines": [event_line(event) for event in page],
    }
    return render(request, "plans/history.html", context)


@login_required
@never_cache
@read_or_post
@answers_refusals
def dates(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Ask when the system started, audit and review are held, and who has applied."""
    found, hand = plan_and_hand(request, assessment_id)
    require_member(hand)
    initial = {
        "start": found.system_start_on,
        "audit": found.audit_on,
        "review": found.review_on,
        "applied": found.applied_on,
    }
    form = DatesForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_run_dates(
                assessment_id=assessment_id,
                dates=form.dates(),
                actor=person(request),
                at=timezone.now(),
            )
        except Invalid as error:
            show_problem(form, error)
        else:
            messages.success(request, _("运行日期已保存。"))
            return redirect("plan", assessment_id)
    return render(
        request,
        "plans/dates.html",
        frame(found, hand, title=_("运行日期")) | {"form": form},
    )
