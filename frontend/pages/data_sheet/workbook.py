"""The sheet as a workbook: download, upload as a dry run, take over, faults back."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.data_sheet_changes import in_words
from assessments.data_sheet_upload import (
    Grid,
    Upload,
    grid_from_json,
    planned,
    read_grid,
    read_upload,
)
from assessments.data_sheet_workbook import (
    CellProblem,
    data_sheet_workbook,
    marked_workbook,
)
from assessments.services import StaleSheet
from backend.errors import Invalid, ServiceError
from backend.workbooks import MAX_BYTES
from frontend.components import FileDrop, Link, Problem
from frontend.pages.data_sheet.doors import Desk, posted_revision, year_door
from frontend.templatetags.texts import localized, text_locale
from question_bank.engine.data_fields import year_of
from question_bank.engine.data_values import entry_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class PlannedRow:
    """One value that would change."""

    title: str
    year: int | None
    old: str
    new: str


@year_door
@require_safe
def download(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send the sheet, with what is filled in, as a workbook."""
    data = data_sheet_workbook(desk.found.sheet, locale=text_locale())
    name = _("企业数据表%(year)s.xlsx") % {"year": desk.year}
    return _file(data, name)


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    disposition = f"attachment; filename*=utf-8''{quote(name)}"
    response.headers["Content-Disposition"] = disposition
    return response


@year_door
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask for a workbook; show what it would change. Nothing is stored."""
    if request.method != "POST":
        return _form(request, desk)
    file = request.FILES.get("file")
    if file is None:
        return _form(request, desk, _("请选择要上传的文件。"))
    if (file.size or 0) > MAX_BYTES:
        return _form(request, desk, _("文件超过 5 MB，请只保留需要的工作表。"))
    try:
        grid = read_grid(file.read())
    except ServiceError as error:
        return _form(request, desk, str(error.message))
    return _dry_run(request, desk, grid)


def _form(request: HttpRequest, desk: Desk, error: str = "") -> HttpResponse:
    drop = FileDrop(
        "file",
        "file",
        _("填好的表格"),
        limits=_("XLSX 格式，不超过 5 MB。"),
        accept=f".xlsx,{XLSX}",
        error=error,
    )
    context = {
        "desk": desk,
        "crumbs": desk.crumbs(Link("", _("上传表格"))),
        "drop": drop,
        "problems": [Problem("file", error)] if error else [],
    }
    return render(request, "data_sheet/upload.html", context)


def _dry_run(request: HttpRequest, desk: Desk, grid: Grid) -> HttpResponse:
    """Show what would change and what is wrong; the cells go along in the form."""
    found = read_upload(grid, desk.found.sheet)
    rows = _planned_rows(desk, found)
    rights = _new_rights(desk, found)
    vetoes = found.changes.vetoes
    context = {
        "desk": desk,
        "crumbs": desk.crumbs(Link("", _("上传表格"))),
        "found": found,
        "faults": [(problem, in_words(problem.message)) for problem in found.problems],
        "conversions": [_conversion(note) for note in found.conversions],
        "rows": rows,
        "rights": rights,
        "vetoes": vetoes is not None and vetoes != desk.found.sheet.vetoes,
        "grid": json.dumps(grid, ensure_ascii=False),
    }
    return render(request, "data_sheet/dry_run.html", context)


def _conversion(note: CellProblem) -> str:
    return f"{note.place}：{in_words(note.message)}"


def _planned_rows(desk: Desk, found: Upload) -> list[PlannedRow]:
    locale = text_locale()
    entries = desk.found.sheet.entries
    return [
        PlannedRow(
            localized(item.title),
            year_of(slot, item, desk.year),
            entry_text(item, entries.get(slot), locale=locale),
            entry_text(item, found.changes.values[slot], locale=locale),
        )
        for slot, item in planned(desk.found.sheet, found.changes)
    ]


def _new_rights(desk: Desk, found: Upload) -> int:
    known = set(desk.found.sheet.rights)
    return sum(item not in known for item in found.changes.add_rights)


def _posted_grid(request: HttpRequest) -> Grid:
    return grid_from_json(request.POST.get("grid", ""))


@year_door
@require_POST
def take_over(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Store what the dry run showed: the cells that can be read."""
    try:
        found = read_upload(_posted_grid(request), desk.found.sheet)
        desk.save(found.changes, posted_revision(request))
    except StaleSheet:
        messages.info(request, _("数据表刚被修改，请重新上传后核对。"))
        return redirect("data-sheet-upload", desk.year)
    except ServiceError as error:
        messages.error(request, str(error.message))
        return redirect("data-sheet-upload", desk.year)
    number = len(found.changes.values) + len(found.changes.add_rights)
    words = ngettext("已导入 %(number)s 项。", "已导入 %(number)s 项。", number) % {
        "number": number
    }
    messages.success(request, words)
    return redirect("data-sheet", desk.year)


@year_door
@require_POST
def marked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send the uploaded cells back with the faulty ones marked."""
    try:
        grid = _posted_grid(request)
    except Invalid as error:
        messages.error(request, str(error.message))
        return redirect("data-sheet-upload", desk.year)
    problems = read_upload(grid, desk.found.sheet).problems
    data = marked_workbook(grid, problems, locale=text_locale())
    return _file(data, _("企业数据表%(year)s有问题的单元格.xlsx") % {"year": desk.year})
