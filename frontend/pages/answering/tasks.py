"""The work to do: starting an assessment and its task list."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import home_membership
from assessments.models import Assessment
from assessments.moved import move_of, waiting_count
from assessments.selectors import Tally, TaskList, TaskRow, task_list
from assessments.services import start_assessment
from backend.errors import ServiceError
from frontend.components import Link, State, Status, Task
from frontend.pages.answering.doors import (
    assessment_or_404,
    person,
    problem_text,
    sealed_redirect,
)
from frontend.pages.answering.offers import offers
from frontend.pages.answering.words import (
    minutes_left,
    numbered_title,
    tally_note,
    tally_status,
)
from frontend.templatetags.texts import joined, localized
from question_bank.engine.definition import Bank, Kind, Localized
from question_bank.models import BankVersion
from question_bank.paging import Page
from question_bank.selectors import MAIN_BANK, offered_version
from reviews.selectors import is_reviewed_for


@dataclass(frozen=True)
class TaskGroup:
    """A section, or a department, with its pages as tasks."""

    id: str
    title: str
    tally: Tally
    tasks: tuple[Task, ...]


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Open a draft on a bank on offer, or go to the one that is open."""
    membership = home_membership(person(request))
    if membership is None:
        return redirect("home")
    bank = request.POST.get("bank", MAIN_BANK)[:64]
    try:
        assessment = start_assessment(
            enterprise=membership.organisation,
            bank_version=offered_version(bank),
            actor=person(request),
            at=timezone.now(),
        )
    except BankVersion.DoesNotExist:
        messages.error(request, _("题库尚未发布，暂不能开始自评。"))
        return redirect("home")
    except ServiceError as error:
        messages.info(request, problem_text(error))
        drafts = Assessment.objects.own_of(person(request)).drafts()
        drafts = drafts.filter(bank_version__bank=bank)
        found = drafts.newest_first().values_list("pk", flat=True).first()
        return redirect("assessment", found) if found else redirect("home")
    return redirect("assessment", assessment.pk)


@login_required
@require_safe
def overview(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the task list, by section or by department."""
    assessment = assessment_or_404(request, assessment_id)
    if not assessment.is_draft:
        return sealed_redirect(assessment_id)
    work = task_list(assessment, at=timezone.now())
    by_department = request.GET.get("by") == "department"
    groups = _by_department(work) if by_department else _by_section(work)
    context = {
        "work": work,
        "groups": tuple(groups),
        "tabs": _tabs(by_department),
        "crumbs": (Link(reverse("home"), _("工作台")), Link("", _("自评"))),
        "next_url": next_url(work),
        "next_title": numbered_title(work.next_page) if work.next_page else "",
        "minutes": open_minutes(work),
        "offers": offers(assessment),
        "moved": move_of(assessment),
        "waiting": waiting_count(assessment),
        "is_reviewed": is_reviewed_for(person(request), assessment),
    }
    return render(request, "answering/tasks.html", context)


def _tabs(by_department: bool) -> tuple[Link, ...]:  # noqa: FBT001
    return (
        Link("?by=section", _("按部分"), current=not by_department),
        Link("?by=department", _("按部门"), current=by_department),
    )


def next_url(work: TaskList) -> str:
    """Return the first page with an open question, or the check when none is."""
    if work.next_page is None:
        return reverse("check", args=(work.assessment.pk,))
    return reverse("answer-page", args=(work.assessment.pk, work.next_page.key))


def open_minutes(work: TaskList) -> int:
    """Return about how many minutes the open questions take."""
    rows = [row for section in work.sections for row in section.rows]
    pairs = [_open_questions(row) for row in rows]
    return minutes_left(
        sum(open_ for open_, levels in pairs), sum(levels for open_, levels in pairs)
    )


def _minutes(row: TaskRow) -> int:
    return minutes_left(*_open_questions(row))


def _open_questions(row: TaskRow) -> tuple[int, int]:
    """Return how many questions are open, and how many of them have levels."""
    levels = sum(q.type is Kind.LEVEL for q in row.page.questions)
    return row.tally.open, min(row.tally.open, levels)


def _by_section(work: TaskList) -> Iterable[TaskGroup]:
    for section in work.sections:
        tasks = tuple(_task(work, row) for row in section.rows)
        if tasks:
            title = localized(section.section.title)
            yield TaskGroup(section.section.id, title, section.tally, tasks)


def _by_department(work: TaskList) -> Iterable[TaskGroup]:
    for part in work.departments:
        tasks = tuple(_task(work, row) for row in part.rows)
        title = localized(part.department.title)
        yield TaskGroup(part.department.id, title, part.tally, tasks)


def _task(work: TaskList, row: TaskRow) -> Task:
    """Return a page as a task; one that doesn't concern the firm has no link."""
    concerns = row.tally.status != "nothing" or _has_optional(row)
    url = reverse("answer-page", args=(work.assessment.pk, row.page.key))
    status = tally_status(row.tally)
    if row.tally.status == "nothing" and concerns:
        status = Status(State.TODO, _("选填"))
    note = tally_note(row.tally)
    if row.tally.unknown and row.tally.total:
        waiting = {"number": row.tally.unknown}
        note = _("%(note)s，另 %(number)s 题待定") % {"note": note, **waiting}
    return Task(
        title=numbered_title(row.page),
        status=status,
        url=url if concerns else "",
        caption=_caption(work.bank, row),
        note=note,
    )


def _has_optional(row: TaskRow) -> bool:
    """Whether the page always shows optional questions though none must be answered."""
    return any(q.optional and q.applies_when is None for q in row.page.questions)


def _caption(bank: Bank, row: TaskRow) -> str:
    parts = []
    if minutes := _minutes(row):
        parts.append(_("约 %(minutes)s 分钟") % {"minutes": minutes})
    if departments := joined(_departments(bank, row.page)):
        parts.append(departments)
    return " · ".join(parts)


def _departments(bank: Bank, page: Page) -> list[Localized]:
    """Return the departments that answer first on a page, in the bank's order."""
    first = {q.departments[0] for q in page.questions if q.departments}
    return [d.title for d in bank.departments if d.id in first]
