"""A part's source as the content of a form's controls, and back.

Values are what an HTML form sends: a list of texts by name. What a form does not ask
about stays in the source as it was.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from frontend.pages.authoring.form_lines import Group, Line, Rows

Values: TypeAlias = dict[str, list[str]]
Data: TypeAlias = dict[str, Any]

_YES = frozenset(("yes", "true", "是"))
_SEPARATORS = re.compile(r"[,，、;；\s]+")


def to_values(groups: Iterable[Group], data: Mapping[str, Any]) -> Values:
    """Return the controls' content that shows `data`."""
    values: Values = {}
    for group in groups:
        for line in _lines(group.lines):
            values[line.path] = _shown(line, _get(data, line.path))
        if group.rows:
            rows = rows_of(group.rows, data)
            for index, row in enumerate(rows):
                for line in _lines(group.rows.lines):
                    name = f"{group.rows.path}/{index}/{line.path}"
                    values[name] = _shown(line, _get(row, line.path))
    return values


def from_values(groups: Iterable[Group], values: Values, original: Data) -> Data:
    """Return the part's data as a form describes it."""
    data = copy.deepcopy(original)
    for group in groups:
        for line in _lines(group.lines):
            _put(data, line.path, _written(line, values.get(line.path, []), data))
        if group.rows:
            _put_rows(data, group.rows, values)
    return data


def row_numbers(path: str, values: Values) -> list[int]:
    """Return the numbers of the rows a form holds, in order."""
    pattern = re.compile(rf"{re.escape(path)}/(\d{{1,4}})/")
    return sorted({int(m[1]) for name in values if (m := pattern.match(name))})


def with_row(rows: Rows, values: Values) -> Values:
    """Return the values with one more, empty row."""
    number = max(row_numbers(rows.path, values), default=-1) + 1
    empty = {f"{rows.path}/{number}/{line.path}": [""] for line in _lines(rows.lines)}
    return {**values, **empty}


def without_row(path: str, number: str, values: Values) -> Values:
    """Return the values without one row."""
    gone = f"{path}/{number}/"
    return {name: value for name, value in values.items() if not name.startswith(gone)}


def rows_of(rows: Rows, data: Mapping[str, Any]) -> list[Data]:
    """Return a list of the source as rows: level ranges and pairs have keys too."""
    found = data.get(rows.path)
    if rows.path == "guidance" and isinstance(found, dict):
        return [
            {**advice, "levels": key}
            for key, advice in found.items()
            if isinstance(advice, dict)
        ]
    if not isinstance(found, list):
        return []
    if rows.path == "points":
        return [{"at": p[0], "points": p[1]} for p in found if _is_pair(p)]
    return [row for row in found if isinstance(row, dict)]


def _put_rows(data: Data, rows: Rows, values: Values) -> None:
    known = {str(row.get(rows.key)): row for row in rows_of(rows, data)}
    made = [row for row in _read_rows(rows, values, known) if row]
    if rows.path == "guidance":
        value: Any = _by_levels(made)
    elif rows.path == "points":
        value = [[row.get("at", ""), row.get("points", "")] for row in made]
    else:
        value = made
    if value:
        data[rows.path] = value
    else:
        data.pop(rows.path, None)


def _by_levels(rows: Iterable[Data]) -> Data:
    """Return advice by level range; a second one of the same range stays visible."""
    found: Data = {}
    for row in rows:
        key = str(row.pop("levels", "") or "?")
        while key in found:
            key += "?"
        found[key] = row
    return found


def _read_rows(rows: Rows, values: Values, known: Mapping[str, Data]) -> Iterator[Data]:
    for number in row_numbers(rows.path, values):
        start = f"{rows.path}/{number}"
        read = {
            line.path: _read(line, values.get(f"{start}/{line.path}", []))
            for line in _lines(rows.lines)
        }
        defaults = {line.path: line.default for line in _lines(rows.lines)}
        if all(not v or v == defaults[path] for path, v in read.items()):
            continue
        row = copy.deepcopy(known.get(str(read.get(rows.key)), {}))
        for line in _lines(rows.lines):
            given = values.get(f"{start}/{line.path}", [])
            _put(row, line.path, _written(line, given, row))
        yield row


def _shown(line: Line, value: Any) -> list[str]:
    if line.kind == "flag":
        return ["yes"] if str(value) in _YES else []
    if line.kind == "list":
        items = value if isinstance(value, list) else []
        return [", ".join(str(item) for item in items)]
    if isinstance(value, list):
        return [str(item) for item in value]
    if value is None and line.default:
        return [line.default]
    return [str(value)] if isinstance(value, str) else []


def _read(line: Line, given: list[str]) -> Any:
    """Return what a control says, None for nothing."""
    texts = [text.replace("\r\n", "\n").strip() for text in given]
    texts = [text for text in texts if text]
    if line.kind == "checks":
        return texts or None
    if line.kind == "list":
        words = [word for text in texts for word in _SEPARATORS.split(text) if word]
        return words or None
    if line.kind == "flag":
        return "yes" if texts else None
    return texts[0] if texts else None


def _written(line: Line, given: list[str], before: Mapping[str, Any]) -> Any:
    """Return what a control writes: a default that nobody wrote stays unwritten."""
    value = _read(line, given)
    implied = line.default and value == line.default
    return None if implied and _get(before, line.path) is None else value


def _get(data: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path; `first` and `rest` read a list's parts."""
    value: Any = data
    for step in path.split("/"):
        if isinstance(value, list) and step in ("first", "rest"):
            value = value[:1] if step == "first" else value[1:]
        elif isinstance(value, Mapping):
            value = value.get(step)
        else:
            return None
    return value


def _put(data: Data, path: str, value: Any) -> None:
    """Set the value at a path, or take it away; nothing empty is left behind."""
    head, _slash, rest = path.partition("/")
    if not rest:
        if value is None:
            data.pop(head, None)
        else:
            data[head] = value
    elif rest in ("first", "rest"):
        _put_list(data, head, rest, value)
    else:
        inner = data.get(head)
        inner = inner if isinstance(inner, dict) else {}
        _put(inner, rest, value)
        _put(data, head, inner or None)


def _put_list(data: Data, name: str, part: str, value: Any) -> None:
    found = data.get(name)
    items = found if isinstance(found, list) else []
    given = [value] if isinstance(value, str) else list(value or [])
    first = given if part == "first" else items[:1]
    rest = items[1:] if part == "first" else given
    joined = [*first, *(item for item in rest if item not in first)]
    _put(data, name, joined or None)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _lines(lines: Iterable[tuple[Line, ...]]) -> Iterator[Line]:
    for side_by_side in lines:
        yield from side_by_side
