"""Banks as values: lookups, JSON, hash, malformed data."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings

from question_bank.engine.codec import MalformedData, decode, encode
from question_bank.engine.definition import (
    Band,
    Bank,
    Change,
    Kind,
    Point,
    Question,
    Superseded,
)
from tests.engine.builders import bank, question, text
from tests.engine.strategies import banks
from tests.engine.worked_example import example_bank


@settings(max_examples=50, deadline=None, database=None)
@given(banks())
def test_json_gives_the_same_bank_back(of):
    again = Bank.from_json(of.to_json())

    assert again == of
    assert again.sha256 == of.sha256
    assert again.canonical_bytes() == of.canonical_bytes()


def test_everything_travels_as_json():
    item = question(
        "n",
        "S",
        type=Kind.NUMBER,
        min=0.5,
        max=9,
        points=(Point(Fraction(1, 3), Fraction(1)),),
    )
    of = bank(
        {"S": Fraction(1, 3)},
        [item],
        changelog=(Change("1.0.0", date(2026, 11, 24), text("first")),),
    )
    data = of.to_json()

    assert data["questions"][0]["points"] == [{"at": "1/3", "points": "1"}]
    assert data["changelog"][0]["date"] == "2026-11-24"
    assert Bank.from_json(data) == of


def test_a_field_that_was_added_later_leaves_old_hashes_alone():
    of = example_bank()
    replaced = Superseded("newer", date(2024, 1, 1), text("replaced"), "verified")

    assert "superseded" not in of.to_json()
    assert replace(of, superseded=replaced).sha256 != of.sha256
    again = Bank.from_json(replace(of, superseded=replaced).to_json())
    assert again.superseded == replaced


def test_a_field_that_was_there_from_the_start_is_always_written():
    assert encode(Band("A", text("a"), text("a")))["min_self"] is None


def test_hash_changes_with_the_content():
    of = example_bank()

    assert of.sha256 != replace(of, version="1.0.1").sha256
    assert len(of.sha256) == 64


def test_lookups():
    of = example_bank()

    assert of.question("audit").section == "C9"
    assert of.section("C9").weight == 10
    assert of.clause("C9-audit").leaf
    assert of.band("X") == of.gate_band
    assert [q.id for q in of.questions_of("C9-audit")] == ["audit"]
    assert of.questions_of("no such clause") == ()
    assert [q.id for q in of.section_questions("C10")] == ["correction", "improvement"]
    assert of.section_questions("no such section") == ()
    assert of.has_question("audit")
    assert not of.has_clause("no such clause")
    assert of.scale.top == 4
    assert question("free", "S", clauses=()).clause is None


@pytest.mark.parametrize("lookup", ["question", "section", "clause", "band"])
def test_unknown_ids_are_key_errors(lookup):
    with pytest.raises(KeyError):
        getattr(example_bank(), lookup)("no such thing")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 5),
        ("weight", 0.5),
        ("weight", "much"),
        ("weight", "1/0"),
        ("weight", True),
        ("clauses", "C-1"),
        ("text", ["zh"]),
        ("type", "essay"),
        ("modality", "perhaps"),
        ("event_based", 1),
        ("min", "1"),
        ("mandatory", 3),
        ("mandatory", {"cap": "59"}),
    ],
)
def test_malformed_data_is_refused(field, value):
    data = {**encode(question("item", "S")), field: value}

    with pytest.raises(MalformedData):
        decode(Question, data)


def test_malformed_dates_and_fields_are_refused():
    with pytest.raises(MalformedData):
        decode(Change, {"version": "1", "date": "yesterday", "text": {}})
    with pytest.raises(MalformedData):
        decode(Band, {"id": "A"})
    with pytest.raises(MalformedData):
        decode(Band, "A")


def test_missing_optional_fields_take_their_defaults():
    data = encode(question("item", "S"))
    del data["event_based"]

    assert decode(Question, data) == question("item", "S")


def test_types_without_a_converter_are_a_programming_error():
    with pytest.raises(TypeError):
        decode(complex, 1)
