"""What a reader can work out: all ways the city could be, given what was published.

Units that look the same from outside are one *kind*. Each unit has one *value* that is
confidential; a value carries the attribute it must not give away. A published number
is a *statement*: a weighted count of (kind, value) pairs lies in a window. A *world*
is any assignment of values that fits all statements.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

Pair = tuple[int, int]
"""Index of a kind and index of a value."""
Places = tuple[tuple[int, int], ...]
"""Indexes of statements with the weight a pair has there."""


class NotTrue(Exception):
    """A statement is not even true of the city it speaks of."""


@dataclass(frozen=True)
class Statement:
    """A sum is from `low` to `high`. `hidden`: its number is not shown."""

    about: str
    low: int
    high: int
    hidden: bool = False


@dataclass(frozen=True)
class System:
    """All that was published, with the truth behind it.

    `counts` is the truth: how many units of a kind have a value. `attributes` says
    what each value gives away. `allowed` are the values each kind can have at all,
    as far as anybody knows. `places` says for a pair in which statements it counts.
    """

    kinds: tuple[str, ...]
    attributes: tuple[str, ...]
    counts: Mapping[Pair, int]
    statements: tuple[Statement, ...]
    allowed: tuple[tuple[int, ...], ...]
    places: Mapping[Pair, Places]

    @cached_property
    def sums(self) -> list[int]:
        """The true sum of each statement."""
        return self.sums_of(self.counts)

    def sums_of(self, counts: Mapping[Pair, int]) -> list[int]:
        """Return the sum of each statement in a world."""
        sums = [0] * len(self.statements)
        for pair, count in counts.items():
            for index, weight in self.places[pair]:
                sums[index] += weight * count
        return sums

    def check(self) -> None:
        """Raise NotTrue unless every statement holds in the true world."""
        for statement, true in zip(self.statements, self.sums, strict=True):
            if not statement.low <= true <= statement.high:
                raise NotTrue(statement.about)

    def knowing(self, known: Mapping[Pair, int]) -> "System":
        """Return what is left to find out for somebody who knows some units."""
        counts = {p: n - known.get(p, 0) for p, n in self.counts.items()}
        if any(n < 0 for n in counts.values()):
            raise ValueError("Nobody knows units that do not exist.")
        sums = self.sums_of(known)
        statements = tuple(
            replace(one, low=one.low - by, high=one.high - by)
            for one, by in zip(self.statements, sums, strict=True)
        )
        return replace(self, counts=counts, statements=statements)

    def can_swap(self, pair: Pair, value: int) -> bool:
        """Whether the true world with one unit of a pair at another value fits."""
        return all(
            self.statements[index].low
            <= self.sums[index] + by
            <= self.statements[index].high
            for index, by in self._changed(pair, (pair[0], value))
        )

    def _changed(self, pair: Pair, other: Pair) -> Iterable[tuple[int, int]]:
        moved = dict(self.places[other])
        for index, weight in self.places[pair]:
            moved[index] = moved.get(index, 0) - weight
        return ((index, by) for index, by in moved.items() if by)
