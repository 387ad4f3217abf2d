"""Plain data to YAML in the hand that our bank files are written in.

Short leaves stand on one line (`{zh: …, en: …}`), everything else in blocks; quotation
marks only where YAML needs them, Chinese as it is. The loader reads every scalar as
text, so words like `yes` and `7.10` need no quotation marks.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

WIDTH: Final = 160
LEAF_DEPTH: Final = 2
LONG_ITEM: Final = 12
MAX_KEY: Final = 128

_START = re.compile(r"[\w（《“]|-(?=\d)")
_ENDS_PLAIN = re.compile(r":(?=\s|$)|\s#")
_FLOW_MARKS = re.compile(r"[,\[\]{}?]")


def yaml_text(data: Mapping[str, Any], blocks: frozenset[str] = frozenset()) -> str:
    """Return a document; items of the lists named in `blocks` never share a line.

    Data is made of mappings, lists and strings. TypeError for anything else.
    """
    lines: list[str] = []
    for key, value in data.items():
        block = [*_entry(key, value, "", spread=key in blocks)]
        apart = len(block) > 1 or (lines and lines[-1].startswith(" "))
        if len(lines) > 1 and apart:
            lines.append("")
        lines += block
    return "\n".join(lines) + "\n"


def _entry(key: str, value: Any, pad: str, *, spread: bool) -> Iterator[str]:
    """Yield the lines of `key: value`."""
    head = f"{pad}{_key(key)}:"
    may_share = not (spread and value and not isinstance(value, str))
    short = _one_line(value, len(head) + 1) if may_share else None
    if short is not None:
        yield f"{head} {short}"
    elif isinstance(value, str):
        yield from _literal(head, value, pad)
    else:
        yield head
        yield from _block(value, pad + "  ", spread=spread)


def _block(value: Any, pad: str, *, spread: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(key, inner, pad, spread=False)
        return
    before = 0
    for item in value:
        lines = [*_item(item, pad, spread=spread)]
        if spread and before and max(before, len(lines)) > LONG_ITEM:
            yield ""
        yield from lines
        before = len(lines)


def _item(item: Any, pad: str, *, spread: bool) -> Iterator[str]:
    """Yield the lines of `- item`."""
    may_share = not (spread and isinstance(item, Mapping) and item)
    short = _one_line(item, len(pad) + 2) if may_share else None
    if short is not None:
        yield f"{pad}- {short}"
    elif isinstance(item, str):
        yield from _literal(f"{pad}-", item, pad)
    else:
        inner = [*_block(item, pad + "  ", spread=False)]
        yield f"{pad}- {inner[0].lstrip(' ')}"
        yield from inner[1:]


def _one_line(value: Any, used: int) -> str | None:
    """Return the value as it stands behind a key, None when it needs lines."""
    if isinstance(value, str):
        return None if _is_literal(value) else _scalar(value, _ENDS_PLAIN)
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    rows = not isinstance(value, Mapping) and any(isinstance(v, Mapping) for v in value)
    if rows or _depth(value) > LEAF_DEPTH:
        return None
    text = _flow(value)
    return text if used + len(text) <= WIDTH else None


def _depth(value: Any) -> int:
    if isinstance(value, str):
        return 0
    inner = value.values() if isinstance(value, Mapping) else value
    return 1 + max((_depth(one) for one in inner), default=0)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = [f"{_key(key)}: {_flow(inner)}" for key, inner in value.items()]
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return _scalar(value, _ENDS_PLAIN, _FLOW_MARKS)


def _key(key: str) -> str:
    """Return a key; YAML bounds what may stand before a colon."""
    if len(key) > MAX_KEY:
        raise ValueError(f"a key of {len(key)} characters")
    return _scalar(key, _ENDS_PLAIN, _FLOW_MARKS)


def _scalar(text: str, *stops: re.Pattern[str]) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    plain = (
        _START.match(text)
        and text.isprintable()
        and not text.endswith(" ")
        and not any(stop.search(text) for stop in stops)
    )
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """Return the text in double quotes; what cannot be seen is spelt out."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escape(char) for char in quoted)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _is_literal(text: str) -> bool:
    """Whether the text has lines that can stand as they are, under a `|-`."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and lines[0] != ""
        and lines[-1] != ""
        and all(line.isprintable() and line == line.strip(" ") for line in lines)
    )


def _literal(head: str, text: str, pad: str) -> Iterator[str]:
    yield f"{head} |-"
    for line in text.split("\n"):
        yield f"{pad}  {line}" if line else ""
