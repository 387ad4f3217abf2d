"""Reading a control catalogue's file (CSV or XLSX) into cells that know their place."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from backend.workbooks import Bounds, Sheet, cell_name
from question_bank.engine.definition import Localized
from question_bank.engine.problems import Problem
from question_bank.workbook_opening import formula_problems, opened_sheets
from question_bank.yaml_reading import SourceError

MAX_BYTES: Final = 2_000_000
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 50

# A workbook's sheets, read or not; the last row counts whether it holds cells or not.
_BOUNDS = Bounds(rows=MAX_ROWS, columns=100, last_row=MAX_ROWS)
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text. `exact` is False when the file holds a decimal or a date there."""

    text: str
    exact: bool = True


@dataclass(frozen=True)
class Table:
    """The cells of one sheet; row and column numbers count from 1."""

    file: str
    sheet: str | None
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Problem, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; one outside the table is empty."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[column - 1] if column <= len(cells) else Cell("")

    def problem(
        self,
        severity: Literal["error", "warning"],
        place: tuple[int, int],
        code: str,
        message: Localized,
        hint: Localized | None = None,
    ) -> Problem:
        """Return a problem at (row, column): `file:row:column`, or `sheet!cell`."""
        return _problem(severity, self.file, self.sheet, place, code, message, hint)


def read_table(data: bytes, file: str) -> Table:
    """Return the cells of a CSV file or of a workbook's first sheet.

    SourceError when the file is too large, unsafe, or not readable as either.
    """
    if len(data) > MAX_BYTES:
        raise _refused(file, "file_too_large", _TOO_LARGE)
    return _workbook(data, file) if data.startswith(_ZIP) else _csv(data, file)


def _bounded(values: Sequence[Any], count: int, place: str) -> Sequence[Any]:
    """Return a row's values unless it is too wide, or `count` rows came before it.

    Looked at row by row: two megabytes of commas must not become so many cells.
    """
    if len(values) > MAX_COLUMNS:
        raise _refused(place, "too_many_columns", _TOO_MANY_COLUMNS)
    if count >= MAX_ROWS:
        raise _refused(place, "too_many_rows", _TOO_MANY_ROWS)
    return values


def _csv(data: bytes, file: str) -> Table:
    reader = csv.reader(io.StringIO(_decoded(data, file), newline=""), strict=True)
    rows: list[tuple[Cell, ...]] = []
    try:
        for row in reader:
            texts = _bounded(row, len(rows), file)
            rows.append(tuple(Cell(_clean(text)) for text in texts))
    except csv.Error as error:
        place = (len(rows) + 1, 1)
        problem = _problem("error", file, None, place, "csv_syntax", _CSV, _CSV_HINT)
        raise SourceError((problem,)) from error
    return Table(file, None, tuple(rows))


def _decoded(data: bytes, file: str) -> str:
    """Return the text of UTF-8 or, as spreadsheets in China write it, GB18030."""
    if data.startswith(_UTF16):
        raise _refused(file, "encoding", _ENCODING)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(file, "encoding", _ENCODING)


def _workbook(data: bytes, file: str) -> Table:
    sheets = opened_sheets(data, file, _BOUNDS)
    if not sheets:
        raise _refused(file, "no_sheet", _NO_SHEET)
    first, *others = sheets
    formulas = tuple(formula_problems(first))
    if formulas:
        raise SourceError(formulas)
    place = f"{first.name}!{cell_name(0, MAX_COLUMNS)}"
    rows = tuple(
        tuple(_cell(value) for value in _bounded(row, count, place))
        for count, row in enumerate(first.rows)
    )
    return Table(file, first.name, rows, _ignored(others))


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return Cell(_clean(value))
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    return Cell(str(value), exact=type(value) is int)


def _clean(text: str) -> str:
    """Return a cell's text on one line, without blanks around it."""
    return " ".join(text.split())


def _ignored(sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    return tuple(
        _problem("warning", "", sheet.name, (1, 1), "sheet_ignored", _IGNORED, None)
        for sheet in sheets
    )


def _problem(
    severity: Literal["error", "warning"],
    file: str,
    sheet: str | None,
    place: tuple[int, int],
    code: str,
    message: Localized,
    hint: Localized | None,
) -> Problem:
    if sheet is not None:
        row, column = place
        cell = f"{sheet}!{cell_name(row - 1, column - 1)}"
        return Problem(severity, code, message, cell, 0, 1, hint)
    return Problem(severity, code, message, file, *place, hint)


def _refused(place: str, code: str, message: Localized) -> SourceError:
    return SourceError((Problem("error", code, message, path=place),))


_TOO_LARGE = {
    "zh": f"文件超过 {MAX_BYTES // 1_000_000} MB。",
    "en": f"The file exceeds {MAX_BYTES // 1_000_000} MB.",
}
_TOO_MANY_COLUMNS = {
    "zh": f"超过 {MAX_COLUMNS} 列。",
    "en": f"More than {MAX_COLUMNS} columns.",
}
_TOO_MANY_ROWS = {
    "zh": f"超过 {MAX_ROWS} 行（含空行）。",
    "en": f"More than {MAX_ROWS} rows, empty ones included.",
}
_ENCODING = {
    "zh": "文件编码须为 UTF-8 或 GB18030。",
    "en": "The file must be encoded in UTF-8 or GB18030.",
}
_CSV = {
    "zh": "CSV 格式错误：引号不成对，或含不允许的字符。",
    "en": "CSV syntax: an unpaired quotation mark, or a character that is not allowed.",
}
_CSV_HINT = {
    "zh": "含逗号或换行的单元格用英文双引号括起，其中的双引号写两个。",
    "en": "Quote cells with commas or line breaks; double the quotation marks inside.",
}
_NO_SHEET = {"zh": "工作簿中没有工作表。", "en": "The workbook has no sheet."}
_IGNORED = {
    "zh": "只读第一张工作表，这一张没有读。",
    "en": "Only the first sheet is read; this one was not.",
}
