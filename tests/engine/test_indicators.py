"""Indicator systems: points, bands, best-of groups, bonus, vetoes, lines, rounds."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from question_bank.engine.answers import AnswerSheet
from question_bank.engine.definition import (
    Band,
    Bank,
    Fact,
    Gate,
    Kind,
    PassLine,
    Point,
    Round,
    Section,
    Source,
    Veto,
)
from question_bank.engine.gains import gains
from question_bank.engine.lint import lint
from question_bank.engine.planning import plan
from question_bank.engine.rounds import Entry, decide
from question_bank.engine.scorecard import Scorecard
from question_bank.engine.scoring import score
from question_bank.engine.veto_records import VetoRecord
from tests.conftest import load_bank_once
from tests.engine.builders import AS_OF, bank, gate, question, sheet, text
from tests.engine.worked_example import example_bank

LINE = ((0, 0), (20, 1))
STEPS = ((0, 0), ("0.15", "0.5"), ("0.3", 1))
YEARS = ("y2", "y1", "y0")


def scale(*nodes: tuple[Any, Any]) -> tuple[Point, ...]:
    return tuple(Point(Fraction(at), Fraction(worth)) for at, worth in nodes)


def figure(name: str, rule: str, weight: int, nodes: Any = LINE, **fields: Any) -> Any:
    return question(
        name,
        fields.pop("section", "S"),
        type=Kind.CALCULATED,
        rule=rule,
        weight=weight,
        points=scale(*nodes),
        **fields,
    )


def indicators(*questions: Any, **fields: Any) -> Bank:
    """Return a points bank of one section of 100 (and a bonus section when named)."""
    sections = tuple(
        Section(key, text(key), Fraction(weight), key, False, bonus)
        for key, weight, bonus in fields.pop("sections", (("S", 100, False),))
    )
    made = bank({}, list(questions), scheme="points", **fields)
    return replace(made, sections=sections)


def facts(**known: Any) -> tuple[Fact, ...]:
    kinds = {bool: Kind.YESNO, str: Kind.CHOICE}
    return tuple(
        Fact(name, kinds.get(type(value), Kind.NUMBER), text(name))
        for name, value in known.items()
    )


def scored(of: Bank, **known: Any) -> Scorecard:
    of = replace(of, facts=facts(**known))
    return score(of, sheet(facts=known))


@pytest.fixture(scope="module")
def national() -> Bank:
    from question_bank.publishing import BANKS_DIR

    return load_bank_once(BANKS_DIR / "advantage_national")


@pytest.fixture(scope="module")
def municipal() -> Bank:
    from question_bank.publishing import BANKS_DIR

    return load_bank_once(BANKS_DIR / "advantage_municipal_example")


def yearly(name: str, *values: float) -> dict[str, float]:
    return {f"{name}_{y}": v for y, v in zip(YEARS, values, strict=True)}


NATIONAL: dict[str, Any] = {
    "registration_state": "active",
    "title_national": "none",
    "patents_valid": 10,
    **yearly("patents_filed", 3, 4, 5),
    "trademarks_valid": 4,
    "software_copyrights": 0,
    "works_registered": 0,
    "plant_varieties": 0,
    "ic_layouts": 0,
    "invention_share_3y": 0.25,
    "grant_rate_3y": 0.5,
    "foreign_filings": 1,
    **yearly("patent_product_ratio", 0.1, 0.2, 0.6),
    **yearly("licence_income", 0, 50, 50),
    **yearly("transfer_income", 0, 0, 0),
    **yearly("pledge_amount", 0, 0, 500),
    "capital_contribution": 0,
    "cert_state": "valid",
    "cert_edition": "e2023",
    "ip_staff_full": 2,
    "ip_body": "independent",
    **yearly("rd_ratio", 0.04, 0.05, 0.06),
    **yearly("ip_cost_ratio", 0.02, 0.02, 0.02),
    "core_training_rate": 0.4,
    "intensive_products": 1,
}


def national_sheet(**changes: Any) -> AnswerSheet:
    known = {**NATIONAL, **changes}
    kept = {name: value for name, value in known.items() if value is not None}
    return sheet({"brand_programme": False}, facts=kept)


def test_the_national_system_by_hand(national):
    card = score(national, national_sheet())
    points = {item.question: (item.points or 0) * item.weight for item in card.items}
    assert {name: float(worth) for name, worth in points.items() if worth} == {
        "ind_patents_valid": 2.5,
        "ind_patents_filed": 3,  # 12 filings: the step at 10
        "ind_other_rights": 2,
        "ind_invention_share": 2.5,
        "ind_grant_rate": 3.5,
        "ind_foreign": 1.5,
        "ind_patent_products": 9,  # mean of 10, 20 and 60 % is 30 %
        "ind_licence_income": 1.4,
        "ind_pledge": 1.75,
        "ind_certificate": 10,
        "ind_office": 5,
        "ind_rd_ratio": 3,
        "ind_ip_cost_ratio": 3.5,
        "ind_training": 2,
        "ind_intensive": 3,
    }
    # The pledge outdoes the licence income; the bonus is on top.
    assert card.self_score == Fraction("52.25")
    assert card.bonus == 3
    assert card.item("ind_licence_income").state == "outdone"
    # 5 + 2 + 3 + 8 points are the experts'.
    assert card.unjudged == 18
    assert (card.low, card.high) == (Fraction("52.25"), Fraction("70.25"))
    assert card.band == "BELOW"
    assert [section.earned for section in card.sections] == [
        15,
        Fraction("10.75"),
        Fraction("23.5"),
        3,
    ]


def test_the_mean_of_ratios_is_not_the_ratio_of_sums():
    rule = "mean(a_y2 / b_y2, a_y1 / b_y1, a_y0 / b_y0)"
    card = scored(
        indicators(figure("ratio", rule, 100, ((0, 0), (1, 1)))),
        **yearly("a", 10, 30, 600),
        **yearly("b", 100, 100, 1000),
    )
    assert card.self_score == Fraction("33.3333333")  # (0.1 + 0.3 + 0.6) / 3
    assert card.self_score != 100 * Fraction(640, 1200)


def test_a_mean_needs_every_year_unless_the_rule_forgives():
    strict = indicators(figure("i", "mean(a_y2, a_y1, a_y0)", 100))
    young = indicators(figure("i", "mean_known(a_y2, a_y1, a_y0)", 100))
    only = {"a_y1": 10, "a_y0": 20}
    every = facts(a_y2=0, a_y1=0, a_y0=0)
    assert score(replace(strict, facts=every), sheet(facts=only)).self_score == 0
    assert score(replace(young, facts=every), sheet(facts=only)).self_score == 75


def test_a_step_is_reached_by_what_doubles_round_away():
    of = indicators(figure("i", "mean(a, b, c)", 100, STEPS, stepped=True))
    card = scored(of, a=0.1, b=0.2, c=0.15)
    assert card.self_score == 50
    assert scored(of, a=0.1, b=0.2, c=0.1499).self_score == 0


def test_steps_jump_and_lines_rise():
    line = indicators(figure("i", "n", 100, ((0, 0), (10, 1))))
    steps = indicators(figure("i", "n", 100, ((0, 0), (10, 1)), stepped=True))
    assert [scored(line, n=n).self_score for n in (0, 5, 10, 99)] == [0, 50, 100, 100]
    assert [scored(steps, n=n).self_score for n in (0, 9, 10, 99)] == [0, 0, 100, 100]


def test_a_blank_is_neither_zero_nor_full():
    of = indicators(figure("i", "n", 60), figure("j", "m", 40))
    missing = score(replace(of, facts=facts(n=1, m=1)), sheet(facts={"m": 20}))
    nothing = scored(of, n=0, m=20)
    assert (missing.low, missing.high) == (40, 100)
    assert (nothing.low, nothing.high) == (40, 40)
    assert "figures_missing" in {note.code for note in missing.notes}
    assert missing.item("i").reason["zh"] == "缺少计算所需的数据，暂按 0 分计入。"


def test_of_a_group_the_best_counts_once():
    of = indicators(
        figure("a", "n", 60, best_of="g"),
        figure("b", "m", 60, best_of="g"),
        figure("c", "n", 40),
    )
    card = scored(of, n=5, m=10)
    assert card.self_score == 30 + 10
    assert [item.state for item in card.items] == ["outdone", "counted", "counted"]
    open_one = score(replace(of, facts=facts(n=1, m=1)), sheet(facts={"n": 5}))
    assert (open_one.low, open_one.high) == (15 + 10, 60 + 10)


def test_a_bonus_is_capped():
    of = indicators(
        figure("a", "n", 100),
        figure("b", "m", 5, section="B"),
        figure("c", "m", 3, section="B"),
        sections=(("S", 100, False), ("B", 5, True)),
    )
    card = scored(of, n=20, m=20)
    assert (card.self_score, card.bonus) == (105, 5)
    assert scored(of, n=0, m=5).bonus == 2


def test_what_experts_judge_is_never_silently_zero():
    of = indicators(figure("a", "n", 80), question("e", "S", weight=20, expert=True))
    for answers in ({}, {"e": 0}, {"e": 4}):
        card = score(replace(of, facts=facts(n=1)), sheet(answers, facts={"n": 20}))
        assert (card.self_score, card.unjudged) == (80, 20)
        assert (card.low, card.high) == (80, 100)
        assert card.item("e").state == "unjudged"


def test_the_reference_line_makes_the_band(national):
    better = national_sheet(core_training_rate=0.95, patents_valid=30)
    assert score(national, better).band == "ABOVE"
    assert [(line.year, line.value) for line in national.pass_lines] == [(2023, 55)]


# --- ladders -------------------------------------------------------------------


def test_a_holder_of_the_title_does_not_apply_again(national):
    for title, band in (
        ("none", "BELOW"),
        ("expired", "BELOW"),
        ("advantage", "BARRED"),
        ("demonstration", "BARRED"),
        (None, "BARRED"),
    ):
        assert score(national, national_sheet(title_national=title)).band == band


@pytest.mark.parametrize(
    ("stage", "title", "earlier", "state"),
    [
        ("cultivation", "none", False, "passed"),
        ("cultivation", "none", True, "failed"),
        ("cultivation", "cultivating", False, "failed"),
        ("recognition", "cultivating", True, "passed"),
        ("recognition", "none", False, "failed"),
        ("recognition", "recognised", True, "failed"),
        ("recognition", None, True, "open"),
    ],
)
def test_the_municipal_ladder(municipal, stage, title, earlier, state):
    known = {"title_municipal": title, "earlier_cultivation_list": earlier}
    kept = {name: value for name, value in known.items() if value is not None}
    card = score(municipal, sheet({"apply_stage": stage}, facts=kept))
    assert next(g.state for g in card.gates if g.id == "gate_stage") == state


def test_a_window_and_a_comparison_gate_recognition_only(municipal):
    def state(stage: str, last: int, share: float) -> str:
        known = {
            "patents_filed_y1": 9,
            "patents_filed_y0": last,
            "invention_share_3y": share,
        }
        card = score(municipal, sheet({"apply_stage": stage}, facts=known))
        return next(g.state for g in card.gates if g.id == "gate_filings")

    assert state("recognition", 11, 0.3) == "passed"
    assert state("recognition", 10, 0.3) == "failed"
    assert state("recognition", 11, 0.29) == "failed"
    assert state("cultivation", 0, 0) == "passed"


def test_example_rules_carry_their_mark(national, municipal):
    assert municipal.mark == {
        "zh": "示例，非官方标准",
        "en": "Example, not an official standard",
    }
    assert national.mark is not None
    assert all(line.source == Source("to_verify") for line in national.pass_lines)


# --- vetoes --------------------------------------------------------------------

VETO = Veto("v", text("v"), text("help"), ("infringement",), 36)
FINDING = VetoRecord("infringement", "法院", "判决一号", date(2024, 3, 1))


def vetoed(record: VetoRecord, veto: Veto = VETO, as_of: date = AS_OF) -> str:
    of = indicators(figure("i", "n", 100), vetoes=(veto,), facts=facts(n=1))
    card = score(of, sheet(facts={"n": 20}, vetoes=(record,), as_of=as_of))
    state: str = next(g.state for g in card.gates if g.kind == "veto")
    assert (card.band == "X") == (state == "failed")
    return state


def test_a_finding_bars_until_its_time_is_over():
    assert vetoed(FINDING) == "failed"
    assert vetoed(FINDING, as_of=date(2027, 3, 1)) == "failed"
    assert vetoed(FINDING, as_of=date(2027, 3, 2)) == "passed"
    assert vetoed(FINDING, as_of=date(2024, 2, 29)) == "passed"


def test_the_end_that_a_finding_names_counts_first():
    removed = replace(FINDING, effective_until=date(2025, 6, 30))
    longer = replace(FINDING, effective_until=date(2030, 1, 1))
    assert vetoed(removed) == "passed"
    assert vetoed(longer, as_of=date(2029, 12, 31)) == "failed"


@pytest.mark.parametrize(
    ("appeal", "pending", "state"),
    [
        ("none", "open", "failed"),
        ("lost", "open", "failed"),
        ("succeeded", "open", "passed"),
        ("pending", "open", "open"),
        ("pending", "blocks", "failed"),
    ],
)
def test_an_appeal_decides(appeal, pending, state):
    assert (
        vetoed(replace(FINDING, appeal=appeal), replace(VETO, pending=pending)) == state
    )


def test_another_kind_of_finding_does_not_bar():
    assert vetoed(replace(FINDING, kind="tax_evasion")) == "passed"


def test_vetoes_are_part_of_the_seal_and_travel():
    plain = sheet(facts={"n": 1})
    with_record = sheet(facts={"n": 1}, vetoes=(FINDING,))
    assert plain.sha256 != with_record.sha256
    assert AnswerSheet.from_json(with_record.to_json()) == with_record


# --- rounds --------------------------------------------------------------------


def entries(*scores: float) -> list[Entry]:
    return [Entry(f"e{i}", f"d{i % 2}", Fraction(str(s))) for i, s in enumerate(scores)]


def test_a_round_grades_ranks_and_nominates():
    rules = Round(excellent_share=Fraction("0.15"), quota=3)
    found = decide(rules, Fraction(55), entries(90, 80, 80, 60, 55, 54.99, 40))
    assert [(d.id, d.grade, d.rank) for d in found] == [
        ("e0", "excellent", 1),
        ("e1", "passed", 2),
        ("e2", "passed", 2),
        ("e3", "passed", 4),
        ("e4", "passed", 5),
        ("e5", "failed", 6),
        ("e6", "failed", 7),
    ]
    assert [d.id for d in found if d.nominated] == ["e0", "e1", "e2"]


def test_a_quota_never_splits_a_tie():
    found = decide(Round(quota=2), Fraction(55), entries(90, 80, 80, 60))
    assert [d.id for d in found if d.nominated] == ["e0"]


def test_district_quota_and_share_both_limit():
    rules = Round(district_quota=1, quota_share=Fraction(1, 2))
    found = decide(rules, Fraction(0), entries(90, 80, 70, 60))
    assert [d.id for d in found if d.nominated] == ["e0", "e1"]


def test_the_barred_take_no_place():
    field = [replace(entries(99)[0], barred=True), *entries(90, 80)[1:]]
    found = decide(Round(quota=1), Fraction(55), field)
    assert [(d.grade, d.nominated) for d in found] == [
        ("passed", True),
        ("failed", False),
    ]


# --- what it would bring -------------------------------------------------------


def test_gains_name_the_next_step_and_its_points(national):
    found = {
        gain.question: gain
        for gain in gains(national, score(national, national_sheet()))
    }
    assert found["ind_patents_filed"].target == 20
    assert found["ind_patents_filed"].points == 1
    assert found["ind_grant_rate"].points == Fraction("3.5")
    assert found["ind_intensive"].target == 2
    assert "ind_certificate" not in found
    assert "ind_licence_income" not in found  # outdone by the pledge
    assert "strategy" not in found  # an expert's


def test_a_missing_figure_comes_with_all_its_points(national):
    found = gains(national, score(national, national_sheet(grant_rate_3y=None)))
    gain = next(gain for gain in found if gain.question == "ind_grant_rate")
    assert (gain.missing, gain.points) == (True, 7)


def test_a_plan_of_figures_opens_gates_only(national):
    made = plan(national, national_sheet(title_national="advantage"))
    assert [action.gate for action in made.actions] == [True]
    assert not made.attainable


# --- laws ----------------------------------------------------------------------


@st.composite
def points_banks(draw: Any) -> tuple[Bank, dict[str, float]]:
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    rest = [*weights, 100 - sum(weights)]
    made, known = [], {}
    for i, weight in enumerate(rest):
        made.append(figure(f"q{i}", f"n{i}", weight, stepped=draw(st.booleans())))
        if draw(st.booleans()):
            known[f"n{i}"] = draw(st.integers(0, 40))
    return (
        replace(
            indicators(*made), facts=facts(**{f"n{i}": 0 for i in range(len(rest))})
        ),
        known,
    )


@given(points_banks())
def test_points_stay_within_bounds_and_the_interval(case):
    of, known = case
    card = score(of, sheet(facts=known))
    assert 0 <= card.low == card.self_score <= card.high <= 100


@given(points_banks(), st.integers(1, 40))
def test_a_better_figure_never_costs_points(case, more):
    of, known = case
    better = {name: value + more for name, value in known.items()}
    assert (
        score(of, sheet(facts=better)).self_score
        >= score(of, sheet(facts=known)).self_score
    )


@given(points_banks())
def test_a_result_travels_bit_for_bit(case):
    of, known = case
    card = score(of, sheet(facts=known))
    assert Scorecard.from_json(card.to_json()) == card
    assert Bank.from_json(of.to_json()) == of


# --- lint ----------------------------------------------------------------------


def codes(of: Bank) -> set[str]:
    return {problem.code for problem in lint(of, {}) if problem.severity == "error"}


def test_the_shipped_indicator_banks_are_sound(national, municipal):
    assert lint(national, {}) == lint(municipal, {}) == ()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"sections": (("S", 90, False),)}, "points_total"),
        ({"vetoes": (replace(VETO, kinds=("gossip",)),)}, "unknown_veto_kind"),
        ({"vetoes": (replace(VETO, months=0),)}, "veto_months"),
        ({"vetoes": (VETO, VETO)}, "duplicate_id"),
        (
            {"pass_lines": (PassLine(2023, Fraction(106), text("l")),)},
            "pass_line_range",
        ),
        ({"pass_lines": (PassLine(23, Fraction(55), text("l")),)}, "pass_line_range"),
        ({"round": Round(quota=0)}, "round_range"),
        ({"round": Round(excellent_share=Fraction(2))}, "round_range"),
    ],
)
def test_faults_of_an_indicator_bank_are_found(fault, code):
    of = indicators(
        figure("a", "n", 60),
        figure("b", "n", 40),
        facts=facts(n=1),
        bands=BANDS,
        **fault,
    )
    assert code in codes(of)


BANDS = (Band("P", text("p"), text("p"), Fraction(55)), Band("F", text("f"), text("f")))


def test_points_must_add_up():
    assert "points_sum" in codes(indicators(figure("a", "n", 60), facts=facts(n=1)))
    grouped = indicators(
        figure("a", "n", 60, best_of="g"),
        figure("b", "n", 60, best_of="g"),
        figure("c", "n", 40),
        facts=facts(n=1),
        bands=BANDS,
    )
    assert codes(grouped) == set()


def test_a_group_needs_company():
    of = indicators(figure("a", "n", 100, best_of="g"), facts=facts(n=1))
    assert "best_of_group" in codes(of)


def test_conformity_banks_have_no_indicator_fields():
    plain = bank({"S": 1}, [question("item", "S", expert=True)])
    assert "points_scheme_only" in codes(plain)
    with_bonus = replace(
        plain, sections=(Section("S", text("S"), Fraction(1), "S", True, True),)
    )
    assert "points_scheme_only" in codes(with_bonus)


def test_steps_belong_to_numbers():
    of = indicators(question("e", "S", weight=100, stepped=True))
    assert "steps_without_points" in codes(of)


def test_fields_that_came_late_leave_the_hash_of_other_banks_alone():
    data = example_bank().to_json()
    late = {"scheme", "mark", "vetoes", "pass_lines", "round"}
    assert not late & set(data)
    assert not {"stepped", "best_of", "expert"} & set(data["questions"][0])
    assert "bonus" not in data["sections"][0]


def test_a_gate_and_a_veto_share_no_id():
    of = indicators(
        figure("a", "n", 100),
        facts=facts(n=1),
        gates=(gate("v", "n > 1"),),
        vetoes=(VETO,),
    )
    assert isinstance(of.gates[0], Gate)
    assert "duplicate_id" in codes(of)
