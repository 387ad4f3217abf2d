"""Size classes of 2017: every row of the table at its floors, and the two traps."""

from fractions import Fraction

import pytest

from question_bank.engine.size_class import (
    CLASSES,
    FLOORS,
    parse_industry,
    section_of,
    size_class,
)

DIVISIONS = {
    "A": "A01", "B": "B06", "C": "C13", "D": "D44", "E": "E47", "H": "H61",
    "L": "L71", "M": "M73", "N": "N76", "O": "O80", "R": "R86",
}  # fmt: skip


def size(industry, **measures):
    given = {name: Fraction(value) for name, value in measures.items()}
    return size_class(industry, given)


def test_both_floors_are_needed():
    assert size("C3484", staff=350, revenue=1800) == "small"
    assert size("C3484", staff=350, revenue=2000) == "medium"
    assert size("C3484", staff=1000, revenue=39999) == "medium"
    assert size("C3484", staff=5000, revenue=350) == "small"


def test_either_below_the_small_floor_is_micro():
    assert size("C3484", staff=19, revenue=40000) == "micro"
    assert size("C3484", staff=1000, revenue=299) == "micro"


@pytest.mark.parametrize("prefix", sorted(FLOORS))
def test_each_class_begins_at_its_floor(prefix):
    floors = FLOORS[prefix]
    for place, name in enumerate(CLASSES[:3]):
        at = {floor.measure: Fraction(getattr(floor, name)) for floor in floors}
        code = DIVISIONS.get(prefix, prefix)
        assert size_class(code, at) == name
        for floor in floors:
            below = at | {floor.measure: at[floor.measure] - Fraction(1, 100)}
            assert size_class(code, below) == CLASSES[place + 1]


def test_storage_and_telecoms_have_rows_of_their_own():
    assert size("G5920", staff=100, revenue=1000) == "medium"
    assert size("G5430", staff=100, revenue=1000) == "small"
    assert size("G5910", staff=100, revenue=1000) == "small"
    assert size("I6311", staff=100, revenue=1000) == "medium"
    assert size("I6311", staff=1999, revenue=100000) == "medium"
    assert size("I6510", staff=300, revenue=10000) == "large"


def test_real_estate_is_four_businesses():
    assert size("K7010", revenue=1000, assets=5000) == "medium"
    assert size("K7020", staff=300, revenue=1000) == "medium"
    assert size("K7030", staff=100) == "medium"
    assert size("K7040", staff=100, revenue=1000, assets=5000) is None


@pytest.mark.parametrize("code", ["J6620", "P8334", "S9111", "G5310", "Q8411", "T9700"])
def test_outside_the_table_there_is_no_class(code):
    assert size(code, staff=1000, revenue=100000, assets=100000) is None


def test_an_unknown_measure_gives_no_class():
    assert size("C3484", staff=350) is None
    assert size_class("C3484", {"staff": Fraction(350), "revenue": None}) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("C3484", "C3484"), ("3484", "C3484"), ("65", "I65"), ("0111", "A0111")],
)
def test_the_section_letter_follows_from_the_division(text, code):
    assert parse_industry(text) == code


@pytest.mark.parametrize("text", ["A3484", "C", "9911", "0011", "C34845", "制造", ""])
def test_what_is_no_industry_code(text):
    assert parse_industry(text) is None


def test_every_division_has_a_section():
    assert [d for d in range(1, 98) if section_of(d) is None] == []
    assert section_of(0) is None
    assert section_of(98) is None
