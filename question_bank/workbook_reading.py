"""The sheets of a workbook back to a bank's source, with the cell of every value.

A reader notes every fault with its cell and goes on, so that all are seen at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from backend.workbooks import Cell, Sheet, cell_name
from question_bank.engine.definition import Localized
from question_bank.engine.problems import Origin, Problem
from question_bank.engine.source_writer import number_text
from question_bank.workbook_columns import Column, SheetLayout
from question_bank.workbook_layout import (
    BANDS,
    BANK,
    BANK_COLUMNS,
    BANK_KEYS,
    FACTS,
    GUIDE,
    SCALE,
    SHEETS,
)
from question_bank.workbook_opening import formula_problems
from question_bank.workbook_question_layout import POINTS, QUESTIONS
from question_bank.workbook_rows import split_list
from question_bank.yaml_reading import Places, SourceError

MAX_PROBLEMS: Final = 200

_BANK_SHEET = SheetLayout(
    BANK, "题库", "the bank", BANK_COLUMNS, required=True, places=("about",)
)
_LAYOUTS: Final = {layout.name: layout for layout in (_BANK_SHEET, *SHEETS)}
_ABOUT: Final = Column("about", "说明", "explanation")


@dataclass
class Faults:
    """Problems found so far; too many end the reading."""

    found: list[Problem] = field(default_factory=list)

    def add(
        self, place: str, code: str, message: Localized, hint: Localized | None = None
    ) -> None:
        """Note an error at a cell."""
        self.note(Problem("error", code, message, place, 0, 1, hint))

    def note(self, problem: Problem) -> None:
        """Note an error that knows its cell."""
        self.found.append(problem)
        if len(self.found) >= MAX_PROBLEMS:
            self.stop()

    def stop(self) -> None:
        """Raise SourceError if anything was found."""
        if self.found:
            raise SourceError(tuple(self.found))


@dataclass(frozen=True)
class Row:
    """A row with content: its texts by column, and where each stands."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    columns: Mapping[str, int]
    numbers: frozenset[str] = frozenset()
    """Columns in which a broken number was typed as a number, not as text."""

    def place(self, column: str = "") -> str:
        """Return sheet!cell of a column, by default of the row's first one."""
        return f"{self.sheet}!{cell_name(self.number, self.columns.get(column, 0))}"

    def get(self, column: str) -> str:
        """Return the text of a column without surrounding blanks, "" when empty."""
        return self.texts.get(column, "").strip()


def source_of(sheets: tuple[Sheet, ...]) -> tuple[dict[str, Any], Places]:
    """Return the source that the sheets hold; SourceError names every fault."""
    faults = Faults()
    rows = {name: [*found] for name, found in _all_rows(sheets, faults)}
    faults.stop()
    builder = _Builder(rows, faults)
    source = builder.build()
    faults.stop()
    return source, builder.places


def _all_rows(
    sheets: tuple[Sheet, ...], faults: Faults
) -> Iterator[tuple[str, Iterator[Row]]]:
    for sheet in sheets:
        layout = _LAYOUTS.get(sheet.name)
        if _is_sound(sheet, layout, faults) and layout is not None:
            yield sheet.name, _rows(sheet, layout, faults)
    present = {sheet.name for sheet in sheets}
    for name, layout in _LAYOUTS.items():
        if layout.required and name not in present:
            message = {
                "zh": f"缺少工作表 {name}（{layout.zh}）。",
                "en": f"The sheet {name} is missing.",
            }
            faults.add(f"{name}!A1", "missing_sheet", message)


def _is_sound(sheet: Sheet, layout: SheetLayout | None, faults: Faults) -> bool:
    """Report what makes a sheet unreadable as a whole."""
    if sheet.name == GUIDE:
        return False
    place = f"{sheet.name}!"
    if layout is None:
        faults.add(f"{place}A1", "unknown_sheet", _UNKNOWN_SHEET, _hint(_LAYOUTS))
    if sheet.hidden:
        faults.add(f"{place}A1", "hidden_sheet", _HIDDEN)
    for problem in formula_problems(sheet):
        faults.note(problem)
    for area in sheet.merged:
        faults.add(place + area.partition(":")[0], "merged_cells", _MERGED)
    return layout is not None


def _rows(sheet: Sheet, layout: SheetLayout, faults: Faults) -> Iterator[Row]:
    columns = _header(sheet, layout, faults)
    by_number = {number: key for key, number in columns.items()}
    kinds = {column.key: column for column in layout.columns}
    if not columns:
        return
    for number, cells in enumerate(sheet.rows[1:], start=1):
        texts: dict[str, str] = {}
        numbers: set[str] = set()
        for index, value in enumerate(cells):
            place = f"{sheet.name}!{cell_name(number, index)}"
            if isinstance(value, str) and not value.strip():
                continue
            if index not in by_number:
                faults.add(place, "no_header", _NO_HEADER)
                continue
            key = by_number[index]
            texts[key] = _cell_text(value, kinds.get(key, _ABOUT), place, faults)
            if isinstance(value, float) and not value.is_integer():
                numbers.add(key)
        if texts.keys() - {_ABOUT.key}:
            yield Row(sheet.name, number, texts, columns, frozenset(numbers))


def _header(sheet: Sheet, layout: SheetLayout, faults: Faults) -> dict[str, int]:
    """Return the position of every column that the first row names."""
    names = [str(value).strip() for value in (sheet.rows[0] if sheet.rows else ())]
    known = {column.key for column in layout.columns} | {_ABOUT.key}
    if not known & set(names):
        if sheet.rows or layout.required:
            faults.add(f"{sheet.name}!A1", "missing_header", _MISSING_HEADER)
        return {}
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        place = f"{sheet.name}!{cell_name(0, index)}"
        if name and name not in known:
            hint = _hint(column.key for column in layout.columns)
            faults.add(place, "unknown_column", _unknown(name), hint)
        elif name in columns:
            faults.add(place, "duplicate_column", _twice(name))
        elif name:
            columns[name] = index
    first = layout.columns[0].key
    if first not in columns:
        faults.add(f"{sheet.name}!A1", "missing_column", _no_column(first))
    return columns


def _cell_text(value: Cell, column: Column, place: str, faults: Faults) -> str:
    """Return a cell as text; what a spreadsheet made of it is undone or refused."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        whole = float(value).is_integer()
        return number_text(int(value) if whole else value)
    if column.kind == "date" and isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return day.isoformat()
    faults.add(place, "date_cell", _DATE, _AS_TEXT)
    return ""


class _Builder:
    """Puts rows together to source data and notes where each value stands."""

    def __init__(self, rows: Mapping[str, list[Row]], faults: Faults) -> None:
        self._rows = rows
        self._faults = faults
        self._numbers: dict[str, dict[str, int]] = {FACTS: {}, QUESTIONS: {}}
        self.places: Places = {}

    def build(self) -> dict[str, Any]:
        """Return the source, its keys in the order of the sheets."""
        source = self._bank()
        for layout in SHEETS:
            if layout.name in (SCALE, BANDS) or layout.owner:
                continue
            items = self._list(layout)
            if items or layout.required:
                source[layout.name] = items
        self._scale(source)
        self._bands(source)
        self._parts(source)
        if FACTS in source:
            source[FACTS] = [_named_fact(fact) for fact in source[FACTS]]
        return source

    def _at(self, path: str, place: str) -> None:
        """Note a place for a path and for what is around it, first come."""
        while path and path not in self.places:
            self.places[path] = Origin(place, 0, 1)
            path = path.rpartition("/")[0]

    def _bank(self) -> dict[str, Any]:
        columns = {column.key: column for column in BANK_KEYS}
        source: dict[str, Any] = {}
        seen: set[str] = set()
        for row in self._rows.get(BANK, []):
            key = row.get("key")
            column = columns.get(key)
            if column is None:
                unknown = _unknown(key)
                place = row.place("key")
                self._faults.add(place, "unknown_key", unknown, _hint(columns))
            elif key in seen:
                self._faults.add(row.place("key"), "duplicate_key", _twice(key))
            else:
                self._bank_value(source, row, column)
            seen.add(key)
        return source

    def _bank_value(self, source: dict[str, Any], row: Row, column: Column) -> None:
        is_text = column.kind == "texts"
        for name in ("value",) if is_text else ("zh", "en"):
            if row.get(name):
                message = _MISPLACED_VALUE if is_text else _MISPLACED_TEXT
                self._faults.add(row.place(name), "misplaced", message)
        for name in ("zh", "en") if is_text else ("value",):
            key = f"{column.key}.{name}" if is_text else column.key
            if row.get(name):
                kind = Column(key, "", "", "text") if is_text else column
                self._put(source, "", key, kind, row, name)
        self._at(column.key.replace(".", "/"), row.place("key"))

    def _put(
        self,
        into: dict[str, Any],
        path: str,
        key: str,
        column: Column,
        row: Row,
        name: str,
    ) -> None:
        """Set `key` (with dots) of an object to what the row has under `name`."""
        text = row.get(name)
        if column.kind == "number" and text.endswith("%"):
            self._faults.add(row.place(name), "percent", _PERCENT)
        if column.kind == "exact" and name in row.numbers:
            self._faults.add(row.place(name), "number_not_text", _NUMBER, _AS_TEXT)
        *around, last = key.split(".")
        for step in around:
            into = into.setdefault(step, {})
        into[last] = split_list(row.texts[name]) if column.kind == "list" else text
        self._at(f"{path}/{key.replace('.', '/')}".lstrip("/"), row.place(name))

    def _object(self, row: Row, layout: SheetLayout, path: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        self._at(path, row.place())
        for key, column in layout.content.items():
            if row.get(key):
                self._put(data, path, key, column, row, key)
            elif column.always:
                data[key] = []
        return data

    def _list(self, layout: SheetLayout) -> list[dict[str, Any]]:
        items = []
        for index, row in enumerate(self._rows.get(layout.name, [])):
            if layout.name in self._numbers:
                self._register(row, index, self._numbers[layout.name])
            items.append(self._object(row, layout, f"{layout.name}/{index}"))
        return items

    def _register(self, row: Row, index: int, numbers: dict[str, int]) -> None:
        """Note which item an id stands for, as its parts in other sheets name it."""
        name = row.get("id")
        if name in numbers:
            self._faults.add(row.place("id"), "duplicate_id", _twice(name))
        elif name:
            numbers[name] = index

    def _scale(self, source: dict[str, Any]) -> None:
        layout = _LAYOUTS[SCALE]
        levels: dict[str, Any] = {}
        points: list[str] = []
        for row in self._rows.get(SCALE, []):
            level = row.get("level")
            path = f"scale/levels/{level}"
            if level in levels:
                self._faults.add(row.place("level"), "duplicate_key", _twice(level))
            elif level or row.get("title.zh") or row.get("title.en"):
                levels[level] = self._object(row, layout, path).get("title", {})
                for name in ("zh", "en"):
                    if row.get(f"title.{name}"):
                        place = Origin(row.place(f"title.{name}"), 0, 1)
                        self.places[f"{path}/{name}"] = place
            if row.get("points"):
                self._at(f"scale/points/{len(points)}", row.place("points"))
                points.append(row.get("points"))
        if levels or points or SCALE in source:
            source.setdefault(SCALE, {}).update(levels=levels, points=points)

    def _bands(self, source: dict[str, Any]) -> None:
        layout = _LAYOUTS[BANDS]
        source[BANDS] = []
        for row in self._rows.get(BANDS, []):
            role = row.get("role")
            if role not in ("", "gate"):
                self._faults.add(row.place("role"), "unknown_word", _ROLE)
            elif role and "gate_band" in source:
                self._faults.add(row.place("role"), "duplicate_key", _twice(role))
            elif role:
                source["gate_band"] = self._object(row, layout, "gate_band")
            else:
                path = f"{BANDS}/{len(source[BANDS])}"
                source[BANDS].append(self._object(row, layout, path))

    def _parts(self, source: Mapping[str, Any]) -> None:
        """Add the rows of every sheet that lists parts of something."""
        read: dict[str, Callable[[dict[str, Any], str, Row, SheetLayout], None]] = {
            "choices": self._choice,
            POINTS: self._point,
        }
        for layout in SHEETS:
            numbers = self._numbers.get(layout.owner, {})
            add = read.get(layout.name, self._keyed if layout.keyed_by else self._item)
            for row in self._rows.get(layout.name, []) if layout.owner else ():
                first = layout.columns[0].key
                index = numbers.get(row.get(first))
                if index is None:
                    message = _no_owner(layout.owner, row.get(first))
                    self._faults.add(row.place(first), f"unknown_{first}", message)
                else:
                    owner = source[layout.owner][index]
                    add(owner, f"{layout.owner}/{index}", row, layout)

    def _item(
        self, owner: dict[str, Any], path: str, row: Row, layout: SheetLayout
    ) -> None:
        items = owner.setdefault(layout.inside, [])
        place = f"{path}/{layout.inside}/{len(items)}"
        items.append(self._object(row, layout, place))

    def _keyed(
        self, owner: dict[str, Any], path: str, row: Row, layout: SheetLayout
    ) -> None:
        items = owner.setdefault(layout.name, {})
        key = row.get(layout.keyed_by)
        if key in items or not key:
            message = _twice(key) if key else _no_column(layout.keyed_by)
            self._faults.add(row.place(layout.keyed_by), "duplicate_key", message)
            return
        items[key] = self._object(row, layout, f"{path}/{layout.name}/{key}")

    def _choice(
        self, owner: dict[str, Any], path: str, row: Row, layout: SheetLayout
    ) -> None:
        """A choice belongs to its question, or to a column of a table question."""
        name = row.get("column")
        if not name:
            self._item(owner, path, row, layout)
            return
        for index, column in enumerate(owner.get("columns", [])):
            if column.get("id") == name:
                self._item(column, f"{path}/columns/{index}", row, layout)
                return
        self._faults.add(row.place("column"), "unknown_column", _unknown(name))

    def _point(
        self, owner: dict[str, Any], path: str, row: Row, layout: SheetLayout
    ) -> None:
        """Points of a yes/no question are named, those of a number are pairs."""
        at, points = row.get("at"), row.get("points")
        named = at in ("yes", "no", "是", "否")
        items = owner.setdefault(layout.name, {} if named else [])
        if isinstance(items, dict) is not named:
            self._faults.add(row.place("at"), "mixed_points", _MIXED)
        elif isinstance(items, list):
            for offset, name in enumerate(("at", "points")):
                self._at(f"{path}/{POINTS}/{len(items)}/{offset}", row.place(name))
            items.append([at, points])
        elif at in items:
            self._faults.add(row.place("at"), "duplicate_key", _twice(at))
        else:
            self._at(f"{path}/{POINTS}/{at}", row.place("points"))
            items[at] = points


def _hint(names: Iterable[str]) -> Localized:
    known = ", ".join(names)
    return {"zh": f"可用的：{known}。", "en": f"Known: {known}."}


def _unknown(name: str) -> Localized:
    return {"zh": f"没有 {name}。", "en": f"There is no {name}."}


def _twice(name: str) -> Localized:
    return {"zh": f"{name} 重复。", "en": f"{name} appears twice."}


def _no_column(name: str) -> Localized:
    return {"zh": f"缺少 {name}。", "en": f"{name} is missing."}


def _no_owner(sheet: str, name: str) -> Localized:
    if not name:
        return {"zh": "没有写属于哪一项。", "en": "It says not what it belongs to."}
    return {
        "zh": f"{sheet} 表中没有 {name}。",
        "en": f"The sheet {sheet} has no {name}.",
    }


def _named_fact(fact: dict[str, Any]) -> Any:
    """A fact of which only the id is given is one of the data sheet."""
    return fact["id"] if fact.keys() == {"id"} else fact


_UNKNOWN_SHEET = {"zh": "没有这种工作表。", "en": "There is no such sheet."}
_HIDDEN = {
    "zh": "工作表被隐藏；请取消隐藏或删除。",
    "en": "The sheet is hidden: show or delete it.",
}
_MERGED = {
    "zh": "单元格被合并；请取消合并。",
    "en": "Cells are merged: unmerge them.",
}
_NO_HEADER = {"zh": "这一列没有列名。", "en": "This column has no name."}
_MISSING_HEADER = {
    "zh": "第一行须为列名。",
    "en": "The first row must name the columns.",
}
_NUMBER = {
    "zh": "此处须为文字：按数字读，7.10 会变成 7.1。",
    "en": "Must be text: as a number, 7.10 turns into 7.1.",
}
_DATE = {
    "zh": "表格软件把内容当成了日期或时间。",
    "en": "The spreadsheet took the content for a date or time.",
}
_AS_TEXT = {
    "zh": "把单元格格式设为“文本”再重新输入。",
    "en": "Format the cell as text and type it again.",
}
_PERCENT = {"zh": "写成 0 到 1 的小数。", "en": "Write a number from 0 to 1."}
_ROLE = {"zh": "只可写 gate 或留空。", "en": "Only gate or nothing."}
_MISPLACED_VALUE = {"zh": "文字写在 zh、en 列。", "en": "Texts go to zh and en."}
_MISPLACED_TEXT = {"zh": "值写在 value 列。", "en": "The value goes to value."}
_MIXED = {
    "zh": "同一题的取值不能既有 yes、no 又有数字。",
    "en": "A question's points are either named or numbers.",
}
