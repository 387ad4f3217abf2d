"""Reading plain data whose scalars are strings, with a problem for every misfit.

A reader never stops at the first fault: it notes it, returns a stand-in and goes on,
so that an author sees all faults at once. What is missing was noted by `fields` already
when it is required, so readers take it silently.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, TypeVar

from question_bank.engine.characters import MAX_TEXT, has_markup, hidden_character
from question_bank.engine.definition import Localized, Rule
from question_bank.engine.language import RuleSyntaxError, parse
from question_bank.engine.problems import Report
from question_bank.engine.values import parse_iso_date

_T = TypeVar("_T")

MAX_ENTRIES: Final = 3_000
MAX_UNKNOWN: Final = 20
MAX_DIGITS: Final = 100

_YES = frozenset(("yes", "true", "是"))
_NO = frozenset(("no", "false", "否"))
_DECIMAL = re.compile(r"-?\d+(\.\d+)?|\d+/[1-9]\d*", re.ASCII)
_INTEGER = re.compile(r"-?\d+", re.ASCII)


class Node:
    """A piece of source data and its path."""

    def __init__(self, value: Any, path: str, report: Report) -> None:
        self.value = value
        self.path = path
        self._report = report

    def error(self, code: str, zh: str, en: str, hint: Localized | None = None) -> None:
        """Note an error at this place."""
        self._report.error(self.path, code, {"zh": zh, "en": en}, hint)

    def fields(self, required: frozenset[str], allowed: frozenset[str]) -> bool:
        """Check the keys of an object; return whether it is one."""
        if not isinstance(self.value, Mapping):
            self.error("not_an_object", "此处须为键值对。", "Must be a mapping.")
            return False
        unknown = [key for key in self.value if key not in required | allowed]
        for key in unknown[:MAX_UNKNOWN]:
            names = ", ".join(sorted(required | allowed))
            self.at(key).error(
                "unknown_key",
                f"没有 {key} 这个键。",
                f"There is no key {key}.",
                {"zh": f"可用的键：{names}。", "en": f"Known keys: {names}."},
            )
        for key in sorted(required):
            if self.value.get(key) is None:
                self.error("missing_key", f"缺少 {key}。", f"{key} is missing.")
        return True

    def at(self, key: str | int) -> "Node":
        """Return the node under a key or index; its value is None when missing."""
        inner: Any = None
        if isinstance(self.value, Mapping):
            inner = self.value.get(key)
        elif isinstance(self.value, list) and isinstance(key, int):
            inner = self.value[key]
        path = f"{self.path}/{key}" if self.path else str(key)
        return Node(inner, path, self._report)

    @property
    def missing(self) -> bool:
        """Whether nothing was written here."""
        return self.value is None

    def items(self) -> list["Node"]:
        """Return the nodes of a list; a missing list is empty."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self.error("not_a_list", "此处须为列表。", "Must be a list.")
            return []
        return [self.at(index) for index in range(self._bounded(len(self.value)))]

    def _bounded(self, count: int) -> int:
        """Return how many of `count` entries are read."""
        if count > MAX_ENTRIES:
            self.error(
                "too_many_entries",
                f"超过 {MAX_ENTRIES} 项。",
                f"More than {MAX_ENTRIES} entries.",
            )
        return min(count, MAX_ENTRIES)

    def pairs(self) -> Iterator[tuple[str, "Node"]]:
        """Yield key and node of an object; a missing object is empty."""
        if self.value is not None and not isinstance(self.value, Mapping):
            self.error("not_an_object", "此处须为键值对。", "Must be a mapping.")
        elif self.value is not None:
            for key in [*self.value][: self._bounded(len(self.value))]:
                yield str(key), self.at(key)

    def maybe(self, read: Callable[["Node"], _T]) -> _T | None:
        """Return what `read` makes of this node, None when nothing is written."""
        return None if self.missing else read(self)

    def text(self) -> str:
        """Return a string without surrounding blanks."""
        if self.value is None:
            return ""
        if not isinstance(self.value, str):
            self.error("not_text", "此处须为文字。", "Must be text.")
            return ""
        text = self.value.strip()
        self._check_characters(text)
        return text

    def _check_characters(self, text: str) -> None:
        """Refuse what hides, deceives or marks up; rules may compare with < and >."""
        found = hidden_character(text)
        if found is not None:
            position, name = found
            self.error(
                "hidden_character",
                f"第 {position + 1} 个字符 {name} 看不见或改变文字方向。",
                f"Character {position + 1}, {name}, is hidden or changes direction.",
            )
        if self.path.endswith(("/zh", "/en")) and has_markup(text):
            self.error(
                "markup",
                "文字中不能有 HTML 标记。",
                "Texts carry no HTML.",
                {"zh": "小于号可写作“＜”或“小于”。", "en": "Write “less than”."},
            )
        if len(text) > MAX_TEXT:
            self.error(
                "text_too_long",
                f"文字超过 {MAX_TEXT} 字。",
                f"The text exceeds {MAX_TEXT} characters.",
            )

    def texts(self) -> tuple[str, ...]:
        """Return a list of strings."""
        return tuple(node.text() for node in self.items())

    def localized(self) -> dict[str, str]:
        """Return the texts of {zh, en}, without empty ones."""
        if self.missing or not self.fields(frozenset(), frozenset(("zh", "en"))):
            return {}
        texts = {locale: self.at(locale).text() for locale in ("zh", "en")}
        return {locale: text for locale, text in texts.items() if text}

    def fraction(self) -> Fraction:
        """Return an exact number written 0.2, 3 or 1/3."""
        if self.missing:
            return Fraction(0)
        text = self.text()
        if not _DECIMAL.fullmatch(text) or len(text) > MAX_DIGITS:
            self.error(
                "not_a_number",
                f"{_cut(text)} 不是数字。",
                f"{_cut(text)} is no number.",
            )
            return Fraction(0)
        return Fraction(text)

    def integer(self) -> int:
        """Return a whole number."""
        if self.missing:
            return 0
        text = self.text()
        if not _INTEGER.fullmatch(text) or len(text) > MAX_DIGITS:
            self.error(
                "not_an_integer",
                f"{_cut(text)} 不是整数。",
                f"{_cut(text)} is no whole number.",
            )
            return 0
        return int(text)

    def number(self) -> int | float:
        """Return a number: int when whole, else float."""
        value = self.fraction()
        return int(value) if value.denominator == 1 else float(value)

    def boolean(self) -> bool:
        """Return yes/no, true/false or 是/否; a missing one is False."""
        text = self.text()
        if text and text not in _YES | _NO:
            self.error("not_yes_or_no", "须为 yes 或 no。", "Must be yes or no.")
        return text in _YES

    def one_of(self, allowed: tuple[_T, ...], default: _T) -> _T:
        """Return one of the allowed words; the default when nothing is written."""
        if self.missing:
            return default
        text = self.text()
        for word in allowed:
            if text == str(word):
                return word
        names = ", ".join(str(word) for word in allowed)
        self.error(
            "unknown_word",
            f"{_cut(text)} 不在可用值之内：{names}。",
            f"{_cut(text)} is not one of {names}.",
        )
        return default

    def date(self) -> date:
        """Return an ISO date."""
        found = parse_iso_date(self.text())
        if found is None and not self.missing:
            self.error("not_a_date", "日期写作 2026-01-31。", "Write 2026-01-31.")
        return found or date(1900, 1, 1)

    def rule(self) -> Rule:
        """Return a rule, parsed."""
        if self.missing:
            return Rule("", ("k", False))
        text = self.text()
        try:
            return Rule(text, parse(text))
        except RuleSyntaxError as error:
            self._report.error(
                self.path,
                "rule_syntax",
                error.message,
                error.hint,
                column=error.column - 1,
            )
            return Rule(text, ("k", False))


def _cut(text: str) -> str:
    """Return what was written, short enough for a message."""
    return repr(text if len(text) <= 80 else f"{text[:80]}…")
