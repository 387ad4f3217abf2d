"""Random banks that use every field of the model, built from its annotations.

They need not make sense to lint; they are what `parse_bank` may return. A field added
to the model is filled by its type without a line here. A seed stands for a bank, which
is faster than drawing thousands of values one by one.
"""

import dataclasses
import random
import string
import types
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from question_bank.engine.definition import (
    STRENGTHS,
    Bank,
    Clause,
    Column,
    Kind,
    LevelMark,
    Localized,
    Mandatory,
    Number,
    Policy,
    Question,
    Round,
    Rule,
    Scale,
)
from question_bank.engine.language import parse

NASTY = (
    "a: b", "a #b", "# no comment", "- item", "yes", "no", "null", "~", "1.0", "7.10",
    "0x1F", "1_000", "2026-11-24", "12:30:00", "true", "是", "'", '"', '"x"', "it's",
    "{a}", "[a]", "a, b", "a,b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a`", "?",
    "? a", "-", "--- a", "...", "=1+1", "+1", "-1", "@SUM(A1)", "\\", "\\n", "a\\",
    "a\nb", "a\n\nb", "a\n b", "a \nb", "\u3000x".strip(), "a\tb", "=cmd|' /C calc'!A0",
    "emoji 😀", "𬭎", "é e\u0301", "a:", ":a", "::", "<5 %", "a<b", "_x0041_",
    "_x005F_",
    "http://a.example/?b=c#d", "mailto:a@b", "“全角”，（标点）：", "x" * 300,
    "知识" * 200,
    "x: " * 60 + "end", "a\u00a0b", "key: [1, 2]", "NaN", ".inf", "<<", "=", "a\u200db",
)  # fmt: skip
RULES = (
    "has_rd = 是",
    "a >= 2 and not b = yes",
    "answered(a)",
    "a 包含 'x: y'",
    "1 = 1",
)
_WORDS = string.ascii_lowercase + string.digits + "_"


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**32)


def whole_bank(seed: int, *, full: bool = False) -> Bank:
    """Return the bank of a seed; a full one leaves nothing at its default."""
    return _Maker(seed, full=full).bank()


def example_bank(seed: int = 7) -> Bank:
    """Return a full bank, to be looked at field by field."""
    return whole_bank(seed, full=True)


class _Maker:
    def __init__(self, seed: int, *, full: bool) -> None:
        self._random = random.Random(seed)
        self._full = full
        self._count = 0

    def bank(self) -> Bank:
        made: Bank = self.value(Bank)
        clauses = self._clauses()
        names = [section.id for section in made.sections]
        questions = [
            replace(question, section=names[i * len(names) // len(made.questions)])
            for i, question in enumerate(made.questions)
        ]
        return replace(made, clauses=clauses, questions=tuple(questions))

    def value(self, hint: Any, owner: type = object, name: str = "") -> Any:
        """Return a value of the annotated type."""
        special = _SPECIAL.get((owner, name)) or _SPECIAL.get(hint)
        if special is not None:
            return special(self)
        origin, args = get_origin(hint), get_args(hint)
        if origin in (types.UnionType, Union):
            return self._optional(args)
        if origin is tuple:
            return tuple(self.value(args[0]) for _ in range(self._size()))
        if origin is Literal:
            return self._random.choice(args)
        if dataclasses.is_dataclass(hint):
            return self._dataclass(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self._random.choice(list(hint))
        raise TypeError(f"no value for {hint!r} of {owner.__name__}.{name}")

    def _dataclass(self, cls: Any) -> Any:
        hints = get_type_hints(cls)
        return cls(
            **{
                field.name: self._field(cls, field, hints[field.name])
                for field in dataclasses.fields(cls)
            }
        )

    def _field(self, cls: Any, field: Any, hint: Any) -> Any:
        has_default = field.default is not dataclasses.MISSING
        drops = has_default and (cls, field.name) not in _SPECIAL
        if drops and not self._full and self._random.random() < 0.5:
            return field.default
        for _ in range(50):
            value = self.value(hint, cls, field.name)
            if not (self._full and has_default and value == field.default):
                return value
        raise AssertionError(f"{cls.__name__}.{field.name} stays at its default")

    def _optional(self, args: tuple[Any, ...]) -> Any:
        inner = [arg for arg in args if arg is not type(None)]
        if not self._full and len(inner) < len(args) and self._random.random() < 0.3:
            return None
        return self.number() if len(inner) > 1 else self.value(inner[0])

    def _size(self) -> int:
        return self._random.randint(1 if self._full else 0, 3)

    def some(self, least: int = 0) -> range:
        return range(max(least, self._size()))

    def identifier(self) -> str:
        self._count += 1
        tail = "".join(self._random.choices(_WORDS, k=self._random.randint(0, 6)))
        return f"x{self._count}{tail}"

    def text(self) -> str:
        return self._random.choice(NASTY)

    def localized(self) -> Localized:
        both = {"zh": self.text(), "en": self.text()}
        return both if self._full or self._random.random() < 0.8 else {"zh": both["zh"]}

    def fraction(self) -> Fraction:
        bottom = self._random.choice([1, 1, 2, 3, 7, 10, 100])
        return Fraction(self._random.randint(0, 200), bottom)

    def integer(self) -> int:
        return self._random.randint(0, 10_000)

    def number(self) -> Number:
        whole = self._random.randint(-1000, 1000)
        return whole if self._random.random() < 0.5 else whole + 0.25

    def boolean(self) -> bool:
        return self._random.random() < 0.5

    def date(self) -> date:
        return date(1990, 1, 1) + timedelta(self._random.randint(0, 30_000))

    def rule(self) -> Rule:
        text = self._random.choice(RULES)
        return Rule(text, parse(text))

    def choose(self, values: Any) -> Any:
        return self._random.choice(values)

    def fields(self, cls: Any, **fixed: Any) -> Any:
        return replace(self._dataclass(cls), **fixed)

    def keyed(self, hint: Any, *names: str) -> Any:
        """Return things for rising levels, as a mapping is read."""
        least = 1 if self._full else 0
        first = self._random.sample(range(10), self._random.randint(least, 4))
        made = [
            self.fields(hint, **dict(zip(names, (level, level), strict=False)))
            for level in sorted(first)
        ]
        return tuple(made)

    def _clauses(self) -> tuple[Clause, ...]:
        made: list[Clause] = []
        for _ in self.some(least=3):
            for _ in range(2):
                parent = self._random.choice([None, *(c.key for c in made)])
                made.append(self.fields(Clause, parent=parent))
        parents = {clause.parent for clause in made}
        return tuple(replace(c, leaf=c.key not in parents) for c in made)


def _scale(maker: _Maker) -> Scale:
    return Scale(
        levels=tuple(LevelMark(i, maker.localized()) for i in range(5)),
        points=tuple(maker.fraction() for _ in range(5)),
        evidence_caps={strength: maker.fraction() for strength in STRENGTHS},
        conforming_level=maker.integer(),
        nonconforming_below=maker.integer(),
    )


def _columns(maker: _Maker) -> tuple[Column, ...]:
    kinds = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.YESNO, Kind.CHOICE)
    return tuple(maker.fields(Column, type=maker.choose(kinds)) for _ in maker.some())


def _hint(cls: type, name: str) -> Any:
    return get_args(get_type_hints(cls)[name])[0]


_SPECIAL: dict[Any, Callable[[_Maker], Any]] = {
    str: _Maker.identifier,
    bool: _Maker.boolean,
    int: _Maker.integer,
    Fraction: _Maker.fraction,
    date: _Maker.date,
    Rule: _Maker.rule,
    Scale: _scale,
    Mapping[str, str]: _Maker.localized,
    (Bank, "edition"): _Maker.text,
    (Bank, "locales"): lambda m: tuple(m.identifier() for _ in m.some(least=1)),
    (Bank, "reviewed_by"): _Maker.text,
    (Bank, "sections"): lambda m: tuple(
        m.value(_hint(Bank, "sections")) for _ in m.some(least=2)
    ),
    (Bank, "questions"): lambda m: tuple(
        m.value(Question) for _ in m.some(least=3 if m._full else 0)
    ),
    (Bank, "policy"): lambda m: m._dataclass(Policy),
    (Round, "quota"): _Maker.integer,
    (Clause, "number"): _Maker.text,
    (Mandatory, "severity"): lambda m: m.choose(("major", "minor")),
    (Question, "columns"): _columns,
    (Question, "levels"): lambda m: m.keyed(_hint(Question, "levels"), "value"),
    (Question, "guidance"): lambda m: m.keyed(
        _hint(Question, "guidance"), "first", "last"
    ),
}
