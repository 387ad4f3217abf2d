"""Finding and changing parts of a bank's source: pure functions over plain data.

A part is named by what it is and its id: a question, a section, a clause, a gate, a
check, or the frame (everything that belongs to no list).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Source: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["question", "section", "clause", "gate", "check", "frame"]

LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "question": ("questions", "id"),
    "section": ("sections", "id"),
    "clause": ("clauses", "key"),
    "gate": ("gates", "id"),
    "check": ("checks", "id"),
}
"""Each kind of part with the list it stands in and the key of its id."""

_IN_LISTS = frozenset(name for name, _key in LISTS.values())


@dataclass(frozen=True)
class Part:
    """Names one part of a bank; the frame has no id."""

    kind: str
    id: str = ""


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, as text; structures as JSON."""

    action: Literal["changed", "added", "removed", "moved"]
    part: Part
    field: str = ""
    before: str = ""
    after: str = ""


class NoSuchPart(LookupError):
    """The source has no part of that name."""


def text_of(source: Mapping[str, Any]) -> str:
    """Return the source as the text that is stored; key order is kept."""
    return json.dumps(source, ensure_ascii=False, separators=(",", ":"))


def find(source: Source, part: Part) -> dict[str, Any]:
    """Return a part's data; NoSuchPart when there is none."""
    if part.kind == "frame":
        return {key: value for key, value in source.items() if key not in _IN_LISTS}
    items, index = _place(source, part)
    found: dict[str, Any] = items[index]
    return found


def index_of(source: Source, part: Part) -> int:
    """Return where in its list a part stands, from 0."""
    return _place(source, part)[1]


def path_of(source: Source, part: Part) -> str:
    """Return the path under which problems name a part; the frame's is empty."""
    if part.kind == "frame":
        return ""
    return f"{LISTS[part.kind][0]}/{index_of(source, part)}"


def replaced(source: Source, part: Part, data: Mapping[str, Any]) -> Source:
    """Return the source with a part's data replaced.

    Of the frame only the given keys are; None takes a key away.
    """
    if part.kind == "frame":
        given = {key: value for key, value in data.items() if key not in _IN_LISTS}
        return {k: v for k, v in {**source, **given}.items() if v is not None}
    name = LISTS[part.kind][0]
    items, index = _place(source, part)
    return {**source, name: [*items[:index], dict(data), *items[index + 1 :]]}


def added(source: Source, part: Part, data: Mapping[str, Any]) -> Source:
    """Return the source with a new part: a question ends its section."""
    name = LISTS[part.kind][0]
    items = list(source.get(name) or [])
    at = _end_of_section(items, data.get("section")) if name == "questions" else None
    items.insert(len(items) if at is None else at, dict(data))
    return {**source, name: items}


def removed(source: Source, part: Part) -> Source:
    """Return the source without a part."""
    items, index = _place(source, part)
    return {**source, LISTS[part.kind][0]: [*items[:index], *items[index + 1 :]]}


def put_back(source: Source, base: Source, part: Part) -> Source:
    """Return the source with a part of `base` again, after what it followed there."""
    name, key = LISTS[part.kind]
    old, index = _place(base, part)
    before = [item[key] for item in old[:index]]
    items = list(source.get(name) or [])
    known = {item.get(key): at for at, item in enumerate(items)}
    at = max((known[one] + 1 for one in before if one in known), default=0)
    return {**source, name: [*items[:at], old[index], *items[at:]]}


def moved(source: Source, part: Part, step: Literal[-1, 1]) -> Source:
    """Return the source with a part one place up or down; at the end nothing moves.

    A question changes places with its neighbour in the same section.
    """
    items, index = _place(source, part)
    other = index + step
    if part.kind == "question":
        section = items[index].get("section")
        while 0 <= other < len(items) and items[other].get("section") != section:
            other += step
    if not 0 <= other < len(items):
        return source
    turned = list(items)
    turned[index], turned[other] = turned[other], turned[index]
    return {**source, LISTS[part.kind][0]: turned}


def question_ids(source: Source) -> set[str]:
    """Return the ids of all questions, whatever else is wrong with them."""
    questions = source.get("questions")
    if not isinstance(questions, list):
        return set()
    return {str(q.get("id", "")) for q in questions if isinstance(q, dict)}


def field_changes(
    part: Part, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[FieldChange]:
    """Yield what differs between two states of one part, field by field."""
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if old != new:
            yield FieldChange("changed", part, field, as_text(old), as_text(new))


def source_changes(before: Source, after: Source) -> Iterator[FieldChange]:
    """Yield what differs between two whole sources, part by part."""
    frame = Part("frame")
    yield from field_changes(frame, find(before, frame), find(after, frame))
    for kind in LISTS:
        old, new = _by_id(before, kind), _by_id(after, kind)
        for name in old.keys() - new.keys():
            yield FieldChange("removed", Part(kind, name), before=_title(old[name]))
        for name, data in new.items():
            if name not in old:
                yield FieldChange("added", Part(kind, name), after=_title(data))
            else:
                yield from field_changes(Part(kind, name), old[name], data)


def as_text(value: Any) -> str:
    """Return a field's value as text: empty for nothing, JSON for structures."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _title(data: Mapping[str, Any]) -> str:
    return as_text(data.get("text") or data.get("title"))


def _by_id(source: Source, kind: str) -> dict[str, dict[str, Any]]:
    name, key = LISTS[kind]
    items = source.get(name)
    if not isinstance(items, list):
        return {}
    return {str(i.get(key, "")): i for i in items if isinstance(i, dict)}


def _place(source: Source, part: Part) -> tuple[list[Any], int]:
    name, key = LISTS.get(part.kind, ("", ""))
    items = source.get(name)
    if isinstance(items, list):
        for index, item in enumerate(items):
            if isinstance(item, dict) and item.get(key) == part.id:
                return items, index
    raise NoSuchPart(f"{part.kind} {part.id}")


def _end_of_section(items: list[Any], section: Any) -> int | None:
    own = [i for i, q in enumerate(items) if q.get("section") == section]
    return own[-1] + 1 if own else None
