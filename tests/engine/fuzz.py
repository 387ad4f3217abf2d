"""Seeded random rule trees and environments, for comparing the two evaluators.

`cases(seed, count)` yields JSON data: {"tree", "env", "expected"}, where expected is
what Python's evaluator gives, in the form of `plain`. Any driver (node, a browser) can
evaluate the same cases with rules.js and compare.
"""

import random
from collections.abc import Iterator
from typing import Any

from question_bank.engine.rules import NA, UNKNOWN, compute

_NUMBERS = [0, 1, 2, 3, 4, -1, 0.1, 0.2, 0.5, 3.5, 1e-9, 1e15, 9007199254740991, 1e300]
_CODES = ["a", "b", "c", "保密", "none"]
_DATES = [
    "2026-01-31",
    "2024-02-29",
    "2023-02-29",
    "2026-11-24",
    "1900-02-28",
    "2000-03-01",
    "0000-01-01",
    "9999-12-31",
    "2026-13-01",
    "2026-1-1",
    "not a date",
    "",
]
_NAMES = {
    "num": ["n1", "n2", "n3"],
    "bool": ["b1", "b2"],
    "code": ["c1", "c2"],
    "set": ["s1", "s2"],
    "date": ["d1", "d2", "as_of"],
    "any": ["missing", "constructor", "n1", "b1", "c1", "s1", "d1"],
}
_KINDS = ["num", "bool", "code", "set", "date"]


def cases(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield `count` cases; the same seed gives the same ones."""
    rng = random.Random(seed)
    for _ in range(count):
        env = _env(rng)
        tree = _tree(rng, rng.choice(["bool", "bool", "num"]), rng.randint(1, 5))
        expected = plain(compute(_frozen(tree), _with_na(env)))
        yield {"tree": tree, "env": env, "expected": expected}


def plain(value: Any) -> Any:
    """Return a result as JSON data that both sides can be compared by."""
    if value is UNKNOWN:
        return {"unknown": True}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def agrees(expected: Any, result: Any) -> bool:
    """Whether a browser's result is the expected one.

    JavaScript prints large doubles as whole numbers, so numbers are compared as
    doubles; true is not 1.
    """
    if isinstance(expected, bool) or isinstance(result, bool):
        return expected is result
    if isinstance(expected, int | float) and isinstance(result, int | float):
        return float(expected) == float(result)
    return bool(expected == result)


def _env(rng: random.Random) -> dict[str, Any]:
    env: dict[str, Any] = {"as_of": "2026-11-24"}
    for kind in _KINDS:
        for name in _NAMES[kind]:
            if name != "as_of" and rng.random() < 0.75:
                env[name] = _value(rng, kind)
    return env


def _value(rng: random.Random, kind: str) -> Any:
    if rng.random() < 0.1:
        return {"na": True}
    if rng.random() < 0.03:
        kind = rng.choice(_KINDS)
    return {
        "num": lambda: rng.choice([*_NUMBERS, rng.uniform(-100, 100)]),
        "bool": lambda: rng.random() < 0.5,
        "code": lambda: rng.choice(_CODES),
        "set": lambda: rng.sample(_CODES, rng.randint(0, 3)),
        "date": lambda: rng.choice(_DATES),
    }[kind]()


def _tree(rng: random.Random, kind: str, depth: int) -> list[Any]:
    if rng.random() < 0.04:
        kind = rng.choice(_KINDS)
    if depth <= 0 or rng.random() < 0.15:
        return _leaf(rng, kind)
    if kind == "bool":
        return _condition(rng, depth - 1)
    if kind == "num":
        return _number(rng, depth - 1)
    if rng.random() < 0.2:
        return ["coalesce", _leaf(rng, kind), _leaf(rng, kind)]
    return _leaf(rng, kind)


def _leaf(rng: random.Random, kind: str) -> list[Any]:
    if rng.random() < 0.6:
        return ["q", rng.choice(_NAMES["any" if rng.random() < 0.05 else kind])]
    if kind == "set":
        return ["q", rng.choice(_NAMES["set"])]
    value = _value(rng, kind)
    return ["k", 0 if isinstance(value, dict | list) else value]


def _condition(rng: random.Random, depth: int) -> list[Any]:
    operator = rng.choice(
        ["and", "or", "not", "compare", "in", "has", "has_list", "state", "if"]
    )
    if operator in ("and", "or"):
        count = rng.randint(2, 4)
        return [operator, *(_tree(rng, "bool", depth) for _ in range(count))]
    if operator == "not":
        return ["not", _tree(rng, "bool", depth)]
    if operator == "compare":
        kind = rng.choice(["num", "num", "date", "code", "bool"])
        sign = rng.choice(["eq", "ne", "lt", "le", "gt", "ge"])
        return [sign, _tree(rng, kind, depth), _tree(rng, kind, depth)]
    if operator == "in":
        kind = rng.choice(["num", "code"])
        members = [_value(rng, kind) for _ in range(rng.randint(1, 4))]
        plain_members = [m for m in members if not isinstance(m, dict | list)]
        return ["in", _tree(rng, kind, depth), ["k", plain_members]]
    if operator == "has":
        return ["has", _tree(rng, "set", depth), _leaf(rng, "code")]
    if operator == "has_list":
        wanted = rng.choice(
            [["k", rng.sample(_CODES, rng.randint(0, 3))], ["q", "s2"], ["k", [1, "a"]]]
        )
        name = rng.choice(["has_any", "has_all"])
        return [name, _tree(rng, "set", depth), wanted]
    if operator == "state":
        kind = rng.choice(_KINDS)
        return [rng.choice(["answered", "is_na"]), ["q", rng.choice(_NAMES[kind])]]
    return ["if", *(_tree(rng, "bool", depth) for _ in range(3))]


def _number(rng: random.Random, depth: int) -> list[Any]:
    operator = rng.choice(
        ["add", "sub", "mul", "div", "neg", "if", "fold", "count", "days", "coalesce"]
    )
    if operator == "neg":
        return ["neg", _tree(rng, "num", depth)]
    if operator == "if":
        return ["if", _tree(rng, "bool", depth), *_pair(rng, depth)]
    if operator == "fold":
        count = rng.randint(1, 4)
        name = rng.choice(["min", "max", "sum", "mean", "mean_known"])
        return [name, *(_tree(rng, "num", depth) for _ in range(count))]
    if operator == "count":
        if rng.random() < 0.3:
            return ["count", ["q", rng.choice(_NAMES["set"])]]
        return ["count", *(_tree(rng, "bool", depth) for _ in range(rng.randint(1, 3)))]
    if operator == "days":
        return ["days_between", _tree(rng, "date", depth), _tree(rng, "date", depth)]
    return [operator, *_pair(rng, depth)]


def _pair(rng: random.Random, depth: int) -> list[list[Any]]:
    return [_tree(rng, "num", depth), _tree(rng, "num", depth)]


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _with_na(env: dict[str, Any]) -> dict[str, Any]:
    return {k: NA if isinstance(v, dict) else v for k, v in env.items()}
