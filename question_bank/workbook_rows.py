"""A bank's source as rows of sheets: what fits no column is refused, never lost."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn, TypeAlias

from question_bank.engine.problems import Problem
from question_bank.workbook_columns import Column, SheetLayout
from question_bank.workbook_layout import BANDS, BANK_KEYS, FACTS, SCALE, SHEETS
from question_bank.workbook_question_layout import POINTS, QUESTIONS
from question_bank.yaml_reading import SourceError

Row: TypeAlias = dict[str, str]
"""The cells of a row that are not empty, by column."""

MAX_CELL: Final = 32_767

_SEPARATORS = re.compile(r"[,，、;；\n]")
# A workbook writes odd characters as _x0001_; two in a row are read back wrongly.
_ESCAPES = re.compile(r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_")
_LISTS = tuple(
    layout
    for layout in SHEETS
    if not layout.owner and layout.name not in (SCALE, BANDS)
)


def bank_rows(source: Mapping[str, Any]) -> list[Row]:
    """Return the rows of the sheet `bank`: what a bank has once."""
    elsewhere = {layout.name for layout in SHEETS if not layout.owner} | {"gate_band"}
    once = {key: value for key, value in source.items() if key not in elsewhere}
    if isinstance(source.get(SCALE), Mapping):
        in_sheet = ("levels", "points")
        once[SCALE] = {k: v for k, v in source[SCALE].items() if k not in in_sheet}
    cells = dict(_cells(once, {c.key: c for c in BANK_KEYS}, "", ""))
    return [_bank_row(column, cells) for column in BANK_KEYS]


def _bank_row(column: Column, cells: Row) -> Row:
    if column.kind != "texts":
        return {"key": column.key, "value": cells.get(column.key, "")}
    texts = {name: cells.get(f"{column.key}.{name}", "") for name in ("zh", "en")}
    return {"key": column.key, **texts}


def sheet_rows(source: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return the rows of every other sheet by its name."""
    rows: dict[str, list[Row]] = {layout.name: [] for layout in SHEETS}
    for layout in _LISTS:
        items = source.get(layout.name)
        items = _named_facts(items) if layout.name == FACTS else items
        for path, item in _items(items, layout.name):
            rows[layout.name].append(_row(item, layout, path) or _refuse(path))
            _add_parts(rows, item, path, layout.name)
    for name in (FACTS, QUESTIONS):
        _require_ids(rows[name], name)
    rows[SCALE] = _scale_rows(source.get(SCALE))
    rows[BANDS] = _band_rows(source)
    return rows


def _named_facts(facts: Any) -> Any:
    """Return facts named by their id alone as rows that hold nothing else."""
    if not isinstance(facts, list):
        return facts
    return [{"id": fact} if isinstance(fact, str) else fact for fact in facts]


def _add_parts(
    rows: dict[str, list[Row]], item: Mapping[str, Any], path: str, sheet: str
) -> None:
    """Add the rows of everything that has a sheet of its own."""
    name = str(item.get("id", ""))
    for layout in SHEETS:
        value = item.get(layout.inside)
        if layout.owner == sheet and value is not None:
            owner = {layout.columns[0].key: name}
            inside = f"{path}/{layout.inside}"
            rows[layout.name] += _part_rows(value, layout, inside, owner)
    if sheet == QUESTIONS:
        _add_column_choices(rows, item, path)


def _add_column_choices(
    rows: dict[str, list[Row]], question: Mapping[str, Any], path: str
) -> None:
    columns = [*_items(question.get("columns"), f"{path}/columns")]
    if any("choices" in column for _path, column in columns):
        _require_ids([{"id": str(c.get("id", ""))} for _path, c in columns], path)
    for inner, column in columns:
        owner = {"question": str(question.get("id", ""))}
        owner["column"] = str(column.get("id", ""))
        choices = column.get("choices")
        for place, choice in _items(choices, f"{inner}/choices"):
            rows["choices"].append(owner | _row(choice, _layout("choices"), place))


def _part_rows(value: Any, layout: SheetLayout, path: str, owner: Row) -> Iterator[Row]:
    if layout.name == POINTS:
        yield from (owner | row for row in _point_rows(value, path))
    elif layout.keyed_by:
        for key, item in _pairs(value, path):
            yield owner | {layout.keyed_by: key} | _row(item, layout, f"{path}/{key}")
    else:
        for place, item in _items(value, path):
            yield owner | _row(item, layout, place)


def _point_rows(value: Any, path: str) -> Iterator[Row]:
    if isinstance(value, Mapping):
        for at, points in value.items():
            yield {"at": _text(at, path), "points": _text(points, f"{path}/{at}")}
        return
    if not isinstance(value, list):
        raise unwritable(path)
    for index, pair in enumerate(value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise unwritable(f"{path}/{index}")
        at, points = (_text(number, f"{path}/{index}") for number in pair)
        yield {"at": at, "points": points}


def _scale_rows(scale: Any) -> list[Row]:
    if not isinstance(scale, Mapping):
        return []
    levels: list[Row] = [
        {"level": key, **_row({"title": title}, _layout(SCALE), f"scale/levels/{key}")}
        for key, title in _pairs(scale.get("levels") or {}, "scale/levels")
    ]
    points = scale.get("points") or []
    if not isinstance(points, list):
        raise unwritable("scale/points")
    for index, worth in enumerate(points):
        if index == len(levels):
            levels.append({})
        levels[index]["points"] = _text(worth, f"scale/points/{index}")
    return levels


def _band_rows(source: Mapping[str, Any]) -> list[Row]:
    layout = _layout(BANDS)
    rows = [_row(item, layout, path) for path, item in _items(source.get(BANDS), BANDS)]
    gate = source.get("gate_band")
    if gate is None:
        return rows
    if not isinstance(gate, Mapping):
        raise unwritable("gate_band")
    return [*rows, {"role": "gate", **_row(gate, layout, "gate_band")}]


def _row(item: Any, layout: SheetLayout, path: str) -> Row:
    if not isinstance(item, Mapping):
        raise unwritable(path)
    inner = {other.inside for other in SHEETS if other.owner == layout.name}
    inner |= {"choices"} if layout.name == "columns" else set()
    plain = {key: value for key, value in item.items() if key not in inner}
    return dict(_cells(plain, layout.content, "", path))


def _cells(
    value: Mapping[str, Any], columns: Mapping[str, Column], prefix: str, path: str
) -> Iterator[tuple[str, str]]:
    """Yield column and text of everything in an object."""
    for key, inner in value.items():
        name, place = f"{prefix}{key}", f"{path}/{key}".lstrip("/")
        column = columns.get(name)
        if column is not None and column.kind == "texts" and isinstance(inner, Mapping):
            columns = {**columns, f"{name}.zh": column, f"{name}.en": column}
            yield from _cells(inner, columns, f"{name}.", place)
        elif column is not None and column.kind == "list":
            yield name, _joined(inner, place)
        elif column is not None:
            yield name, _text(inner, place)
        elif isinstance(inner, Mapping) and any(
            c.startswith(f"{name}.") for c in columns
        ):
            yield from _cells(inner, columns, f"{name}.", place)
        else:
            raise unwritable(place)


def _joined(values: Any, path: str) -> str:
    """Return a list as one cell; with separators inside, one item a line."""
    if not isinstance(values, list):
        raise unwritable(path)
    texts = [_text(value, path) for value in values]
    if any("\n" in text or text != text.strip() or not text for text in texts):
        raise unwritable(path)
    if any(_SEPARATORS.search(text) for text in texts):
        return "\n".join(texts) + ("\n" if len(texts) == 1 else "")
    return ", ".join(texts)


def split_list(cell: str) -> list[str]:
    """Return the list that a cell holds: by lines if there are any, else by commas."""
    parts = cell.split("\n") if "\n" in cell else _SEPARATORS.split(cell)
    return [part.strip() for part in parts if part.strip()]


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or _ESCAPES.search(value):
        raise unwritable(path)
    if len(value) > MAX_CELL:
        raise SourceError((Problem("error", "text_too_long", _LONG, path=path),))
    return value


def _items(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if value is None:
        return
    if not isinstance(value, list):
        raise unwritable(path)
    for index, item in enumerate(value):
        if not isinstance(item, Mapping):
            raise unwritable(f"{path}/{index}")
        yield f"{path}/{index}", item


def _pairs(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        raise unwritable(path)
    for key, item in value.items():
        yield _text(key, path), item


def _require_ids(rows: list[Row], path: str) -> None:
    """Rows elsewhere name these by their ids."""
    seen: set[str] = set()
    for row in rows:
        name = row.get("id", "")
        if name in seen or not name or name != name.strip():
            message = {
                "zh": f"编号 {name} 重复或为空，先改正再导出。",
                "en": f"The id {name} is used twice or empty; mend it first.",
            }
            raise SourceError((Problem("error", "duplicate_id", message, path=path),))
        seen.add(name)


def _layout(name: str) -> SheetLayout:
    return next(layout for layout in SHEETS if layout.name == name)


def _refuse(path: str) -> NoReturn:
    raise unwritable(path)


def unwritable(path: str) -> SourceError:
    """Return the error for something that has no place in a workbook."""
    message = {
        "zh": f"{path} 在工作簿中没有位置。",
        "en": f"A workbook has no place for {path}.",
    }
    return SourceError((Problem("error", "unwritable", message, path=path),))


_LONG = {
    "zh": f"一个单元格最多 {MAX_CELL} 字符。",
    "en": f"A cell holds at most {MAX_CELL} characters.",
}
