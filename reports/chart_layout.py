"""How rows of a chart are laid out: label, bar, number, and the legend above."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.drawing import INK, LINE, TEXT, Drawing, Mark, text_width, wrap

WIDE = 640.0
NARROW = 480.0
GAP = 12.0
LEGEND_LINE = 22.0

DASHED: dict[str, Mark] = {
    "stroke": INK, "stroke_width": 1.5, "stroke_dasharray": "5 3", "data_mark": "line",
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Where the parts of a row stand: label, bars from `left` to `right`, number."""

    width: float
    label: float
    left: float
    right: float

    @property
    def stacked(self) -> bool:
        """Whether the label stands above its bar."""
        return self.label == 0

    def at(self, share: float) -> float:
        """Return the x of a value from 0 to 100; values outside are held there."""
        held = min(max(share, 0.0), 100.0)
        return self.left + (self.right - self.left) * held / 100


def columns_for(labels: Sequence[str], width: float, number_width: float) -> Columns:
    """Return the columns for `labels`; a narrow chart has no label column."""
    if width < NARROW:
        return Columns(width, 0, 1, width - number_width)
    longest = max((text_width(label) for label in labels), default=0)
    label = min(longest, width * 0.34) + 2
    return Columns(width, label, label + GAP, width - number_width)


def label_lines(label: str, columns: Columns) -> list[str]:
    """Break a row's label into lines that fit its column."""
    return wrap(label, columns.width if columns.stacked else columns.label)


def text_height(lines: Sequence[str]) -> float:
    """Return the height of a label of these lines."""
    return len(lines) * TEXT * LINE


def row_height(lines: Sequence[str], columns: Columns, bar: float) -> float:
    """Return the height of a row with its label, a bar of this height and the gap."""
    if columns.stacked:
        return text_height(lines) + bar + GAP + 2
    return max(text_height(lines), bar) + GAP


def draw_label(
    drawing: Drawing, columns: Columns, lines: Sequence[str], top: float, bar: float
) -> float:
    """Write the label of a row and return the y at which its bar begins."""
    if columns.stacked:
        drawing.lines(0, top + TEXT, lines)
        return top + text_height(lines) + 2
    height = max(text_height(lines), bar)
    first = top + (height - text_height(lines)) / 2 + TEXT * 1.03
    drawing.lines(columns.label, first, lines, text_anchor="end")
    return top + (height - bar) / 2


def legend_rows(
    entries: Sequence[tuple[str, str]], width: float
) -> list[list[tuple[str, str, float]]]:
    """Place legend entries in rows that fit `width`: (mark, words, x)."""
    rows: list[list[tuple[str, str, float]]] = [[]]
    x = 0.0
    for mark, text in entries:
        needed = 30 + text_width(text)
        if rows[-1] and x + needed > width:
            rows.append([])
            x = 0.0
        rows[-1].append((mark, text, x))
        x += needed + 18
    return rows
