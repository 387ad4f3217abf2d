"""The count book: every indicator of every plan, counted and judged for a day.

Public facts, exact. Counting looks at every certificate and title, so the book is
kept in the cache under the state of the registers: any recording, and any change of
the plans, makes a new one. The registers are the truth; a lost book is counted anew.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache
from hashlib import sha256

from django.core.cache import cache as shared_cache
from django.db.models import Count as RowCount, Max, Model, Value

from oversight.counting.counting_rules import Counts
from oversight.counting.facts import Facts, Title
from oversight.counting.figures import Figure
from oversight.counting.judging import Judgement, judge
from oversight.counting.lines import Line, Tally
from oversight.counting.periods import Period, year_period
from oversight.counting.plans import Indicator, Plan
from oversight.counting.transitions import month_of
from oversight.counting.valid_stock import count_valid_stock
from oversight.divisions import successors
from oversight.known import counted_facts_known_on, equivalences_known_on
from oversight.models import (
    CertificateRevision,
    RecognitionRevision,
    SeriesRevision,
    TitleEquivalence,
    UnitRevision,
)
from oversight.plan_files import shipped_plans

KEPT_SECONDS = 7 * 24 * 3600
OUTLINE = "2016-2020"
CERTIFIED, ADVANTAGE = "P4", "P5"
"""The indicators of the outline whose rules hold for every year since."""
_SOURCES: Mapping[type[Model], str] = {
    UnitRevision: "recorded_at",
    CertificateRevision: "recorded_at",
    RecognitionRevision: "recorded_at",
    SeriesRevision: "recorded_at",
    TitleEquivalence: "created_at",
}
"""What the book is made of, with the time of a row."""


@dataclass(frozen=True)
class Count:
    """One indicator of a plan on a day.

    For counted ones: how many lines are counted by year and month, by division in
    today's boundaries and by tier or edition; how many lines wait to be verified, and
    what was taken out as got by deceit. It does not grow with the registers.
    """

    plan: str
    judgement: Judgement
    by_year: Mapping[int, int]
    by_division: Mapping[str, int]
    by_category: Mapping[str, int]
    by_month: Mapping[Period, int] = field(default_factory=dict)
    to_verify: int = 0
    corrections: tuple[Line, ...] = ()

    @property
    def indicator(self) -> Indicator:
        """What is counted."""
        return self.judgement.indicator


@dataclass(frozen=True)
class Holders:
    """How many enterprises hold a valid certificate, by place of today and edition."""

    total: int
    by_division: Mapping[str, int]
    by_edition: Mapping[str, int]


@dataclass(frozen=True)
class CountBook:
    """All counts for `day`, as known at the end of `known_on`.

    `certified` and `advantage` carry two rules of the outline on into the year of the
    day: first certifications of all years, judged for this one against the yearly
    mean, and who holds a title on the day. `holders` have a valid certificate.
    """

    day: date
    known_on: date
    counts: tuple[Count, ...]
    certified: Count
    advantage: Count
    holders: Holders

    def count(self, plan: str, indicator: str) -> Count:
        """Return one count; KeyError when there is none."""
        for found in self.counts:
            if (found.plan, found.indicator.id) == (plan, indicator):
                return found
        raise KeyError((plan, indicator))

    def of_plan(self, plan: str) -> tuple[Count, ...]:
        """Return the counts of a plan, in its order."""
        return tuple(count for count in self.counts if count.plan == plan)


def book_for(day: date, *, known_on: date) -> CountBook:
    """Return the book for a day; one query while nothing was recorded since.

    `known_on` before today gives last year's answers whatever was corrected later.
    """
    key = f"count-book-3:{day}:{known_on}:{state_of_registers()}"
    book: CountBook | None = shared_cache.get(key)
    if book is None:
        book = _counted(day, known_on)
        shared_cache.set(key, book, KEPT_SECONDS)
    return book


def lines_of(
    plan: Plan, indicator: Indicator, day: date, *, known_on: date
) -> tuple[Line, ...]:
    """Return every unit looked at for a count, each with its reason; likewise kept."""
    key = (
        f"count-lines:{plan.id}:{indicator.id}:{day}:{known_on}:{state_of_registers()}"
    )
    lines: tuple[Line, ...] | None = shared_cache.get(key)
    if lines is None:
        decided = _as_decided(indicator, equivalences_known_on(known_on))
        lines = _counts(known_on).tally(decided, day).lines
        shared_cache.set(key, lines, KEPT_SECONDS)
    return lines


def state_of_registers() -> str:
    """Return what names the state of registers and plans; one query.

    Times and counts both: rows may be committed out of the order of their times. An
    index of times alone answers both.
    """
    newest = [
        model._base_manager.order_by()  # noqa: SLF001 - a maximum shows no row
        .annotate(table=Value(model.__name__))
        .values("table")
        .annotate(newest=Max(recorded), rows=RowCount(recorded))
        .values_list("table", "newest", "rows")
        for model, recorded in _SOURCES.items()
    ]
    rows = newest[0].union(*newest[1:], all=True)
    found = ",".join(f"{table}:{last}:{count}" for table, last, count in sorted(rows))
    return sha256(f"{found}:{_plans_hash()}".encode()).hexdigest()[:32]


@cache
def _plans_hash() -> str:
    return sha256(repr(shipped_plans()).encode()).hexdigest()


def _counted(day: date, known_on: date) -> CountBook:
    room = _counts(known_on)
    equivalents = equivalences_known_on(known_on)
    counts = tuple(
        _count(plan, _as_decided(indicator, equivalents), room, day)
        for plan in shipped_plans()
        for indicator in plan.indicators
    )
    outline = next(plan for plan in shipped_plans() if plan.id == OUTLINE)
    certified, advantage = (
        _carried_on(_as_decided(outline.indicator(key), equivalents), room, day)
        for key in (CERTIFIED, ADVANTAGE)
    )
    holders = _holders(room.facts, day)
    return CountBook(day, known_on, counts, certified, advantage, holders)


def _counts(known_on: date) -> Counts:
    return Counts(counted_facts_known_on(known_on), successors())


def _carried_on(indicator: Indicator, room: Counts, day: date) -> Count:
    """Count by an indicator's rule over all years; judge the year of the day alone."""
    always = replace(indicator, first_year=date.min.year, last_year=day.year)
    tally = room.tally(always, day)
    value = tally.total
    if indicator.kind.adds_up:
        value = tally.by_year().get(day.year, 0)
    year = year_period(day.year)
    figure = Figure(year, Fraction(value), min(day, year.last_day))
    this_year = replace(indicator, first_year=day.year, last_year=day.year)
    return _of_tally(OUTLINE, judge(this_year, (figure,), day), tally)


def _holders(facts: Facts, day: date) -> Holders:
    tally = count_valid_stock(facts, day, successors())
    return Holders(tally.total, tally.by_division(current=True), tally.by_category())


def _as_decided(indicator: Indicator, equivalents: Mapping[str, Title]) -> Indicator:
    """Let the bureau's list of equivalent titles complete the plan's own."""
    both = {**indicator.options.equivalents, **equivalents}
    return replace(indicator, options=replace(indicator.options, equivalents=both))


def _count(plan: Plan, indicator: Indicator, room: Counts, day: date) -> Count:
    judged = judge(indicator, room.figures(indicator, day), day)
    return _of_tally(plan.id, judged, room.tally(indicator, day))


def _of_tally(plan: str, judgement: Judgement, tally: Tally) -> Count:
    return Count(
        plan=plan,
        judgement=judgement,
        by_year=tally.by_year(),
        by_division=tally.by_division(current=True),
        by_category=tally.by_category(),
        by_month=dict(Counter(month_of(line.on) for line in tally.counted)),
        to_verify=len(tally.to_verify),
        corrections=tally.corrections,
    )
