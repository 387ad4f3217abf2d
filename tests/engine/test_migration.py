"""Carrying answers to another bank."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from question_bank.engine.answers import (
    Answered,
    NotApplicable,
    answer_to_json,
    validate_answer,
)
from question_bank.engine.definition import Choice, Kind
from question_bank.engine.migration import (
    RELATIONS,
    BankMap,
    MapEntry,
    carry,
    identity_map,
    version_map,
)
from tests.engine.builders import bank, question, sheet, text, yesno
from tests.engine.strategies import banks, cases

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


def test_two_versions_of_a_question_are_the_same_while_answers_mean_the_same():
    old = bank(
        {"S": 1},
        [
            question("kept", "S"),
            question("reworded", "S"),
            yesno("retyped", "S"),
            question("gone", "S"),
        ],
    )
    new = bank(
        {"S": 1},
        [
            question("kept", "S", weight=3),
            question("reworded", "S", text=text("said otherwise")),
            question("retyped", "S"),
            question("added", "S"),
        ],
    )

    assert version_map(old, new).entries == (
        MapEntry("kept", "same", "kept", unchanged=True),
        MapEntry("reworded", "same", "reworded"),
        MapEntry("retyped", "related", "retyped"),
        MapEntry("gone", "dropped"),
    )


CHANGED = [
    {"unit": text("people")},
    {"max": 50},
    {"integer": True},
    {"choices": (Choice("a", text("a")),)},
    {"type": Kind.TEXT},
]


@pytest.mark.parametrize("change", CHANGED, ids=str)
def test_another_unit_range_or_choice_makes_a_hint(change):
    number = question("n", "S", type=Kind.NUMBER, weight=0, levels=())
    old, new = bank({"S": 1}, [number]), bank({"S": 1}, [replace(number, **change)])

    assert [entry.relation for entry in version_map(old, new).entries] == ["related"]


def test_what_reads_the_very_same_needs_no_confirmation():
    of = bank({"S": 1}, [question("a", "S"), question("b", "S")])
    new = bank({"S": 1}, [question("a", "S"), question("b", "S", help=text("new"))])

    found = carry(sheet({"a": 3, "b": 2}), of, new, version_map(of, new))

    assert found.carried.answers == {"a": Answered(3), "b": Answered(2)}
    assert found.to_confirm == ("b",)


def test_remarks_without_an_answer_are_kept_like_answers():
    found = carry(
        sheet({}), OLD, NEW, MAP, remarked=frozenset({"kept", "wide", "gone"})
    )

    assert found.origins == {"kept_new": "kept"}
    assert (found.hinted, found.left_behind) == (("wide",), ("gone",))
    assert (found.carried.answers, found.to_confirm) == ({}, ())


def test_a_second_answer_for_one_question_becomes_a_hint():
    doubled = BankMap(
        "old",
        "new",
        (MapEntry("kept", "same", "narrow"), MapEntry("wide", "same", "narrow")),
    )

    found = carry(FILLED, OLD, NEW, doubled)

    assert found.carried.answers == {"narrow": Answered(3)}
    assert found.hinted == ("wide",)


def test_helped_are_open_new_questions_with_hints():
    several = BankMap(
        "old",
        "new",
        (
            MapEntry("kept", "same", "kept_new"),
            MapEntry("wide", "related", "kept_new"),
            MapEntry("wide", "broader", "narrow"),
            MapEntry("gone", "related", "narrow"),
        ),
    )

    found = carry(FILLED, OLD, NEW, several)

    assert found.helped == ("narrow",)
    assert found.hinted == ("wide", "gone")


def test_a_map_travels_as_json():
    assert BankMap.from_json(MAP.to_json()) == MAP
    assert BankMap.from_json(MAP.to_json()).sha256 == MAP.sha256


@st.composite
def moves(draw):
    """Return two random banks, a sheet with remarks, and any map between the two."""
    old, filled = draw(cases())
    new = draw(banks())
    sources = [*(q.id for q in old.questions), "no_such_question"]
    targets = [None, *(q.id for q in new.questions), "no_such_question"]
    entries = st.builds(
        MapEntry,
        st.sampled_from(sources),
        st.sampled_from(RELATIONS),
        st.sampled_from(targets),
        unchanged=st.booleans(),
    )
    bank_map = BankMap("old", "new", tuple(draw(st.lists(entries, max_size=25))))
    remarked = draw(st.frozensets(st.sampled_from([q.id for q in old.questions])))
    return old, filled, new, bank_map, remarked


@given(moves())
@settings(max_examples=300, deadline=None)
def test_every_old_answer_is_carried_hinted_or_left_behind_and_never_two(case):
    old, filled, new, bank_map, remarked = case

    found = carry(filled, old, new, bank_map, remarked=remarked)

    said = {*filled.answers, *remarked}
    parts = (set(found.origins.values()), set(found.hinted), set(found.left_behind))
    assert set().union(*parts) == said
    assert sum(len(part) for part in parts) == len(said)
    for target, source in found.origins.items():
        assert found.carried.answers.get(target) == filled.answers.get(source)


@given(moves())
@settings(max_examples=150, deadline=None)
def test_what_is_carried_is_valid_under_the_new_bank(case):
    old, filled, new, bank_map, remarked = case

    found = carry(filled, old, new, bank_map, remarked=remarked)

    for question_id, answer in found.carried.answers.items():
        data = answer_to_json(answer)
        assert answer_to_json(validate_answer(new.question(question_id), data)) == data
    assert set(found.to_confirm) <= set(found.carried.answers)
    assert {hint.question for hint in found.hints} <= {q.id for q in new.questions}


@given(cases())
@settings(max_examples=60, deadline=None)
def test_a_version_without_changes_carries_everything_that_fits(case):
    of, filled = case

    found = carry(filled, of, of, version_map(of, of))

    assert found.to_confirm == ()
    assert found.left_behind == ()
    assert found.new == ()
