"""First certifications of the running year by month, and what is likely to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import accumulate

from django.core.cache import cache as shared_cache

from oversight.count_book import KEPT_SECONDS, CountBook
from oversight.counting.periods import Period
from oversight.counting.transitions import month_of
from oversight.outlook import Outlook, outlook
from oversight.querysets import SnapshotQuerySet
from oversight.shown import Shown, shown


@dataclass(frozen=True)
class GrowthPoint:
    """How many were first certified in the year by the end of a month."""

    month: Period
    total: int


@dataclass(frozen=True)
class FanPoint:
    """What is forecast for the end of a month, counted from the year's beginning."""

    month: Period
    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class Growth:
    """The year so far and what may come.

    With a fan the points end where it begins, at the snapshot's month; without one
    they go to the day. `outlook` is None without a snapshot recent enough.
    """

    year: int
    target: int
    points: tuple[GrowthPoint, ...]
    fan: tuple[FanPoint, ...]
    outlook: Outlook | None

    @property
    def reached(self) -> bool:
        """Whether the target was reached before the fan begins."""
        return bool(self.points) and self.points[-1].total >= self.target


def growth(
    book: CountBook, latest: Shown | None, published: SnapshotQuerySet
) -> Growth:
    """Return the running year; `published` is read when the forecast isn't kept."""
    year = book.day.year
    target = int(book.certified.indicator.target or 0)
    found = _outlook(book, latest, published, target)
    fan = found.forecast.fan if found else ()
    last = month_of(latest.day if fan and latest else book.day)
    points = tuple(_points(book, _months(year, last)))
    base = points[-1].total if points else 0
    return Growth(
        year,
        target,
        points,
        tuple(
            FanPoint(m.month, base + m.low, base + m.middle, base + m.high) for m in fan
        ),
        found,
    )


def _points(book: CountBook, months: Sequence[Period]) -> Iterator[GrowthPoint]:
    new = (book.certified.by_month.get(month, 0) for month in months)
    for month, total in zip(months, accumulate(new), strict=True):
        yield GrowthPoint(month, total)


def _months(year: int, last: Period) -> list[Period]:
    first = month_of(date(year, 1, 1))
    return [
        Period(first.grain, month)
        for month in range(first.first_month, last.first_month + 1)
    ]


def _outlook(
    book: CountBook,
    latest: Shown | None,
    published: SnapshotQuerySet,
    target: int,
) -> Outlook | None:
    """Return the forecast to the end of the year; None when no snapshot is of it.

    A snapshot of last December stands for the beginning of the year.
    """
    if latest is None or month_of(latest.day).next.year != book.day.year:
        return None
    certified = book.certified.by_month
    so_far = _months(book.day.year, month_of(latest.day))
    needed = max(0, target - sum(certified.get(month, 0) for month in so_far))
    until = date(book.day.year, 12, 31)
    by_month = sorted((m.first_month, number) for m, number in certified.items())
    facts = sha256(repr((by_month, until, needed)).encode()).hexdigest()
    key = f"outlook:{latest.sha256}:{facts}"
    found: Outlook | None = shared_cache.get(key)
    if found is None:
        every = [shown(one) for one in published.order_by("number")]
        found = outlook(every, certified, until=until, needed=needed)
        shared_cache.set(key, found, KEPT_SECONDS)
    return found
