"""Charts of targets and time: bullets, progress, a cumulative line, then and now.

Pure functions like those of `reports.charts`, under the same rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from django.utils.safestring import SafeString

from reports.chart_axes import Plot, draw_value_axis, nice_top
from reports.chart_layout import (
    DASHED,
    GAP,
    WIDE,
    Columns,
    columns_for,
    draw_label,
    label_lines,
    legend_rows,
    row_height,
)
from reports.drawing import (
    INK,
    MAIN,
    QUIET,
    SMALL,
    TRACK,
    WHITE,
    Drawing,
    Mark,
    text_width,
)


@dataclass(frozen=True)
class Bullet:
    """A value against a target; `pace` is where an even pace would be by now.

    Words are whole labels with their numbers: “7 家”, “目标 10 家”, “按进度 8.9”.
    """

    label: str
    value: float
    target: float
    value_words: str
    target_words: str
    pace: float | None = None
    pace_words: str = ""


def bullet(bullets: Sequence[Bullet], *, title: str, width: float = WIDE) -> SafeString:
    """Draw one line a value: bar for the actual, dashes for the pace, tick for target.

    Each line has its own scale, which ends at the larger of value and target: what is
    more than reached goes beyond its target.
    """
    drawing = Drawing(width, len(bullets) * 74)
    for index, item in enumerate(bullets):
        _draw_bullet(drawing, item, index * 74)
    return drawing.render(title, "; ".join(_bullet_description(b) for b in bullets))


def _draw_bullet(drawing: Drawing, item: Bullet, top: float) -> None:
    longest = drawing.width - 4
    top_value = max(item.value, item.target, item.pace or 0) or 1
    y = top + 24
    drawing.text(1, top + 15, item.label)
    drawing.text(
        drawing.width - 1, top + 15, item.value_words,
        text_anchor="end", font_weight="bold",
    )  # fmt: skip
    drawing.rect(
        1, y, item.target / top_value * longest, 20, fill=TRACK, data_mark="soft"
    )
    drawing.rect(
        1, y + 5, item.value / top_value * longest, 10, fill=MAIN, data_mark="main"
    )
    target = 1 + item.target / top_value * longest
    taken = _tick(drawing, target, y, item.target_words)
    if item.pace is not None:
        pace = 1 + item.pace / top_value * longest
        _tick(drawing, pace, y, item.pace_words, taken, dashes="3 2")


def _tick(
    drawing: Drawing,
    x: float,
    y: float,
    words: str,
    taken: tuple[float, float] | None = None,
    dashes: str | None = None,
) -> tuple[float, float]:
    """Mark x, write below it without covering `taken`, and return the words' span."""
    pen: dict[str, Mark] = {"stroke": INK, "stroke_width": 2.5, "data_mark": "line"}
    drawing.line((x, y - 2), (x, y + 22), stroke_dasharray=dashes, **pen)
    width = text_width(words, SMALL)
    left = _free_place(x - width / 2, width, drawing.width, taken)
    drawing.text(left, y + 36, words, font_size=SMALL, fill=QUIET)
    return left, left + width


def _free_place(
    wanted: float, width: float, limit: float, taken: tuple[float, float] | None
) -> float:
    """Return where words `width` wide begin: as wanted, inside, and off `taken`."""
    left = max(1.0, min(wanted, limit - width - 1))
    if taken is None or left + width + GAP <= taken[0] or left >= taken[1] + GAP:
        return left
    before, after = taken[0] - GAP - width, taken[1] + GAP
    return before if before >= 1 or after + width > limit else after


def _bullet_description(item: Bullet) -> str:
    words = [item.value_words, item.target_words, item.pace_words]
    return f"{item.label}: {', '.join(word for word in words if word)}"


def progress_bar(
    done: int, total: int, *, title: str, width: float = WIDE
) -> SafeString:
    """Draw the share of `total` that is done; an empty total is an empty bar."""
    drawing = Drawing(width, 12)
    share = min(max(done / total, 0), 1) if total else 0.0
    drawing.rect(
        0.5, 0.5, width - 1, 11,
        fill=WHITE, stroke=QUIET, stroke_width=1, data_mark="soft",
    )  # fmt: skip
    drawing.rect(0.5, 0.5, (width - 1) * share, 11, fill=MAIN, data_mark="main")
    return drawing.render(title, f"{done} / {total}")


@dataclass(frozen=True)
class LinePoint:
    """One point of a cumulative line. `label` stands below the axis, may be empty."""

    label: str
    value: float


def cumulative_line(
    points: Sequence[LinePoint],
    *,
    title: str,
    target: float | None = None,
    target_words: str = "",
    width: float = WIDE,
) -> SafeString:
    """Draw a stepped line that grows over time, with the target as a dashed line."""
    top = nice_top(max([p.value for p in points] + [target or 0], default=0))
    drawing = Drawing(width, 240)
    plot = Plot(left=text_width(f"{top:g}", SMALL) + 8, right=width - 16, top=top)
    draw_value_axis(drawing, plot)
    if target is not None:
        y = plot.y(target)
        drawing.line((plot.left, y), (plot.right, y), **DASHED)
        drawing.text(plot.left + 6, y - 6, target_words, font_size=SMALL)
    _draw_steps(drawing, plot, points)
    said = "; ".join(f"{p.label} {p.value:g}" for p in points if p.label)
    return drawing.render(title, said)


def _draw_steps(drawing: Drawing, plot: Plot, points: Sequence[LinePoint]) -> None:
    if not points:
        return
    places = [(plot.x(i, len(points)), plot.y(p.value)) for i, p in enumerate(points)]
    path = f"M{places[0][0]:.1f} {places[0][1]:.1f}" + "".join(
        f"H{x:.1f}V{y:.1f}" for x, y in places[1:]
    )
    drawing.element(
        "path", d=path, fill="none", stroke=MAIN, stroke_width=2.5, data_mark="line"
    )
    for (x, _y), point in zip(places, points, strict=True):
        half = text_width(point.label, SMALL) / 2
        middle = max(half, min(x, drawing.width - half - 1))
        drawing.text(
            middle, 224, point.label,
            font_size=SMALL, fill=QUIET, text_anchor="middle",
        )  # fmt: skip
    x, y = places[-1]
    drawing.text(
        x, y - 8, f"{points[-1].value:g}", text_anchor="end", font_weight="bold"
    )


@dataclass(frozen=True)
class ChangeRow:
    """A score from 0 to 100 then and now; None is not scored."""

    label: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class ChangeWords:
    """What the legend of a comparison says."""

    before: str
    after: str
    not_scored: str


def change_rows(
    rows: Sequence[ChangeRow],
    *,
    title: str,
    words: ChangeWords,
    width: float = WIDE,
) -> SafeString:
    """Draw a line from then (hollow) to now (filled) for each row.

    To the right stands by how much the score rose or fell.
    """
    columns = columns_for([row.label for row in rows], width, 52)
    labels = [label_lines(row.label, columns) for row in rows]
    entries = [("before", words.before), ("after", words.after)]
    legend = legend_rows(entries, width)
    top = len(legend) * 22 + 28.0
    heights = [row_height(lines, columns, 20) for lines in labels]
    drawing = Drawing(width, top + sum(heights) + 2)
    _draw_change_legend(drawing, legend)
    _draw_hundred(drawing, columns, top - 8)
    for row, lines, height in zip(rows, labels, heights, strict=True):
        y = draw_label(drawing, columns, lines, top, 20) + 10
        _draw_change(drawing, columns, row, y, words)
        top += height
    said = "; ".join(_change_description(row, words) for row in rows)
    return drawing.render(title, said)


def _draw_change_legend(
    drawing: Drawing, rows: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    for index, row in enumerate(rows):
        for mark, text, x in row:
            _dot(drawing, x + 12, index * 22 + 9.5, filled=mark == "after")
            drawing.text(x + 28, index * 22 + 14, text)


def _draw_hundred(drawing: Drawing, columns: Columns, top: float) -> None:
    for value in range(0, 101, 20):
        x = columns.at(value)
        drawing.line((x, top), (x, drawing.height))
        anchor = "start" if columns.stacked and not value else "middle"
        drawing.text(
            x, top - 5, str(value), font_size=SMALL, fill=QUIET, text_anchor=anchor
        )


def _draw_change(
    drawing: Drawing, columns: Columns, row: ChangeRow, y: float, words: ChangeWords
) -> None:
    if row.before is None and row.after is None:
        drawing.text(columns.left + 4, y + 5, words.not_scored, fill=QUIET)
        return
    if row.before is not None and row.after is not None:
        pen: dict[str, Mark] = {"stroke": MAIN, "stroke_width": 2, "data_mark": "line"}
        start, end = columns.at(row.before), columns.at(row.after)
        drawing.line((start, y), (end, y), **pen)
    if row.before is not None:
        _dot(drawing, columns.at(row.before), y, filled=False)
    if row.after is not None:
        _dot(drawing, columns.at(row.after), y, filled=True)
    drawing.text(
        columns.width, y + 5, _change_words(row), text_anchor="end", font_weight="bold"
    )


def _dot(drawing: Drawing, x: float, y: float, *, filled: bool) -> None:
    drawing.element(
        "circle", cx=x, cy=y, r=6 if filled else 5,
        fill=MAIN if filled else WHITE, stroke=MAIN, stroke_width=2,
        data_mark="main" if filled else "soft",
    )  # fmt: skip


def _change_words(row: ChangeRow) -> str:
    """Return "+12", "−3" or "0", as far apart as the two shown figures are."""
    if row.before is None or row.after is None:
        return "–"
    difference = floor(row.after + 0.5) - floor(row.before + 0.5)
    return f"{difference:+d}".replace("-", "−") if difference else "0"


def _change_description(row: ChangeRow, words: ChangeWords) -> str:
    then, now = (
        "–" if value is None else f"{floor(value + 0.5)}"
        for value in (row.before, row.after)
    )
    return f"{row.label}: {words.before} {then}, {words.after} {now}"
