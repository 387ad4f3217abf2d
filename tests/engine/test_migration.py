"""Carrying answers to another bank."""

from question_bank.engine.answers import Answered, NotApplicable
from question_bank.engine.migration import BankMap, MapEntry, carry, identity_map
from tests.engine.builders import bank, question, sheet, yesno

OLD = bank(
    {"S": 1},
    [
        question("kept", "S"),
        question("wide", "S"),
        question("gone", "S"),
        question("turned", "S"),
        question("unmapped", "S"),
    ],
)
NEW = bank(
    {"S": 1},
    [
        question("kept_new", "S"),
        question("narrow", "S"),
        yesno("turned_new", "S"),
        question("fresh", "S"),
    ],
)
MAP = BankMap(
    "old",
    "new",
    (
        MapEntry("kept", "same", "kept_new"),
        MapEntry("wide", "narrower", "narrow"),
        MapEntry("gone", "dropped"),
        MapEntry("turned", "same", "turned_new"),
        MapEntry("kept", "related", "no_such_question"),
    ),
)
FILLED = sheet(
    {"kept": 3, "wide": 2, "gone": 4, "turned": 1, "unmapped": 0},
    strengths={"kept": "named", "gone": "said"},
)


def test_same_is_copied_to_be_confirmed_with_its_evidence():
    found = carry(FILLED, OLD, NEW, MAP)

    assert found.carried.answers == {"kept_new": Answered(3)}
    assert found.carried.strengths == {"kept_new": "named"}
    assert found.to_confirm == ("kept_new",)


def test_other_relations_are_hints():
    found = carry(FILLED, OLD, NEW, MAP)

    assert [(h.question, h.source, h.relation) for h in found.hints] == [
        ("narrow", "wide", "narrower"),
        ("turned_new", "turned", "same"),
    ]


def test_an_answer_that_no_longer_fits_is_a_hint():
    of = bank({"S": 1}, [question("item", "S")])
    filled = sheet({"item": NotApplicable("不涉及")})

    found = carry(filled, of, of, identity_map(of))

    assert found.carried.answers == {}
    assert [hint.question for hint in found.hints] == ["item"]


def test_dropped_and_unmapped_stay_behind_and_new_is_listed():
    found = carry(FILLED, OLD, NEW, MAP)

    assert found.left_behind == ("gone", "unmapped")
    assert found.new == ("fresh",)


def test_unanswered_questions_carry_nothing():
    found = carry(sheet({}), OLD, NEW, MAP)

    assert (found.carried.answers, found.hints, found.left_behind) == ({}, (), ())


def test_identity_map_between_versions_names_what_both_have():
    later = bank({"S": 1}, [question("kept", "S"), question("added", "S")])

    assert identity_map(OLD, later).entries == (MapEntry("kept", "same", "kept"),)
