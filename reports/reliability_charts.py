"""The reliability diagram: what was forecast against what came true.

A pure function like those of `reports.charts`, under the same rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.safestring import SafeString

from reports.chart_layout import DASHED, WIDE, legend_rows
from reports.chart_tables import ChartTable, chart_table
from reports.drawing import (
    INK,
    MAIN,
    QUIET,
    SMALL,
    TEXT,
    WHITE,
    Drawing,
    Mark,
    text_width,
    wrap,
)

LEFT = 46.0
LARGEST = 420.0
LEGEND = 22.0
NUMBERS = 15.0


@dataclass(frozen=True)
class ReliabilityPoint:
    """A bin: mean forecast, share that came true, its interval (all 0–1), and n."""

    forecast: float
    observed: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class ReliabilityWords:
    """What axes and legend say."""

    forecast: str
    observed: str
    point: str
    interval: str
    perfect: str
    number: str


def reliability_diagram(
    points: Sequence[ReliabilityPoint],
    *,
    title: str,
    words: ReliabilityWords,
    width: float = WIDE,
) -> SafeString:
    """Draw a point a bin, with its interval, against the line of perfect forecasts.

    Below each point stands its n. Points above the line came true more often than
    forecast.
    """
    legend = legend_rows(_legend(words), width)
    heading = wrap(words.observed, width)
    field = _Field(
        left=LEFT,
        top=len(legend) * LEGEND + len(heading) * TEXT * 1.35 + 16,
        side=min(width - LEFT - 16, LARGEST),
    )
    drawing = Drawing(width, field.bottom + 4 * NUMBERS + 18)
    _draw_legend(drawing, legend)
    drawing.lines(0, len(legend) * LEGEND + TEXT + 2, heading)
    _draw_axes(drawing, field, words)
    drawing.line(field.at(0, 0), field.at(1, 1), **DASHED)
    for place, point in enumerate(sorted(points, key=lambda p: p.forecast)):
        _draw_point(drawing, field, point, field.bottom + (2 + place % 2) * NUMBERS + 4)
    return drawing.render(title, _description(points, words))


@dataclass(frozen=True)
class _Field:
    left: float
    top: float
    side: float

    @property
    def bottom(self) -> float:
        return self.top + self.side

    def at(self, forecast: float, observed: float) -> tuple[float, float]:
        x = self.left + self.side * forecast
        return x, self.bottom - self.side * observed


def _legend(words: ReliabilityWords) -> list[tuple[str, str]]:
    return [
        ("point", words.point),
        ("interval", words.interval),
        ("perfect", words.perfect),
    ]


def _draw_legend(
    drawing: Drawing, legend: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    for index, row in enumerate(legend):
        y = index * LEGEND + 9.5
        for mark, text, x in row:
            if mark == "point":
                _dot(drawing, x + 12, y, 6)
            elif mark == "interval":
                _whisker(drawing, x + 12, y - 8, y + 8)
            else:
                drawing.line((x + 1, y), (x + 22, y), **DASHED)
            drawing.text(x + 28, y + 4.5, text)


def _draw_axes(drawing: Drawing, field: _Field, words: ReliabilityWords) -> None:
    for step in range(0, 101, 20):
        share = step / 100
        left, right = field.at(0, share), field.at(1, share)
        drawing.line(left, right)
        drawing.line(field.at(share, 0), field.at(share, 1))
        small: dict[str, Mark] = {"font_size": SMALL, "fill": QUIET}
        drawing.text(left[0] - 6, left[1] + 4, f"{step}%", text_anchor="end", **small)
        x, y = field.at(share, 0)
        drawing.text(x, y + 16, f"{step}%", text_anchor="middle", **small)
    end = field.left + field.side + 1
    drawing.text(
        0, field.bottom + 2 * NUMBERS + 4, words.number, font_size=SMALL, fill=QUIET
    )
    drawing.text(end, drawing.height - 6, words.forecast, text_anchor="end")


def _draw_point(
    drawing: Drawing, field: _Field, point: ReliabilityPoint, y: float
) -> None:
    x, middle = field.at(point.forecast, point.observed)
    _whisker(drawing, x, field.at(0, point.high)[1], field.at(0, point.low)[1])
    _dot(drawing, x, middle, min(3.5 + sqrt(point.n) / 4, 9))
    words = str(point.n)
    half = text_width(words, SMALL) / 2
    held = max(field.left + half, min(x, drawing.width - half - 1))
    drawing.text(held, y, words, font_size=SMALL, text_anchor="middle")


def _dot(drawing: Drawing, x: float, y: float, radius: float) -> None:
    drawing.element(
        "circle", cx=x, cy=y, r=radius,
        fill=MAIN, stroke=WHITE, stroke_width=1, data_mark="main",
    )  # fmt: skip


def _whisker(drawing: Drawing, x: float, high: float, low: float) -> None:
    pen: dict[str, Mark] = {"stroke": INK, "stroke_width": 1.5, "data_mark": "line"}
    drawing.line((x, high), (x, low), **pen)
    for y in (high, low):
        drawing.line((x - 4, y), (x + 4, y), **pen)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _description(points: Sequence[ReliabilityPoint], words: ReliabilityWords) -> str:
    return "; ".join(
        f"{words.forecast} {_percent(p.forecast)}: {words.observed} "
        f"{_percent(p.observed)} ({_percent(p.low)}–{_percent(p.high)}), "
        f"{words.number} {p.n}"
        for p in points
    )


def reliability_table(
    points: Sequence[ReliabilityPoint], *, caption: str, columns: Sequence[str]
) -> ChartTable:
    """Return the table of the diagram: forecast, came true, interval, n."""
    rows = (
        (
            _percent(p.forecast),
            _percent(p.observed),
            f"{_percent(p.low)}–{_percent(p.high)}",
            str(p.n),
        )
        for p in points
    )
    return chart_table(caption, columns, rows)
