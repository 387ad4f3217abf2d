"""The rule language: one line of Chinese or English becomes a tree.

A tree is nested tuples of JSON values: ("q", name) reads a question or fact, ("k",
value) is a constant, everything else is (operator, operand, …). The operators are a
closed list; docs/rules.md describes them all.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from question_bank.engine.definition import Localized, Tree
from question_bank.engine.hints import hint_for
from question_bank.engine.rule_types import (
    AS_OF,
    TypeInfo as TypeInfo,
    check_types as check_types,
)

MAX_NODES: Final = 100
MAX_DEPTH: Final = 12
MAX_TEXT: Final = 1000
MAX_NUMBER: Final = 2**53

FUNCTIONS: Final = {
    "if": (3, 3),
    "min": (1, None),
    "max": (1, None),
    "sum": (1, None),
    "mean": (1, None),
    "mean_known": (1, None),
    "count": (1, None),
    "answered": (1, 1),
    "is_na": (1, 1),
    "coalesce": (2, 2),
    "days_between": (2, 2),
}
"""Each function with the smallest and largest number of arguments (None: no limit)."""

_GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction | conjunction (_OR conjunction)+ -> either
?conjunction: negation | negation (_AND negation)+ -> both
?negation: comparison | _NOT negation -> not_
?comparison: sum
    | sum COMPARE sum -> compare
    | sum _IN list -> in_
    | sum _HAS sum -> has
    | sum HAS_LIST (list | name) -> has_list
?sum: product | sum (PLUS | MINUS) product -> arithmetic
?product: factor | product MULTIPLICATIVE factor -> arithmetic
?factor: atom | MINUS factor -> neg
?atom: constant | name | call | "(" disjunction ")"
call: (NAME | IF) "(" [disjunction ("," disjunction)*] ")"
list: "(" constant_item ("," constant_item)* ")"
?constant_item: constant | MINUS NUMBER -> negative
constant: NUMBER | STRING | YES | NO
name: NAME

_AND.2: /and(?![a-z0-9_])|且/
_OR.2: /or(?![a-z0-9_])|或/
_NOT.2: /not(?![a-z0-9_])|非/
_IN.2: /in(?![a-z0-9_])/
_HAS.2: /has(?![a-z0-9_])|包含/
HAS_LIST.2: /has_(any|all)(?![a-z0-9_])/
IF.2: /if(?![a-z0-9_])/
YES.2: /yes(?![a-z0-9_])|是/
NO.2: /no(?![a-z0-9_])|否/
COMPARE: "<=" | ">=" | "!=" | "≤" | "≥" | "≠" | "<" | ">" | "="
PLUS: "+"
MINUS: "-"
MULTIPLICATIVE: "*" | "/" | "×" | "÷"
NAME: /[a-z][a-z0-9_]*/
NUMBER: /[0-9]+(\.[0-9]+)?(?![0-9A-Za-z_.])/
STRING: /'[^']*'|"[^"]*"|“[^”]*”|‘[^’]*’/
%ignore /[ \t\n]+/
"""

_OPERATORS = {
    "=": "eq",
    "!=": "ne",
    "≠": "ne",
    "<": "lt",
    "<=": "le",
    "≤": "le",
    ">": "gt",
    ">=": "ge",
    "≥": "ge",
    "+": "add",
    "-": "sub",
    "*": "mul",
    "×": "mul",
    "/": "div",
    "÷": "div",
}

_STRING_OR_CHAR = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’|.", re.DOTALL)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW = {**_WIDE, 0x3000: 0x20, ord("、"): ord(","), 0xA0: 0x20}


class RuleSyntaxError(ValueError):
    """A rule that cannot be read: where (column, from 1), why, and what would help."""

    def __init__(
        self, message: Localized, column: int, hint: Localized | None = None
    ) -> None:
        super().__init__(f"column {column}: {message['en']}")
        self.message = message
        self.column = column
        self.hint = hint


def parse(text: str) -> Tree:
    """Return the tree of a rule; RuleSyntaxError when it cannot be read."""
    if len(text) > MAX_TEXT:
        raise _too_large(f"{MAX_TEXT} 个字符", f"{MAX_TEXT} characters")
    try:
        tree: Tree = _parser().parse(narrowed(text))  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise _syntax_error(text, error) from error
    _require_size(tree)
    return tree


def narrowed(text: str) -> str:
    """Return the text with full-width marks made half-width, outside strings.

    Characters are replaced one for one, so columns stay what the author sees.
    """
    return "".join(
        part.translate(_NARROW) if len(part) == 1 else part
        for part in _STRING_OR_CHAR.findall(text)
    )


def names(tree: Tree) -> tuple[str, ...]:
    """Return the questions and facts a tree reads, in order, each once."""
    found = [node[1] for node in nodes(tree) if node[0] == "q" and node[1] != AS_OF]
    return tuple(dict.fromkeys(found))


def nodes(tree: Tree) -> Iterator[Tree]:
    """Yield the tree's nodes, a node before its operands, from left to right."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if node[0] not in ("q", "k"):
            waiting.extend(reversed(node[1:]))


def size(tree: Tree) -> int:
    """Return how many nodes a tree has; each member of a constant list is one."""
    return sum(len(n[1]) if _is_list(n) else 1 for n in nodes(tree))


def depth(tree: Tree) -> int:
    """Return how many levels a tree has."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        if node[0] not in ("q", "k"):
            waiting.extend((child, level + 1) for child in node[1:])
    return deepest


def _is_list(node: Tree) -> bool:
    return node[0] == "k" and isinstance(node[1], tuple)


def _require_size(tree: Tree) -> None:
    if size(tree) > MAX_NODES:
        raise _too_large(f"{MAX_NODES} 个节点", f"{MAX_NODES} nodes")
    if depth(tree) > MAX_DEPTH:
        raise _too_large(f"{MAX_DEPTH} 层", f"{MAX_DEPTH} levels")


def _too_large(zh: str, en: str) -> RuleSyntaxError:
    return RuleSyntaxError(
        {"zh": f"规则过长或过深：上限 {zh}。", "en": f"The rule exceeds {en}."},
        1,
        {
            "zh": "把一部分写成“计算题”，再引用它。",
            "en": "Move a part into a calculated question and name that.",
        },
    )


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_ToTree())


@v_args(inline=True)
class _ToTree(Transformer[Token, Tree]):
    """Turns lark's parse into the tree while parsing."""

    def either(self, *parts: Tree) -> Tree:
        return ("or", *parts)

    def both(self, *parts: Tree) -> Tree:
        return ("and", *parts)

    def not_(self, part: Tree) -> Tree:
        return ("not", part)

    def compare(self, left: Tree, operator: Token, right: Tree) -> Tree:
        return (_OPERATORS[operator], left, right)

    arithmetic = compare

    def in_(self, left: Tree, right: Tree) -> Tree:
        return ("in", left, right)

    def has(self, left: Tree, right: Tree) -> Tree:
        return ("has", left, right)

    def has_list(self, left: Tree, operator: Token, right: Tree) -> Tree:
        return (str(operator), left, right)

    def neg(self, _minus: Token, part: Tree) -> Tree:
        if part[0] == "k" and type(part[1]) in (int, float):
            return ("k", -part[1])
        return ("neg", part)

    def negative(self, _minus: Token, number: Token) -> Tree:
        return ("k", -_number(number))

    def call(self, function: Token, *arguments: Tree | None) -> Tree:
        given = tuple(a for a in arguments if a is not None)
        _require_arguments(function, given)
        return (str(function), *given)

    def list(self, *items: Tree) -> Tree:
        return ("k", tuple(item[1] for item in items))

    def constant(self, token: Token) -> Tree:
        if token.type == "NUMBER":
            return ("k", _number(token))
        if token.type == "STRING":
            return ("k", str(token[1:-1]))
        return ("k", token.type == "YES")

    def name(self, token: Token) -> Tree:
        return ("q", str(token))


def _number(token: Token) -> int | float:
    value = float(token)
    if value > MAX_NUMBER:
        raise RuleSyntaxError(
            {"zh": "数字过大。", "en": "The number is too large."}, token.column or 1
        )
    return int(value) if value.is_integer() else value


def _require_arguments(function: Token, given: tuple[Tree, ...]) -> None:
    name, column = str(function), function.column or 1
    if name not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise RuleSyntaxError(
            {"zh": f"没有函数 {name}。", "en": f"There is no function {name}."},
            column,
            {"zh": f"可用的函数：{known}。", "en": f"The functions are {known}."},
        )
    low, high = FUNCTIONS[name]
    if len(given) < low or (high is not None and len(given) > high):
        wanted = f"{low}" if low == high else f"≥ {low}"
        raise RuleSyntaxError(
            {
                "zh": f"{name} 需要 {wanted} 个参数，现有 {len(given)} 个。",
                "en": f"{name} takes {wanted} arguments, not {len(given)}.",
            },
            column,
        )
    if name in ("answered", "is_na") and given[0][0] != "q":
        raise RuleSyntaxError(
            {"zh": f"{name} 的参数须是题号。", "en": f"{name} takes a question's id."},
            column,
        )


def _syntax_error(text: str, error: UnexpectedInput) -> RuleSyntaxError:
    position = _position(text, error)
    found = text[position : position + 20].split(" ")[0]
    if found:
        message = {
            "zh": f"此处不能出现 {found}。",
            "en": f"{found} cannot stand here.",
        }
    else:
        message = {"zh": "规则没有写完。", "en": "The rule is not complete."}
    return RuleSyntaxError(message, position + 1, hint_for(text, position))


def _position(text: str, error: UnexpectedInput) -> int:
    """Return the index of the first character that cannot be read."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(text)
    where: Any = error.pos_in_stream
    return int(where or 0)
