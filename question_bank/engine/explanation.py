"""Why a rule holds: its tree as sentences, each with the values it was given.

A reason has an outcome (true, false, unknown) and, for “and”, “or” and “not”, the
reasons it is made of, so that a reader sees which condition decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from question_bank.engine.branching import Applicability
from question_bank.engine.definition import Bank, Kind, Localized, Tree
from question_bank.engine.rule_types import AS_OF
from question_bank.engine.rules import NA, UNKNOWN, compile_tree

OutcomeWord: TypeAlias = Literal["true", "false", "unknown"]
Join: TypeAlias = Literal["", "and", "or", "not"]


@dataclass(frozen=True)
class Reason:
    """One condition: in words, with what is known now, and what it came to.

    `condition` is the condition alone: it stays true whatever is answered next.
    """

    text: Localized
    condition: Localized
    outcome: OutcomeWord
    join: Join = ""
    parts: tuple["Reason", ...] = ()


def explain(bank: Bank, tree: Tree, applicability: Applicability) -> Reason:
    """Return why the rule `tree` comes to what it does under these answers."""
    return _Explainer(bank, applicability).reason(tree)


_JOINS: Mapping[str, tuple[Join, str, str]] = {
    "and": ("and", "以下各项都要成立", "All of these must hold"),
    "or": ("or", "以下至少一项成立", "At least one of these must hold"),
    "not": ("not", "以下不能成立", "This must not hold"),
}
_COMPARED = {
    "eq": ("为", "is"),
    "ne": ("不为", "is not"),
    "lt": ("小于", "is less than"),
    "le": ("不大于", "is at most"),
    "gt": ("大于", "is greater than"),
    "ge": ("不小于", "is at least"),
    "in": ("为其中之一：", "is one of"),
    "has": ("包含", "includes"),
    "has_any": ("至少包含一项：", "includes any of"),
    "has_all": ("全部包含：", "includes all of"),
}
_ABOUT = {
    "answered": ("已经回答", "is answered"),
    "is_na": ("答为“不适用”", "is answered “not applicable”"),
}
_SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷"}
_FUNCTIONS = {
    "min": ("最小值", "the least of"),
    "max": ("最大值", "the greatest of"),
    "sum": ("合计", "the sum of"),
    "count": ("成立的个数", "the number of"),
    "coalesce": ("有值取前者，否则取后者", "the first known of"),
    "days_between": ("相隔天数", "the days between"),
    "if": ("按条件取值", "a choice by condition"),
}
_NOT_KNOWN = {"zh": "还不知道", "en": "not known yet"}


class _Explainer:
    """Words and outcomes under one set of answers."""

    def __init__(self, bank: Bank, applicability: Applicability) -> None:
        self._bank = bank
        self._states = applicability.states
        self._values = applicability.values

    def reason(self, tree: Tree) -> Reason:
        operator = tree[0]
        outcome = _outcome(compile_tree(tree)(self._values))
        if operator in _JOINS:
            join, zh, en = _JOINS[operator]
            parts = tuple(self.reason(part) for part in tree[1:])
            text = {"zh": zh, "en": en}
            return Reason(text, text, outcome, join, parts)
        condition = self._sentence(tree)
        return Reason(self._with_value(condition, tree), condition, outcome)

    def _with_value(self, condition: Localized, tree: Tree) -> Localized:
        """Return “condition; now: value” of what is compared or asked about."""
        left = tree[1] if tree[0] in _COMPARED or tree[0] in _ABOUT else tree
        if left[0] == "k":
            return condition
        value = self._value(left)
        return {
            "zh": f"{condition['zh']}；现在：{value['zh'].strip()}",
            "en": f"{condition['en']}; now: {value['en']}",
        }

    def _sentence(self, tree: Tree) -> Localized:
        operator = tree[0]
        if operator in _COMPARED:
            return self._comparison(tree)
        if operator in _ABOUT:
            return self._said(tree[1], *_ABOUT[operator])
        if operator == "q":
            return self._said(tree, "为“是”", "is “yes”")
        return self._said(tree, "成立", "holds")

    def _comparison(self, tree: Tree) -> Localized:
        left, right = tree[1], tree[2]
        zh, en = _COMPARED[tree[0]]
        wanted = self._words(right, about=left)
        if tree[0] in ("eq", "ne") and _is_number(right):
            zh, en = ("等于", "is") if tree[0] == "eq" else ("不等于", "is not")
        return self._said(left, f"{zh}{wanted['zh']}", f"{en} {wanted['en']}")

    def _said(self, left: Tree, zh: str, en: str) -> Localized:
        words = self._words(left)
        return {"zh": f"{words['zh']}{zh}", "en": f"{words['en']} {en}"}

    def _words(self, tree: Tree, about: Tree | None = None) -> Localized:
        operator = tree[0]
        if operator == "q":
            return self._name(tree[1])
        if operator == "k":
            return self._shown(tree[1], about)
        if operator in _SIGNS or operator == "neg":
            return self._sum(tree)
        if operator in _FUNCTIONS:
            parts = [self._words(part) for part in tree[1:]]
            zh, en = _FUNCTIONS[operator]
            return {
                "zh": f"{zh}（{'，'.join(p['zh'] for p in parts)}）",
                "en": f"{en} ({', '.join(p['en'] for p in parts)})",
            }
        return self._sentence(tree)

    def _sum(self, tree: Tree) -> Localized:
        parts = [self._words(part) for part in tree[1:]]
        if len(parts) == 1:
            return {"zh": f"−{parts[0]['zh']}", "en": f"−{parts[0]['en']}"}
        sign = f" {_SIGNS[tree[0]]} "
        return {
            "zh": sign.join(part["zh"] for part in parts),
            "en": sign.join(part["en"] for part in parts),
        }

    def _name(self, name: str) -> Localized:
        if name == AS_OF:
            return {"zh": "评估日期", "en": "the day of assessment"}
        if self._bank.has_question(name):
            return _quoted(self._bank.question(name).text)
        titles = {fact.id: fact.title for fact in self._bank.facts}
        return _quoted(titles.get(name, {"zh": name, "en": name}))

    def _value(self, tree: Tree) -> Localized:
        """Return what a part comes to now, or why nothing is known of it."""
        if tree[0] == "q" and (gap := self._gap(tree[1])):
            return gap
        value = compile_tree(tree)(self._values)
        return _NOT_KNOWN if value is UNKNOWN else self._shown(value, tree)

    def _gap(self, name: str) -> Localized | None:
        if self._states.get(name) == "hidden":
            return {"zh": "这道题不问", "en": "not asked"}
        if self._states.get(name) == "unknown":
            return {"zh": "这道题问不问还不知道", "en": "not yet known whether asked"}
        if self._values.get(name) is NA:
            return {"zh": "答为“不适用”", "en": "answered “not applicable”"}
        if name not in self._values:
            return {"zh": "还没有回答", "en": "not answered yet"}
        return None

    def _shown(self, value: Any, about: Tree | None) -> Localized:
        """Return a value as its question would show it."""
        if isinstance(value, bool):
            return _YES if value else _NO
        if isinstance(value, tuple | list | frozenset):
            items = [self._shown(item, about) for item in _in_order(value)]
            if not items:
                return {"zh": "空", "en": "nothing"}
            return {
                "zh": "、".join(item["zh"] for item in items),
                "en": ", ".join(item["en"] for item in items),
            }
        if isinstance(value, int | float):
            return self._number(value, about)
        return self._code(str(value), about)

    def _number(self, value: float, about: Tree | None) -> Localized:
        text = f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
        question = self._question(about)
        if question is not None and question.type is Kind.LEVEL:
            return {"zh": f" {text} 级", "en": f"level {text}"}
        unit = question.unit if question is not None else None
        if unit:
            return {
                "zh": f" {text} {unit['zh']}",
                "en": f"{text} {unit.get('en', unit['zh'])}",
            }
        return {"zh": f" {text}", "en": text}

    def _code(self, value: str, about: Tree | None) -> Localized:
        question = self._question(about)
        for choice in question.choices if question is not None else ():
            if choice.id == value:
                return _quoted(choice.text)
        return {"zh": f" {value}", "en": value}

    def _question(self, tree: Tree | None) -> Any:
        known = tree is not None and tree[0] == "q" and self._bank.has_question(tree[1])
        return self._bank.question(tree[1]) if tree is not None and known else None


def _is_number(tree: Tree) -> bool:
    """Whether a side of a comparison is no word, date or yes/no."""
    return tree[0] != "k" or type(tree[1]) in (int, float)


def _in_order(value: tuple[Any, ...] | list[Any] | frozenset[Any]) -> list[Any]:
    return sorted(value) if isinstance(value, frozenset) else list(value)


def _quoted(text: Localized) -> Localized:
    zh = text.get("zh", "")
    return {"zh": f"“{zh}”", "en": f"“{text.get('en') or zh}”"}


def _outcome(value: Any) -> OutcomeWord:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "unknown"


_YES = {"zh": "“是”", "en": "“yes”"}
_NO = {"zh": "“否”", "en": "“no”"}
