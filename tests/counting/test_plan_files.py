"""The plans and known figures that ship, and what a faulty file is told."""

import shutil
from datetime import date
from fractions import Fraction

import pytest

from oversight.counting.plans import Certainty, Kind, Operator, Rule
from oversight.counting.wording import decimal_text
from oversight.plan_files import (
    FOLDER,
    load_figures,
    load_plans,
    shipped_figures,
    shipped_plans,
)
from oversight.plan_lint import series_value

AT_LEAST, MORE, MEAN = Operator.AT_LEAST, Operator.MORE_THAN, Operator.MEAN
EQUAL, TREND = Operator.EQUAL, Operator.TREND

# id, operator, target, kind: the source's 二（二）, measure by measure
OUTLINE = [
    ("P1", AT_LEAST, 7000, Kind.STOCK),
    ("P2", AT_LEAST, 10, Kind.RATIO),
    ("P3", TREND, None, Kind.STOCK),
    ("P4", MEAN, 10, Kind.FLOW),
    ("P5", AT_LEAST, 50, Kind.STOCK),
    ("T1-new", AT_LEAST, 10000, Kind.FLOW_SUM),
    ("T1-total", MORE, 40000, Kind.STOCK),
    ("T2-well-known", AT_LEAST, 10, Kind.FLOW_SUM),
    ("T2-famous", AT_LEAST, 100, Kind.FLOW_SUM),
    ("T2-geographical", AT_LEAST, 10, Kind.FLOW_SUM),
    ("T3", TREND, None, Kind.STOCK),
    ("T4", AT_LEAST, 95, Kind.RATIO),
    ("T5", EQUAL, 100, Kind.RATIO),
    ("C1-new", AT_LEAST, 1000, Kind.FLOW_SUM),
    ("C1-total", AT_LEAST, 5000, Kind.STOCK),
    ("V1-new", AT_LEAST, 30, Kind.FLOW_SUM),
    ("V1-total", AT_LEAST, 200, Kind.STOCK),
    ("V2-new", AT_LEAST, 10, Kind.FLOW_SUM),
    ("V2-total", AT_LEAST, 25, Kind.STOCK),
    ("V2-standards", AT_LEAST, 2, Kind.FLOW_SUM),
    ("G1", AT_LEAST, 9, Kind.STOCK),
    ("S1-new", AT_LEAST, 50, Kind.FLOW_SUM),
    ("S1-total", AT_LEAST, 150, Kind.STOCK),
    ("S2-new", AT_LEAST, 390, Kind.FLOW_SUM),
    ("S2-total", AT_LEAST, 1000, Kind.STOCK),
    ("L1", AT_LEAST, 1, Kind.FLOW_SUM),
]


def test_the_outline_is_every_number_of_its_source():
    outline = shipped_plans()[0]

    found = [(i.id, i.operator, i.target, i.kind) for i in outline.indicators]

    assert found == OUTLINE
    assert (outline.document, outline.issued_on) == (
        "烟政办发〔2015〕71号",
        date(2015, 11, 20),
    )
    assert outline.indicator("P4").total_target == 50


def test_derived_baselines_are_total_less_new():
    outline = shipped_plans()[0]
    found = {
        i.id: i.baseline.value for i in outline.indicators if i.baseline is not None
    }

    assert found == {
        "T1-total": 30000,
        "C1-total": 4000,
        "V1-total": 170,
        "V2-total": 15,
        "S1-total": 100,
        "S2-total": 610,
    }
    for name, value in found.items():
        new = outline.indicator(name.replace("total", "new")).target
        assert value == outline.indicator(name).target - new
        assert outline.indicator(name).baseline.certainty is Certainty.DERIVED


def test_later_plans_count_by_rules_of_their_own():
    _outline, second, third = shipped_plans()
    rules = {
        i.id: (i.rule, i.target)
        for plan in (second, third)
        for i in plan.indicators
        if i.rule.counts
    }

    assert rules == {
        "N22-advantage": (Rule.MUNICIPAL_RECOGNISED, 40),
        "N22-subjects": (Rule.CERTIFIED_SUBJECTS, 80),
        "N25-cultivated": (Rule.MUNICIPAL_CULTIVATED, 20),
    }


def test_an_undecided_reading_is_open():
    _outline, second, third = shipped_plans()

    assert third.indicator("N25-cultivated").undecided
    assert not second.indicator("N22-subjects").undecided
    assert not third.indicator("N25-trademarks").undecided


def test_a_plan_has_no_other_indicator():
    with pytest.raises(KeyError):
        shipped_plans()[0].indicator("P6")


def test_known_figures():
    found = {f.id: (f.period, f.value) for f in shipped_figures()}

    assert found == {
        "cultivated-2014-2018": ("2018-04", 133),
        "certified-2014-2018": ("2018-04", 111),
        "inventions-2017": ("2017", 5553),
        "inventions-2020": ("2020", 8563),
        "inventions-per-10000-2020": ("2020", Fraction("12.02")),
        "trademarks-2020": ("2020", 106000),
        "madrid-2020": ("2020", 246),
        "inventions-per-10000-2021": ("2021", Fraction("14.91")),
        "trademarks-2021": ("2021", 128000),
        "geographical-marks-2021": ("2021", 41),
        "national-demonstration-2021": ("2021", 15),
        "national-advantage-2021": ("2021", 63),
    }
    assert all(f.source and f.title["en"] for f in shipped_figures())


def test_the_official_ratio_comes_out_with_its_stored_denominator():
    [ratio] = [f for f in shipped_figures() if f.id == "inventions-per-10000-2020"]

    assert (ratio.numerator, ratio.denominator) == (8563, Fraction("712.18"))
    assert ratio.denominator_of == "2018"
    assert decimal_text(ratio.numerator / ratio.denominator) == "12.02"
    assert series_value(ratio).indicator == "P2"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "plans")
    return tmp_path / "plans"


def change(folder, old, new, name="2016-2020.yaml", count=1):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


FAULTS = [
    ("target: 7000", "target: many", "not_a_number"),
    ("target: 7000", "target: -1", "negative_target"),
    ("    target: 7000\n", "", "missing_target"),
    ("id: P2", "id: P1", "duplicate_id"),
    ("id: P2", "id: 万人", "bad_id"),
    ("kind: stock", "kind: pile", "unknown_word"),
    ('operator: "≥"', 'operator: ">="', "unknown_word"),
    (
        "    kind: stock\n    target: 50",
        "    kind: flow-sum\n    target: 50",
        "rule_and_kind",
    ),
    ("kind: flow\n", "kind: stock\n", "mean_of_level"),
    ("kind: flow-sum", "kind: flow", "flow_not_mean"),
    ('operator: "trend"', 'operator: "trend"\n    target: 3', "target_of_trend"),
    ("kind: flow-sum\n", "kind: flow-sum\n    each_year: yes\n", "each_year_of_total"),
    ("\ncertainty: sourced", "\ncertainty: sure", "unknown_word"),
    ("\ncertainty: sourced", "\ncertainity: sourced", "unknown_key"),
    ("first: 2016, last: 2020", "first: 2020, last: 2016", "years_reversed"),
    (
        "rule: series",
        "rule: series\n    years: {first: 2015, last: 2020}",
        "years_outside",
    ),
    ('value: 30000, period: "2015"', 'value: 30000, period: "2016"', "baseline_inside"),
    ('value: 30000, period: "2015"', 'value: 30000, period: "end"', "bad_period"),
    ("on: 2018-01-01", "on: 2021-01-01", "stopped_outside"),
    ("on: 2018-01-01", "on: 2018", "not_a_date"),
    (
        'title: {zh: 有效发明专利, en: "Invention patents in force"}',
        "title: {zh: 有效发明专利}",
        "missing_language",
    ),
    ("        rule: ever_recognised", "        used: yes", "several_readings"),
    ("rule: ever_recognised", "rule: first_certifications", "rule_and_kind"),
    (
        "rule: first_certifications",
        "rule: first_certifications\n    series: x",
        "series_of_count",
    ),
    (
        "target: 10000\n",
        'target: 10000\n    baseline: {value: 1, period: "2015", certainty: derived}\n',
        "baseline_of_flow",
    ),
    ("id: P1", "id: P1\n    id: P1", "duplicate_key"),
    ("indicators:\n", "indicators: none\nx:\n", "not_a_list"),
]


@pytest.mark.parametrize(("old", "new", "code"), FAULTS)
def test_a_fault_is_told_with_file_line_and_path(folder, old, new, code):
    change(folder, old, new)

    plans, problems = load_plans(folder)

    found = [p for p in problems if p.code == code]
    assert [plan.id for plan in plans] == ["2022-2024", "2025-2027"]
    assert found
    assert (found[0].file, found[0].line > 0) == ("2016-2020.yaml", True)
    assert set(found[0].message) == {"zh", "en"}


def test_all_faults_are_told_at_once(folder):
    change(folder, "target: 7000", "target: many")
    change(folder, "kind: ratio", "kind: rate", count=3)

    _plans, problems = load_plans(folder)

    assert [p.code for p in problems] == ["not_a_number", *["unknown_word"] * 3]
    assert str(problems[0]).startswith("2016-2020.yaml:")
    assert problems[0].path == "indicators/0/target"


FIGURE_FAULTS = [
    ("indicator: P1", "indicator: P9", "unknown_indicator"),
    ("denominator: 712.18", "denominator: 710.21", "ratio_differs"),
    ("    denominator: 712.18\n", "", "ratio_differs"),
    ("id: inventions-2020", "id: inventions-2017", "duplicate_id"),
    ('period: "2017"', 'period: "2017年"', "bad_period"),
    ("source: 水母网", "sauce: 水母网", "unknown_key"),
]


@pytest.mark.parametrize(("old", "new", "code"), FIGURE_FAULTS)
def test_a_faulty_figure_is_told(folder, old, new, code):
    change(folder, old, new, "known_figures.yaml")

    figures, problems = load_figures(folder, shipped_plans())

    assert figures == ()
    assert code in [p.code for p in problems]


def test_a_file_that_is_no_yaml_is_told(folder):
    (folder / "2016-2020.yaml").write_text("a: [", "utf-8")
    (folder / "known_figures.yaml").write_text("a: &x 1", "utf-8")

    assert [p.code for p in load_plans(folder)[1]] == ["yaml_syntax"]
    assert [p.code for p in load_figures(folder, ())[1]] == ["alias"]
