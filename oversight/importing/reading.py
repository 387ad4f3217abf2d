"""Reading an import workbook: rows of typed cells, and what is wrong in which cell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import normalise
from backend.errors import Invalid
from backend.workbooks import Bounds, cell_name, cell_text, read_sheets
from oversight.importing.sheets import SHEETS, Column, Kind, Sheet, Words

MOST_ROWS = 20_000
MOST_FAULTS = 200
BOUNDS = Bounds(rows=MOST_ROWS + 1, columns=60)
MAX_CELL = 500

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


class NoRegisterSheet(Invalid):
    """The workbook has no sheet that is read."""

    code = "no_register_sheet"
    message = _("文件中没有“证书”“称号”“单位”或“数值”工作表，请下载模板填写。")


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell; `cell` is its name, such as D12."""

    sheet: str
    cell: str
    text: str
    message: Any

    @property
    def place(self) -> str:
        """The sheet and the cell, such as 证书!D12."""
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True)
class Lists:
    """What cells may name: bodies by name or approval number, divisions by name."""

    bodies: Mapping[str, UUID]
    divisions: Mapping[str, str]


@dataclass
class Row:
    """One filled row: values by column, and where each stands."""

    sheet: Sheet
    page: str
    number: int
    places: Mapping[str, int]
    texts: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    is_sound: bool = True

    def fault(self, key: str, message: Any) -> CellFault:
        """Return what is wrong with a cell; a field without one is the first cell."""
        column = self.places.get(key, min(self.places.values()))
        cell = cell_name(self.number, column)
        return CellFault(self.page, cell, self.texts.get(key, ""), message)


@dataclass
class Reading:
    """What a workbook holds, sheet by sheet, and its faults by cell.

    `more` counts faults beyond those that are kept.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    more: int = 0

    def add(self, fault: CellFault) -> None:
        """Keep a fault, or count it when there are too many."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more += 1

    def sound(self, key: str) -> list[Row]:
        """Return the rows of a sheet whose cells can all be read."""
        return [row for row in self.rows.get(key, ()) if row.is_sound]


def read_workbook(data: bytes, lists: Lists) -> Reading:
    """Return the rows of all register sheets; what can't be read is a fault.

    Raises UnreadableWorkbook, WorkbookTooLarge or NoRegisterSheet.
    """
    reading = Reading()
    found = False
    for page in read_sheets(data, BOUNDS):
        sheet = _sheet_named(page.name)
        if sheet is None or page.hidden:
            continue
        found = True
        texts = [[cell_text(cell).strip() for cell in row] for row in page.rows]
        _read_page(sheet, page.name, texts, lists, reading)
    if not found:
        raise NoRegisterSheet
    return reading


def _sheet_named(name: str) -> Sheet | None:
    return next((s for s in SHEETS if folded(name) in _names(s.title)), None)


def _read_page(
    sheet: Sheet, page: str, texts: list[list[str]], lists: Lists, reading: Reading
) -> None:
    places = _places(sheet, page, texts[0] if texts else [], reading)
    if places is None:
        return
    rows = reading.rows.setdefault(sheet.key, [])
    for number, cells in enumerate(texts[1:], 1):
        if not any(cells):
            continue
        found = {
            key: cells[column] if column < len(cells) else ""
            for key, column in places.items()
        }
        row = Row(sheet, page, number, places, found)
        for fault in _read_row(row, lists):
            row.is_sound = False
            reading.add(fault)
        rows.append(row)


def _places(
    sheet: Sheet, page: str, header: list[str], reading: Reading
) -> Mapping[str, int] | None:
    """Return where each column stands; None when the header can't be used."""
    known = {name: c.key for c in sheet.columns for name in _names(c.title)}
    places: dict[str, int] = {}
    faulty = False
    for place, title in enumerate(header):
        if not title:
            continue
        key = known.get(folded(title.rstrip("*＊ ")))
        if key is None or key in places:
            text = _("不认识或重复的列标题，请使用模板中的列。")
            reading.add(CellFault(page, cell_name(0, place), title, text))
            faulty = True
        else:
            places[key] = place
    for column in sheet.columns:
        if column.required and column.key not in places:
            text = format_lazy(_("缺少“{title}”一列。"), title=column.title["zh"])
            reading.add(CellFault(page, "A1", "", text))
            faulty = True
    return None if faulty else places


def _read_row(row: Row, lists: Lists) -> Iterator[CellFault]:
    for column in row.sheet.columns:
        text = row.texts.get(column.key, "")
        if not text:
            if column.required:
                yield row.fault(column.key, _("这一格必填。"))
            continue
        if len(text) > MAX_CELL:
            yield row.fault(column.key, _("内容过长。"))
            continue
        try:
            row.values[column.key] = _READERS[column.kind](text, column, lists)
        except _Unreadable as error:
            yield row.fault(column.key, error.message)


class _Unreadable(Exception):
    def __init__(self, message: Any) -> None:
        self.message = message
        super().__init__(message)


def _text(text: str, _column: Column, _lists: Lists) -> str:
    return " ".join(text.split())


def _code(text: str, _column: Column, _lists: Lists) -> str:
    return normalise(text)


def _date(text: str, _column: Column, _lists: Lists) -> date:
    plain = unicodedata.normalize("NFKC", text)
    match = _DATE.fullmatch(plain) or _PLAIN_DATE.fullmatch(plain)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise _Unreadable(_("日期写作 2025-12-31。"))


def _number(text: str, _column: Column, _lists: Lists) -> Decimal:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise _Unreadable(_("请填写数字。")) from None
    if not number.is_finite():
        raise _Unreadable(_("请填写数字。"))
    return number


def _choice(text: str, column: Column, _lists: Lists) -> str:
    for value, words in column.choices.items():
        if folded(text) in (folded(value), *_names(words)):
            return value
    raise _Unreadable(_("请从列表中选择。"))


def _body(text: str, _column: Column, lists: Lists) -> UUID:
    found = lists.bodies.get(folded(text))
    if found is None:
        raise _Unreadable(_("认证机构名录中没有这个机构，请先在名录中添加。"))
    return found


def _division(text: str, _column: Column, lists: Lists) -> str:
    found = lists.divisions.get(folded(text))
    if found is None:
        raise _Unreadable(_("没有这个区市或功能区，请从列表中选择。"))
    return found


_READERS: Mapping[Kind, Any] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.BODY: _body,
    Kind.DIVISION: _division,
}


def folded(text: str) -> str:
    """Return a text as it is compared: width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _names(words: Words) -> frozenset[str]:
    return frozenset(folded(text) for text in words.values())
