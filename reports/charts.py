"""Charts as SVG: pure functions from numbers and texts to a string.

The same string stands in a page and in the PDF. Every chart keeps its meaning in
black and white, names itself by <title>, tells its numbers in <desc>, and leaves
room for its longest label. Texts come translated from the caller; shares and scores
are on a scale from 0 to 100 unless said otherwise.

`width` is in user units, about CSS pixels: 640 for a page or A4, 340 for a phone.
Below `NARROW` labels stand above their bars instead of beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from django.utils.safestring import SafeString

from reports.chart_layout import (
    DASHED,
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
    SOFT,
    TRACK,
    WHITE,
    Drawing,
    Mark,
    text_width,
)

LEVEL_FILLS = ("#ffffff", "#d3e0ee", "#9fc0e1", "#2f68a8", "#083a70")
LEVEL_INKS = (INK, INK, INK, WHITE, WHITE)


@dataclass(frozen=True)
class ProfileRow:
    """A section's scores from 0 to 100; None is not scored.

    [low, high] is where the self score can still end once everything is answered.
    """

    label: str
    self_score: float | None
    evidenced_score: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ProfileWords:
    """What the legend of a profile says."""

    self_score: str
    evidenced_score: str
    interval: str
    line: str
    not_scored: str


@dataclass(frozen=True)
class LevelRow:
    """How many questions stand at each of the levels 0–4."""

    label: str
    counts: tuple[int, int, int, int, int]


def _shown(score: float | None) -> str:
    return "–" if score is None else f"{floor(score + 0.5)}"


# --- Profile ----------------------------------------------------------------


def profile_bars(
    rows: Sequence[ProfileRow],
    *,
    title: str,
    words: ProfileWords,
    line: float | None = None,
    width: float = WIDE,
) -> SafeString:
    """Draw two bars a section: what it says of itself and what evidence carries.

    `line` is a dashed vertical line, such as the score a band asks for. Both numbers
    stand to the right of the bars, self score first.
    """
    columns = columns_for([row.label for row in rows], width, 68)
    labels = [label_lines(row.label, columns) for row in rows]
    legend = legend_rows(_profile_legend(rows, words, line), width)
    top = len(legend) * 22 + 30.0
    heights = [row_height(lines, columns, 24) for lines in labels]
    drawing = Drawing(width, top + sum(heights) + 2)
    _draw_profile_legend(drawing, legend)
    _axis(drawing, columns, (top - 8, drawing.height))
    for row, lines, height in zip(rows, labels, heights, strict=True):
        _draw_profile_row(drawing, columns, row, lines, top, words)
        top += height
    if line is not None:
        x = columns.at(line)
        drawing.line((x, drawing.height), (x, len(legend) * 22 + 20), **DASHED)
    return drawing.render(title, _profile_description(rows, words))


def _axis(drawing: Drawing, columns: Columns, span: tuple[float, float]) -> None:
    """Draw the grid and, over each column of numbers, the mark it belongs to."""
    _self_bar(drawing, columns.right + 18, span[0] - 16, 18)
    drawing.rect(columns.width - 19, span[0] - 15, 18, 11, fill=MAIN, data_mark="main")
    for value in range(0, 101, 20):
        x = columns.at(value)
        drawing.line((x, span[0]), (x, span[1]))
        anchor = "start" if columns.stacked and not value else "middle"
        drawing.text(
            x, span[0] - 5, str(value),
            font_size=SMALL, fill=QUIET, text_anchor=anchor,
        )  # fmt: skip


def _draw_profile_row(
    drawing: Drawing,
    columns: Columns,
    row: ProfileRow,
    lines: Sequence[str],
    top: float,
    words: ProfileWords,
) -> None:
    y = draw_label(drawing, columns, lines, top, 24)
    if row.self_score is None:
        drawing.text(columns.left + 4, y + 16, words.not_scored, fill=QUIET)
        return
    _self_bar(drawing, columns.left, y, columns.at(row.self_score) - columns.left)
    if row.evidenced_score is not None:
        length = columns.at(row.evidenced_score) - columns.left
        drawing.rect(columns.left, y + 12, length, 11, fill=MAIN, data_mark="main")
    if row.low is not None and row.high is not None and row.high > row.low:
        _whisker(drawing, columns.at(row.low), columns.at(row.high), y + 6)
    drawing.text(
        columns.right + 36, y + 16.5, _shown(row.self_score), text_anchor="end"
    )
    drawing.text(
        columns.width, y + 16.5, _shown(row.evidenced_score),
        text_anchor="end", font_weight="bold",
    )  # fmt: skip


def _self_bar(drawing: Drawing, x: float, y: float, length: float) -> None:
    drawing.rect(
        x, y + 0.5, length, 11,
        fill=SOFT, stroke=MAIN, stroke_width=1, data_mark="soft",
    )  # fmt: skip


def _whisker(drawing: Drawing, low: float, high: float, y: float) -> None:
    pen: dict[str, Mark] = {"stroke": INK, "stroke_width": 1.5, "data_mark": "line"}
    drawing.line((low, y), (high, y), **pen)
    for x in (low, high):
        drawing.line((x, y - 3.5), (x, y + 3.5), **pen)


def _profile_legend(
    rows: Sequence[ProfileRow], words: ProfileWords, line: float | None
) -> list[tuple[str, str]]:
    """Return (mark, words) for the marks that occur."""
    entries = [("self", words.self_score), ("evidenced", words.evidenced_score)]
    if any(r.low is not None and r.high is not None and r.high > r.low for r in rows):
        entries.append(("interval", words.interval))
    if line is not None:
        entries.append(("line", f"{words.line} {_shown(line)}"))
    return entries


def _draw_profile_legend(
    drawing: Drawing, rows: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    for index, row in enumerate(rows):
        y = index * 22.0
        for mark, text, x in row:
            _profile_sample(drawing, mark, x, y)
            drawing.text(x + 28, y + 14, text)


def _profile_sample(drawing: Drawing, mark: str, x: float, y: float) -> None:
    if mark == "self":
        _self_bar(drawing, x + 1, y + 3, 20)
    elif mark == "evidenced":
        drawing.rect(x + 1, y + 4, 20, 11, fill=MAIN, data_mark="main")
    elif mark == "interval":
        _whisker(drawing, x + 1, x + 21, y + 9)
    else:
        drawing.line((x + 1, y + 9.5), (x + 22, y + 9.5), **DASHED)


def _profile_description(rows: Sequence[ProfileRow], words: ProfileWords) -> str:
    said = (
        f"{row.label}: {words.self_score} {_shown(row.self_score)}, "
        f"{words.evidenced_score} {_shown(row.evidenced_score)}"
        for row in rows
    )
    return "; ".join(said)


# --- Levels -----------------------------------------------------------------


def levels_bar(
    rows: Sequence[LevelRow],
    *,
    title: str,
    level_titles: tuple[str, str, str, str, str],
    width: float = WIDE,
) -> SafeString:
    """Draw how the answers of each row spread over the levels 0–4, as shares.

    The number of questions stands in its part when it fits, the total to the right.
    """
    columns = columns_for([row.label for row in rows], width, 40)
    labels = [label_lines(row.label, columns) for row in rows]
    entries = [(str(level), text) for level, text in enumerate(level_titles)]
    legend = legend_rows([(key, f"{key} {text}") for key, text in entries], width)
    top = len(legend) * 22 + 10.0
    heights = [row_height(lines, columns, 22) for lines in labels]
    drawing = Drawing(width, top + sum(heights))
    _draw_level_legend(drawing, legend)
    for row, lines, height in zip(rows, labels, heights, strict=True):
        y = draw_label(drawing, columns, lines, top, 22)
        _draw_levels(drawing, columns, row, y)
        top += height
    return drawing.render(title, _levels_description(rows, level_titles))


def _draw_level_legend(
    drawing: Drawing, rows: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    for index, row in enumerate(rows):
        for mark, text, x in row:
            _level_part(drawing, int(mark), x + 1, index * 22 + 3, 20, 13)
            drawing.text(x + 28, index * 22 + 14, text)


def _level_part(
    drawing: Drawing, level: int, x: float, y: float, width: float, height: float
) -> None:
    mark = "main" if level >= 3 else "soft"
    drawing.rect(
        x, y, width, height,
        fill=LEVEL_FILLS[level], stroke=MAIN, stroke_width=1, data_mark=mark,
    )  # fmt: skip


def _draw_levels(drawing: Drawing, columns: Columns, row: LevelRow, y: float) -> None:
    total = sum(row.counts)
    x = columns.left
    if not total:
        drawing.rect(x, y + 10, columns.right - x, 2, fill=TRACK, data_mark="soft")
    for level, count in enumerate(row.counts):
        length = (columns.right - columns.left) * count / total if total else 0.0
        _level_part(drawing, level, x, y, length, 22)
        if length > text_width(str(count)) + 4:
            drawing.text(
                x + length / 2, y + 15.5, str(count),
                fill=LEVEL_INKS[level], text_anchor="middle",
                data_mark="on-main" if level >= 3 else None,
            )  # fmt: skip
        x += length
    drawing.text(columns.width, y + 15.5, str(total), text_anchor="end")


def _levels_description(rows: Sequence[LevelRow], titles: Sequence[str]) -> str:
    return "; ".join(
        f"{row.label}: "
        + ", ".join(
            f"{level} {title} {count}"
            for level, (title, count) in enumerate(zip(titles, row.counts, strict=True))
        )
        for row in rows
    )
