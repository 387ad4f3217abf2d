"""Tables as files: CSV and XLSX whose cells are texts and numbers, never formulas."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

import xlsxwriter
from django.http import Http404, HttpResponse

from frontend.pages.data_sheet.workbook import XLSX
from frontend.pages.workbench.export import OPTIONS

CSV = "text/csv; charset=utf-8"
Value: TypeAlias = str | int | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A table of a file. `widths` are those of its columns in characters."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int] = ()


def file_of(sheets: Sequence[Sheet], *, form: str, name: str) -> HttpResponse:
    """Send tables; a CSV has the first alone. Http404 for a form there is none of."""
    if form == "csv":
        return attached(csv_of(sheets[0]), CSV, f"{name}.csv")
    if form == "xlsx":
        return attached(xlsx_of(sheets), XLSX, f"{name}.xlsx")
    raise Http404


def attached(data: bytes, kind: str, name: str) -> HttpResponse:
    """Send bytes as a file to keep."""
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=utf-8''{quote(name)}"
    )
    return response


def csv_of(sheet: Sheet) -> bytes:
    """Return a table as CSV with a byte order mark, which spreadsheets ask for."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(value) for value in row] for row in sheet.rows)
    return target.getvalue().encode("utf-8-sig")


def _harmless(value: Value) -> Value:
    """Keep a spreadsheet from taking a text for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def xlsx_of(sheets: Iterable[Sheet]) -> bytes:
    """Return tables as a workbook, a sheet each."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        for sheet in sheets:
            _write(book, sheet)
    return target.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title[:31])
    page.freeze_panes(1, 1)
    bold = book.add_format({"bold": True, "text_wrap": True})
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for column, title in enumerate(sheet.columns):
        page.write_string(0, column, title, bold)
    for place, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(place, column, value)
            elif value is not None:
                page.write_string(place, column, value)
