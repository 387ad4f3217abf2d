"""Scoring by example: gates, findings, notes, indicators, the trace."""

import pickle
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from question_bank.engine.answers import DontKnow, NotApplicable, NotOccurred
from question_bank.engine.definition import (
    Choice,
    Kind,
    Mandatory,
    NaPolicy,
    Point,
    Wait,
)
from question_bank.engine.months import add_months
from question_bank.engine.scorecard import Scorecard, display
from question_bank.engine.scoring import score
from tests.engine.builders import bank, gate, question, sheet, text, yesno
from tests.engine.worked_example import example_bank, example_sheet

START = question("start", "P", type=Kind.DATE, weight=0)


def ids(card, severity=None):
    return [f.id for f in card.findings if severity in (None, f.severity)]


def solid(count, section="S"):
    """Items that conform, so that others do not make the section systemic."""
    return [question(f"ok{i}", section, clauses=("S-ok",)) for i in range(count)]


def filled_with(count, **answers):
    return {**{f"ok{i}": 3 for i in range(count)}, **answers}


def attached(count, *names):
    return dict.fromkeys([*(f"ok{i}" for i in range(count)), *names], "attached")


@pytest.mark.parametrize(
    ("answers", "state", "earliest"),
    [
        ({}, "open", None),
        ({"start": "2026-08-24"}, "passed", date(2026, 11, 24)),
        ({"start": "2026-08-25"}, "open", date(2026, 11, 25)),
    ],
)
def test_waiting_gate(answers, state, earliest):
    of = bank(
        {"P": 0, "S": 1},
        [START, question("item", "S")],
        gates=(gate("run", "answered(start)", Wait("start", 3)),),
    )
    card = score(of, sheet({"item": 4, **answers}))

    assert (card.gates[0].state, card.gates[0].earliest) == (state, earliest)
    assert card.gates[0].questions == ("start",)
    assert (card.band == "X") == (state != "passed")
    assert card.earliest_application == earliest
    assert card.blocked_until_done == (() if earliest else ("run",))


@pytest.mark.parametrize(
    ("answer", "state"), [(True, "passed"), (False, "failed"), (None, "open")]
)
def test_yes_no_gate(answer, state):
    of = bank(
        {"P": 0, "S": 1},
        [yesno("done", "P"), question("item", "S")],
        gates=(gate("audit", "done = 是"),),
    )
    given = {"item": 3} if answer is None else {"item": 3, "done": answer}
    card = score(of, sheet(given, strengths={"item": "attached"}))

    assert card.gates[0].state == state
    assert card.band == ("A" if state == "passed" else "X")
    assert card.blocked_until_done == (() if state == "passed" else ("audit",))
    assert card.earliest_application == date(2026, 11, 24)


def test_wait_on_a_question_without_a_date_stays_open():
    of = bank(
        {"P": 0, "S": 1},
        [START, question("item", "S")],
        gates=(
            gate("odd", "item >= 0", Wait("no_such_question", 1)),
            gate("unsure", "item >= 0", Wait("start", 1)),
        ),
    )
    card = score(of, sheet({"item": 3, "start": DontKnow()}))

    assert [g.state for g in card.gates] == ["open", "open"]


def test_a_shut_gate_shows_even_when_little_is_answered():
    of = bank(
        {"P": 0, "S": 1},
        [yesno("done", "P"), *solid(5)],
        gates=(gate("audit", "done = yes"),),
    )

    assert score(of, sheet({"done": False})).band == "X"
    assert score(of, sheet({"done": True})).band is None


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-12-15", 12, "2027-12-15"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start, months, end):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_critical_item_below_its_minimum_is_major():
    of = bank({"S": 1}, [question("item", "S", mandatory=Mandatory(2)), *solid(5)])

    assert ids(score(of, sheet(filled_with(5, item=1))), "major") == ["critical:item"]
    assert ids(score(of, sheet(filled_with(5, item=2))), "major") == []
    assert ids(score(of, sheet(filled_with(5, item=2))), "minor") == ["partial:item"]


def test_critical_item_may_be_declared_minor():
    of = bank(
        {"S": 1}, [question("item", "S", mandatory=Mandatory(2, "minor")), *solid(5)]
    )
    card = score(of, sheet(filled_with(5, item=0)))

    assert ids(card, "major") == []
    assert ids(card, "minor") == ["critical:item"]


def test_three_weak_items_in_one_clause_are_major():
    weak = [question(f"weak{i}", "S", clauses=("S-w",)) for i in range(3)]
    of = bank({"S": 1}, [*weak, *solid(9)])
    three = score(of, sheet(filled_with(9, weak0=2, weak1=2, weak2=2)))
    two = score(of, sheet(filled_with(9, weak0=2, weak1=2, weak2=3)))

    assert ids(three, "major") == ["weak_clause:S-w"]
    assert three.findings[0].questions == ("weak0", "weak1", "weak2")
    assert three.findings[0].clause == "S-w"
    assert ids(three, "minor") == []
    assert ids(two, "major") == []
    assert ids(two, "minor") == ["partial:weak0", "partial:weak1"]


@pytest.mark.parametrize(
    ("levels", "systemic"),
    [
        ((2, 1, 3, 3), True),
        ((2, 2, 3, 3), False),
        ((1, 3, 3, 3), False),
        ((1, 2, 2, 3), True),
    ],
)
def test_half_a_section_weak_with_a_nonconformity_is_systemic(levels, systemic):
    items = [question(f"i{i}", "S", clauses=(f"S-{i}",)) for i in range(4)]
    of = bank({"S": 1}, items)
    card = score(of, sheet({f"i{i}": level for i, level in enumerate(levels)}))

    assert ("systemic:S" in ids(card, "major")) == systemic


def test_systemic_is_told_with_the_sections_critical_item():
    of = bank(
        {"S": 1},
        [
            question("low", "S", mandatory=Mandatory(2), finding=text("No review.")),
            question("weak", "S", clauses=("S-2",)),
        ],
    )
    card = score(of, sheet({"low": 0, "weak": 2}))

    assert ids(card, "major") == ["critical:low"]
    assert card.findings[0].questions == ("low", "weak")
    assert card.findings[0].text["en"].startswith("No review. At least half of")
    assert ids(card, "minor") == []


def test_prohibited_act_is_major_and_scores_nothing():
    of = bank({"S": 1}, [yesno("pirated", "S", prohibited=True), *solid(3)])
    going_on = score(of, sheet(filled_with(3, pirated=True)))
    not_so = score(of, sheet(filled_with(3, pirated=False)))

    assert ids(going_on, "major") == ["prohibited:pirated"]
    assert ids(not_so, "major") == []
    assert going_on.self_score == not_so.self_score == 100


def test_optional_item_is_an_observation_never_a_finding():
    of = bank(
        {"S": 1}, [question("opt", "S", weight=0, modality="optional"), *solid(2)]
    )
    strengths = attached(2)
    low = score(of, sheet(filled_with(2, opt=0), strengths=strengths))
    high = score(of, sheet(filled_with(2, opt=3), strengths=strengths))
    silent = score(of, sheet(filled_with(2), strengths=strengths))

    assert [(f.id, f.severity) for f in low.findings] == [
        ("optional:opt", "observation")
    ]
    assert high.findings == silent.findings == ()
    assert low.self_score == 100


def test_conforming_but_only_said_is_an_observation():
    of = bank({"S": 1}, [question("item", "S")])
    card = score(of, sheet({"item": 3}))

    assert ids(card) == ["said_only:item", "evidence_gap", "evidence_gap:S"]
    assert (card.self_score, card.evidenced_score) == (100, 60)


def test_gap_of_evidence_counts_from_ten_points():
    of = bank({"S": 1}, [question("a", "S"), question("b", "S", clauses=("S-2",))])
    ten = score(of, sheet({"a": 3, "b": 3}, strengths={"a": "named", "b": "attached"}))
    policy = replace(of.policy, evidence_gap=Fraction(1001, 100))

    assert (ten.self_score, ten.evidenced_score) == (100, 90)
    assert "evidence_gap" in ids(ten)
    stricter = score(
        replace(of, policy=policy),
        sheet({"a": 3, "b": 3}, strengths={"a": "named", "b": "attached"}),
    )
    assert "evidence_gap" not in ids(stricter)


def test_findings_on_unanswered_items_are_provisional():
    of = bank({"S": 1}, [question("item", "S", mandatory=Mandatory(2)), *solid(5)])

    assert score(of, sheet(filled_with(5))).findings[0].provisional
    assert not score(of, sheet(filled_with(5, item=0))).findings[0].provisional


def test_text_of_a_finding_names_the_question_when_none_is_written():
    of = bank({"S": 1}, [question("item", "S"), *solid(5)])
    card = score(of, sheet(filled_with(5, item=1)))

    assert card.findings[0].text == {
        "zh": "未达到符合：中文 item",
        "en": "Not conforming: item",
    }


def test_not_occurred_counts_the_mechanism_with_half_weight():
    of = bank(
        {"S": 1},
        [question("event", "S", weight=2, event_based=True), question("item", "S")],
    )
    card = score(of, sheet({"event": NotOccurred(0), "item": 3}))

    assert card.self_score == 50
    assert (card.item("event").state, card.item("event").weight) == ("not_occurred", 1)
    assert card.sections[0].not_occurred == 1


def test_dont_know_is_level_zero_and_listed():
    of = bank({"S": 1}, [question("item", "S"), *solid(1)])
    card = score(of, sheet(filled_with(1, item=DontKnow())))

    assert card.self_score == 50
    assert card.item("item").level == 0
    assert [n.questions for n in card.notes if n.code == "to_find_out"] == [("item",)]


def test_a_high_share_of_na_puts_the_scope_in_doubt():
    items = [question(f"i{i}", "S", na=NaPolicy(allowed=True)) for i in range(4)]
    of = bank({"S": 1}, items)
    na = NotApplicable("不涉及")
    quarter = score(of, sheet({"i0": na, "i1": 3, "i2": 3, "i3": 3}))
    half = score(of, sheet({"i0": na, "i1": na, "i2": 3, "i3": 3}))

    assert quarter.na_share == Fraction(1, 4)
    assert "scope_in_doubt" not in [n.code for n in quarter.notes]
    assert [n.sections for n in half.notes if n.code == "scope_in_doubt"] == [("S",)]


def test_little_answered_gives_no_band():
    of = bank({"S": 1}, solid(20))
    enough = score(of, sheet({f"ok{i}": 4 for i in range(18)}))
    too_little = score(of, sheet({f"ok{i}": 4 for i in range(17)}))

    assert enough.completeness == Fraction(9, 10)
    assert enough.band is not None
    assert too_little.band is None
    assert [n.code for n in too_little.notes] == ["incomplete"]


def test_empty_section_gives_its_weight_to_the_others():
    of = bank(
        {"S": 1, "T": 9},
        [question("a", "S"), question("b", "T", na=NaPolicy(allowed=True))],
    )
    card = score(of, sheet({"a": 2, "b": NotApplicable("不涉及")}))

    assert card.self_score == 60
    assert card.sections[1].self_score is None
    assert [n.sections for n in card.notes if n.code == "not_scored"] == [("T",)]


def test_a_value_that_does_not_fit_counts_as_unanswered():
    of = bank({"S": 1}, [question("item", "S"), question("other", "S")])

    for value in (9, "3", True, None, 3.0):
        card = score(of, sheet({"item": value, "other": 3}))
        assert card.item("item").state == "unanswered"
        assert card.self_score == 50


def test_unknown_strength_is_the_weakest():
    of = bank({"S": 1}, [question("item", "S")])

    assert (
        score(of, sheet({"item": 3}, strengths={"item": "sworn"})).evidenced_score == 60
    )


LINEAR = (Point(Fraction(10), Fraction(0)), Point(Fraction(30), Fraction(1)))
YES = (Point(Fraction(0), Fraction(0)), Point(Fraction(1), Fraction(1)))
GRADED = (
    Choice("none", text("none"), Fraction(0)),
    Choice("some", text("some"), Fraction(2, 5)),
    Choice("more", text("more"), Fraction(4, 5)),
    Choice("free", text("free")),
)


@pytest.mark.parametrize(
    ("value", "points"),
    [(0, 0), (10, 0), (15, Fraction(1, 4)), (30, 1), (99, 1), (12.5, Fraction(1, 8))],
)
def test_number_earns_points_along_its_scale(value, points):
    of = bank({"S": 1}, [question("n", "S", type=Kind.NUMBER, points=LINEAR)])

    assert score(of, sheet({"n": value})).self_score == 100 * points


@pytest.mark.parametrize(
    ("kind", "value", "points"),
    [
        (Kind.CHOICE, "some", Fraction(2, 5)),
        (Kind.CHOICE, "free", 0),
        (Kind.CHOICES, ["some", "more"], 1),
        (Kind.CHOICES, [], 0),
        (Kind.CHOICES, ["none", "some"], Fraction(2, 5)),
        (Kind.CHOICE, "nothing_like_it", 0),
    ],
)
def test_choices_earn_their_points_up_to_one(kind, value, points):
    of = bank({"S": 1}, [question("c", "S", type=kind, choices=GRADED)])

    assert score(of, sheet({"c": value})).self_score == 100 * points


def test_yes_no_earns_points_and_reaches_a_minimum_by_points():
    item = yesno(
        "y", "S", weight=1, points=YES, mandatory=Mandatory(2, cap=Fraction(40))
    )
    of = bank({"S": 1}, [item])

    assert score(of, sheet({"y": True})).self_score == 100
    assert ids(score(of, sheet({"y": False})), "major") == ["critical:y"]
    assert score(of, sheet({"y": True})).maturity is None
    assert score(of, sheet({"y": "yes"})).item("y").state == "unanswered"


def test_calculated_item_earns_points_by_its_value():
    of = bank(
        {"S": 1},
        [
            question("a", "S", type=Kind.NUMBER, weight=0),
            question(
                "rate", "S", type=Kind.CALCULATED, rule="a / 2", weight=1, points=LINEAR
            ),
        ],
    )

    assert score(of, sheet({"a": 40})).self_score == 50
    assert score(of, sheet({})).item("rate").state == "unanswered"


def test_every_line_of_the_trace_explains_itself():
    of = bank(
        {"P": 0, "S": 1},
        [
            yesno("has_rd", "P"),
            question("hidden", "S", applies_when="has_rd = yes"),
            question("unknown", "S", applies_when="nothing >= 1"),
            question("counted", "S", weight=3),
            question("event", "S", weight=3, event_based=True),
            question("open", "S"),
            question("unsure", "S"),
            question("na", "S", na=NaPolicy(allowed=True)),
            yesno("point", "S", weight=1, points=YES),
        ],
    )
    card = score(
        of,
        sheet(
            {
                "has_rd": False,
                "counted": 2,
                "event": NotOccurred(3),
                "unsure": DontKnow(),
                "na": NotApplicable("不涉及"),
                "point": True,
            },
            strengths={"counted": "named"},
        ),
    )
    reasons = {item.question: item.reason["en"] for item in card.items}

    assert {item.question: item.state for item in card.items} == {
        "has_rd": "unscored",
        "hidden": "hidden",
        "unknown": "unknown",
        "counted": "counted",
        "event": "not_occurred",
        "open": "unanswered",
        "unsure": "counted",
        "na": "na",
        "point": "counted",
    }
    assert reasons["counted"] == (
        "Level 2, worth 0.6; document named, so 0.6 is evidenced; weight 3."
    )
    assert "half weight 1.5" in reasons["event"]
    assert reasons["point"].startswith("By the value answered, worth 1;")
    assert all(item.reason["zh"] for item in card.items)


def test_trace_lines_add_up_to_the_section():
    card = score(example_bank(), example_sheet())
    for section in card.sections:
        lines = [
            item
            for item in card.items
            if example_bank().question(item.question).section == section.id
            and item.weight
        ]
        whole = sum(item.weight for item in lines)
        earned = sum(item.weight * item.points for item in lines)
        assert 100 * earned / whole == section.self_score


def test_clause_scores_show_the_weakest_level():
    card = score(example_bank(), example_sheet())
    clauses = {c.key: c for c in card.clauses}

    assert clauses["C9-management_review"].weakest_level == 0
    assert clauses["C9-management_review"].self_score == 0
    assert clauses["C8-outsourcing"].self_score is None
    assert clauses["C8-licensing"].items == 1


def test_card_travels_as_json_with_shown_figures():
    card = score(example_bank(), example_sheet())
    data = card.to_json()

    assert Scorecard.from_json(data) == card
    assert data["display"]["self_score"] == display(card.self_score)
    assert data["sections"][0]["display"]["self_score"] == "83.33"
    assert data["self_score"] == str(card.self_score)


def test_card_names_bank_answers_and_scorer():
    of, filled = example_bank(), example_sheet()
    card = score(of, filled)

    assert (card.bank_sha256, card.answers_sha256) == (of.sha256, filled.sha256)
    assert card.scorer_version == "1"
    with pytest.raises(KeyError):
        card.item("no_such_question")


def test_nothing_to_show_is_nothing():
    assert display(None) is None
    assert display(Fraction(-1, 3)) == "-0.33"
    assert display(Fraction(-1, 1000)) == "0.00"


def test_a_used_bank_can_be_pickled():
    of = example_bank()
    first = score(of, example_sheet())

    assert score(pickle.loads(pickle.dumps(of)), example_sheet()) == first


def test_a_bank_without_a_fitting_band_names_none():
    of = replace(bank({"S": 1}, solid(1)), bands=bank({"S": 1}, solid(1)).bands[:1])

    assert score(of, sheet({"ok0": 0})).band is None


def test_items_without_a_clause_make_no_weak_clause():
    items = [question(f"i{i}", "S", clauses=()) for i in range(4)]
    card = score(bank({"S": 1}, [*items, *solid(9)]), sheet(filled_with(9)))

    assert [f.kind for f in card.findings if f.severity == "major"] == []
    assert card.items[0].state == "unanswered"
