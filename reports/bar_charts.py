"""Bars of districts and stacked bars of bands, with what may not be told hatched.

Pure functions like those of `reports.charts`, under the same rules. A number that is
withheld is None; its words say so (“不足 5 家，不公布”).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

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
    text_height,
)
from reports.chart_tables import ChartTable, chart_table
from reports.charts import LEVEL_FILLS, LEVEL_INKS
from reports.drawing import MAIN, TEXT, TRACK, WHITE, Drawing, text_width, wrap
from reports.hatching import hatch

BAR = 18.0
STACK = 22.0
LEGEND = 22.0
HIDDEN_SHARE = 0.12
"""Length of a withheld bar, the same for all: it must not tell a number."""


@dataclass(frozen=True)
class BarRow:
    """A bar with its number in words (“12 家”); None withholds the value."""

    label: str
    value: float | None
    words: str


def horizontal_bars(
    rows: Sequence[BarRow],
    *,
    title: str,
    line: float | None = None,
    line_words: str = "",
    width: float = WIDE,
) -> SafeString:
    """Draw a bar a row on one scale; `line` is a dashed value to compare with."""
    numbers = max((text_width(row.words) for row in rows), default=0)
    columns = columns_for(
        [row.label for row in rows], width, min(numbers, width / 2) + 8
    )
    labels = [label_lines(row.label, columns) for row in rows]
    top = LEGEND + 6 if line is not None else 4.0
    heights = [row_height(lines, columns, BAR) for lines in labels]
    drawing = Drawing(width, top + sum(heights) + 2)
    scale = max([r.value for r in rows if r.value is not None] + [line or 0], default=0)
    start = top
    for row, lines, height in zip(rows, labels, heights, strict=True):
        y = draw_label(drawing, columns, lines, start, BAR)
        _draw_bar(drawing, columns, row, y, scale or 1)
        if line is not None:
            _draw_line(drawing, columns.at(100 * line / (scale or 1)), y)
        start += height
    if line is not None:
        drawing.line((1, 10), (22, 10), **DASHED)
        drawing.text(28, 14, line_words)
    said = "; ".join(f"{row.label}: {row.words}" for row in rows)
    words = f"{line_words}; {said}" if line is not None else said
    return drawing.render(title, words)


def _draw_bar(
    drawing: Drawing,
    columns: Columns,
    row: BarRow,
    y: float,
    scale: float,
) -> None:
    length = columns.right - columns.left
    if row.value is None:
        hatch(drawing, columns.left, y, length * HIDDEN_SHARE, BAR)
    else:
        drawing.rect(columns.left, y, length, BAR, fill=TRACK, data_mark="soft")
        long = length * max(row.value, 0) / scale
        drawing.rect(columns.left, y, long, BAR, fill=MAIN, data_mark="main")
    drawing.text(
        columns.width, y + 13.5, row.words, text_anchor="end", font_weight="bold"
    )


def _draw_line(drawing: Drawing, x: float, y: float) -> None:
    """Draw the line across one bar: labels may stand between the bars."""
    start, end = (x, y - 3), (x, y + BAR + 3)
    # On a dark bar dark dashes need a light ground.
    drawing.line(start, end, stroke=WHITE, stroke_width=4)
    drawing.line(start, end, **DASHED)


def bars_table(
    rows: Sequence[BarRow], *, caption: str, columns: Sequence[str]
) -> ChartTable:
    """Return the table of a bar chart: label and number."""
    return chart_table(caption, columns, ((row.label, row.words) for row in rows))


# --- Stacked bars -------------------------------------------------------------


@dataclass(frozen=True)
class StackPart:
    """A part of every bar: the mark written in it (“A”) and its title."""

    mark: str
    title: str


@dataclass(frozen=True)
class StackRow:
    """How a whole splits into its parts; None withholds a part or the whole."""

    label: str
    counts: tuple[int | None, ...]
    total: int | None
    words: str

    @property
    def hidden(self) -> int:
        """Return how many of a known whole are in withheld parts."""
        return (self.total or 0) - sum(count or 0 for count in self.counts)


@dataclass(frozen=True)
class StackGroup:
    """Bars to compare with each other, such as two snapshots of one district."""

    label: str
    rows: tuple[StackRow, ...]


def stacked_bars(
    groups: Sequence[StackGroup],
    *,
    title: str,
    parts: Sequence[StackPart],
    hidden_words: str,
    width: float = WIDE,
) -> SafeString:
    """Draw bars of equal length split by share, each part with its mark and number.

    There may be up to five parts, the first the darkest. The whole stands in words to
    the right.
    """
    rows = [row for group in groups for row in group.rows]
    numbers = max((text_width(row.words) for row in rows), default=0) + 8
    columns = columns_for([row.label for row in rows], width, min(numbers, width / 2))
    legend = _stack_legend(rows, parts, hidden_words, width)
    top = len(legend) * LEGEND + 8.0
    drawing = Drawing(width, top + sum(_group_height(g, columns) for g in groups) + 2)
    _draw_stack_legend(drawing, legend)
    for group in groups:
        top = _draw_group(drawing, columns, group, parts, top)
    said = (_stack_description(group, parts, hidden_words) for group in groups)
    return drawing.render(title, "; ".join(said))


def _stack_legend(
    rows: Sequence[StackRow],
    parts: Sequence[StackPart],
    hidden_words: str,
    width: float,
) -> list[list[tuple[str, str, float]]]:
    entries = [(str(i), f"{p.mark} {p.title}") for i, p in enumerate(parts)]
    if any(row.total is None or row.hidden for row in rows):
        entries.append(("hidden", hidden_words))
    return legend_rows(entries, width)


def _draw_stack_legend(
    drawing: Drawing, legend: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    for index, row in enumerate(legend):
        for mark, text, x in row:
            if mark == "hidden":
                hatch(drawing, x + 1, index * LEGEND + 3, 20, 13)
            else:
                _part(drawing, int(mark), x + 1, index * LEGEND + 3, 20, 13)
            drawing.text(x + 28, index * LEGEND + 14, text)


def _group_height(group: StackGroup, columns: Columns) -> float:
    heading = text_height(wrap(group.label, columns.width)) + 4 if group.label else 0
    rows = (
        row_height(label_lines(r.label, columns), columns, STACK) for r in group.rows
    )
    return heading + sum(rows) - len(group.rows) * 6 + GAP


def _draw_group(
    drawing: Drawing,
    columns: Columns,
    group: StackGroup,
    parts: Sequence[StackPart],
    top: float,
) -> float:
    """Draw a group and return where the next begins."""
    start = top
    if group.label:
        lines = wrap(group.label, columns.width)
        drawing.lines(0, top + TEXT, lines, font_weight="bold")
        top += text_height(lines) + 4
    for row in group.rows:
        lines = label_lines(row.label, columns)
        y = draw_label(drawing, columns, lines, top, STACK)
        _draw_stack(drawing, columns, row, parts, y)
        top += row_height(lines, columns, STACK) - 6
    return start + _group_height(group, columns)


def _draw_stack(
    drawing: Drawing,
    columns: Columns,
    row: StackRow,
    parts: Sequence[StackPart],
    y: float,
) -> None:
    whole = columns.right - columns.left
    x = columns.left
    drawing.text(columns.width, y + 15.5, row.words, text_anchor="end")
    if not row.total:
        if row.total is None:
            hatch(drawing, x, y, whole, STACK)
        else:
            drawing.rect(x, y + 10, whole, 2, fill=TRACK, data_mark="soft")
        return
    for index, (count, part) in enumerate(zip(row.counts, parts, strict=True)):
        length = whole * (count or 0) / row.total
        _part(drawing, index, x, y, length, STACK)
        _write_in(drawing, index, (x, y), length, f"{part.mark} {count}", str(count))
        x += length
    hatch(drawing, x, y, columns.right - x if row.hidden else 0, STACK)


def _part(
    drawing: Drawing, index: int, x: float, y: float, width: float, height: float
) -> None:
    level = len(LEVEL_FILLS) - 1 - index
    mark = "main" if level >= 3 else "soft"
    drawing.rect(
        x, y, width, height,
        fill=LEVEL_FILLS[level], stroke=MAIN, stroke_width=1, data_mark=mark,
    )  # fmt: skip


def _write_in(
    drawing: Drawing, index: int, at: tuple[float, float], length: float, *texts: str
) -> None:
    """Write the longest of `texts` that fits a part."""
    level = len(LEVEL_FILLS) - 1 - index
    fitting = [text for text in texts if text_width(text) + 4 < length]
    for text in fitting[:1]:
        drawing.text(
            at[0] + length / 2, at[1] + 15.5, text,
            fill=LEVEL_INKS[level], text_anchor="middle",
            data_mark="on-main" if level >= 3 else None,
        )  # fmt: skip


def _cells(row: StackRow, hidden_words: str) -> list[str]:
    return [hidden_words if c is None else str(c) for c in row.counts]


def _stack_description(
    group: StackGroup, parts: Sequence[StackPart], hidden_words: str
) -> str:
    said = []
    for row in group.rows:
        cells = zip(parts, _cells(row, hidden_words), strict=True)
        words = ", ".join(f"{part.title} {cell}" for part, cell in cells)
        said.append(f"{group.label} {row.label}: {words}, {row.words}".strip())
    return "; ".join(said)


def stack_table(
    groups: Sequence[StackGroup],
    *,
    caption: str,
    columns: Sequence[str],
    hidden_words: str,
) -> ChartTable:
    """Return the table of stacked bars: group and bar, the parts, the whole."""
    rows = (
        (f"{group.label} {row.label}".strip(), *_cells(row, hidden_words), row.words)
        for group in groups
        for row in group.rows
    )
    return chart_table(caption, columns, rows)
