"""Periods, comparisons with other periods, and numbers in words."""

from datetime import date
from fractions import Fraction

import pytest

from oversight.counting.facts import SeriesValue
from oversight.counting.figures import (
    Figure,
    Measure,
    compare_periods,
    figures_of,
    movement,
    ratio_of,
)
from oversight.counting.periods import last_complete_year, parse_period
from oversight.counting.wording import decimal_text, movement_words


@pytest.mark.parametrize(
    ("text", "last", "before", "year_before"),
    [
        ("2017", date(2017, 12, 31), "2016", "2016"),
        ("2017Q1", date(2017, 3, 31), "2016Q4", "2016Q1"),
        ("2017Q3", date(2017, 9, 30), "2017Q2", "2016Q3"),
        ("2016-02", date(2016, 2, 29), "2016-01", "2015-02"),
        ("2017-01", date(2017, 1, 31), "2016-12", "2016-01"),
        ("2017-12", date(2017, 12, 31), "2017-11", "2016-12"),
    ],
)
def test_period(text, last, before, year_before):
    period = parse_period(text)

    assert str(period) == text
    assert period.last_day == last
    assert (str(period.before), str(period.year_before)) == (before, year_before)


@pytest.mark.parametrize("text", ["", "17", "2017Q5", "2017-13", "2017-1", "２０１７"])
def test_no_period(text):
    with pytest.raises(ValueError, match="no period"):
        parse_period(text)


def test_a_year_is_complete_on_its_last_day():
    assert last_complete_year(date(2017, 12, 31)) == 2017
    assert last_complete_year(date(2017, 12, 30)) == 2016


def values(**entries):
    return [
        Figure(period, Fraction(value), period.last_day)
        for text, value in entries.items()
        for period in [parse_period(text[1:].replace("_", "-"))]
    ]


def test_the_same_period_last_year_and_the_one_before():
    known = values(y2016Q1=40, y2016Q4=50, y2017Q1=60)

    same, before = compare_periods(known, parse_period("2017Q1"))

    assert (same.percent, before.percent) == (50, 20)
    assert compare_periods(known, parse_period("2016Q1")) == (None, None)


def test_shares_move_by_percentage_points():
    moved = movement(Fraction("97.5"), Fraction(95), Measure.POINTS)

    assert (moved.difference, moved.percent) == (Fraction("2.5"), None)
    assert movement_words(moved)["zh"] == "上升 2.5 个百分点"


@pytest.mark.parametrize(
    ("now", "before", "measure", "zh", "en"),
    [
        (60, 40, Measure.PERCENT, "增长 50%", "up 50 %"),
        (30, 40, Measure.PERCENT, "下降 25%", "down 25 %"),
        (40, 40, Measure.PERCENT, "持平", "unchanged"),
        (40, 0, Measure.PERCENT, "上期为 0，不计算增幅", "was 0: no relative change"),
        (90, 95, Measure.POINTS, "下降 5 个百分点", "down 5 percentage points"),
    ],
)
def test_movement_words(now, before, measure, zh, en):
    assert movement_words(movement(Fraction(now), Fraction(before), measure)) == {
        "zh": zh,
        "en": en,
    }


def test_nothing_to_compare_with():
    assert movement_words(None)["zh"] == "无可比数据"


def test_a_ratio_keeps_its_denominator():
    stored = SeriesValue(
        "P2", "2020", Fraction("12.02"), "x", Fraction(8563), Fraction("712.18"), "2018"
    )

    assert decimal_text(ratio_of(stored)) == "12.02"
    assert decimal_text(Fraction(8563) / Fraction("710.2116")) == "12.06"
    assert ratio_of(SeriesValue("P2", "2021", Fraction("14.91"), "x")) is None


def test_a_period_that_is_not_over_has_no_figure():
    series = (
        SeriesValue("P1", "2017", Fraction(1), "x"),
        SeriesValue("P3", "2016", Fraction(9), ""),
    )

    assert figures_of(series, "P1", date(2017, 12, 30)) == ()
    assert len(figures_of(series, "P1", date(2017, 12, 31))) == 1


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(100), 2, "100"),
        (Fraction(-1, 1000), 2, "0"),
        (Fraction(106000), 0, "106000"),
    ],
)
def test_decimal_text(value, places, text):
    assert decimal_text(value, places) == text
