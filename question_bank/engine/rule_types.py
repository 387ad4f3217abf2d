"""The types of a rule's parts: comparing across types is an error when publishing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from question_bank.engine.definition import Kind, Localized, Tree
from question_bank.engine.rules import day_number

AS_OF: Final = "as_of"

Type: TypeAlias = Literal[
    "number", "yesno", "choice", "set", "date", "text", "list", "other", "any"
]


@dataclass(frozen=True)
class TypeInfo:
    """The type of a name or an expression; `constant` is set for constants alone."""

    type: Type
    choices: tuple[str, ...] = ()
    constant: Any = None


@dataclass(frozen=True)
class TypeProblem:
    """What does not fit in a rule; `name` says which question, when it is one."""

    code: str
    message: Localized
    name: str | None = None


TYPE_OF_KIND: Final[Mapping[Kind, Type]] = {
    Kind.LEVEL: "number",
    Kind.NUMBER: "number",
    Kind.CALCULATED: "number",
    Kind.YESNO: "yesno",
    Kind.CHOICE: "choice",
    Kind.CHOICES: "set",
    Kind.DATE: "date",
    Kind.TEXT: "text",
    Kind.TABLE: "other",
    Kind.FILE: "other",
}

_TITLES: Mapping[Type, tuple[str, str]] = {
    "number": ("数值", "a number"),
    "yesno": ("是否", "yes/no"),
    "choice": ("单选", "a choice"),
    "set": ("多选", "a set of choices"),
    "date": ("日期", "a date"),
    "text": ("文字", "text"),
    "list": ("列表", "a list"),
    "other": ("表格或文件", "a table or file"),
    "any": ("未定", "undetermined"),
}
_ANY = TypeInfo("any")
_UNORDERED = {"yesno", "choice", "set", "list", "other"}


def check_types(
    tree: Tree,
    types: Mapping[str, TypeInfo],
    expect: Type | None = "yesno",
) -> tuple[TypeProblem, ...]:
    """Return what does not fit in a tree; `expect` is the type of the whole, or None.

    Names missing from `types` are reported as unknown.
    """
    checker = _Checker(types)
    found = checker.infer(tree)
    if expect is not None and found.type not in (expect, "any"):
        checker.mismatch("规则的结果", "the rule's result", found, expect)
    return tuple(checker.problems)


class _Checker:
    """Walks a tree once, inferring types and collecting problems."""

    def __init__(self, types: Mapping[str, TypeInfo]) -> None:
        self._types = types
        self.problems: list[TypeProblem] = []

    def infer(self, tree: Tree) -> TypeInfo:
        operator = tree[0]
        if operator == "q":
            return self._name(tree[1])
        if operator == "k":
            return _constant(tree[1])
        if operator in ("answered", "is_na"):
            self._name(tree[1][1])
            return TypeInfo("yesno")
        return _RULES[operator](self, operator, [self.infer(t) for t in tree[1:]])

    def _name(self, name: str) -> TypeInfo:
        if name == AS_OF:
            return TypeInfo("date")
        if name not in self._types:
            self._report(
                "unknown_name", f"没有题目 {name}", f"no question {name}", name
            )
            return _ANY
        return self._types[name]

    def mismatch(self, zh: str, en: str, found: TypeInfo, wanted: Type) -> None:
        found_zh, found_en = _TITLES[found.type]
        wanted_zh, wanted_en = _TITLES[wanted]
        self._report(
            "type_mismatch",
            f"{zh}须为{wanted_zh}，现为{found_zh}",
            f"{en} must be {wanted_en}, not {found_en}",
        )

    def _report(self, code: str, zh: str, en: str, name: str | None = None) -> None:
        message = {"zh": f"{zh}。", "en": f"{en[0].upper()}{en[1:]}."}
        self.problems.append(TypeProblem(code, message, name))

    def require(self, operator: str, found: TypeInfo, wanted: Type) -> None:
        if found.type not in (wanted, "any"):
            self.mismatch(
                f"{operator} 的运算项", f"an operand of {operator}", found, wanted
            )

    def conditions(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        for part in parts:
            self.require(operator, part, "yesno")
        return TypeInfo("yesno")

    def numbers(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        for part in parts:
            self.require(operator, part, "number")
        return TypeInfo("number")

    def equality(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        left, right = parts
        for part in parts:
            if part.type in ("set", "list", "other"):
                self._incomparable(operator, left, right)
                return TypeInfo("yesno")
        self.alike(operator, left, right)
        return TypeInfo("yesno")

    def order(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        left, right = parts
        unordered = {left.type, right.type} & _UNORDERED
        if unordered or left.type == right.type == "text":
            self._incomparable(operator, left, right)
        else:
            self.alike(operator, left, right)
        return TypeInfo("yesno")

    def alike(self, operator: str, left: TypeInfo, right: TypeInfo) -> TypeInfo:
        """Check that two operands may meet; return the type that both then have."""
        if left.constant is not None and right.constant is None:
            left, right = right, left
        if "any" in (left.type, right.type):
            return right if left.type == "any" else left
        if isinstance(right.constant, str):
            self._text_constant(operator, left, right)
        elif left.type != right.type:
            self._incomparable(operator, left, right)
        elif left.type == "choice" and not set(left.choices) & set(right.choices):
            self._report(
                "type_mismatch", "两题没有相同的选项", "the two share no choice"
            )
        return left

    def _text_constant(self, operator: str, left: TypeInfo, right: TypeInfo) -> None:
        text = right.constant
        if left.type == "choice":
            self.code(left, text)
        elif left.type == "date":
            if day_number(text) is None:
                self._report(
                    "not_a_date",
                    f"{text} 不是日期，日期写作 '2026-01-31'",
                    f"{text} is no date; dates are written '2026-01-31'",
                )
        elif left.type != "text":
            self._incomparable(operator, left, right)

    def code(self, found: TypeInfo, code: object) -> None:
        if code not in found.choices:
            known = ", ".join(found.choices)
            self._report(
                "unknown_choice",
                f"没有选项 {code}，可用：{known}",
                f"there is no choice {code}; known are {known}",
            )

    def _incomparable(self, operator: str, left: TypeInfo, right: TypeInfo) -> None:
        left_zh, left_en = _TITLES[left.type]
        right_zh, right_en = _TITLES[right.type]
        self._report(
            "type_mismatch",
            f"{operator} 不能用于{left_zh}与{right_zh}",
            f"{operator} does not take {left_en} and {right_en}",
        )

    def member(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        left, right = parts
        for item in right.constant or ():
            self.equality(operator, [left, _constant(item)])
        return TypeInfo("yesno")

    def has(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        left, right = parts
        self.require(operator, left, "set")
        if left.type == "set":
            for code in _listed(right):
                self.code(left, code)
        if right.constant is None and right.type not in ("any", "choice", "set"):
            self._incomparable(operator, left, right)
        if right.type == "set" and operator == "has":
            self._incomparable(operator, left, right)
        return TypeInfo("yesno")

    def choose(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        self.require(operator, parts[0], "yesno")
        return _variable(self.alike(operator, parts[1], parts[2]))

    def coalesce(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        return _variable(self.alike(operator, parts[0], parts[1]))

    def count(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        if len(parts) != 1 or parts[0].type != "set":
            self.conditions(operator, parts)
        return TypeInfo("number")

    def dates(self, operator: str, parts: list[TypeInfo]) -> TypeInfo:
        for part in parts:
            if isinstance(part.constant, str):
                self._text_constant(operator, TypeInfo("date"), part)
            else:
                self.require(operator, part, "date")
        return TypeInfo("number")


def _constant(value: Any) -> TypeInfo:
    if isinstance(value, bool):
        return TypeInfo("yesno", constant=value)
    if isinstance(value, int | float):
        return TypeInfo("number", constant=value)
    if isinstance(value, str):
        return TypeInfo("text", constant=value)
    return TypeInfo("list", constant=value)


def _variable(found: TypeInfo) -> TypeInfo:
    return TypeInfo(found.type, found.choices)


def _listed(found: TypeInfo) -> Iterator[object]:
    if isinstance(found.constant, tuple | list):
        yield from found.constant
    elif found.constant is not None:
        yield found.constant


_RULES: dict[str, Callable[[_Checker, str, list[TypeInfo]], TypeInfo]] = {
    **dict.fromkeys(("and", "or", "not"), _Checker.conditions),
    **dict.fromkeys(("eq", "ne"), _Checker.equality),
    **dict.fromkeys(("lt", "le", "gt", "ge"), _Checker.order),
    **dict.fromkeys(("add", "sub", "mul", "div", "neg"), _Checker.numbers),
    **dict.fromkeys(("min", "max", "sum", "mean", "mean_known"), _Checker.numbers),
    **dict.fromkeys(("has", "has_any", "has_all"), _Checker.has),
    "in": _Checker.member,
    "if": _Checker.choose,
    "coalesce": _Checker.coalesce,
    "count": _Checker.count,
    "days_between": _Checker.dates,
}
