"""The years, the groups of one year, checking and confirming."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.data_sheets import YearSheet, sheet_years
from assessments.evaluation import local_date
from assessments.services import StaleSheet, confirm_data_sheet
from assessments.services.data_sheets import NotReadyToConfirm
from backend.errors import ServiceError
from frontend.components import Link, State, Status, Task
from frontend.pages.data_sheet.doors import (
    Desk,
    enterprise_of,
    group_note,
    posted_revision,
    sidebar,
    year_door,
)
from frontend.pages.data_sheet.rows import group_rows
from frontend.templatetags.texts import localized
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_fields import FieldGroup
from question_bank.engine.data_problems import SheetProblem


@dataclass(frozen=True)
class CheckLine:
    """One problem with where to mend it."""

    text: str
    url: str


@login_required
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """List the years whose figures can be filled in."""
    user, enterprise = enterprise_of(request)
    rows = sheet_years(user, enterprise, as_of=local_date(timezone.now()))
    context = {"enterprise": enterprise, "rows": rows}
    return render(request, "data_sheet/years.html", context)


@year_door
@require_safe
def tasks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the groups of one year as tasks."""
    found = desk.found
    context = {
        "desk": desk,
        "found": found,
        "crumbs": desk.crumbs(),
        "tasks": [_task(desk, group) for group in data_sheet_definition().groups],
        "lists": _list_tasks(desk),
        "errors": _shown_errors(found),
        "unconfirmed": len(found.sheet.unconfirmed),
        "next_url": _next_url(desk),
    }
    return render(request, "data_sheet/tasks.html", context)


def _shown_errors(found: YearSheet) -> int:
    """Return how many contradictions there are; what isn't filled in yet is none."""
    return sum(problem.code != "required" for problem in found.errors)


def _next_url(desk: Desk) -> str:
    """Return the first group that isn't done, the check when all are."""
    for group in data_sheet_definition().groups:
        progress = desk.found.progress(group)
        if progress.required_open or progress.unconfirmed or not progress.done:
            return desk.url("data-sheet-group", group.id)
    return desk.url("data-sheet-check")


def _task(desk: Desk, group: FieldGroup) -> Task:
    return Task(
        localized(group.title),
        _status(desk.found, group),
        desk.url("data-sheet-group", group.id),
        note=group_note(desk.found, group),
    )


def _status(found: YearSheet, group: FieldGroup) -> Status:
    progress = found.progress(group)
    slots = {slot for item in group.fields for slot in item.slots}
    problems = [p for p in found.problems if p.slot in slots]
    if any(p.severity == "error" and p.code != "required" for p in problems):
        return Status(State.PROBLEM, _("有矛盾"))
    if progress.unconfirmed:
        return Status(State.ATTENTION, _("待确认"))
    if any(p in found.open_warnings for p in problems):
        return Status(State.ATTENTION, _("需说明"))
    if progress.required_open or progress.done < progress.total:
        return _open_status(progress.done, progress.required_open)
    return Status(State.DONE, _("已填完"))


def _open_status(done: int, required_open: int) -> Status:
    if not done:
        return Status(State.TODO, _("未开始"))
    if required_open:
        return Status(State.DOING, _("填写中"))
    return Status(State.DONE, _("必填已完成"))


def _list_tasks(desk: Desk) -> list[Task]:
    sheet, found = desk.found.sheet, desk.found
    rights_wrong = any(p.field == "rights" for p in found.errors)
    vetoes_wrong = any(p.field == "vetoes" for p in found.errors)
    return [
        Task(
            _("知识产权清单"),
            _list_status(len(sheet.rights), wrong=rights_wrong),
            desk.url("data-sheet-rights"),
            _("逐件登记专利号、商标号等，核对件数。"),
        ),
        Task(
            _("一票否决事项"),
            _list_status(len(sheet.vetoes), wrong=vetoes_wrong),
            desk.url("data-sheet-vetoes"),
            _("有处罚、认定或失信记录时逐条登记；没有就不用填。"),
        ),
    ]


def _list_status(number: int, *, wrong: bool) -> Status:
    if wrong:
        return Status(State.PROBLEM, _("有矛盾"))
    if not number:
        return Status(State.NONE, _("没有登记"))
    words = ngettext("%(number)s 条", "%(number)s 条", number) % {"number": number}
    return Status(State.DONE, words)


@year_door
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what is open, contradictory or odd; confirm the sheet."""
    if request.method == "POST":
        try:
            confirm_data_sheet(
                enterprise=desk.enterprise,
                year=desk.year,
                revision=posted_revision(request),
                actor=desk.user,
                at=desk.at,
            )
        except StaleSheet:
            messages.info(request, _("数据表刚被修改，请核对后再确认。"))
        except NotReadyToConfirm as error:
            messages.error(request, str(error.message))
        except ServiceError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("数据表已确认。"))
            return redirect("data-sheet", desk.year)
        return redirect("data-sheet-check", desk.year)
    context = {
        "desk": desk,
        "found": desk.found,
        "crumbs": desk.crumbs(Link("", _("检查并确认"))),
        "sidebar": sidebar(desk, "check"),
        "errors": [line_of(desk, p) for p in desk.found.errors],
        "warnings": [line_of(desk, p) for p in desk.found.open_warnings],
        "infos": [
            line_of(desk, p) for p in desk.found.problems if p.severity == "info"
        ],
        "explained": _explained(desk),
        "waiting": _waiting(desk),
    }
    return render(request, "data_sheet/check.html", context)


def line_of(desk: Desk, problem: SheetProblem) -> CheckLine:
    """Return a problem with the address of the place to mend it."""
    definition = data_sheet_definition()
    item = definition.slots.get(problem.slot)
    if item is None:
        url = desk.url(f"data-sheet-{problem.field}")
        return CheckLine(localized(problem.message), url)
    url = desk.url("data-sheet-group", item.group)
    text = localized(problem.message)
    if problem.year and problem.code != "required":
        text = _("%(year)s 年：%(text)s") % {"year": problem.year, "text": text}
    return CheckLine(text, f"{url}#{problem.slot}")


def _explained(desk: Desk) -> list[tuple[str, str]]:
    notes = desk.found.sheet.notes
    return [
        (localized(problem.message), notes[problem.key])
        for problem in desk.found.problems
        if problem.severity == "warning" and problem.key in notes
    ]


def _waiting(desk: Desk) -> list[Link]:
    """Return the groups with values carried over that nobody has confirmed."""
    links = []
    for group in data_sheet_definition().groups:
        number = desk.found.progress(group).unconfirmed
        if number:
            url = desk.url("data-sheet-group", group.id)
            note = _("%(number)s 项待确认") % {"number": number}
            links.append(Link(url, localized(group.title), note=note))
    return links


@year_door
@require_safe
def whole(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the whole sheet to read and print."""
    groups = [
        (group, group_rows(desk.found, group))
        for group in data_sheet_definition().groups
    ]
    context = {
        "desk": desk,
        "found": desk.found,
        "crumbs": desk.crumbs(Link("", _("查看和打印"))),
        "groups": groups,
        "years": (desk.year - 2, desk.year - 1, desk.year),
    }
    return render(request, "data_sheet/whole.html", context)
