"""The mean of many results, as a district or an agency sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Aggregate:
    """The mean of the totals that exist; `without` counts those that have none."""

    mean: Fraction | None
    counted: int
    without: int


def aggregate(totals: Iterable[Fraction | None]) -> Aggregate:
    """Return the exact mean of stored totals; None is left out, and counted."""
    found = list(totals)
    known = [total for total in found if total is not None]
    mean = sum(known, Fraction(0)) / len(known) if known else None
    return Aggregate(mean, len(known), len(found) - len(known))
