"""Each fault of a bank is found, and a sound bank has none."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from question_bank.engine.definition import (
    Band,
    Bank,
    Check,
    Choice,
    Clause,
    Column,
    Evidence,
    Fact,
    Guidance,
    Kind,
    LevelAnchor,
    Mandatory,
    NaPolicy,
    Point,
    Policy,
    Section,
    Wait,
)
from question_bank.engine.lint import lint
from question_bank.engine.problems import Origin
from tests.engine.builders import BANDS, SCALE, bank, gate, question, rule, text, yesno
from tests.engine.worked_example import example_bank

CHOICES = (Choice("a", text("a")), Choice("b", text("b")))
DATE = question("start", "S", type=Kind.DATE, weight=0)


def one(**fields: Any) -> Bank:
    """Return a bank of one firm item and one with the given fields."""
    values = {"clauses": ("S-1",), **fields}
    return bank({"S": 1}, [question("firm", "S"), question("item", "S", **values)])


def ruled(source: str, *earlier: Any) -> Bank:
    """Return a bank whose last item applies when the rule says so."""
    return bank(
        {"S": 1},
        [
            question("firm", "S"),
            *earlier,
            question("item", "S", applies_when=source),
            question("later", "S"),
        ],
    )


def codes(of: Bank) -> set[str]:
    return {problem.code for problem in lint(of, {})}


def changed(**fields: Any) -> Bank:
    return replace(bank({"S": 1}, [question("firm", "S")]), **fields)


def scale(**fields: Any) -> Bank:
    return changed(scale=replace(SCALE, **fields))


def test_a_sound_bank_has_no_problems():
    assert lint(one(), {}) == ()


def test_the_worked_example_lacks_wording_alone():
    assert codes(example_bank()) == {"finding_missing"}


FAULTS: list[tuple[str, Bank]] = [
    ("bad_id", bank({"S": 1}, [question("Firm", "S")])),
    ("reserved_id", bank({"S": 1}, [question("not", "S")])),
    ("duplicate_id", bank({"S": 1}, [question("a", "S"), question("a", "S")])),
    (
        "duplicate_id",
        changed(sections=(Section("S", text("s"), Fraction(1), "1", False),) * 2),
    ),
    ("scale_levels", scale(levels=SCALE.levels[:4])),
    ("scale_ends", scale(points=(Fraction(1, 9), *SCALE.points[1:]))),
    (
        "not_monotone",
        scale(points=(Fraction(0), Fraction(1), Fraction(0), Fraction(1), Fraction(1))),
    ),
    ("scale_thresholds", scale(conforming_level=9)),
    ("evidence_caps", scale(evidence_caps={"said": Fraction(1)})),
    (
        "evidence_caps",
        scale(evidence_caps={**SCALE.evidence_caps, "said": Fraction(2)}),
    ),
    ("not_monotone", scale(evidence_caps={**SCALE.evidence_caps, "said": Fraction(1)})),
    ("policy_range", changed(policy=Policy(completeness_min=Fraction(3)))),
    ("policy_range", changed(policy=Policy(weak_items_per_clause=0))),
    ("band_open_end", changed(bands=BANDS[:2])),
    ("band_open_end", changed(bands=(BANDS[3], *BANDS))),
    ("band_minor_share", changed(bands=(replace(BANDS[0], max_major=1), *BANDS[1:]))),
    (
        "band_range",
        changed(bands=(replace(BANDS[0], min_self=Fraction(101)), *BANDS[1:])),
    ),
    (
        "band_range",
        changed(bands=(replace(BANDS[0], max_minor_share=Fraction(2)), *BANDS[1:])),
    ),
    ("band_order", changed(bands=(BANDS[1], BANDS[0], BANDS[3]))),
    (
        "clause_parent",
        changed(
            clauses=(Clause("S-1", None, text("c"), "C", "to_verify", "S", True, True),)
        ),
    ),
    (
        "clause_without_question",
        changed(
            clauses=(
                Clause("S-1", None, text("c"), "C", "to_verify", None, True, True),
                Clause("S-2", None, text("c"), "C", "to_verify", None, True, True),
            )
        ),
    ),
    ("nothing_scored", bank({"S": 0}, [question("a", "S")])),
    (
        "section_split",
        bank(
            {"S": 1, "T": 1},
            [question("a", "S"), question("b", "T"), question("c", "S")],
        ),
    ),
    (
        "negative_weight",
        bank({"S": -1, "T": 1}, [question("a", "S"), question("b", "T")]),
    ),
    ("section_without_question", bank({"S": 1, "T": 1}, [question("a", "S")])),
    (
        "section_not_scored",
        bank({"S": 1, "T": 1}, [question("a", "S"), yesno("b", "T")]),
    ),
    ("section_too_long", bank({"S": 1}, [question(f"q{i}", "S") for i in range(41)])),
    ("wait_not_a_date", changed(gates=(gate("g", "firm >= 1", Wait("firm", 3)),))),
    ("wait_not_a_date", changed(gates=(gate("g", "firm >= 1", Wait("none", 3)),))),
    ("wait_range", changed(gates=(gate("g", "firm >= 1", Wait("firm", 0)),))),
    (
        "unknown_clause",
        changed(gates=(replace(gate("g", "firm >= 1"), clauses=("Z",)),)),
    ),
    ("unknown_question", changed(quick_scan=("none",))),
    (
        "unknown_question",
        changed(checks=(Check("c", rule("firm >= 1"), "weak", ("none",), text("t")),)),
    ),
    ("unknown_question", one(after=("none",))),
    (
        "unknown_section",
        bank({"S": 1}, [question("a", "S"), question("b", "Z", clauses=("S-1",))]),
    ),
    ("no_clause", one(clauses=())),
    ("unknown_clause", replace(one(), clauses=one().clauses[:0])),
    (
        "clause_not_a_leaf",
        changed(
            clauses=(
                Clause("S-1", None, text("c"), "C", "to_verify", None, False, True),
            )
        ),
    ),
    ("unknown_department", one(departments=("moon",))),
    (
        "unknown_department",
        one(guidance=(Guidance(0, 2, text("g"), "S", 2, "moon", 1),)),
    ),
    ("no_department", one(departments=())),
    ("negative_weight", one(weight=-1)),
    ("weight_not_positive", one(weight=0)),
    ("optional_with_weight", one(modality="optional")),
    ("prohibited_with_weight", one(type=Kind.YESNO, prohibited=True)),
    ("weight_without_points", one(type=Kind.TEXT)),
    ("mandatory_not_scored", one(type=Kind.TEXT, weight=0, mandatory=Mandatory(2))),
    ("min_level_range", one(mandatory=Mandatory(0))),
    ("min_level_range", one(mandatory=Mandatory(5))),
    ("cap_range", one(mandatory=Mandatory(2, cap=Fraction(101)))),
    ("finding_missing", one(mandatory=Mandatory(2))),
    (
        "na_in_core",
        replace(
            one(na=NaPolicy(allowed=True)),
            sections=(Section("S", text("s"), Fraction(1), "1", False),),
        ),
    ),
    (
        "na_mandatory",
        one(na=NaPolicy(allowed=True), mandatory=Mandatory(2), finding=text("f")),
    ),
    ("event_not_a_level", one(type=Kind.YESNO, weight=0, event_based=True)),
    ("optional_scored", one(optional=True)),
    (
        "after_cycle",
        bank(
            {"S": 1},
            [question("a", "S", after=("b",)), question("b", "S", after=("a",))],
        ),
    ),
    ("field_not_for_type", one(min=1)),
    ("field_not_for_type", one(type=Kind.TEXT, weight=0, integer=True)),
    ("field_not_for_type", one(prohibited=True, weight=0)),
    ("anchors", one(levels=(LevelAnchor(0, text("l")),))),
    ("no_choices", one(type=Kind.CHOICE, weight=0)),
    ("duplicate_id", one(type=Kind.CHOICE, weight=0, choices=CHOICES * 2)),
    ("bad_id", one(type=Kind.CHOICE, weight=0, choices=(Choice("A b", text("x")),))),
    (
        "points_range",
        one(type=Kind.CHOICE, choices=(Choice("a", text("x"), Fraction(2)),)),
    ),
    ("no_columns", one(type=Kind.TABLE, weight=0)),
    (
        "no_choices",
        one(type=Kind.TABLE, weight=0, columns=(Column("c", Kind.CHOICE, text("c")),)),
    ),
    ("no_rule", one(type=Kind.CALCULATED, weight=0)),
    ("points_range", one(type=Kind.NUMBER, points=(Point(Fraction(0), Fraction(2)),))),
    (
        "points_order",
        one(
            type=Kind.NUMBER,
            points=(Point(Fraction(1), Fraction(0)), Point(Fraction(1), Fraction(1))),
        ),
    ),
    (
        "not_monotone",
        one(
            type=Kind.NUMBER,
            points=tuple(
                Point(Fraction(i), Fraction(p)) for i, p in enumerate((0, 1, 0))
            ),
        ),
    ),
    ("yesno_points", one(type=Kind.YESNO, points=(Point(Fraction(1), Fraction(1)),))),
    ("empty_range", one(type=Kind.NUMBER, weight=0, min=2, max=1)),
    ("max_length_range", one(type=Kind.TEXT, weight=0, max_length=0)),
    ("duplicate_id", one(evidence=(Evidence("e", text("e"), 2),) * 2)),
    ("required_from_range", one(evidence=(Evidence("e", text("e"), 9),))),
    ("no_evidence", one(evidence=())),
    ("guidance_missing", one(guidance=())),
    ("guidance_gap", one(guidance=(Guidance(0, 1, text("g"), "S", 2, "ip", 1),))),
    (
        "guidance_overlap",
        one(
            guidance=(
                Guidance(0, 2, text("g"), "S", 2, "ip", 1),
                Guidance(2, 2, text("g"), "S", 2, "ip", 1),
            )
        ),
    ),
    ("guidance_range", one(guidance=(Guidance(2, 0, text("g"), "S", 2, "ip", 1),))),
    ("guidance_range", one(guidance=(Guidance(0, 2, text("g"), "S", 2, "ip", 0),))),
    ("effort_days", one(guidance=(Guidance(0, 2, text("g"), "S", 9, "ip", 1),))),
    ("missing_zh", one(text={"en": "only English"})),
    ("missing_zh", one(help={})),
    ("missing_en", one(text={"zh": "只有中文"})),
    ("unknown_name", ruled("nothing >= 1")),
    ("self_reference", ruled("item >= 1")),
    ("forward_reference", ruled("firm >= 1 and later >= 1")),
    ("type_mismatch", ruled("firm = yes")),
    (
        "unknown_choice",
        ruled(
            "c = 'z'", question("c", "S", type=Kind.CHOICE, weight=0, choices=CHOICES)
        ),
    ),
    ("type_mismatch", one(type=Kind.CALCULATED, weight=0, rule="firm >= 1")),
    (
        "unknown_name",
        changed(checks=(Check("c", rule("none >= 1"), "weak", ("firm",), text("t")),)),
    ),
    ("unknown_name", changed(gates=(gate("g", "none = yes"),))),
    ("rule_never_true", ruled("firm >= 3 and firm <= 1")),
    (
        "rule_never_true",
        ruled("n > 10", question("n", "S", type=Kind.NUMBER, weight=0, max=9)),
    ),
    ("rule_always_true", ruled("firm >= 0")),
    ("rule_always_true", ruled("b = yes or b = no", yesno("b", "S"))),
    (
        "rule_can_stay_unknown",
        ruled("q >= 1", question("q", "S", applies_when="firm >= 2")),
    ),
    (
        "rule_can_stay_unknown",
        ruled("q >= 1", question("q", "S", na=NaPolicy(allowed=True))),
    ),
    (
        "rule_can_stay_unknown",
        ruled("n > 1", question("n", "S", type=Kind.NUMBER, weight=0, optional=True)),
    ),
    (
        "section_can_be_empty",
        bank({"S": 1}, [question("a", "S", na=NaPolicy(allowed=True))]),
    ),
]


@pytest.mark.parametrize(
    ("code", "of"), FAULTS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_fault_is_found(code, of):
    problems = [problem for problem in lint(of, {}) if problem.code == code]

    assert problems
    assert all(problem.message["zh"] and problem.message["en"] for problem in problems)


@pytest.mark.parametrize(
    "of",
    [
        ruled("coalesce(q, 0) >= 1", question("q", "S", applies_when="firm >= 2")),
        ruled("firm >= 2 and q >= 1", question("q", "S", applies_when="firm >= 2")),
        ruled("answered(q)", question("q", "S", applies_when="firm >= 2")),
        ruled("n > 5", question("n", "S", type=Kind.NUMBER, weight=0, min=0, max=9)),
        ruled(
            "days_between(d, as_of) > 90", question("d", "S", type=Kind.DATE, weight=0)
        ),
        ruled("d > '2026-01-01'", question("d", "S", type=Kind.DATE, weight=0)),
        ruled(
            "c has 'a' and c has 'b'",
            question("c", "S", type=Kind.CHOICES, weight=0, choices=CHOICES),
        ),
        ruled("t = 'x'", question("t", "S", type=Kind.TEXT, weight=0)),
    ],
)
def test_sound_rules_are_not_complained_about(of):
    assert lint(of, {}) == ()


def test_only_the_condition_at_fault_is_reported():
    first = question("first", "S", na=NaPolicy(allowed=True))
    second = question("second", "S", applies_when="first >= 2")
    of = ruled("coalesce(first, 0) >= 2 and second >= 2", first, second)

    found = [p.path for p in lint(of, {}) if p.code == "rule_can_stay_unknown"]

    assert found == ["questions/2/applies_when"]


def test_facts_and_choices_take_part_in_the_trials():
    first = question("q", "S", applies_when="c = 'a' and staff > 5")
    of = replace(
        ruled(
            "q >= 2 and staff > 9",
            question("c", "S", type=Kind.CHOICE, weight=0, choices=CHOICES),
            first,
        ),
        facts=(Fact("staff", Kind.NUMBER, text("s")),),
    )

    assert codes(of) == {"rule_can_stay_unknown"}


def test_many_choices_are_tried_in_pairs():
    many = tuple(Choice(f"c{i}", text("c")) for i in range(9))
    named = " or ".join(f"c has 'c{i}'" for i in range(1, 9))
    of = ruled(
        f"c has 'c0' and ({named})",
        question("c", "S", type=Kind.CHOICES, weight=0, choices=many),
    )

    assert lint(of, {}) == ()


def test_what_is_too_large_to_try_is_let_pass():
    earlier = [
        question(f"n{i}", "S", type=Kind.NUMBER, weight=0, min=0, max=99)
        for i in range(8)
    ]
    of = ruled(" + ".join(q.id for q in earlier) + " < 0", *earlier)

    assert codes(of) == set()


def test_facts_may_be_named_and_are_tried():
    base = ruled("region = 'x' and staff > 5")
    of = replace(
        base,
        facts=(
            Fact("region", Kind.TEXT, text("r")),
            Fact("staff", Kind.NUMBER, text("s")),
        ),
    )

    assert lint(of, {}) == ()


def test_problem_has_the_place_of_the_name_in_the_rule():
    of = ruled("firm >= 1 and nothing >= 1")
    origins = {"questions/1/applies_when": Origin("s.yaml", 12, 20)}

    problem = next(p for p in lint(of, origins) if p.code == "unknown_name")

    assert (problem.file, problem.line, problem.column) == ("s.yaml", 12, 34)
    assert str(problem) == (
        "s.yaml:12:34: error unknown_name: 没有题目或事实 nothing。"
    )


def test_problem_falls_back_to_what_is_around_it():
    of = one(levels=())
    problems = lint(of, {"questions/1": Origin("s.yaml", 9, 3)})

    assert [(p.code, p.line) for p in problems] == [("anchors", 9)]


def test_problem_without_a_place_names_its_path_and_hint():
    problem = next(p for p in lint(FAULTS[-2][1], {}) if p.hint)

    assert str(problem).startswith("questions/2/applies_when: warning")
    assert "coalesce" in str(problem)


def test_the_last_band_asks_nothing():
    assert isinstance(BANDS[-1], Band)
    assert codes(changed(bands=(BANDS[-1],))) == set()
