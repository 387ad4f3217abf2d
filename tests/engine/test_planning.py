"""Planning: the exact optimum, its order and its calendar."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from question_bank.engine.answers import AnswerSheet
from question_bank.engine.branching import resolve
from question_bank.engine.definition import (
    Bank,
    Evidence,
    Guidance,
    Kind,
    Mandatory,
    Point,
    Wait,
)
from question_bank.engine.plan_optimum import Unsolvable, _Model, _solve, applied
from question_bank.engine.plan_options import options
from question_bank.engine.planning import Plan, plan
from question_bank.engine.rating import rate
from question_bank.engine.scoring import band_of, score
from tests.engine.builders import BANDS, bank, gate, question, sheet, text, yesno
from tests.engine.strategies import STRENGTHS
from tests.engine.worked_example import (
    example_bank,
    example_sheet,
)


@st.composite
def small_cases(draw: Any) -> tuple[Bank, AnswerSheet, str]:
    """Return a bank of few items, a sheet and a target."""
    questions = []
    names: list[str] = []
    for section in ("S0", "S1"):
        for item in range(draw(st.integers(1, 4))):
            name = f"{section.lower()}_{item}"
            days = draw(st.integers(0, 9))
            after = draw(st.sampled_from([(), *[(other,) for other in names]]))
            questions.append(
                question(
                    name,
                    section,
                    clauses=(f"{section}-{draw(st.integers(1, 2))}",),
                    weight=draw(st.integers(1, 3)),
                    mandatory=Mandatory(2) if draw(st.integers(0, 4)) == 0 else None,
                    event_based=True,
                    guidance=(Guidance(0, 2, text("do"), "M", days, "ip", 2),),
                    after=after,
                )
            )
            names.append(name)
    of = bank({"S0": draw(st.integers(1, 3)), "S1": 2}, questions)
    levels = {
        name: draw(st.integers(0, 4)) for name in names if draw(st.integers(0, 9))
    }
    strengths = {name: draw(st.sampled_from(STRENGTHS)) for name in names}
    target = draw(st.sampled_from(["A", "B", "C", "D"]))
    return of, sheet(levels, strengths=strengths), target


def brute_force(of: Bank, filled: AnswerSheet, target: str) -> int | None:
    """Return the least person-days of any sufficient set, by trying all sets."""
    ratings = rate(of, filled, resolve(of, filled))
    choices = options(of, ratings)
    wanted = [b.id for b in of.bands[: [b.id for b in of.bands].index(target) + 1]]
    best = None
    for picks in product((False, True), repeat=len(choices)):
        chosen = [option for option, taken in zip(choices, picks, strict=True) if taken]
        names = {option.question.id for option in chosen}
        complete = all(option in chosen for option in choices if option.forced)
        ordered = all(set(option.after) <= names for option in chosen)
        days = sum(option.days for option in chosen)
        worth_trying = complete and ordered and (best is None or days < best)
        if worth_trying and band_of(of, applied(ratings, chosen)) in wanted:
            best = days
    return best


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(small_cases())
def test_the_plan_is_the_optimum_that_brute_force_finds(case):
    of, filled, target = case

    found = plan(of, filled, target)

    best = brute_force(of, filled, target)
    assert found.attainable == (best is not None)
    if best is not None:
        assert found.total_days == best
        assert found.reaches in "ABCD"[: "ABCD".index(target) + 1]


def test_every_action_comes_after_those_it_builds_on():
    of = bank(
        {"S": 1},
        [
            question("first", "S", guidance=(_advice(9, "L"),)),
            question("second", "S", after=("first",), clauses=("S-2",)),
            question("third", "S", after=("second",), clauses=("S-3",)),
        ],
    )

    found = plan(of, sheet({"first": 0, "second": 1, "third": 2}))

    assert [a.question for a in found.actions] == ["first", "second", "third"]
    assert [a.start_week for a in found.actions] == [0, 2, 3]
    assert [a.rank for a in found.actions] == [1, 2, 3]
    assert found.weeks == 4


def _advice(days: int, effort: str, owner: str = "ip", weeks: int = 2) -> Guidance:
    return Guidance(0, 2, text(f"take {days} days"), effort, days, owner, weeks)


def test_two_owners_work_side_by_side():
    of = bank(
        {"S": 1},
        [
            question("ours", "S", guidance=(_advice(9, "M", "ip"),)),
            question(
                "theirs", "S", guidance=(_advice(9, "M", "hr"),), clauses=("S-2",)
            ),
        ],
    )

    found = plan(of, sheet({"ours": 0, "theirs": 0}))

    assert [a.start_week for a in found.actions] == [0, 0]


def test_an_owner_gives_five_days_a_week():
    items = [
        question(f"i{i}", "S", guidance=(_advice(3, "S"),), clauses=(f"S-{i}",))
        for i in range(4)
    ]
    found = plan(bank({"S": 1}, items), sheet({f"i{i}": 1 for i in range(4)}))

    assert [a.start_week for a in found.actions] == [0, 0, 1, 1]
    assert (found.total_days, found.weeks) == (12, 3)


def test_useful_actions_follow_what_the_target_needs():
    cheap = question("cheap", "S", weight=3, guidance=(_advice(1, "S", weeks=1),))
    dear = question("dear", "S", guidance=(_advice(20, "L"),), clauses=("S-2",))
    of = bank({"S": 1}, [cheap, dear])

    found = plan(of, sheet({"cheap": 2, "dear": 2}), "C")

    assert [(a.question, a.essential) for a in found.actions] == [
        ("cheap", False),
        ("dear", False),
    ]
    assert (found.total_days, found.weeks, found.reaches) == (0, 0, "C")
    assert [a.quick_win for a in found.actions] == [True, False]


def test_missing_evidence_is_an_action_of_its_own():
    item = question(
        "item",
        "S",
        evidence=(Evidence("list", text("list"), 3), Evidence("kpi", text("kpi"), 4)),
    )
    found = plan(bank({"S": 1}, [item]), sheet({"item": 3}))

    action = found.actions[0]
    assert (action.from_level, action.to_level) == (3, 3)
    assert action.reason["en"] == "Attach the evidence: list."
    assert (action.gain, action.evidenced_gain) == (0, 40)
    assert found.reaches == "A"


def test_gain_is_what_the_total_gains():
    of, filled = example_bank(), example_sheet()
    found = plan(of, filled)
    raised = {a.question: a.gain for a in found.actions}

    before = score(of, filled).self_raw
    after = score(of, example_sheet(("risks",))).self_raw

    assert raised["risks"] == after - before


def test_worked_example_first_reaches_b_then_a():
    of, filled = example_bank(), example_sheet()

    to_b, to_a = plan(of, filled, "B"), plan(of, filled)

    assert (to_b.attainable, to_b.reaches) == (True, "B")
    assert (to_a.attainable, to_a.reaches) == (True, "A")
    assert to_b.total_days < to_a.total_days
    gates = [a.question for a in to_b.actions if a.gate]
    assert gates == ["review_done", "review_and_reports", "management_review"]


def test_plan_done_reaches_what_it_says():
    of, filled = example_bank(), example_sheet()
    found = plan(of, filled, "B")
    done = tuple(a.question for a in found.essential if a.question != "review_done")

    card = score(of, example_sheet(done))

    assert (card.band, found.reaches) == ("B", "B")


def test_waiting_period_bounds_the_day_to_apply():
    start = question("start", "P", type=Kind.DATE, weight=0)
    of = bank(
        {"P": 0, "S": 1},
        [start, question("item", "S")],
        gates=(gate("run", "answered(start)", Wait("start", 3)),),
    )
    ready = {"item": 3}
    attached = {"item": "attached"}

    begun = plan(of, sheet({**ready, "start": "2026-11-01"}, strengths=attached))
    not_begun = plan(of, sheet(ready, strengths=attached))
    over = plan(of, sheet({**ready, "start": "2026-01-01"}, strengths=attached))

    assert begun.apply_from == date(2027, 2, 1)
    assert [(a.question, a.weeks) for a in begun.actions] == [("start", 10)]
    assert not_begun.apply_from == date(2027, 2, 24)
    assert [(a.question, a.weeks) for a in not_begun.actions] == [("start", 13)]
    assert (over.actions, over.apply_from) == ((), date(2026, 11, 24))


def test_prohibited_act_must_stop_first():
    of = bank(
        {"S": 1},
        [yesno("pirated", "S", prohibited=True), question("item", "S")],
    )
    found = plan(of, sheet({"pirated": True, "item": 3}, strengths={"item": "sampled"}))

    assert [(a.question, a.gate, a.owner) for a in found.actions] == [
        ("pirated", True, "ip")
    ]
    assert found.actions[0].reason["zh"] == "立即停止，保留处置记录。"
    assert found.reaches == "A"


def test_unattainable_target_is_said_to_be():
    scale = (Point(Fraction(0), Fraction(0)), Point(Fraction(10), Fraction(1)))
    stuck = question("rate", "S", type=Kind.NUMBER, weight=1, points=scale)
    of = bank({"S": 1}, [stuck, question("item", "S", clauses=("S-2",))])

    found = plan(of, sheet({"rate": 0, "item": 0}))

    assert (found.attainable, found.target, found.reaches) == (False, "A", "D")
    assert [a.question for a in found.actions] == ["item"]


def test_yes_no_items_and_items_without_advice_can_be_planned():
    points = (Point(Fraction(0), Fraction(0)), Point(Fraction(1), Fraction(1)))
    of = bank(
        {"S": 1},
        [
            yesno("named", "S", weight=1, points=points, departments=()),
            question("bare", "S", guidance=(), clauses=("S-2",)),
        ],
    )
    found = plan(of, sheet({"named": False, "bare": 1}))

    by_name = {a.question: a for a in found.actions}
    assert by_name["bare"].reason == text("level 3")
    assert by_name["named"].reason["en"] == "Make it conform."
    assert {a.days for a in found.actions} == {5}
    assert by_name["named"].owner == ""
    assert found.reaches == "A"


def test_evidence_without_a_list_is_asked_for_in_general():
    found = plan(
        bank({"S": 1}, [question("item", "S", evidence=())]), sheet({"item": 4})
    )

    assert found.actions[0].reason["en"] == "Attach documents or records."


def test_nothing_to_do_is_an_empty_plan():
    of = bank({"S": 1}, [question("item", "S")])

    found = plan(of, sheet({"item": 4}, strengths={"item": "sampled"}))

    assert found == Plan("A", "A", True, (), 0, 0, date(2026, 11, 24))


def test_unknown_target_is_refused():
    with pytest.raises(KeyError):
        plan(example_bank(), example_sheet(), "Z")


def test_what_suffices_only_within_the_solvers_tolerance_does_not_suffice():
    of = bank(
        {"S": 1},
        [
            question("strong", "S", weight=849_999_999_999),
            question(
                "dear", "S", weight=1, clauses=("S-2",), guidance=(_advice(3, "S"),)
            ),
            question(
                "rest",
                "S",
                weight=150_000_000_000,
                type=Kind.NUMBER,
                points=(
                    Point(Fraction(0), Fraction(0)),
                    Point(Fraction(1), Fraction(1)),
                ),
                clauses=("S-3",),
            ),
        ],
        bands=(
            replace(BANDS[0], min_evidenced=None, max_minor_share=None),
            BANDS[3],
        ),
    )
    filled = sheet({"strong": 3, "dear": 0, "rest": 0}, strengths={"strong": "sampled"})

    found = plan(of, filled)

    assert score(of, filled).self_score == Fraction(849_999_999_999, 10**10)
    assert [a.question for a in found.essential] == ["dear"]


def test_items_without_a_clause_or_with_partial_advice_are_planned():
    of = bank(
        {"S": 1},
        [
            question("bare", "S", clauses=(), guidance=(_advice(3, "S"),)),
            question(
                "high", "S", guidance=(Guidance(1, 2, text("g"), "S", 1, "ip", 1),)
            ),
        ],
    )
    found = plan(of, sheet({"bare": 0, "high": 0}))

    assert {(a.question, a.days) for a in found.actions} == {("bare", 3), ("high", 5)}


def test_rows_that_nothing_satisfies_are_an_error():
    model = _Model([1])
    model.at_least({0: 1.0}, 2.0)

    with pytest.raises(Unsolvable):
        _solve(model)
