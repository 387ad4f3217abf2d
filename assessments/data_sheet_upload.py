"""Reading a filled-in workbook: what would change, and what is wrong in which cell."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from assessments.data_sheet_changes import (
    InvalidDataSheet,
    SheetChanges,
    applied,
    read_right,
    read_slot,
    read_veto,
)
from assessments.data_sheet_workbook import (
    ID_COLUMN,
    SHEET_NAMES,
    VALUE_COLUMNS,
    CellProblem,
)
from backend.errors import Invalid
from backend.workbooks import WorkbookTooLarge, open_workbook, sheet_texts
from question_bank.engine.data_fields import COLUMNS, DataField
from question_bank.engine.data_problems import number_text
from question_bank.engine.data_sheet import (
    APPEAL_STATES,
    RIGHT_KINDS,
    VETO_KINDS,
    RightItem,
    Sheet,
    Veto,
)
from question_bank.engine.data_values import Entry, InvalidEntry
from question_bank.engine.definition import Localized

Grid: TypeAlias = dict[str, list[list[str]]]
"""The cells of the sheets that are read, by the names they have in the file."""

MAX_CELL = 1000
MAX_ROWS = 3000
MAX_COLUMNS = 20
_YEAR = re.compile(r"20\d{2}", re.ASCII)
_RIGHT_COLUMNS = 4
_TYPED_KINDS: Mapping[str, Localized] = {
    **RIGHT_KINDS,
    "patent": {"zh": "专利", "en": "Patent"},
}
_VETO_KEYS = (
    "kind", "finding_body", "document", "decided_on", "effective_until", "appeal",
)  # fmt: skip

READ_SHEETS = frozenset(
    name for key in ("data", "rights", "vetoes") for name in SHEET_NAMES[key].values()
)
NOT_HERE: Localized = {
    "zh": "没有这个编号，请勿改动“编号”一列。",
    "en": "There is no such id; leave the Id column as it is.",
}
TWICE: Localized = {
    "zh": "这个编号出现了两次。",
    "en": "This id occurs twice.",
}
NOT_YEARLY: Localized = {
    "zh": "这一项不按年度填写，请填在最后一列。",
    "en": "This item is not yearly; use the last column.",
}
WRONG_YEAR: Localized = {
    "zh": "表头中的年份与所选年度不一致，请下载本年度的表格填写。",
    "en": "The year in the header is not that of this sheet; download the right one.",
}


class NoDataSheet(Invalid):
    """The workbook has no sheet that is read."""

    code = "no_data_sheet"
    message = _("文件中没有“企业数据”等工作表，请下载表格填写后上传。")


@dataclass(frozen=True)
class Upload:
    """What a workbook says: changes, faults by cell, and amounts converted."""

    changes: SheetChanges
    problems: tuple[CellProblem, ...]
    conversions: tuple[CellProblem, ...] = ()


def read_grid(data: bytes) -> Grid:
    """Return the cells of the sheets that are read.

    Raises UnreadableWorkbook, or NoDataSheet when none of them is there.
    """
    workbook = open_workbook(data)
    grid = {
        name: _trimmed(sheet_texts(workbook, name))
        for name in workbook.sheet_names
        if name in READ_SHEETS
    }
    if not grid:
        raise NoDataSheet
    return grid


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without empty cells at their ends; WorkbookTooLarge beyond bounds."""
    found = []
    for row in rows:
        texts = [text.strip()[:MAX_CELL] for text in row]
        while texts and not texts[-1]:
            texts.pop()
        found.append(texts)
    while found and not found[-1]:
        found.pop()
    if len(found) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in found):
        raise WorkbookTooLarge
    return found


def grid_from_json(text: str) -> Grid:
    """Return a grid that a page sent back; NoDataSheet when it is none."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoDataSheet from error
    if not isinstance(data, dict) or not data.keys() <= READ_SHEETS or not data:
        raise NoDataSheet
    for rows in data.values():
        is_table = isinstance(rows, list) and all(isinstance(r, list) for r in rows)
        if not is_table or any(not isinstance(t, str) for row in rows for t in row):
            raise NoDataSheet
    return {name: _trimmed(rows) for name, rows in data.items()}


def read_upload(grid: Grid, sheet: Sheet) -> Upload:
    """Return what a grid would change in `sheet`; nothing is stored.

    An empty cell changes nothing. IP numbers and disqualifying matters are added or
    brought up to date, never taken away.
    """
    reader = _Reader(sheet, tuple(grid))
    for key, names in SHEET_NAMES.items():
        for name in names.values():
            if name in grid and key in ("data", "rights", "vetoes"):
                getattr(reader, key)(name, grid[name])
    return reader.result()


@dataclass
class _Reader:
    """Goes through the sheets, gathering changes and problems."""

    sheet: Sheet
    names: tuple[str, ...]
    values: dict[str, Entry | None] = field(default_factory=dict)
    rights_found: dict[tuple[str, str], RightItem] = field(default_factory=dict)
    vetoes_found: list[Veto] = field(default_factory=list)
    totals: list[tuple[CellProblem, str]] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    conversions: list[CellProblem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def result(self) -> Upload:
        changes = SheetChanges(
            values=self.values,
            add_rights=tuple(self.rights_found.values()),
            vetoes=self._vetoes() if self.vetoes_found else None,
        )
        self._check_totals(applied(self.sheet, changes))
        places = {name: place for place, name in enumerate(self.names)}
        self.problems.sort(key=lambda p: (places[p.sheet], p.row, p.column))
        return Upload(changes, tuple(self.problems), tuple(self.conversions))

    def data(self, name: str, rows: list[list[str]]) -> None:
        """Read the figures."""
        if rows and self._has_other_years(name, rows[0]):
            return
        for at, row in enumerate(rows[1:], 1):
            field_id = _cell(row, ID_COLUMN)
            item = self.sheet.definition.fields.get(field_id)
            if item is None:
                if field_id:
                    self._wrong(name, at, ID_COLUMN, field_id, NOT_HERE)
            elif field_id in self.seen:
                self._wrong(name, at, ID_COLUMN, field_id, TWICE)
            else:
                self.seen.add(field_id)
                self._field(name, at, row, item)

    def _has_other_years(self, name: str, header: list[str]) -> bool:
        other = False
        for place, column in zip(VALUE_COLUMNS, COLUMNS, strict=True):
            text = _cell(header, place)
            match = _YEAR.search(text)
            if match and int(match[0]) != self.sheet.year - int(column[1]):
                self._wrong(name, 0, place, text, WRONG_YEAR)
                other = True
        return other

    def _field(self, name: str, at: int, row: list[str], item: DataField) -> None:
        for place, column in zip(VALUE_COLUMNS, COLUMNS, strict=True):
            text = _cell(row, place)
            if not text:
                continue
            slot = item.slot(column)
            if not item.yearly and column != "y0":
                self._wrong(name, at, place, text, NOT_YEARLY)
            elif item.computed is None:
                self._value(name, at, place, text, slot, item)
            elif item.computed.rule == "sum":
                cell = CellProblem(name, at, place, text, NOT_HERE)
                self.totals.append((cell, slot))

    def _value(
        self, name: str, at: int, place: int, text: str, slot: str, item: DataField
    ) -> None:
        try:
            reading = read_slot(item, text)
        except InvalidEntry as error:
            self._wrong(name, at, place, text, error.message)
            return
        self.values[slot] = reading.entry
        if reading.note:
            self.conversions.append(CellProblem(name, at, place, text, reading.note))

    def _check_totals(self, new: Sheet) -> None:
        """Note totals that are not the sum of their parts, where that is known."""
        for cell, slot in self.totals:
            item, total = new.definition.slots[slot], new.number(slot)
            if total is None:
                continue
            try:
                given = read_slot(item, cell.text).entry
            except InvalidEntry as error:
                self._wrong(cell.sheet, cell.row, cell.column, cell.text, error.message)
                continue
            shown = number_text(total, item)
            if given is None or str(given.value) != shown:
                message = {
                    "zh": f"合计与分项不符：分项之和为 {shown}。",
                    "en": f"Not the sum of its parts, which is {shown}.",
                }
                self._wrong(cell.sheet, cell.row, cell.column, cell.text, message)

    def rights(self, name: str, rows: list[list[str]]) -> None:
        """Read the list of IP numbers."""
        for at, row in enumerate(rows[1:], 1):
            kind, number, title, note = (_cell(row, c) for c in range(_RIGHT_COLUMNS))
            if not number:
                continue
            try:
                right = read_right(
                    _kind_of(kind, _TYPED_KINDS, "auto"), number, title, note
                )
            except InvalidEntry as error:
                self._wrong(name, at, 1, number, error.message)
                continue
            key = (right.kind, right.number)
            if key in self.rights_found:
                message = {
                    "zh": "这个号码出现了两次。",
                    "en": "This number occurs twice.",
                }
                self._wrong(name, at, 1, number, message)
            self.rights_found[key] = right

    def vetoes(self, name: str, rows: list[list[str]]) -> None:
        """Read the disqualifying matters."""
        for at, row in enumerate(rows[1:], 1):
            if not any(row):
                continue
            data = {key: _cell(row, c) for c, key in enumerate(_VETO_KEYS)}
            data["kind"] = _kind_of(data["kind"], VETO_KINDS, "")
            data["appeal"] = _kind_of(data["appeal"], APPEAL_STATES, "none")
            try:
                self.vetoes_found.append(read_veto(data))
            except InvalidDataSheet as error:
                for key, text in error.fields.items():
                    column = _VETO_KEYS.index(key)
                    message = {"zh": str(text), "en": str(text)}
                    self._wrong(name, at, column, _cell(row, column), message)

    def _vetoes(self) -> tuple[Veto, ...]:
        """Return the table with what was read; the same decision is one row."""
        rows = {_decision(veto): veto for veto in self.sheet.vetoes}
        rows |= {_decision(veto): veto for veto in self.vetoes_found}
        return tuple(rows.values())

    def _wrong(
        self, name: str, row: int, column: int, text: str, message: Localized
    ) -> None:
        self.problems.append(CellProblem(name, row, column, text, message))


def _decision(veto: Veto) -> tuple[str, ...]:
    return (veto.kind, veto.finding_body, veto.document, veto.decided_on)


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _kind_of(text: str, kinds: Mapping[str, Localized], empty: str) -> str:
    """Return the id of a kind by its title; an unknown title comes back as it is."""
    if not text:
        return empty
    wanted = unicodedata.normalize("NFKC", text).casefold()
    for kind, titles in kinds.items():
        if wanted in (kind, *(_folded(title) for title in titles.values())):
            return kind
    return text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def planned(old: Sheet, changes: SheetChanges) -> Iterator[tuple[str, DataField]]:
    """Yield the slots whose value the changes would alter."""
    for slot, entry in changes.values.items():
        if old.entries.get(slot) != entry or slot in old.unconfirmed:
            yield slot, old.definition.slots[slot]
