"""A short proof that drawn numbers give nobody away, for any number of firms.

Every statement ever made is a window around a count (or around a change of one) that
one firm moves by one at most. If no count stands at the edge of its window, then each
firm alone could have any other value in all tables of all snapshots, all else left as
it is. That is a world for every reader, even for one who knows all firms but one. And
if five more could be in every cell, no hidden count is known to within five.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from oversight.disclosure.cells import Cell, Tally
from oversight.disclosure.change_rule import MOST_UNMOVED, Held, K
from oversight.disclosure.rounding import window

NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement with the truth behind it. Confidential.

    `what` is "count", "moved" or "kept"; the latter two speak of changes.
    """

    snapshot: int
    cell: Cell
    what: str
    low: int
    high: int
    true: int

    @property
    def holds(self) -> bool:
        """Whether it is true."""
        return self.low <= self.true <= self.high

    @property
    def at_edge(self) -> bool:
        """Whether one firm more or less would make it false."""
        return self.true == self.high or (self.true == self.low and self.true > 0)

    @property
    def cramped(self) -> bool:
        """Whether five more groups would make it false."""
        return self.what == "count" and self.true + K > self.high


def proofs(
    tallies: Mapping[Cell, Tally],
    before: Mapping[Cell, Held],
    held: Mapping[Cell, Held],
    snapshot: int,
) -> Iterator[Proof]:
    """State what a snapshot tells: each new number, and what moved or did not."""
    for cell, tally in tallies.items():
        now, last = held[cell], before.get(cell)
        if now.since == snapshot:
            low, high = window(now.value)
            yield Proof(snapshot, cell, "count", low, high, tally.count)
        if last is None:
            continue
        change = abs(tally.count - last.count)
        if now.since == snapshot:
            yield Proof(snapshot, cell, "moved", K, NO_LIMIT, change)
        else:
            yield Proof(snapshot, cell, "kept", 0, MOST_UNMOVED, change)


def first_at_edge(stated: Iterable[Proof]) -> Proof | None:
    """Return the first statement that is false or that one firm would make false."""
    return next((p for p in stated if not p.holds or p.at_edge), None)
