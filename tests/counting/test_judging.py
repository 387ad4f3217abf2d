"""Judging indicators: operators, pace, series and changes of definition, exactly."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from oversight.counting.counting_rules import (
    count_indicator,
    count_reading,
    figures_for,
)
from oversight.counting.facts import Facts, Level, SeriesValue, Stage, Standard
from oversight.counting.figures import Figure
from oversight.counting.judging import Status, judge
from oversight.counting.periods import parse_period
from oversight.counting.plans import Change, Kind, Operator, ScopeChange
from oversight.counting.wording import pace_words
from oversight.plan_files import shipped_plans
from tests.counting.builders import certificate, day, facts, title
from tests.counting.test_advantage import many

PLAN, LATER, LATEST = shipped_plans()
P4, P5 = PLAN.indicator("P4"), PLAN.indicator("P5")


def figures(values, as_of=None):
    """Figures by period, such as {"2016": 8}; the last may stand for an earlier day."""
    found = []
    for text, value in values.items():
        period = parse_period(text)
        on = min(period.last_day, as_of) if as_of else period.last_day
        found.append(Figure(period, Fraction(value), on))
    return found


def years(*values, first=2016):
    return {str(first + n): value for n, value in enumerate(values)}


def judged(indicator, values, on):
    return judge(indicator, figures(values, day(on)), day(on))


def test_the_mean_over_the_plan_is_met_though_two_years_are_short():
    end = judged(P4, years(8, 14, 12, 9, 11), "2020-12-31")

    assert end.status is Status.MET
    assert (end.value, end.mean, end.target) == (54, Fraction("10.8"), 50)
    assert end.percent_done == 108


def test_on_track_year_by_year():
    """T(y) ≥ 10·(y − 2015) at the end of every year."""
    found = [
        judged(P4, years(*(8, 14, 12, 9, 11)[:n]), f"{2015 + n}-12-31").status
        for n in range(1, 5)
    ]

    assert found == [Status.BEHIND, Status.ON_PACE, Status.ON_PACE, Status.ON_PACE]


def test_still_needed_per_remaining_year():
    at_2018 = judged(P4, years(8, 9, 9), "2018-12-31")

    assert at_2018.status is Status.BEHIND
    assert (at_2018.still_needed, at_2018.still_needed_per_year) == (24, 12)


def test_in_mid_year_the_mean_is_over_complete_years():
    now = judged(P4, years(8, 14, 5), "2018-07-02")

    assert (now.complete_years, now.total_complete, now.mean) == (2, 22, 11)
    assert now.this_year == 5
    assert now.still_needed_per_year == Fraction(28, 3)


def test_even_pace_by_complete_years_and_by_the_day():
    now = judged(P4, years(8, 14, 5), "2018-07-02")

    assert now.even_pace == 20
    assert now.this_year_pace == Fraction(10) * 183 / 365
    assert now.even_pace_today == 20 + Fraction(10) * 183 / 365
    assert now.status is Status.ON_PACE


def test_a_leap_year_has_its_days():
    now = judged(P4, years(8, first=2016), "2016-02-29")

    assert now.this_year_pace == Fraction(10) * 60 / 366


@pytest.mark.parametrize(("so_far", "status"), [(9, "on_pace"), (8, "behind")])
def test_pace_words_show_the_raw_numbers(so_far, status):
    indicator = replace(P4, first_year=2026, last_year=2030)
    now = judged(indicator, {"2026": so_far}, "2026-11-21")

    assert now.status == status
    assert pace_words(now) == {
        "zh": f"{so_far}/10，按进度应为 8.9",
        "en": f"{so_far}/10; even pace would be 8.9",
    }


def test_reached_early_is_met():
    assert judged(P4, years(30, 25), "2017-12-31").status is Status.MET


def test_one_short_is_not_met():
    assert judged(P4, years(8, 14, 12, 9, 6), "2020-12-31").status is Status.NOT_MET


def test_a_missing_year_is_no_zero():
    """Without 2018 the end can't be judged, unless the rest reaches it already."""
    gap = {"2016": 8, "2017": 14, "2019": 9, "2020": 11}

    end = judged(P4, gap, "2020-12-31")

    assert (end.status, end.missing_years, end.mean) == (Status.NO_DATA, (2018,), None)
    assert judged(P4, gap | {"2020": 19}, "2020-12-31").status is Status.MET


def test_p4_from_certificates():
    counts = {2016: 8, 2017: 14, 2018: 12, 2019: 9, 2020: 11}
    letters = iter(chr(33 + n) for n in range(60))
    known = facts(
        *(
            certificate(next(letters), f"{year}-03-01")
            for year, count in counts.items()
            for _ in range(count)
        ),
        certificate("~", "2015-06-01"),
    )

    end = judge(P4, figures_for(P4, known, day("2020-12-31")), day("2020-12-31"))

    assert (end.status, dict(end.by_year)) == (Status.MET, counts)
    assert count_indicator(P4, known, day("2020-12-31")).total == 54


def test_a_year_without_certificates_counts_zero():
    known = facts(certificate("A", "2016-03-01"))

    found = judge(P4, figures_for(P4, known, day("2018-12-31")), day("2018-12-31"))

    assert dict(found.by_year) == {2016: 1, 2017: 0, 2018: 0}
    assert found.status is Status.BEHIND


def test_p5_is_not_capped_at_a_hundred():
    known, end = many(), day("2020-12-31")

    found = judge(P5, figures_for(P5, known, end), end)

    assert (found.value, found.target, found.percent_done) == (78, 50, 156)
    assert found.status is Status.MET


def test_p5_has_its_own_baseline_at_the_end_of_2015():
    known = facts(title("A", "2014-06-01"), title("B", "2017-06-01"))
    on = day("2018-12-31")

    found = judge(P5, figures_for(P5, known, on), on)

    assert dict(found.by_year) == {2016: 1, 2017: 2, 2018: 2}
    assert found.even_pace == 1 + Fraction(49, 5) * 3
    assert found.status is Status.BEHIND
    assert found.still_needed_per_year == 24


def test_p5_under_the_cumulative_reading():
    known = facts(
        title("A", "2014-06-01"),
        title("B", "2017-06-01", ended_on=day("2018-01-01")),
    )
    stock, ever = P5.readings

    assert count_reading(P5, stock, known, day("2020-12-31")) is None
    assert count_reading(P5, ever, known, day("2020-12-31")).total == 1
    assert count_indicator(P5, known, day("2020-12-31")).total == 1


def test_each_later_plan_counts_in_its_own_way():
    known = facts(
        title("A", "2023-06-01", level=Level.NATIONAL),
        title("B", "2023-06-01"),
        title("C", "2025-06-01", stage=Stage.CULTIVATED),
        certificate("D", "2023-06-01"),
        certificate("E", "2023-06-01", standard=Standard.UNIVERSITY_2016),
    )
    end = day("2027-12-31")

    def total(plan, indicator):
        return count_indicator(plan.indicator(indicator), known, end).total

    assert total(LATER, "N22-advantage") == 1
    assert total(LATER, "N22-subjects") == 2
    assert total(LATEST, "N25-cultivated") == 1
    assert total(PLAN, "P5") == 2


@pytest.mark.parametrize(
    ("indicator", "value", "status"),
    [
        ("P1", 6999, Status.NOT_MET),
        ("P1", 7000, Status.MET),
        ("T1-total", 40000, Status.NOT_MET),
        ("T1-total", 40001, Status.MET),
        ("P2", "9.999", Status.NOT_MET),
        ("P2", 10, Status.MET),
        ("L1", 0, Status.NOT_MET),
        ("L1", 1, Status.MET),
    ],
)
def test_operators_are_exact_at_the_end(indicator, value, status):
    at = PLAN.indicator(indicator)
    filled = years(0, 0, 0, 0, value) if at.kind.adds_up else {"2020": value}

    assert judged(at, filled, "2020-12-31").status is status


@pytest.mark.parametrize(
    ("indicator", "values", "status"),
    [
        ("T4", (95, 96, 97, 95, 99), Status.MET),
        ("T4", (95, 96, "94.9", 95, 99), Status.NOT_MET),
        ("T5", (100, 100, 100, 100, 100), Status.MET),
        ("T5", (100, 100, 100, 100, "99.99"), Status.NOT_MET),
        ("T3", (1, 2, 3, 4, 5), Status.MET),
        ("T3", (1, 2, 2, 4, 5), Status.NOT_MET),
        ("T3", (1, 2, 3, 4, 3), Status.NOT_MET),
    ],
)
def test_every_year_is_judged(indicator, values, status):
    at = PLAN.indicator(indicator)

    assert judged(at, years(*values), "2020-12-31").status is status


def test_a_yearly_target_is_on_pace_until_a_year_fails():
    at = PLAN.indicator("T4")

    assert judged(at, years(95, 96), "2017-12-31").status is Status.ON_PACE
    assert judged(at, years(95, 90), "2017-12-31").status is Status.NOT_MET
    assert judged(at, years(95, 96, 80), "2018-06-30").status is Status.ON_PACE


def test_a_yearly_target_with_a_gap_can_t_be_confirmed():
    at = PLAN.indicator("T4")
    gap = {"2016": 95, "2018": 95, "2019": 95, "2020": 95}

    assert judged(at, gap, "2020-12-31").status is Status.NO_DATA


def test_a_trend_starts_from_the_year_before():
    at = PLAN.indicator("T3")

    assert judged(at, years(10, 11, first=2015), "2016-12-31").status is Status.ON_PACE
    assert judged(at, years(10, 10, first=2015), "2016-12-31").status is Status.NOT_MET
    assert judged(at, years(11), "2016-12-31").status is Status.NO_DATA


def test_a_change_of_definition_breaks_a_trend():
    """The step across the change is not judged: the figures mean two things."""
    changed = ScopeChange(Change.CHANGED, day("2018-01-01"), {}, "derived")
    at = replace(PLAN.indicator("T3"), changes=(changed,))

    found = judged(at, years(10, 20, 5, 6, 7), "2020-12-31")

    assert (found.status, found.changes) == (Status.MET, (changed,))
    assert judged(at, years(10, 20, 5, 6, 6), "2020-12-31").status is Status.NOT_MET


def test_what_is_no_longer_counted_says_so_and_keeps_its_last_figure():
    at = PLAN.indicator("T2-famous")

    found = judged(at, years(20, 30, 0, 0), "2019-12-31")

    assert (found.status, found.value) == (Status.STOPPED, 50)
    assert found.changes[0].note["en"].startswith("Such titles were wound up")
    assert judged(at, years(20, 30), "2017-12-31").status is Status.ON_PACE


def test_a_stock_paces_from_its_derived_baseline():
    at = PLAN.indicator("C1-total")

    found = judged(at, years(4100, 4400), "2017-12-31")

    assert (found.even_pace, found.status) == (4400, Status.ON_PACE)
    assert judged(at, years(4100, 4399), "2017-12-31").status is Status.BEHIND
    assert at.baseline.certainty.to_verify


def test_without_a_baseline_there_is_no_pace():
    found = judged(PLAN.indicator("P1"), {"2017": 5553}, "2018-06-30")

    assert (found.status, found.even_pace) == (Status.UNDER_WAY, None)
    assert pace_words(found)["zh"] == "5553/7000"


def test_the_known_figures_meet_p1_and_p2():
    assert judged(PLAN.indicator("P1"), {"2020": 8563}, "2020-12-31").percent_done == (
        Fraction(856300, 7000)
    )
    assert (
        judged(PLAN.indicator("P2"), {"2020": "12.02"}, "2021-04-25").status
        is Status.MET
    )


@pytest.mark.parametrize("indicator", ["P1", "P4", "T3", "T4"])
def test_nothing_known_is_no_data(indicator):
    found = judged(PLAN.indicator(indicator), {}, "2018-12-31")

    assert (found.status, found.value) == (Status.NO_DATA, None)
    assert pace_words(found)["zh"] == "数据不足"


def test_a_level_of_an_earlier_year_does_not_settle_the_end():
    found = judged(PLAN.indicator("P1"), {"2019": 8000}, "2020-12-31")

    assert found.status is Status.NO_DATA


def test_figures_after_the_day_are_not_looked_at():
    values = figures(years(8, 14, 12))

    assert judge(P4, values, day("2017-12-31")).value == 22


def test_after_the_window_nothing_moves():
    late = judged(P4, years(8, 14, 12, 9, 11, 30), "2026-11-27")

    assert (late.value, late.complete_years, late.mean) == (54, 5, Fraction("10.8"))


def test_parts_of_years_add_up_and_are_never_mixed():
    at = PLAN.indicator("T1-new")
    values = {
        "2016Q1": 1, "2016Q2": 2, "2016Q3": 3, "2016Q4": 4,
        "2017": 100, "2017Q1": 7, "2017-01": 5,
        "2018-01": 20, "2018-02": 30,
    }  # fmt: skip

    found = judged(at, values, "2018-06-30")

    assert dict(found.by_year) == {2016: 10, 2017: 100, 2018: 50}
    assert (found.this_year, found.total_complete) == (50, 110)


def test_a_series_is_read_under_its_shared_name():
    at = LATEST.indicator("N25-trademarks")
    series = (SeriesValue("T1-total", "2025", Fraction(200000), "公报"),)

    found = figures_for(at, Facts(series=series), date(2025, 12, 31))

    assert [figure.value for figure in found] == [200000]


def test_operators_and_kinds():
    assert Operator.MORE_THAN.holds(Fraction(2), Fraction(1))
    assert not Operator.MORE_THAN.holds(Fraction(1), Fraction(1))
    assert Operator.EQUAL.holds(Fraction(1, 3), Fraction(1, 3))
    assert not Operator.EQUAL.holds(Fraction(2), Fraction(1))
    assert [kind for kind in Kind if kind.adds_up] == [Kind.FLOW, Kind.FLOW_SUM]
