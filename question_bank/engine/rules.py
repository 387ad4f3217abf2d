"""Evaluating rule trees in three-valued logic.

Numbers are IEEE doubles, so that the browser's evaluator (rules.js) gives the same
result. Whatever does not fit (comparing across types, division by zero, a result that
is not finite) is unknown; only `answered`, `is_na` and `coalesce` lead back to known.

Trees become closures once (`compile_tree`) and are then called often. An environment
holds normalised values only, see `normalised`.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from math import isfinite
from typing import Any, Final, Literal, NoReturn, TypeAlias

from question_bank.engine.definition import Tree


class Unknown(Enum):
    """The third truth value, which is also the value of what nobody has answered."""

    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        """Refuse to be taken for true or false."""
        raise TypeError("unknown is neither true nor false")


class Inapplicable(Enum):
    """Stands in an environment for a question answered with "not applicable"."""

    NA = "na"


UNKNOWN: Final = Unknown.UNKNOWN
NA: Final = Inapplicable.NA

Outcome: TypeAlias = bool | Literal[Unknown.UNKNOWN]
Env: TypeAlias = Mapping[str, Any]
Compiled: TypeAlias = Callable[[Env], Any]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


class MalformedTree(ValueError):
    """A tree with an operator or a shape that the language does not have."""


def evaluate(tree: Tree, env: Env) -> Outcome:
    """Return True, False or UNKNOWN; a rule is satisfied by True alone."""
    result = compute(tree, env)
    return result if isinstance(result, bool) else UNKNOWN


def compute(tree: Tree, env: Env) -> Any:
    """Return the value of a tree: bool, float, str, frozenset or UNKNOWN.

    `env` maps names to plain values (see `normalised`); a missing name is unknown.
    """
    plain = {name: normalised(value) for name, value in env.items()}
    return compile_tree(tree)(plain)


def normalised(value: Any) -> Any:
    """Return a plain answer value as rules read it: numbers float, lists frozenset."""
    if isinstance(value, bool | str | Unknown | Inapplicable):
        return value
    if isinstance(value, int | float):
        return float(value) if isfinite(value) else UNKNOWN
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(item for item in value if isinstance(item, str))
    return UNKNOWN


def compile_tree(tree: Tree) -> Compiled:
    """Return a function from a normalised environment to the tree's value."""
    operator = tree[0]
    if operator in _LEAVES:
        return _LEAVES[operator](tree)
    if operator not in _OPERATORS:
        raise MalformedTree(f"unknown operator: {operator!r}")
    quick = _compared_with_constant(tree)
    if quick is not None:
        return quick
    return _OPERATORS[operator](*[compile_tree(operand) for operand in tree[1:]])


def day_number(text: str) -> int | None:
    """Return a running number of an ISO date, None when there is no such day.

    The proleptic Gregorian calendar, written out so that the browser does the same.
    """
    if not _ISO_DATE.fullmatch(text):
        return None
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    if not (1 <= month <= 12 and 1 <= day <= _month_length(year, month)):
        return None
    leap_days = year // 4 - year // 100 + year // 400
    if month <= 2 and _is_leap(year):
        leap_days -= 1
    return year * 365 + leap_days + _DAYS_BEFORE_MONTH[month - 1] + day


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if _is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _question(tree: Tree) -> Compiled:
    name = tree[1]

    def read(env: Env) -> Any:
        value = env.get(name, UNKNOWN)
        return UNKNOWN if value is NA else value

    return read


def _constant(tree: Tree) -> Compiled:
    value = tree[1]
    # A list keeps its members' types: 1 and yes are different members.
    fixed = tuple(map(normalised, value)) if _is_list(value) else normalised(value)
    return lambda _env: fixed


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _answered(tree: Tree) -> Compiled:
    name = tree[1][1]

    def answered(env: Env) -> bool:
        value = env.get(name, UNKNOWN)
        return value is not UNKNOWN and value is not NA

    return answered


def _is_na(tree: Tree) -> Compiled:
    name = tree[1][1]
    return lambda env: env.get(name) is NA


def _compared_with_constant(tree: Tree) -> Compiled | None:
    """Shorten `question = constant` and its like: most rules are made of them."""
    if tree[0] not in _COMPARE_QUICKLY or len(tree) != 3:
        return None
    left, right = tree[1], tree[2]
    if left[0] != "q" or right[0] != "k" or _is_list(right[1]):
        return None
    return _COMPARE_QUICKLY[tree[0]](left[1], normalised(right[1]))


def _quick_equal(name: str, constant: Any) -> Compiled:
    kind = type(constant)

    def equal(env: Env) -> Any:
        value = env.get(name)
        return value == constant if type(value) is kind else UNKNOWN

    return equal


def _quick_unequal(name: str, constant: Any) -> Compiled:
    kind = type(constant)

    def unequal(env: Env) -> Any:
        value = env.get(name)
        return value != constant if type(value) is kind else UNKNOWN

    return unequal


def _quick_order(holds: Callable[[float, float], bool]) -> Callable[..., Compiled]:
    def build(name: str, constant: Any) -> Compiled:
        if type(constant) is not float:
            return _order(holds)(_question(("q", name)), lambda _env: constant)

        def compare(env: Env) -> Any:
            value = env.get(name)
            return holds(value, constant) if type(value) is float else UNKNOWN

        return compare

    return build


def _both(*parts: Compiled) -> Compiled:
    def conjunction(env: Env) -> Any:
        result: Any = True
        for part in parts:
            value = part(env)
            if value is False:
                return False
            if value is not True:
                result = UNKNOWN
        return result

    return conjunction


def _either(*parts: Compiled) -> Compiled:
    def disjunction(env: Env) -> Any:
        result: Any = False
        for part in parts:
            value = part(env)
            if value is True:
                return True
            if value is not False:
                result = UNKNOWN
        return result

    return disjunction


def _not(part: Compiled) -> Compiled:
    def negation(env: Env) -> Any:
        value = part(env)
        return (not value) if type(value) is bool else UNKNOWN

    return negation


def _equal(left: Compiled, right: Compiled) -> Compiled:
    def equal(env: Env) -> Any:
        a, b = left(env), right(env)
        return a == b if _are_comparable(a, b) else UNKNOWN

    return equal


def _unequal(left: Compiled, right: Compiled) -> Compiled:
    def unequal(env: Env) -> Any:
        a, b = left(env), right(env)
        return a != b if _are_comparable(a, b) else UNKNOWN

    return unequal


def _are_comparable(a: Any, b: Any) -> bool:
    return type(a) is type(b) and type(a) in (bool, float, str)


def _order(holds: Callable[[Any, Any], bool]) -> Callable[..., Compiled]:
    def build(left: Compiled, right: Compiled) -> Compiled:
        def compare(env: Env) -> Any:
            a, b = left(env), right(env)
            if type(a) is float and type(b) is float:
                return holds(a, b)
            # ISO dates order as text does.
            if _is_date(a) and _is_date(b):
                return holds(a, b)
            return UNKNOWN

        return compare

    return build


def _is_date(value: Any) -> bool:
    return type(value) is str and _ISO_DATE.fullmatch(value) is not None


def _member(left: Compiled, right: Compiled) -> Compiled:
    def member(env: Env) -> Any:
        value, allowed = left(env), right(env)
        if type(value) not in (bool, float, str) or type(allowed) is not tuple:
            return UNKNOWN
        return any(type(value) is type(one) and value == one for one in allowed)

    return member


def _has(left: Compiled, right: Compiled) -> Compiled:
    def has(env: Env) -> Any:
        codes, code = left(env), right(env)
        if type(codes) is not frozenset or type(code) is not str:
            return UNKNOWN
        return code in codes

    return has


def _has_any(left: Compiled, right: Compiled) -> Compiled:
    def has_any(env: Env) -> Any:
        codes, wanted = left(env), _codes(right(env))
        if type(codes) is not frozenset or wanted is None:
            return UNKNOWN
        return not codes.isdisjoint(wanted)

    return has_any


def _has_all(left: Compiled, right: Compiled) -> Compiled:
    def has_all(env: Env) -> Any:
        codes, wanted = left(env), _codes(right(env))
        if type(codes) is not frozenset or wanted is None:
            return UNKNOWN
        return codes.issuperset(wanted)

    return has_all


def _codes(value: Any) -> frozenset[str] | None:
    """Return a set answer or a list of text constants as a set."""
    if type(value) is frozenset:
        return value
    if type(value) is tuple and all(type(item) is str for item in value):
        return frozenset(value)
    return None


def _arithmetic(apply: Callable[[float, float], float]) -> Callable[..., Compiled]:
    def build(left: Compiled, right: Compiled) -> Compiled:
        def calculate(env: Env) -> Any:
            a, b = left(env), right(env)
            if type(a) is not float or type(b) is not float:
                return UNKNOWN
            return _finite(apply(a, b))

        return calculate

    return build


def _divide(left: Compiled, right: Compiled) -> Compiled:
    def quotient(env: Env) -> Any:
        a, b = left(env), right(env)
        if type(a) is not float or type(b) is not float or b == 0:
            return UNKNOWN
        return _finite(a / b)

    return quotient


def _finite(value: float) -> Any:
    return value if isfinite(value) else UNKNOWN


def _negative(part: Compiled) -> Compiled:
    def negative(env: Env) -> Any:
        value = part(env)
        return -value if type(value) is float else UNKNOWN

    return negative


def _if(condition: Compiled, then: Compiled, otherwise: Compiled) -> Compiled:
    def choose(env: Env) -> Any:
        value = condition(env)
        if value is True:
            return then(env)
        return otherwise(env) if value is False else UNKNOWN

    return choose


def _fold(combine: Callable[[float, float], float]) -> Callable[..., Compiled]:
    """Combine numbers from left to right: the order decides a sum's last bit."""

    def build(*parts: Compiled) -> Compiled:
        def fold(env: Env) -> Any:
            values = [part(env) for part in parts]
            if any(type(value) is not float for value in values):
                return UNKNOWN
            result = values[0]
            for value in values[1:]:
                result = combine(result, value)
            return _finite(result)

        return fold

    return build


def _mean(*parts: Compiled) -> Compiled:
    total = _fold(lambda a, b: a + b)(*parts)

    def mean(env: Env) -> Any:
        result = total(env)
        return result / len(parts) if type(result) is float else UNKNOWN

    return mean


def _mean_known(*parts: Compiled) -> Compiled:
    """Average what is known: a young firm has fewer years."""

    def mean_known(env: Env) -> Any:
        values = [value for part in parts if type(value := part(env)) is float]
        if not values:
            return UNKNOWN
        result = values[0]
        for value in values[1:]:
            result += value
        return _finite(result / len(values))

    return mean_known


def _count(*parts: Compiled) -> Compiled:
    def count(env: Env) -> Any:
        values = [part(env) for part in parts]
        if len(values) == 1 and type(values[0]) is frozenset:
            return float(len(values[0]))
        if any(type(value) is not bool for value in values):
            return UNKNOWN
        return float(values.count(True))

    return count


def _coalesce(value: Compiled, fallback: Compiled) -> Compiled:
    def coalesce(env: Env) -> Any:
        result = value(env)
        return fallback(env) if result is UNKNOWN else result

    return coalesce


def _days_between(first: Compiled, last: Compiled) -> Compiled:
    def days_between(env: Env) -> Any:
        a, b = first(env), last(env)
        if type(a) is not str or type(b) is not str:
            return UNKNOWN
        start, end = day_number(a), day_number(b)
        return UNKNOWN if start is None or end is None else float(end - start)

    return days_between


_LEAVES: dict[str, Callable[[Tree], Compiled]] = {
    "q": _question,
    "k": _constant,
    "answered": _answered,
    "is_na": _is_na,
}

_OPERATORS: dict[str, Callable[..., Compiled]] = {
    "and": _both,
    "or": _either,
    "not": _not,
    "eq": _equal,
    "ne": _unequal,
    "lt": _order(lambda a, b: a < b),
    "le": _order(lambda a, b: a <= b),
    "gt": _order(lambda a, b: a > b),
    "ge": _order(lambda a, b: a >= b),
    "in": _member,
    "has": _has,
    "has_any": _has_any,
    "has_all": _has_all,
    "add": _arithmetic(lambda a, b: a + b),
    "sub": _arithmetic(lambda a, b: a - b),
    "mul": _arithmetic(lambda a, b: a * b),
    "div": _divide,
    "neg": _negative,
    "if": _if,
    "min": _fold(lambda a, b: b if b < a else a),
    "max": _fold(lambda a, b: b if b > a else a),
    "sum": _fold(lambda a, b: a + b),
    "mean": _mean,
    "mean_known": _mean_known,
    "count": _count,
    "coalesce": _coalesce,
    "days_between": _days_between,
}

_COMPARE_QUICKLY: dict[str, Callable[[str, Any], Compiled]] = {
    "eq": _quick_equal,
    "ne": _quick_unequal,
    "lt": _quick_order(lambda a, b: a < b),
    "le": _quick_order(lambda a, b: a <= b),
    "gt": _quick_order(lambda a, b: a > b),
    "ge": _quick_order(lambda a, b: a >= b),
}
