"""A bank's source as an XLSX workbook for experts, and back, without loss.

Every value is written as text: a spreadsheet would make 7.10 a number and 1-2 a date.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from question_bank.bank_files import MAPS_KEY
from question_bank.engine.definition import Bank, Question
from question_bank.engine.source_writer import KEYS
from question_bank.workbook_columns import Column
from question_bank.workbook_layout import BANK, BANK_COLUMNS, BANK_KEYS, GUIDE, SHEETS
from question_bank.workbook_opening import opened_sheets
from question_bank.workbook_question_layout import QUESTIONS
from question_bank.workbook_reading import source_of
from question_bank.workbook_rows import Row, bank_rows, sheet_rows
from question_bank.yaml_reading import Places

SPARE_ROWS: Final = 500
"""Rows below the last one in which closed lists still help."""

_ABOUT: Final = Column("about", "说明", "explanation", width=50)
# The same source gives the same bytes: no clock is read.
_CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001 – written without a zone
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def to_workbook(
    source: Mapping[str, Any], maps: Sequence[Mapping[str, Any]] = ()
) -> bytes:
    """Return the workbook of a bank's source, with the maps that lead to it.

    Maps may also travel in `source["maps"]`. SourceError names what fits no sheet.
    """
    whole = {**source, MAPS_KEY: [*(source.get(MAPS_KEY) or []), *maps]}
    once, rows = bank_rows(whole), sheet_rows(whole)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": str(source.get("id", "")), "created": _CREATED})
        looks = _Looks(book)
        _write_guide(book, looks)
        columns = (*BANK_COLUMNS, _ABOUT)
        about = {c.key: f"{c.zh}\n{c.en}" for c in BANK_KEYS}
        once = [{**row, "about": about[row["key"]]} for row in once]
        _write_sheet(book, looks, BANK, columns, once)
        for layout in SHEETS:
            _write_sheet(book, looks, layout.name, layout.columns, rows[layout.name])
    return target.getvalue()


def from_workbook(data: bytes) -> tuple[dict[str, Any], Places]:
    """Return the source that a workbook holds, and the cell of every value.

    Places name `sheet!cell`. Maps stand under `maps`. SourceError when the file is
    refused or its sheets cannot be read.
    """
    source, places = source_of(opened_sheets(data, "workbook"))
    source[QUESTIONS] = [_in_order(q, Question) for q in source[QUESTIONS]]
    return _in_order(source, Bank), places


def _in_order(data: dict[str, Any], cls: type) -> dict[str, Any]:
    """Return an object's keys in the order in which authors write them."""
    names = [key.name for key in KEYS[cls]]
    return {name: data[name] for name in (*names, *data) if name in data}


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        plain = {"num_format": "@", "text_wrap": True, "valign": "top"}
        self.cell: Format = book.add_format(plain)
        self.head: Format = book.add_format(
            {**plain, "bold": True, "bg_color": "#E8EEF4", "bottom": 1}
        )


def _write_sheet(
    book: Workbook,
    looks: _Looks,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, looks.cell)
        sheet.write_string(0, index, column.key, looks.head)
        sheet.write_comment(0, index, _note(column), {"x_scale": 1.6})
        _offer_words(sheet, index, column, len(rows))
    for number, row in enumerate(rows, start=1):
        for index, column in enumerate(columns):
            if row.get(column.key):
                sheet.write_string(number, index, row[column.key], looks.cell)
    sheet.ignore_errors({"number_stored_as_text": f"A1:CZ{len(rows) + SPARE_ROWS}"})


def _note(column: Column) -> str:
    words = f"\n{' | '.join(column.words)}" if column.words else ""
    return f"{column.zh}\n{column.en}{words}"


def _offer_words(sheet: Worksheet, index: int, column: Column, count: int) -> None:
    if column.words:
        offer = {
            "validate": "list",
            "source": list(column.words),
            "error_title": column.key,
            "error_message": " | ".join(column.words),
        }
        sheet.data_validation(1, index, count + SPARE_ROWS, index, offer)


def _write_guide(book: Workbook, looks: _Looks) -> None:
    """Write what every sheet and column is for; this sheet is never read."""
    sheet = book.add_worksheet(GUIDE)
    sheet.freeze_panes(1, 0)
    rows = [(BANK, "", "题库本身：只有一个的内容", "what a bank has once", "")]
    for layout in SHEETS:
        rows.append((layout.name, "", layout.zh, layout.en, ""))
        rows += [
            (layout.name, column.key, column.zh, column.en, ", ".join(column.words))
            for column in layout.columns
        ]
    heads = ("工作表 sheet", "列 column", "说明", "explanation", "可用值 values")
    for index, (head, width) in enumerate(
        zip(heads, (16, 24, 44, 44, 40), strict=True)
    ):
        sheet.set_column(index, index, width, looks.cell)
        sheet.write_string(0, index, head, looks.head)
    for number, row in enumerate(rows, start=1):
        for index, text in enumerate(row):
            look = looks.head if not row[1] else looks.cell
            sheet.write_string(number, index, text, look)
