"""How long stages take, worked out from the shown numbers of stays alone."""

from dataclasses import dataclass
from itertools import pairwise

from oversight.disclosure.quantiles import quantile
from oversight.disclosure.scheme import STAYS
from oversight.disclosure.tables import Table

LONGEST = 1096
"""Where the open class of days is taken to end."""
BOUNDS = (*(int(low) for low in STAYS), LONGEST)


@dataclass(frozen=True)
class Duration:
    """The median days of a stage and how many shown stays it is taken from."""

    stage: str
    median_days: int
    total: int


@dataclass(frozen=True)
class Stays:
    """The finished stays of a stage, by class of days. What is not shown is 0."""

    stage: str
    finished: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many have moved on."""
        return sum(self.finished)

    @property
    def median_days(self) -> int:
        """The median by interpolation within its class."""
        return quantile(self.finished, BOUNDS, 0.5)

    @property
    def days(self) -> float:
        """The days of all finished stays together, by the middles of the classes."""
        middles = [(low + high) / 2 for low, high in pairwise(BOUNDS)]
        return sum(n * m for n, m in zip(self.finished, middles, strict=True))


def stays_of(table: Table) -> tuple[Stays, ...]:
    """Read the table of stays back, stage by stage."""
    shown = {(e.row[0], e.column[0]): e.value or 0 for e in table.entries}
    return tuple(
        Stays(
            stage=row[0],
            finished=tuple(shown[row[0], low] for low in STAYS),
        )
        for row in table.rows
    )


def durations(table: Table, *, at_least: int) -> tuple[Duration, ...]:
    """Return the median of every stage with enough shown stays."""
    return tuple(
        Duration(stays.stage, stays.median_days, stays.total)
        for stays in stays_of(table)
        if stays.total >= at_least
    )
