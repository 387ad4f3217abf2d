"""The figures of a scorecard: band, points, gaps and levels; plain functions.

Nothing here is shown to anybody: figures leave the service only through the
snapshots that disclosure control lets pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from question_bank.engine.scorecard import ClauseScore, Scorecard

GAP_BELOW = 2
"""A clause is a gap while its weakest item is below this level (of 0 to 4)."""


@dataclass(frozen=True)
class Figures:
    """What one sealed assessment amounts to; see `models.SubmittedFigures`."""

    band: str
    points: Decimal | None
    gaps: tuple[str, ...]
    levels: dict[str, int]
    seconds: int | None


def figures_of(
    scorecard: Scorecard, *, first: datetime | None, last: datetime | None
) -> Figures:
    """Return the figures of a scorecard; `first` and `last` are changes of answers."""
    return Figures(
        band=scorecard.band or "",
        points=_hundredths(scorecard.self_score),
        gaps=tuple(_gaps(scorecard.clauses)),
        levels={
            item.question: item.level
            for item in scorecard.items
            if item.state == "counted" and item.level is not None
        },
        seconds=int((last - first).total_seconds()) if first and last else None,
    )


def _gaps(clauses: Iterable[ClauseScore]) -> Iterable[str]:
    for clause in clauses:
        if clause.weakest_level is not None and clause.weakest_level < GAP_BELOW:
            yield clause.key


def _hundredths(points: Fraction | None) -> Decimal | None:
    if points is None:
        return None
    return Decimal(round(points * 100)) / 100
