"""League tables: shared ranks, stated rates, and no rank on too few."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from oversight.counting.lines import Line
from question_bank.engine.basic_types import Localized

MIN_UNITS: Final = 5
"""A rank on fewer than this says nothing."""


@dataclass(frozen=True)
class ReportingUnit:
    """Who is assessed in one year, and which divisions it answers for.

    A zone reports by itself in some years and with its district in others.
    """

    code: str
    name: Localized
    year: int
    divisions: frozenset[str]


@dataclass(frozen=True)
class Denominator:
    """What a rate divides by, kept with the value: "规上企业 2020", its source."""

    value: Fraction
    of: str
    source: str


class Rate(StrEnum):
    """A stated rate: per how many of what."""

    NONE = "none"
    PER_100_FIRMS = "per_100_firms"
    PER_10000_PEOPLE = "per_10000_people"

    @property
    def per(self) -> int:
        """How many units of the denominator one is counted against."""
        return _PER[self]

    @property
    def words(self) -> Localized:
        """The rate in words."""
        return _RATE_WORDS[self]


@dataclass(frozen=True)
class Entry:
    """One unit before ranking: its count, and `base`, how many the measure rests on."""

    unit: ReportingUnit
    count: int
    base: int
    denominator: Denominator | None = None


@dataclass(frozen=True)
class Row:
    """One row of a league table; `rank` is None where none is given, with a note."""

    unit: ReportingUnit
    count: int
    base: int
    denominator: Denominator | None
    measure: Fraction | None
    rank: int | None
    note: Localized | None = None


def league_table(entries: Iterable[Entry], rate: Rate = Rate.NONE) -> tuple[Row, ...]:
    """Return the ranked rows, best first; equal measures share a rank (1, 1, 3).

    Units without a rank come last and don't push others down.
    """
    measured = [(entry, _measure(entry, rate)) for entry in entries]
    ranked = sorted(
        (m for e, m in measured if m is not None and e.base >= MIN_UNITS), reverse=True
    )
    rows = [_row(entry, measure, ranked) for entry, measure in measured]
    return tuple(
        sorted(
            rows,
            key=lambda r: (r.rank is None, r.rank or 0, r.unit.code),
        )
    )


def counts_by_unit(
    lines: Iterable[Line], units: Sequence[ReportingUnit], *, current: bool
) -> dict[str, int]:
    """Return the counted lines of each reporting unit of one year.

    What no unit answers for stands under "", so that the sum stays the total.
    """
    unit_of = {division: unit.code for unit in units for division in unit.divisions}
    counts: Counter[str] = Counter({unit.code: 0 for unit in units})
    for line in lines:
        if line.counted:
            place = line.division_now if current else line.division
            counts[unit_of.get(place, "")] += 1
    return dict(counts)


def units_of(units: Iterable[ReportingUnit], year: int) -> tuple[ReportingUnit, ...]:
    """Return the reporting units of a year, by code."""
    return tuple(sorted((u for u in units if u.year == year), key=lambda u: u.code))


def _measure(entry: Entry, rate: Rate) -> Fraction | None:
    if rate is Rate.NONE:
        return Fraction(entry.count)
    if entry.denominator is None or entry.denominator.value <= 0:
        return None
    return Fraction(entry.count) / entry.denominator.value * rate.per


def _row(entry: Entry, measure: Fraction | None, ranked: list[Fraction]) -> Row:
    note: Localized | None = None
    rank: int | None = None
    if measure is None:
        note = _NO_DENOMINATOR
    elif entry.base < MIN_UNITS:
        note = _TOO_FEW
    else:
        rank = ranked.index(measure) + 1
    return Row(
        entry.unit, entry.count, entry.base, entry.denominator, measure, rank, note
    )


_PER: Final[Mapping[Rate, int]] = {
    Rate.NONE: 1,
    Rate.PER_100_FIRMS: 100,
    Rate.PER_10000_PEOPLE: 10_000,
}
_RATE_WORDS: Final[Mapping[Rate, Localized]] = {
    Rate.NONE: {"zh": "家数", "en": "number"},
    Rate.PER_100_FIRMS: {
        "zh": "每百家规上企业",
        "en": "per 100 enterprises above the designated size",
    },
    Rate.PER_10000_PEOPLE: {"zh": "每万人", "en": "per 10,000 people"},
}
_TOO_FEW: Final[Localized] = {
    "zh": f"不足 {MIN_UNITS} 家，不排名",
    "en": f"fewer than {MIN_UNITS}: no rank",
}
_NO_DENOMINATOR: Final[Localized] = {"zh": "没有分母", "en": "no denominator"}
