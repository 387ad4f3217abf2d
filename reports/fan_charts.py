"""A cumulative line that goes on as a fan: what is likely to come.

Pure functions like those of `reports.charts`, under the same rules. Without a fan the
chart says in words why it is silent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.chart_axes import Plot, draw_time_axis, draw_value_axis, nice_top
from reports.chart_layout import DASHED, GAP, WIDE, legend_rows, text_height
from reports.chart_tables import ChartTable, chart_table
from reports.drawing import (
    INK,
    MAIN,
    SMALL,
    SOFT,
    TEXT,
    Drawing,
    Mark,
    text_width,
    wrap,
)
from reports.trend_charts import LinePoint

LEGEND = 22.0
PLOT = 190.0
DOTS: dict[str, Mark] = {
    "stroke": MAIN, "stroke_width": 2.5, "stroke_dasharray": "2 3", "data_mark": "line",
}  # fmt: skip


@dataclass(frozen=True)
class FanPoint:
    """What is forecast for one later point: 10 %, 50 % and 90 % stay below it."""

    label: str
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class FanWords:
    """What the legend says; `silent` is written instead of a fan that isn't there."""

    actual: str
    middle: str
    span: str
    target: str = ""
    silent: str = ""


def fan_line(
    points: Sequence[LinePoint],
    fan: Sequence[FanPoint],
    *,
    title: str,
    words: FanWords,
    target: float | None = None,
    width: float = WIDE,
) -> SafeString:
    """Draw the stepped line of what happened and the fan of what may come.

    The fan begins at the last point. To its right stand the three values it ends at.
    """
    legend = legend_rows(_legend(fan, words, target), width)
    silent = wrap(words.silent, width - 2) if not fan and words.silent else []
    head = len(legend) * LEGEND + text_height(silent) + 14
    plot = _plot(points, fan, target, width, head)
    drawing = Drawing(width, plot.floor + 26)
    _draw_legend(drawing, legend)
    drawing.lines(1, len(legend) * LEGEND + TEXT, silent)
    draw_value_axis(drawing, plot)
    _draw_fan(drawing, plot, points, fan)
    if target is not None:
        drawing.line(
            (plot.left, plot.y(target)), (plot.right, plot.y(target)), **DASHED
        )
    _draw_actual(drawing, plot, points, fan)
    count = len(points) + len(fan)
    labels = [p.label for p in points] + [f.label for f in fan]
    places = [(plot.x(i, count), label) for i, label in enumerate(labels)]
    draw_time_axis(drawing, places, plot.floor + 18)
    return drawing.render(title, _description(points, fan, words, target))


def _plot(
    points: Sequence[LinePoint],
    fan: Sequence[FanPoint],
    target: float | None,
    width: float,
    head: float,
) -> Plot:
    values = [p.value for p in points] + [f.high for f in fan] + [target or 0]
    top = nice_top(max(values))
    ends = [_shown(v) for v in _ends(fan)]
    room = max((text_width(end, TEXT) for end in ends), default=4) + 12
    return Plot(
        left=text_width(f"{top:g}", SMALL) + 8,
        right=width - room,
        top=top,
        ceiling=head,
        floor=head + PLOT,
    )


def _ends(fan: Sequence[FanPoint]) -> tuple[float, ...]:
    return (fan[-1].high, fan[-1].middle, fan[-1].low) if fan else ()


def _shown(value: float) -> str:
    return f"{value:.0f}"


def _legend(
    fan: Sequence[FanPoint], words: FanWords, target: float | None
) -> list[tuple[str, str]]:
    entries = [("actual", words.actual)]
    if fan:
        entries += [("middle", words.middle), ("span", words.span)]
    if target is not None:
        entries.append(("target", words.target))
    return entries


def _draw_legend(
    drawing: Drawing, legend: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    for index, row in enumerate(legend):
        y = index * LEGEND + 9.5
        for mark, text, x in row:
            if mark == "span":
                drawing.rect(
                    x + 1, y - 6, 21, 12,
                    fill=SOFT, stroke=MAIN, stroke_width=1, data_mark="soft",
                )  # fmt: skip
            else:
                drawing.line((x + 1, y), (x + 22, y), **_pen(mark))
            drawing.text(x + 28, y + 4.5, text)


def _pen(mark: str) -> dict[str, Mark]:
    solid: dict[str, Mark] = {"stroke": MAIN, "stroke_width": 2.5, "data_mark": "line"}
    return {"target": DASHED, "middle": DOTS}.get(mark, solid)


def _draw_fan(
    drawing: Drawing, plot: Plot, points: Sequence[LinePoint], fan: Sequence[FanPoint]
) -> None:
    if not fan:
        return
    count, known = len(points) + len(fan), len(points)
    start = [(plot.x(known - 1, count), plot.y(points[-1].value))] if points else []
    xs = [plot.x(known + place, count) for place in range(len(fan))]
    upper = [(x, plot.y(f.high)) for x, f in zip(xs, fan, strict=True)]
    lower = [(x, plot.y(f.low)) for x, f in zip(xs, fan, strict=True)]
    middle = [(x, plot.y(f.middle)) for x, f in zip(xs, fan, strict=True)]
    outline = start + upper + lower[::-1]
    drawing.element(
        "path", d=_path(outline) + "Z",
        fill=SOFT, stroke=MAIN, stroke_width=1, data_mark="soft",
    )  # fmt: skip
    drawing.element("path", d=_path(start + middle), fill="none", **DOTS)
    heights = _spread([plot.y(end) + 4.5 for end in _ends(fan)], TEXT + 2, plot)
    for end, y, weight in zip(_ends(fan), heights, (None, "bold", None), strict=True):
        drawing.text(plot.right + 6, y, _shown(end), font_weight=weight)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _spread(heights: Sequence[float], least: float, plot: Plot) -> list[float]:
    """Move heights that come from above apart, so that none goes below the floor."""
    placed: list[float] = []
    for y in heights:
        placed.append(max(y, placed[-1] + least) if placed else y)
    limit = plot.floor + 4.5
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - least
    return placed


def _draw_actual(
    drawing: Drawing, plot: Plot, points: Sequence[LinePoint], fan: Sequence[FanPoint]
) -> None:
    if not points:
        return
    count = len(points) + len(fan)
    places = [(plot.x(i, count), plot.y(p.value)) for i, p in enumerate(points)]
    steps = "".join(f"H{x:.1f}V{y:.1f}" for x, y in places[1:])
    path = f"M{places[0][0]:.1f} {places[0][1]:.1f}{steps}"
    drawing.element("path", d=path, fill="none", **_pen("actual"))
    x, y = places[-1]
    drawing.element("circle", cx=x, cy=y, r=4, fill=INK, data_mark="main")
    value = f"{points[-1].value:g}"
    left = max(x - GAP / 2, text_width(value) + plot.left)
    drawing.text(left, y - 8, value, text_anchor="end", font_weight="bold")


def _description(
    points: Sequence[LinePoint],
    fan: Sequence[FanPoint],
    words: FanWords,
    target: float | None,
) -> str:
    said = [f"{p.label} {p.value:g}" for p in points if p.label]
    said += [
        f"{f.label} {words.middle} {_shown(f.middle)}, {words.span} "
        f"{_shown(f.low)}–{_shown(f.high)}"
        for f in fan[-1:]
    ]
    said += [words.target] if target is not None else []
    said += [words.silent] if not fan and words.silent else []
    return "; ".join(said)


def fan_table(
    points: Sequence[LinePoint],
    fan: Sequence[FanPoint],
    *,
    caption: str,
    columns: Sequence[str],
) -> ChartTable:
    """Return the table of a fan: point, what happened, 10 %, 50 %, 90 %."""
    known = ((p.label, f"{p.value:g}", "–", "–", "–") for p in points)
    coming = (
        (f.label, "–", _shown(f.low), _shown(f.middle), _shown(f.high)) for f in fan
    )
    return chart_table(caption, columns, (*known, *coming))
