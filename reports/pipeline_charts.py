"""The steps of a pipeline: how many stand at each, and how long the way took.

A pure function like those of `reports.charts`, under the same rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.chart_layout import (
    WIDE,
    Columns,
    columns_for,
    draw_label,
    label_lines,
    row_height,
)
from reports.chart_tables import ChartTable, chart_table
from reports.drawing import MAIN, QUIET, SMALL, TRACK, Drawing, text_width
from reports.hatching import hatch

BAR = 26.0
BETWEEN = 16.0
HIDDEN = 40.0


@dataclass(frozen=True)
class PipelineStep:
    """A step with how many stand at it, in words (“41 家”); None withholds the number.

    `days_words` tells of the way to the next step (“中位 34 天”), empty after the last.
    """

    label: str
    count: int | None
    words: str
    days_words: str = ""


def pipeline(
    steps: Sequence[PipelineStep], *, title: str, width: float = WIDE
) -> SafeString:
    """Draw the steps from the first down, with an arrow and the time between them."""
    numbers = max((text_width(step.words) for step in steps), default=0) + 8
    named = [f"{place} {step.label}" for place, step in enumerate(steps, start=1)]
    columns = columns_for(named, width, min(numbers, width / 2))
    labels = [label_lines(name, columns) for name in named]
    heights = [row_height(lines, columns, BAR) + BETWEEN for lines in labels]
    drawing = Drawing(width, sum(heights) + 2)
    scale = max((step.count or 0 for step in steps), default=0) or 1
    top = 0.0
    for step, lines, height in zip(steps, labels, heights, strict=True):
        y = draw_label(drawing, columns, lines, top, BAR)
        _draw_step(drawing, columns, step, y, scale)
        _draw_way(drawing, columns, step, y + BAR)
        top += height
    said = (_description(step) for step in steps)
    return drawing.render(title, "; ".join(said))


def _draw_step(
    drawing: Drawing, columns: Columns, step: PipelineStep, y: float, scale: float
) -> None:
    whole = columns.right - columns.left
    if step.count is None:
        hatch(drawing, columns.left, y, min(HIDDEN, whole), BAR)
    else:
        drawing.rect(columns.left, y, whole, BAR, fill=TRACK, data_mark="soft")
        long = whole * step.count / scale
        drawing.rect(columns.left, y, long, BAR, fill=MAIN, data_mark="main")
    drawing.text(
        columns.width, y + 17.5, step.words, text_anchor="end", font_weight="bold"
    )


def _draw_way(drawing: Drawing, columns: Columns, step: PipelineStep, y: float) -> None:
    """Draw the arrow to the next step and what the way takes."""
    if not step.days_words:
        return
    x = columns.left + 8
    drawing.element(
        "path", d=f"M{x:.1f} {y + 5:.1f}v15m-4 -5l4 5l4 -5",
        fill="none", stroke=QUIET, stroke_width=1.5, data_mark="line",
    )  # fmt: skip
    drawing.text(x + 12, y + 17, step.days_words, font_size=SMALL, fill=QUIET)


def _description(step: PipelineStep) -> str:
    words = f"{step.label} {step.words}"
    return f"{words}, {step.days_words}" if step.days_words else words


def pipeline_table(
    steps: Sequence[PipelineStep], *, caption: str, columns: Sequence[str]
) -> ChartTable:
    """Return the table of a pipeline: step, number, time to the next."""
    rows = ((step.label, step.words, step.days_words or "–") for step in steps)
    return chart_table(caption, columns, rows)
