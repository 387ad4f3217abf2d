"""Calibration for the bureau's experts: the latest report, earlier ones, files."""

import csv
import io
from dataclasses import dataclass

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.chart_samples import WIDTHS
from frontend.pages.data_sheet.workbook import XLSX
from frontend.pages.oversight.calibration_tables import Block, blocks_of
from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.files import CSV, attached
from frontend.pages.oversight.sections import section_tabs
from frontend.pages.workbench.export import OPTIONS
from frontend.templatetags.texts import localized, short_date
from oversight.calibration.findings import EditionFindings
from oversight.calibration_shown import editions_of
from oversight.dashboard import current_plan
from oversight.models import CalibrationReport
from oversight.snapshot_records import published_versions
from question_bank.engine.definition import Bank
from reports.reliability_charts import (
    ReliabilityPoint,
    ReliabilityWords,
    reliability_diagram,
)

_WIDTHS = (60, 16, 22, 16, 34)


@dataclass(frozen=True)
class EditionView:
    """One edition: its title, its tables, the diagram for both widths."""

    bank: str
    title: str
    blocks: tuple[Block, ...]
    charts: tuple[SafeString, ...]
    held: bool


@reading_door
def latest(request: HttpRequest) -> HttpResponse:
    """Show the latest report, or that there is none yet."""
    reports = CalibrationReport.objects.visible_to(person(request))
    return _shown(request, reports.published().first())


@reading_door
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Show the report of one snapshot."""
    return _shown(request, _report(request, number))


@reading_door
def download(request: HttpRequest, number: int, ending: str) -> HttpResponse:
    """Send the very numbers of the page as CSV or XLSX."""
    report = _report(request, number)
    views = _views(report)
    name = _("校准-第%(number)s期.%(ending)s") % {"number": number, "ending": ending}
    if ending == "xlsx":
        return attached(_workbook(views), XLSX, name)
    return attached(_lines(views), CSV, name)


def _report(request: HttpRequest, number: int) -> CalibrationReport:
    reports = CalibrationReport.objects.visible_to(person(request)).published()
    found: CalibrationReport | None = reports.filter(snapshot__number=number).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, report: CalibrationReport | None) -> HttpResponse:
    every = CalibrationReport.objects.visible_to(person(request)).newest_first()
    context = {
        "report": report,
        "editions": _views(report) if report else (),
        "facts": _facts(report) if report else (),
        "issues": [_issue(other, report) for other in every.light()],
        "files": _files(report) if report else (),
        "tabs": section_tabs("calibration", current_plan(timezone.localdate())),
    }
    return render(request, "oversight/calibration.html", context)


def _issue(other: CalibrationReport, report: CalibrationReport | None) -> Link:
    number = other.snapshot.number
    is_published = other.is_published
    return Link(
        reverse("calibration-issue", args=[number]) if is_published else "",
        _("第 %(number)s 期（%(month)s）")
        % {"number": number, "month": other.snapshot.month},
        current=report is not None and other.pk == report.pk,
        note="" if is_published else _("未通过披露审核，沿用上一期"),
    )


def _facts(report: CalibrationReport) -> tuple[tuple[str, str], ...]:
    return (
        (_("快照"), _("第 %(number)s 期") % {"number": report.snapshot.number}),
        (_("截至"), short_date(report.snapshot.day)),
        (_("生成"), short_date(report.made_at)),
        ("SHA-256", report.sha256[:16]),
    )


def _files(report: CalibrationReport) -> tuple[Link, ...]:
    return tuple(
        Link(
            reverse(f"calibration-{ending}", args=[report.snapshot.number]),
            _("下载 %(kind)s") % {"kind": ending.upper()},
        )
        for ending in ("xlsx", "csv")
    )


def _views(report: CalibrationReport) -> tuple[EditionView, ...]:
    return tuple(map(_view, editions_of(report)))


def _view(found: EditionFindings) -> EditionView:
    bank = _bank(found.bank)
    blocks = blocks_of(found, bank)
    charts = tuple(
        _diagram(found, blocks[0].title, width)
        for width in (WIDTHS.values() if found.points else ())
    )
    return EditionView(found.bank, localized(bank.title), blocks, charts, found.held)


def _bank(name: str) -> Bank:
    """Return the newest version of a bank that a report speaks of."""
    return published_versions(name)[-1]


def _diagram(found: EditionFindings, title: str, width: float) -> SafeString:
    points = [
        ReliabilityPoint(
            point.forecast / 100,
            point.observed.percent / 100,
            point.observed.low / 100,
            point.observed.high / 100,
            point.observed.of,
        )
        for point in found.points
    ]
    words = ReliabilityWords(
        forecast=_("自评得分（占满分）"),
        observed=_("12 个月内获证的比例"),
        point=_("实际比例"),
        interval=_("95% 区间"),
        perfect=_("得分与实际一致"),
        number=_("家数"),
    )
    return reliability_diagram(points, title=title, words=words, width=width)


def _lines(views: tuple[EditionView, ...]) -> bytes:
    """Return the tables as CSV for spreadsheets: every line names its table."""
    target = io.StringIO()
    writer = csv.writer(target)
    for view in views:
        for block in view.blocks:
            writer.writerow([view.title, block.title, *block.columns])
            for row in block.rows:
                writer.writerow([view.title, block.title, *row.cells])
            if not block.rows:
                writer.writerow([view.title, block.title, block.silent])
    return target.getvalue().encode("utf-8-sig")


def _workbook(views: tuple[EditionView, ...]) -> bytes:
    """Return the tables as a workbook, a sheet an edition; every cell is a text."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for view in views:
            sheet = book.add_worksheet(view.bank[:31])
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width)
            sheet.write_string(0, 0, view.title, bold)
            at = 2
            for block in view.blocks:
                texts = [row.cells for row in block.rows] or [(block.silent,)]
                heads = [(block.title,), block.columns]
                for line, style in [
                    *((head, bold) for head in heads),
                    *((cells, plain) for cells in [*texts, (block.means,)]),
                ]:
                    for column, text in enumerate(line):
                        sheet.write_string(at, column, text, style)
                    at += 1
                at += 1
    return target.getvalue()
