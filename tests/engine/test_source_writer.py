"""Banks back to source: every field of the model is written, and read again."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings

from question_bank.engine.definition import Bank, Fact, Kind, LevelAnchor, Point
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.source_writer import ALWAYS, KEYS, bank_source, number_text
from question_bank.publishing import bank_folders
from question_bank.source import load_bank
from tests.engine.builders import bank, question, text, yesno
from tests.engine.strategies import banks
from tests.engine.whole_banks import example_bank, seeds, whole_bank

SMALL = Path(__file__).parents[1] / "banks" / "small"
FOLDERS = [*bank_folders(), SMALL]

# What the place of an entry says: a level as key, a leaf by its children, a rule by
# its text.
IMPLIED = {
    "Clause": {"leaf"},
    "LevelMark": {"value", "title"},
    "LevelAnchor": {"value", "text"},
    "Guidance": {"first", "last"},
    "Rule": {"text", "tree"},
    "Source": {"status"},
    "Point": {"at", "points"},
}


def model_classes(hint: Any = Bank) -> Iterator[type]:
    """Yield every dataclass that a bank is made of."""
    if dataclasses.is_dataclass(hint):
        yield hint  # type: ignore[misc]
        for inner in get_type_hints(hint).values():
            yield from model_classes(inner)
    for inner in get_args(hint):
        yield from model_classes(inner)


CLASSES = sorted(set(model_classes()), key=lambda cls: cls.__name__)


def read(source: dict[str, Any]) -> Bank:
    again, problems = parse_bank(source, {})
    assert problems == ()
    assert again is not None
    return again


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_field_of_the_model_is_written(cls):
    written = {key.attribute for key in KEYS.get(cls, ())}

    fields = {field.name for field in dataclasses.fields(cls)}
    assert written | IMPLIED.get(cls.__name__, set()) == fields


@pytest.mark.parametrize("cls", list(KEYS), ids=lambda cls: cls.__name__)
def test_what_is_left_out_is_what_the_model_takes_for_missing(cls):
    defaults = {field.name: field.default for field in dataclasses.fields(cls)}
    for key in KEYS[cls]:
        if defaults[key.attribute] is not dataclasses.MISSING:
            assert key.missing is ALWAYS or key.missing == defaults[key.attribute]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_our_banks_come_back(folder):
    of = load_bank(folder)[0]

    again = read(bank_source(of))
    assert again == of
    assert again.sha256 == of.sha256


def test_a_bank_with_nothing_at_its_default_comes_back():
    of = example_bank()

    assert read(bank_source(of)) == of


@settings(max_examples=150, deadline=None, database=None)
@given(seeds())
def test_any_bank_comes_back(seed):
    of = whole_bank(seed)

    again = read(bank_source(of))
    assert again == of
    assert again.sha256 == of.sha256


@settings(max_examples=50, deadline=None, database=None)
@given(banks())
def test_banks_that_score_come_back(of):
    assert read(bank_source(of)).sha256 == of.sha256


def scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            assert isinstance(key, str)
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    else:
        yield value


def test_every_scalar_is_a_string():
    assert {type(value) for value in scalars(bank_source(example_bank()))} == {str}


def test_defaults_are_left_out_and_the_order_is_an_authors():
    of = bank({"S": 1}, [yesno("has_rd", "S"), question("item", "S", weight=2)])

    source = bank_source(of)

    assert list(source)[:3] == ["id", "edition", "version"]
    assert {"facts", "gates", "policy", "changelog"}.isdisjoint(source)
    assert list(source["questions"][0]) == [
        "id",
        "section",
        "clause",
        "type",
        "text",
        "help",
        "weight",
        "departments",
    ]
    assert source["questions"][1]["guidance"] == {
        "0-2": {
            **text("do it"),
            "effort": "S",
            "days": "2",
            "owner": "ip",
            "weeks": "1",
        }
    }


def test_a_known_fact_is_named_by_its_id():
    fact = Fact("staff", Kind.NUMBER, text("staff"))
    other = Fact("assets", Kind.NUMBER, text("assets"))
    of = bank({"S": 1}, [yesno("a", "S")], facts=(fact, other))
    known = {"staff": fact, "assets": replace(other, type=Kind.TEXT)}

    source = bank_source(of, known)

    assert source["facts"] == ["staff", bank_source(of)["facts"][1]]
    assert parse_bank(source, {}, known)[0] == of


def test_points_of_a_yes_no_question_are_named():
    points = (Point(Fraction(0), Fraction(1, 3)), Point(Fraction(1), Fraction(1)))
    of = bank({"S": 1}, [yesno("a", "S", points=points, weight=1)])

    assert bank_source(of)["questions"][0]["points"] == {"yes": "1", "no": "1/3"}
    assert read(bank_source(of)) == of
    number = replace(of.questions[0], type=Kind.NUMBER)
    [written] = bank_source(replace(of, questions=(number,)))["questions"]
    assert written["points"] == [["0", "1/3"], ["1", "1"]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(1, 5), "0.2"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 80), "0.0125"),
        (Fraction(-5, 4), "-1.25"),
        (Fraction(100), "100"),
        (0, "0"),
        (10.5, "10.5"),
        (1e-7, "0.0000001"),
    ],
)
def test_numbers_are_written_exactly_and_without_exponent(value, written):
    assert number_text(value) == written


def test_what_source_cannot_say_is_refused():
    twice = tuple(LevelAnchor(1, text(word)) for word in ("a", "b"))
    of = bank({"S": 1}, [question("item", "S", levels=twice)])

    with pytest.raises(ValueError, match="two entries for 1"):
        bank_source(of)
