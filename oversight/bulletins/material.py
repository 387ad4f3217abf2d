"""What a bulletin is made of: the registers as known on a day, and one snapshot.

Everything later parts state comes from here, so the same arguments always give the
same bulletin, whatever is corrected afterwards.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from oversight.bulletins.words import Names, names
from oversight.count_book import CountBook, book_for, lines_of
from oversight.counting.counting_rules import count_indicator
from oversight.counting.facts import Certificate, Facts
from oversight.counting.lines import Line
from oversight.counting.periods import Grain, Period, parse_period
from oversight.counting.plans import Indicator, Plan
from oversight.counting.valid_stock import count_valid_stock
from oversight.divisions import divisions, successors
from oversight.known import facts_known_on
from oversight.plan_files import shipped_plans
from oversight.shown import Shown
from question_bank.engine.basic_types import Localized

OUTLINE = "2016-2020"
CERTIFIED, TITLED = "P4", "P5"
YEARS_SHOWN = 5


class Kind(StrEnum):
    """How long a bulletin's period is."""

    MONTHLY = "monthly"
    ANNUAL = "annual"

    @property
    def grain(self) -> Grain:
        """The grain of its periods."""
        return Grain.MONTH if self is Kind.MONTHLY else Grain.YEAR


@dataclass(frozen=True)
class Earlier:
    """The bulletin before: its day, and what was known when it was made."""

    title: Localized
    day: date
    known_on: date


@dataclass(frozen=True)
class Material:
    """The ground of one bulletin. Public facts are exact, the snapshot is drawn."""

    kind: Kind
    period: Period
    known_on: date
    facts: Facts
    book: CountBook
    names: Names
    shown: Shown | None
    earlier: Earlier | None

    @property
    def day(self) -> date:
        """The last day of the period."""
        return self.period.last_day

    @property
    def day_before(self) -> date:
        """The same day a year earlier."""
        return self.period.year_before.last_day

    @property
    def years(self) -> tuple[int, ...]:
        """The years that tables show, the last is that of the period."""
        return tuple(range(self.day.year - YEARS_SHOWN + 1, self.day.year + 1))

    @cached_property
    def certified(self) -> tuple[Line, ...]:
        """The counted first certifications of all years up to the day."""
        return certified_by(self.facts, self.day)

    @cached_property
    def titled(self) -> tuple[Line, ...]:
        """The advantage enterprises on the day, each once by its highest tier."""
        return self.titled_on(self.day)

    @cached_property
    def valid(self) -> tuple[Line, ...]:
        """The enterprises that hold a valid certificate on the day."""
        return self.valid_on(self.day)

    def valid_on(self, day: date) -> tuple[Line, ...]:
        """Return the enterprises that hold a valid certificate on a day."""
        return count_valid_stock(self.facts, day, successors()).counted

    def titled_on(self, day: date) -> tuple[Line, ...]:
        """Return the advantage enterprises on a day."""
        return titled_by(day, known_on=self.known_on)

    def certified_in(self, year: int, *, until: date) -> int:
        """Return how many were first certified in a year up to a day."""
        return sum(line.year == year and line.on <= until for line in self.certified)

    @cached_property
    def certificates(self) -> Mapping[str, Certificate]:
        """The certificates by id."""
        return {one.id: one for one in self.facts.certificates}


def material_for(
    kind: Kind,
    period: Period,
    *,
    known_on: date,
    shown: Shown | None,
    earlier: Earlier | None,
) -> Material:
    """Gather what is known; about ten queries and one look at every fact."""
    return Material(
        kind=kind,
        period=period,
        known_on=known_on,
        facts=facts_known_on(known_on),
        book=book_for(period.last_day, known_on=known_on),
        names=names(),
        shown=shown,
        earlier=earlier,
    )


def certified_by(facts: Facts, day: date) -> tuple[Line, ...]:
    """Return the counted first certifications of all years up to a day."""
    _plan, indicator = outline(CERTIFIED)
    years = replace(indicator, first_year=date.min.year, last_year=day.year)
    return count_indicator(years, facts, day, successors()).counted


def titled_by(day: date, *, known_on: date) -> tuple[Line, ...]:
    """Return the advantage enterprises on a day, each by its highest title."""
    plan, indicator = outline(TITLED)
    lines = lines_of(plan, indicator, day, known_on=known_on)
    return tuple(line for line in lines if line.counted)


def outline(indicator: str) -> tuple[Plan, Indicator]:
    """Return an indicator of the outline of 2016–2020, whose counts go on after it."""
    plan = next(plan for plan in shipped_plans() if plan.id == OUTLINE)
    return plan, plan.indicator(indicator)


def period_of(kind: Kind, text: str) -> Period:
    """Return the period of a bulletin; ValueError for another grain."""
    period = parse_period(text)
    if period.grain is not kind.grain:
        raise ValueError(f"no period of a {kind.value} bulletin: {text!r}")
    return period


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Return places in the order of the reference data, unknown ones last."""
    order = {code: place for place, code in enumerate(divisions())}
    return tuple(sorted(codes, key=lambda code: (order.get(code, len(order)), code)))


def counted_by(lines: Iterable[Line], *, now: bool) -> Counter[str]:
    """Count lines by place, in the boundaries of the time or of today."""
    return Counter(line.division_now if now else line.division for line in lines)
