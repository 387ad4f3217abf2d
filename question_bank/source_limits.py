"""What no bank source may be: too large, too deep, not plain, or holding markup.

These limits stand before every door: pages, files and the API. They cost one walk
through the data and build nothing.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from question_bank.engine.characters import MAX_TEXT, has_markup, hidden_character
from question_bank.engine.definition import Localized
from question_bank.engine.problems import Problem
from question_bank.source_tree import LISTS, text_of

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 12
MAX_QUESTIONS: Final = 3000
MAX_ITEMS: Final = 3000
MAX_KEY: Final = 64
MAX_PROBLEMS: Final = 50

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_RULES = frozenset(("applies_when", "rule", "when"))


def limit_problems(source: Any) -> tuple[Problem, ...]:
    """Return why a source is refused before anybody reads it; empty when it is fine."""
    if not isinstance(source, dict):
        return (_problem("", "not_an_object", _MAPPING),)
    found: list[Problem] = list(_misshapen(source))
    for problem in _walk(source, "", "", 1):
        found.append(problem)
        if len(found) >= MAX_PROBLEMS:
            break
    if not found and len(text_of(source).encode()) > MAX_BYTES:
        found.append(_problem("", "source_too_large", _TOO_LARGE))
    return tuple(found)


def _misshapen(source: dict[str, Any]) -> Iterator[Problem]:
    """Yield what keeps the parts of a bank from being listed at all."""
    for name, key in LISTS.values():
        items = source.get(name, [])
        if not isinstance(items, list):
            yield _problem(name, "not_a_list", _LIST)
            continue
        for index, item in enumerate(items):
            path = f"{name}/{index}"
            if not isinstance(item, dict):
                yield _problem(path, "not_an_object", _MAPPING)
                return
            if not _ID.fullmatch(str(item.get(key, ""))):
                yield _problem(f"{path}/{key}", "bad_id", _BAD_ID)


def _walk(value: Any, path: str, key: str, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH:
        yield _problem(path, "too_deep", _TOO_DEEP)
    elif isinstance(value, str):
        yield from _text(value, path, key)
    elif isinstance(value, list):
        limit = MAX_QUESTIONS if path == "questions" else MAX_ITEMS
        if len(value) > limit:
            yield _problem(path, "too_many_items", _too_many(limit))
            return
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}/{index}", key, depth + 1)
    elif isinstance(value, dict):
        yield from _mapping(value, path, depth)
    else:
        yield _problem(path, "not_text", _NOT_TEXT)


def _mapping(value: dict[Any, Any], path: str, depth: int) -> Iterator[Problem]:
    for name, item in value.items():
        if not isinstance(name, str) or len(name) > MAX_KEY or not name.isprintable():
            yield _problem(path, "bad_key", _BAD_KEY)
            continue
        inner = f"{path}/{name}" if path else name
        yield from _walk(item, inner, name, depth + 1)


def _text(value: str, path: str, key: str) -> Iterator[Problem]:
    if len(value) > MAX_TEXT:
        yield _problem(path, "text_too_long", _TOO_LONG)
    elif hidden_character(value) is not None:
        yield _problem(path, "forbidden_character", _FORBIDDEN)
    elif key not in _RULES and has_markup(value):
        yield _problem(path, "markup", _NO_MARKUP)


def _problem(path: str, code: str, message: Localized) -> Problem:
    return Problem("error", code, message, path=path)


def _too_many(limit: int) -> Localized:
    return {"zh": f"列表超过 {limit} 项。", "en": f"More than {limit} items."}


_MAPPING = {"zh": "此处须为键值对。", "en": "Must be a mapping."}
_LIST = {"zh": "此处须为列表。", "en": "Must be a list."}
_BAD_ID = {
    "zh": "编号只含字母、数字、下划线和连字符，最长 64。",
    "en": "An id is letters, digits, _ and -, at most 64.",
}
_TOO_LARGE = {
    "zh": f"题库超过 {MAX_BYTES // 1_000_000} MB。",
    "en": f"The bank exceeds {MAX_BYTES // 1_000_000} MB.",
}
_TOO_DEEP = {"zh": f"嵌套超过 {MAX_DEPTH} 层。", "en": f"Nested beyond {MAX_DEPTH}."}
_TOO_LONG = {
    "zh": f"文字超过 {MAX_TEXT} 字。",
    "en": f"A text exceeds {MAX_TEXT} characters.",
}
_NOT_TEXT = {"zh": "此处须为文字。", "en": "Must be text."}
_BAD_KEY = {
    "zh": f"键须为可见文字，最长 {MAX_KEY}。",
    "en": f"A key is visible text of at most {MAX_KEY} characters.",
}
_FORBIDDEN = {
    "zh": "含有不可见的控制字符，请删去后重新输入。",
    "en": "Holds invisible control characters; retype the text.",
}
_NO_MARKUP = {
    "zh": "文字里不能有网页标记或脚本；小于号后请留空格。",
    "en": "A text must not hold markup or script; put a space after “<”.",
}
