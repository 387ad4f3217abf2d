"""A number moves only when at least five groups have come or gone since it was drawn.

The threshold itself is secret and drawn anew for every cell and month, 5 to 13 and
mostly 8 to 10: a fixed one would tell whoever knows of four changes about the fifth.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from oversight.disclosure.cells import Cell, Tally
from oversight.disclosure.keys import draw
from oversight.disclosure.rounding import blurred

K = 5
SPREAD = 8
MOST_UNMOVED = K + SPREAD - 1
"""A change larger than this always moves a number."""

_WEIGHTS = tuple(8 ** (SPREAD // 2 - abs(step - SPREAD // 2)) for step in range(9))
_TOTALS = tuple(accumulate(_WEIGHTS))


@dataclass(frozen=True, slots=True)
class Held:
    """What was drawn for a cell: its number, the count behind it, in which snapshot.

    Confidential: the count is raw. It is kept beside the snapshots, shown nowhere.
    """

    value: int
    count: int
    since: int


@dataclass(frozen=True, slots=True)
class Figure:
    """The number a cell shows and the snapshot it is from. This may be published."""

    value: int
    since: int


def threshold(number: int) -> int:
    """Turn an evenly spread number into the change it takes to move, 5 to 13."""
    return K + bisect_right(_TOTALS, number % _TOTALS[-1])


def next_held(
    tallies: Mapping[Cell, Tally],
    before: Mapping[Cell, Held],
    *,
    snapshot: int,
    secret: bytes,
) -> dict[Cell, Held]:
    """Draw what is new or has changed enough, and keep the rest."""
    held = {}
    for cell, now in tallies.items():
        last = before.get(cell)
        if last is not None:
            limit = threshold(draw(secret, "threshold", cell, snapshot))
            if abs(now.count - last.count) < limit:
                held[cell] = last
                continue
        number = draw(secret, "noise", cell, snapshot, now.key)
        held[cell] = Held(blurred(now.count, number), now.count, snapshot)
    return held


def figures(held: Mapping[Cell, Held]) -> dict[Cell, Figure]:
    """Return what may be shown of what was drawn."""
    return {cell: Figure(one.value, one.since) for cell, one in held.items()}
