"""Periods: a year "2017", a quarter "2017Q3" or a month "2017-12"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from fractions import Fraction
from typing import Final


class Grain(IntEnum):
    """How many months a period has."""

    YEAR = 12
    QUARTER = 3
    MONTH = 1


@dataclass(frozen=True)
class Period:
    """A run of calendar months; `first_month` counts months from year 0."""

    grain: Grain
    first_month: int

    @property
    def year(self) -> int:
        """The calendar year it lies in."""
        return self.first_month // 12

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.first_month % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Period":
        """The period that follows."""
        return Period(self.grain, self.first_month + self.grain)

    @property
    def before(self) -> "Period":
        """The period just before (环比)."""
        return Period(self.grain, self.first_month - self.grain)

    @property
    def year_before(self) -> "Period":
        """The same period of the year before (同比)."""
        return Period(self.grain, self.first_month - 12)

    def __str__(self) -> str:
        """Return it as written."""
        year, month = self.year, self.first_month % 12
        if self.grain is Grain.YEAR:
            return f"{year:04}"
        if self.grain is Grain.QUARTER:
            return f"{year:04}Q{month // 3 + 1}"
        return f"{year:04}-{month + 1:02}"


def parse_period(text: str) -> Period:
    """Return a written period; ValueError for anything else."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"no period: {text!r}")
    year = int(match["year"])
    if match["quarter"]:
        return Period(Grain.QUARTER, year * 12 + (int(match["quarter"]) - 1) * 3)
    if match["month"]:
        return Period(Grain.MONTH, year * 12 + int(match["month"]) - 1)
    return Period(Grain.YEAR, year * 12)


def year_period(year: int) -> Period:
    """Return a calendar year."""
    return Period(Grain.YEAR, year * 12)


def elapsed_of_year(day: date) -> Fraction:
    """Return the part of the calendar year that is over at the end of a day."""
    days = 366 if calendar.isleap(day.year) else 365
    return Fraction(day.timetuple().tm_yday, days)


def last_complete_year(day: date) -> int:
    """Return the last year that is over at the end of a day."""
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


_PERIOD: Final = re.compile(
    r"(?P<year>[12]\d{3})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII
)
