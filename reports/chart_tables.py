"""The table that stands with a chart and tells all its numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.trend_charts import Bullet


@dataclass(frozen=True)
class ChartTable:
    """Column titles, and rows that begin with their title. Texts are ready to show."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def chart_table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> ChartTable:
    """Return a table; every row must have a cell for each column."""
    held = tuple(tuple(row) for row in rows)
    if any(len(row) != len(columns) for row in held):
        raise ValueError("a row of the table has too many or too few cells")
    return ChartTable(caption, tuple(columns), held)


def bullet_table(
    bullets: Sequence[Bullet], *, caption: str, columns: Sequence[str]
) -> ChartTable:
    """Return the table of a bullet chart: label, value, target, pace, % reached."""
    rows = (
        (b.label, b.value_words, b.target_words, b.pace_words or "–", reached(b))
        for b in bullets
    )
    return chart_table(caption, columns, rows)


def reached(item: Bullet) -> str:
    """Return how much of the target is reached, "156%"; nothing caps it."""
    return f"{100 * item.value / item.target:.0f}%" if item.target else "–"
