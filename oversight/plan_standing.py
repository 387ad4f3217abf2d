"""How a plan stands on a day, as known on a day; and every unit behind a number.

Public facts of the registers: exact, by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oversight.count_book import Count, CountBook, book_for, lines_of
from oversight.counting.facts import SeriesValue
from oversight.counting.figures import Measure, Movement, movement
from oversight.counting.lines import Line
from oversight.counting.plans import Indicator, Plan
from oversight.counting.reasons import Outcome
from oversight.known import end_of, series_known_before
from oversight.plan_files import shipped_plans


@dataclass(frozen=True)
class Compared:
    """同比: two like periods of two years. `day` is None for whole years."""

    year: int
    day: date | None
    movement: Movement


@dataclass(frozen=True)
class Standing:
    """One indicator with how it moved within a year."""

    count: Count
    compared: Compared | None


@dataclass(frozen=True)
class LineChoice:
    """Which lines are wanted; None and "" leave all."""

    year: int | None = None
    outcome: Outcome | None = None
    division: str = ""

    def of(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Return the lines chosen, in their order."""
        return tuple(
            line
            for line in lines
            if self.year in (None, line.year)
            and self.outcome in (None, line.reason.outcome)
            and self.division in ("", line.division, line.division_now)
        )


def find_plan(plan_id: str) -> Plan:
    """Return a plan of the product; KeyError when there is none."""
    for plan in shipped_plans():
        if plan.id == plan_id:
            return plan
    raise KeyError(plan_id)


def plan_standing(plan: Plan, day: date, *, known_on: date) -> tuple[Standing, ...]:
    """Return every indicator of a plan; two queries while nothing was recorded."""
    book = book_for(day, known_on=known_on)
    before = _a_year_before(plan, day, known_on)
    return tuple(_standing(count, before, day) for count in book.of_plan(plan.id))


def indicator_standing(
    plan: Plan, indicator: Indicator, day: date, *, known_on: date
) -> Standing:
    """Return one indicator of a plan."""
    book = book_for(day, known_on=known_on)
    before = _a_year_before(plan, day, known_on)
    return _standing(book.count(plan.id, indicator.id), before, day)


def counted_lines(
    plan: Plan, indicator: Indicator, day: date, *, known_on: date
) -> tuple[Line, ...]:
    """Return every unit looked at; none for figures of other offices."""
    if not indicator.rule.counts:
        return ()
    return lines_of(plan, indicator, day, known_on=known_on)


def figures_behind(indicator: Indicator, *, known_on: date) -> tuple[SeriesValue, ...]:
    """Return the figures handed in for an indicator; none for counted ones."""
    if indicator.rule.counts:
        return ()
    known = series_known_before(end_of(known_on))
    return tuple(one for one in known if one.indicator == indicator.series_name)


def _a_year_before(plan: Plan, day: date, known_on: date) -> CountBook | None:
    """Return the book of the same day a year before, for counts that still run."""
    if not plan.first_year < day.year <= plan.last_year:
        return None
    last_of_february = (day.month, day.day) == (2, 29)
    day_before = day.replace(year=day.year - 1, day=28 if last_of_february else day.day)
    return book_for(day_before, known_on=known_on)


def _standing(count: Count, before: CountBook | None, day: date) -> Standing:
    if count.indicator.rule.counts and before is not None:
        return Standing(count, _same_day(count, before, day))
    return Standing(count, _whole_years(count))


def _same_day(count: Count, before: CountBook, day: date) -> Compared | None:
    then = before.count(count.plan, count.indicator.id)
    now_value, then_value = _of_year(count, day.year), _of_year(then, day.year - 1)
    if now_value is None or then_value is None:
        return None
    return Compared(day.year, day, movement(now_value, then_value))


def _of_year(count: Count, year: int) -> Fraction | None:
    return dict(count.judgement.by_year).get(year)


def _whole_years(count: Count) -> Compared | None:
    """Compare the last two years that are over."""
    values = dict(count.judgement.by_year)
    over = [year for year in values if date(year, 12, 31) <= count.judgement.day]
    if not over or max(over) - 1 not in values:
        return None
    year = max(over)
    share = count.indicator.unit["zh"] == "%"
    measure = Measure.POINTS if share else Measure.PERCENT
    return Compared(year, None, movement(values[year], values[year - 1], measure))
