"""Axes of charts over time: nice scales, grid lines, labels that don't meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from reports.chart_layout import GAP
from reports.drawing import GRID, QUIET, SMALL, Drawing, text_width


@dataclass(frozen=True)
class Plot:
    """The field of a chart: x by the place of a point, y by its value up to `top`."""

    left: float
    right: float
    top: float
    ceiling: float = 24
    floor: float = 206

    def x(self, index: int, count: int) -> float:
        """Return the x of the point at `index` of `count`."""
        return self.left + (self.right - self.left) * (index / max(count - 1, 1))

    def y(self, value: float) -> float:
        """Return the y of a value."""
        return self.floor - (self.floor - self.ceiling) * value / self.top


def nice_top(value: float) -> float:
    """Return the smallest 1, 2, 4, 5 or 10 × 10ⁿ that isn't below `value`."""
    if value <= 1:
        return 1
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= value)


def _steps(top: float) -> int:
    """Return how many grid lines divide a nice top into whole numbers."""
    leading = top / 10 ** floor(log10(top))
    whole = {1: 1, 2: 2, 4: 4, 5: 5} if top < 10 else {1: 5, 2: 4, 4: 4, 5: 5}
    return whole[round(leading)]


def draw_value_axis(drawing: Drawing, plot: Plot) -> None:
    """Draw the grid with its values to the left."""
    steps = _steps(plot.top)
    for index in range(steps + 1):
        value = plot.top * index / steps
        y = plot.y(value)
        drawing.line((plot.left, y), (plot.right, y), stroke=GRID)
        drawing.text(
            plot.left - 6, y + 4, f"{value:g}",
            font_size=SMALL, fill=QUIET, text_anchor="end",
        )  # fmt: skip


def draw_time_axis(
    drawing: Drawing, places: Sequence[tuple[float, str]], y: float
) -> None:
    """Write labels at their x, leaving out those that would meet another.

    The first and the last are always there, if they have words.
    """
    for x, label in _apart([p for p in places if p[1]], drawing.width):
        drawing.text(x, y, label, font_size=SMALL, fill=QUIET, text_anchor="middle")


def _apart(
    places: Sequence[tuple[float, str]], width: float
) -> Iterator[tuple[float, str]]:
    held = [(_inside(x, label, width), label) for x, label in places]
    last = held[-1] if held else None
    end = -GAP
    for place in held[:-1]:
        start, stop = _span(*place)
        if start >= end + GAP and (not last or stop + GAP <= _span(*last)[0]):
            yield place
            end = stop
    if last:
        yield last


def _inside(x: float, label: str, width: float) -> float:
    half = text_width(label, SMALL) / 2
    return max(half, min(x, width - half - 1))


def _span(x: float, label: str) -> tuple[float, float]:
    half = text_width(label, SMALL) / 2
    return x - half, x + half
