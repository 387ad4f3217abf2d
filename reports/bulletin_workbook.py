"""A bulletin as a workbook: the same numbers, one sheet a table."""

import io
import re
from fractions import Fraction
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from oversight.bulletins.document import Document, Table

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NUMBER = re.compile(r"(-?[0-9]+(?:\.([0-9]+))?)(%?)", re.ASCII)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
MOST_DIGITS = 15


def workbook(document: Document, ground: tuple[tuple[str, str], ...]) -> bytes:
    """Return the workbook; `ground` are rows of what the bulletin rests on."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheets = _Sheets(book)
        sheets.summary(document, ground)
        for number, table in enumerate(document.tables, start=1):
            sheets.table(number, table)
    return target.getvalue()


def number_of(text: str) -> tuple[float, str] | None:
    """Return a cell's number and its format, None for words and marked numbers.

    The number is the one that is shown, with its decimals: nothing is hidden behind.
    """
    match = _NUMBER.fullmatch(text)
    if match is None or len(match[1]) > MOST_DIGITS:
        return None
    decimals = len(match[2] or "")
    pattern = f"0.{'0' * decimals}" if decimals else "0"
    share = Fraction(1, 100) if match[3] else Fraction(1)
    return float(Fraction(match[1]) * share), pattern + match[3]


class _Sheets:
    """The sheets of one book."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[str, Any] = {}

    def summary(self, document: Document, ground: tuple[tuple[str, str], ...]) -> None:
        """Write the title, what it rests on and every sentence."""
        sheet = self._book.add_worksheet(_("摘要"))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, document.title, self._bold)
        sheet.write_string(0, 1, document.period, self._bold)
        rows = [*ground, *((_("要点"), text) for text in document.headline)]
        for section in document.sections:
            rows += [(section.title, text) for text in section.paragraphs]
            for part in section.parts:
                rows += [(part.title, text) for text in part.paragraphs]
        for row, (title, text) in enumerate(rows, start=1):
            sheet.write_string(row, 0, title, self._text)
            sheet.write_string(row, 1, text, self._text)

    def table(self, number: int, table: Table) -> None:
        """Write a table: headers in the first row, title and notes below."""
        name = _FORBIDDEN.sub(" ", f"{number:02} {table.title}")[:31].strip()
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(table.headers), 16)
        for column, header in enumerate(table.headers):
            sheet.write_string(0, column, header, self._bold)
        for place, row in enumerate(table.rows, start=1):
            sheet.write_string(place, 0, row[0])
            for column, cell in enumerate(row[1:], start=1):
                self._cell(sheet, place, column, cell)
        below = len(table.rows) + 2
        for place, text in enumerate((table.title, *table.notes), start=below):
            sheet.write_string(place, 0, text)

    def _cell(self, sheet: Any, row: int, column: int, text: str) -> None:
        found = number_of(text)
        if found is None:
            sheet.write_string(row, column, text)
        else:
            value, pattern = found
            sheet.write_number(row, column, value, self._format(pattern))

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]
