"""Figures of an indicator over time, and what became of them from one to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from oversight.counting.facts import SeriesValue
from oversight.counting.periods import Grain, Period, parse_period


@dataclass(frozen=True)
class Figure:
    """A value of a period. `as_of` is the day it stands for.

    That is the last day of the period, or an earlier one for a year that is running.
    """

    period: Period
    value: Fraction
    as_of: date
    source: str = ""


def figures_of(
    series: Iterable[SeriesValue], indicator: str, day: date
) -> tuple[Figure, ...]:
    """Return the figures of an indicator whose period is over on a day, in order.

    Of several for one period the last handed in counts.
    """
    found: dict[Period, Figure] = {}
    for entry in series:
        if entry.indicator != indicator:
            continue
        period = parse_period(entry.period)
        if period.last_day <= day:
            found[period] = Figure(period, entry.value, period.last_day, entry.source)
    return tuple(sorted(found.values(), key=lambda f: (f.as_of, f.period.grain)))


def yearly_sums(figures: Iterable[Figure]) -> dict[int, Fraction]:
    """Return the flow of each year: its yearly figure, else the sum of its parts.

    Quarters are used before months; different grains are never mixed.
    """
    years: dict[int, dict[Grain, Fraction]] = {}
    for figure in figures:
        grains = years.setdefault(figure.period.year, {})
        grain = figure.period.grain
        grains[grain] = grains.get(grain, Fraction(0)) + figure.value
    return {year: grains[max(grains)] for year, grains in sorted(years.items())}


def year_ends(figures: Iterable[Figure]) -> dict[int, Fraction]:
    """Return the last value that each year has."""
    found: dict[int, Figure] = {}
    for figure in sorted(figures, key=lambda f: (f.as_of, f.period.grain)):
        found[figure.period.year] = figure
    return {year: figure.value for year, figure in sorted(found.items())}


def ratio_of(value: SeriesValue) -> Fraction | None:
    """Return numerator over denominator as stored, None when either is missing."""
    if value.numerator is None or not value.denominator:
        return None
    return value.numerator / value.denominator


class Measure(StrEnum):
    """How a change is told: counts in per cent, shares in percentage points."""

    PERCENT = "percent"
    POINTS = "points"


@dataclass(frozen=True)
class Movement:
    """How a value moved: the difference and, for counts, the relative change.

    `percent` is None when there is nothing to divide by.
    """

    measure: Measure
    difference: Fraction
    percent: Fraction | None

    @property
    def told(self) -> Fraction | None:
        """The number that is shown, in per cent or in percentage points."""
        return self.difference if self.measure is Measure.POINTS else self.percent


def movement(
    now: Fraction, before: Fraction, measure: Measure = Measure.PERCENT
) -> Movement:
    """Return how a value moved between two periods.

    A share is handed in per cent: 95 to 97.5 are 2.5 percentage points.
    """
    difference = now - before
    if measure is Measure.POINTS:
        return Movement(measure, difference, None)
    percent = difference / abs(before) * 100 if before else None
    return Movement(measure, difference, percent)


def compare_periods(
    figures: Iterable[Figure], period: Period, measure: Measure = Measure.PERCENT
) -> tuple[Movement | None, Movement | None]:
    """Return 同比 and 环比 of a period, None where the other figure is missing."""
    values = {figure.period: figure.value for figure in figures}
    now = values.get(period)
    found: list[Movement | None] = []
    for other in (period.year_before, period.before):
        known = now is not None and other in values
        found.append(
            movement(values[period], values[other], measure) if known else None
        )
    return found[0], found[1]
