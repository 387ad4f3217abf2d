"""Evaluation beyond the shared vectors: laws of the three values, guards."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from question_bank.engine.rules import (
    NA,
    UNKNOWN,
    MalformedTree,
    compute,
    day_number,
    evaluate,
    normalised,
)

TRUTHS = (True, False, UNKNOWN)


def kleene(value):
    return {True: 1.0, False: 0.0, UNKNOWN: 0.5}[value]


@pytest.mark.parametrize(("a", "b"), list(product(TRUTHS, TRUTHS)))
def test_and_or_not_are_kleenes(a, b):
    env = {"a": a, "b": b}
    a_name, b_name = ("q", "a"), ("q", "b")

    assert kleene(evaluate(("and", a_name, b_name), env)) == min(kleene(a), kleene(b))
    assert kleene(evaluate(("or", a_name, b_name), env)) == max(kleene(a), kleene(b))
    assert kleene(evaluate(("not", a_name), env)) == 1 - kleene(a)


def test_unknown_refuses_to_be_a_truth_value():
    with pytest.raises(TypeError):
        bool(UNKNOWN)


def test_a_rule_whose_value_is_no_truth_value_is_unknown():
    assert evaluate(("k", 1), {}) is UNKNOWN
    assert evaluate(("q", "x"), {"x": "yes"}) is UNKNOWN


def test_yes_is_not_one():
    assert evaluate(("eq", ("q", "x"), ("k", True)), {"x": 1}) is UNKNOWN
    assert evaluate(("in", ("q", "x"), ("k", (True, 2))), {"x": 1}) is False
    assert evaluate(("eq", ("k", 1), ("k", 1.0)), {}) is True


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (3, 3.0),
        (True, True),
        ("a", "a"),
        (["b", "a"], frozenset({"a", "b"})),
        (float("nan"), UNKNOWN),
        (None, UNKNOWN),
        ({"rows": 1}, UNKNOWN),
        ([{"rows": 1}], frozenset()),
        (NA, NA),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_values_are_normalised(value, read):
    assert normalised(value) == read
    assert type(normalised(value)) is type(read)


@pytest.mark.parametrize("tree", [("xor", ("k", True), ("k", True)), ("", ("k", 1))])
def test_unknown_operator_is_an_error(tree):
    with pytest.raises(MalformedTree):
        compute(tree, {})


@settings(max_examples=200, deadline=None, database=None)
@given(st.dates(), st.dates())
def test_days_between_is_the_calendars(first, last):
    tree = ("days_between", ("k", first.isoformat()), ("k", last.isoformat()))

    assert compute(tree, {}) == (last - first).days


def test_every_day_of_four_centuries_follows_the_one_before():
    day, previous = date(1899, 12, 31), day_number("1899-12-31")
    while day < date(2300, 1, 2):
        day += timedelta(days=1)
        found = day_number(day.isoformat())
        assert found == previous + 1
        previous = found


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-04-31", "2026-00-01", "2026-01-00", "2026-1-01", "x"]
)
def test_there_is_no_such_day(text):
    assert day_number(text) is None
