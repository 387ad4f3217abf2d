"""Answers at the door: what each type takes and what is refused, and why."""

from fractions import Fraction

import pytest

from question_bank.engine.answers import (
    UNANSWERED,
    Answered,
    AnswerSheet,
    DontKnow,
    InvalidAnswer,
    NotApplicable,
    NotOccurred,
    answer_from_json,
    answer_to_json,
    validate_answer,
)
from question_bank.engine.definition import Choice, Column, Kind, NaPolicy
from tests.engine.builders import AS_OF, question, sheet, text, yesno

CHOICES = (Choice("a", text("a")), Choice("b", text("b")))
LEVEL = question("level", "S", event_based=True, na=NaPolicy(allowed=True))
YESNO = yesno("yes", "S")
CHOICE = question("one", "S", type=Kind.CHOICE, choices=CHOICES)
SET = question("many", "S", type=Kind.CHOICES, choices=CHOICES)
NUMBER = question("number", "S", type=Kind.NUMBER, min=1, max=100)
WHOLE = question("whole", "S", type=Kind.NUMBER, integer=True)
DATE = question("date", "S", type=Kind.DATE)
TEXT = question("text", "S", type=Kind.TEXT, max_length=5)
FILE = question("file", "S", type=Kind.FILE)
TABLE = question(
    "table",
    "S",
    type=Kind.TABLE,
    columns=(
        Column("name", Kind.TEXT, text("name")),
        Column("count", Kind.NUMBER, text("count"), optional=True),
        Column("kind", Kind.CHOICE, text("kind"), optional=True, choices=CHOICES),
    ),
)
CALCULATED = question("sum", "S", type=Kind.CALCULATED, rule="level + 1")


def answered(value):
    return {"state": "answered", "value": value}


@pytest.mark.parametrize(
    ("asked", "value", "stored"),
    [
        (LEVEL, 0, 0),
        (LEVEL, 4, 4),
        (YESNO, False, False),
        (CHOICE, "b", "b"),
        (SET, ["b", "a", "b"], ["a", "b"]),
        (SET, [], []),
        (NUMBER, 1.5, 1.5),
        (NUMBER, 3.0, 3),
        (NUMBER, 100, 100),
        (WHOLE, 7.0, 7),
        (WHOLE, -0.0, 0),
        (DATE, "2024-02-29", "2024-02-29"),
        (TEXT, " 保密\r\nx ", "保密\nx"),
        (TEXT, "e\u0301", "é"),
        (FILE, ["f2", "f1", "f2"], ["f2", "f1"]),
        (TABLE, [{"name": "甲", "count": 2.0}], [{"name": "甲", "count": 2}]),
        (TABLE, [{"name": "甲", "kind": None}], [{"name": "甲"}]),
        (TABLE, [], []),
    ],
)
def test_value_is_taken_and_normalised(asked, value, stored):
    found = validate_answer(asked, answered(value))

    assert found == Answered(stored)
    assert type(found.value) is type(stored)


@pytest.mark.parametrize(
    ("asked", "data", "code"),
    [
        (LEVEL, {"state": "perhaps"}, "unknown_state"),
        (LEVEL, {}, "unknown_state"),
        (LEVEL, {"state": ["answered"]}, "unknown_state"),
        (LEVEL, {"state": "answered", "value": 1, "by": 3}, "unknown_key"),
        (LEVEL, {"state": "dont_know", "value": 1}, "unknown_key"),
        (LEVEL, {"state": "answered"}, "wrong_type"),
        (LEVEL, answered(True), "wrong_type"),
        (LEVEL, answered("3"), "wrong_type"),
        (LEVEL, answered(3.0), "wrong_type"),
        (LEVEL, answered(5), "out_of_range"),
        (LEVEL, answered(-1), "out_of_range"),
        (YESNO, answered(1), "wrong_type"),
        (CHOICE, answered("c"), "unknown_choice"),
        (CHOICE, answered(["a"]), "wrong_type"),
        (SET, answered("a"), "wrong_type"),
        (SET, answered(["a", "c"]), "unknown_choice"),
        (SET, answered(["a", {}]), "wrong_type"),
        (NUMBER, answered("1"), "wrong_type"),
        (NUMBER, answered(True), "wrong_type"),
        (NUMBER, answered(float("nan")), "wrong_type"),
        (NUMBER, answered(float("inf")), "wrong_type"),
        (NUMBER, answered(0), "out_of_range"),
        (NUMBER, answered(100.5), "out_of_range"),
        (WHOLE, answered(10**400), "out_of_range"),
        (WHOLE, answered(1.5), "not_an_integer"),
        (DATE, answered("2023-02-29"), "not_a_date"),
        (DATE, answered("20230201"), "not_a_date"),
        (DATE, answered("2023-W01-1"), "not_a_date"),
        (DATE, answered("2023-02-01\n"), "not_a_date"),
        (DATE, answered("0203-02-01"), "out_of_range"),
        (DATE, answered(20230201), "wrong_type"),
        (TEXT, answered("123456"), "too_long"),
        (TEXT, answered("  "), "empty"),
        (TEXT, answered("a\x00b"), "control_character"),
        (TEXT, answered("a\ud800"), "control_character"),
        (TEXT, answered(5), "wrong_type"),
        (FILE, answered("f1"), "wrong_type"),
        (FILE, answered([1]), "wrong_type"),
        (FILE, answered(["f"] * 51), "too_many"),
        (TABLE, answered({}), "wrong_type"),
        (TABLE, answered([1]), "wrong_type"),
        (TABLE, answered([{"count": 1}]), "missing_column"),
        (TABLE, answered([{"name": "甲", "other": 1}]), "unknown_column"),
        (TABLE, answered([{"name": "甲", "kind": "c"}]), "unknown_choice"),
        (TABLE, answered([{"name": "甲"}] * 501), "too_many"),
        (CALCULATED, answered(1), "calculated"),
        (YESNO, {"state": "not_applicable", "reason": "x"}, "na_not_allowed"),
        (LEVEL, {"state": "not_applicable", "reason": " "}, "na_reason_required"),
        (LEVEL, {"state": "not_applicable"}, "na_reason_required"),
        (LEVEL, {"state": "not_applicable", "reason": 1}, "wrong_type"),
        (LEVEL, {"state": "not_applicable", "reason": "x" * 2001}, "too_long"),
        (YESNO, {"state": "not_occurred", "value": True}, "not_event_based"),
        (LEVEL, {"state": "not_occurred", "value": 9}, "out_of_range"),
    ],
)
def test_misfit_is_refused_with_a_stable_code(asked, data, code):
    with pytest.raises(InvalidAnswer) as caught:
        validate_answer(asked, data)

    assert caught.value.code == code
    assert caught.value.message["zh"]
    assert caught.value.message["en"]
    assert str(caught.value)


def test_not_a_mapping_is_refused():
    with pytest.raises(InvalidAnswer) as caught:
        validate_answer(LEVEL, [1])

    assert caught.value.code == "unknown_state"


def test_message_names_what_is_allowed():
    with pytest.raises(InvalidAnswer) as caught:
        validate_answer(NUMBER, answered(0))
    assert caught.value.message["en"] == "Must lie between 1 and 100."

    at_least = question("n", "S", type=Kind.NUMBER, min=1)
    with pytest.raises(InvalidAnswer) as caught:
        validate_answer(at_least, answered(0))
    assert caught.value.message["en"] == "Must be at least 1."

    at_most = question("n", "S", type=Kind.NUMBER, max=9)
    with pytest.raises(InvalidAnswer) as caught:
        validate_answer(at_most, answered(10))
    assert caught.value.message["en"] == "Must be at most 9."


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ({"state": "answered", "value": 3}, Answered(3)),
        ({"state": "not_applicable", "reason": "不涉及"}, NotApplicable("不涉及")),
        ({"state": "not_occurred", "value": None}, NotOccurred(None)),
        ({"state": "not_occurred", "value": 2}, NotOccurred(2)),
        ({"state": "dont_know"}, DontKnow()),
    ],
)
def test_states_travel_as_json(data, answer):
    assert answer_from_json(data) == answer
    assert answer_to_json(answer) == data
    assert validate_answer(LEVEL, data) == answer


def test_unknown_stored_state_is_an_error():
    with pytest.raises(ValueError, match="perhaps"):
        answer_from_json({"state": "perhaps"})


def test_sheet_travels_as_json_with_a_stable_hash():
    filled = sheet(
        {"a": 3, "b": DontKnow()}, strengths={"a": "named"}, facts={"region": "laishan"}
    )
    again = AnswerSheet.from_json(filled.to_json())

    assert again == filled
    assert again.sha256 == filled.sha256
    assert sheet({"b": DontKnow(), "a": 3}).sha256 != filled.sha256
    assert filled.get("a") == Answered(3)
    assert filled.get("c") is UNANSWERED


def test_hash_changes_with_every_part():
    base = sheet({"a": 3})
    others = [
        sheet({"a": 2}),
        sheet({"a": 3}, strengths={"a": "said"}),
        sheet({"a": 3}, facts={"x": 1}),
        sheet({"a": 3}, AS_OF.replace(year=2027)),
    ]

    assert len({base.sha256, *(other.sha256 for other in others)}) == 5


def test_top_level_follows_the_anchors():
    three = question("short", "S", levels=LEVEL.levels[:3], weight=Fraction(1))

    with pytest.raises(InvalidAnswer):
        validate_answer(three, answered(3))
    assert validate_answer(three, answered(2)) == Answered(2)
