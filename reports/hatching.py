"""Hatching for what isn't told: it reads in black and white, and as no number."""

from reports.drawing import QUIET, WHITE, Drawing

STEP = 7.0


def hatch(drawing: Drawing, x: float, y: float, width: float, height: float) -> None:
    """Draw a hatched box: an outline with slanted lines that stay inside it."""
    if width <= 0:
        return
    drawing.rect(
        x, y, width, height,
        fill=WHITE, stroke=QUIET, stroke_width=1, data_mark="soft",
    )  # fmt: skip
    offset = STEP
    while offset < width + height:
        # From the left or lower edge up to the upper or right one, at 45°.
        start = (x + max(offset - height, 0), y + min(offset, height))
        end = (x + min(offset, width), y + max(offset - width, 0))
        drawing.line(start, end, stroke=QUIET, stroke_width=0.8, data_mark="line")
        offset += STEP
