"""The pen the charts draw with: SVG elements by attributes alone.

A page's content security policy forbids `style`, and the PDF renderer reads no style
sheet inside an SVG, so colours and fonts are presentation attributes. Text takes
`currentColor`; style sheets address marks by `data-mark`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from unicodedata import east_asian_width

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Mark: TypeAlias = str | float | None
"""The value of an attribute; None leaves it out."""

INK = "#17212b"
QUIET = "#3b4753"
GRID = "#d5dce3"
TRACK = "#e6ebf0"
MAIN = "#0a4a8f"
SOFT = "#a3c2e2"
WHITE = "#ffffff"

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
TEXT = 13.0
SMALL = 12.0
LINE = 1.35
"""Distance of two lines of a wrapped label, in font sizes."""


def number(value: float) -> str:
    """Return a coordinate with at most one decimal, so that output is stable."""
    text = f"{value:.1f}"
    return (
        text.removesuffix(".0").replace("-0", "0")
        if text == "-0.0"
        else (text.removesuffix(".0"))
    )


def text_width(text: str, size: float = TEXT) -> float:
    """Estimate the width of `text` in user units, a little generously.

    Full-width characters are one font size wide, others 0.6 of it.
    """
    wide = sum(1 for sign in text if east_asian_width(sign) in "WFA")
    return size * (wide + 0.6 * (len(text) - wide))


def wrap(text: str, width: float, size: float = TEXT) -> list[str]:
    """Break `text` into lines no wider than `width`.

    Chinese breaks anywhere, words of other scripts stay whole unless one alone is
    wider than a line.
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
        while text_width(lines[-1].rstrip(), size) > width and len(lines[-1]) > 1:
            kept = _fitting(lines[-1], width, size)
            lines[-1:] = [lines[-1][:kept], lines[-1][kept:]]
    return [line.strip() for line in lines]


def _pieces(text: str) -> list[str]:
    """Split into the smallest parts a line may break between."""
    pieces: list[str] = []
    for sign in text:
        joins = (
            pieces
            and not pieces[-1].endswith(" ")
            and east_asian_width(sign) not in "WF"
            and east_asian_width(pieces[-1][-1]) not in "WF"
        )
        if pieces and (joins or sign in "，。、；：？！）”》% "):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _fitting(text: str, width: float, size: float) -> int:
    kept = len(text)
    while kept > 1 and text_width(text[:kept], size) > width:
        kept -= 1
    return kept


@dataclass
class Drawing:
    """An SVG being drawn; coordinates are user units from the top left corner."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def element(self, name: str, **attributes: Mark) -> None:
        """Add an empty element; `_` in a name stands for `-`, None is left out."""
        self.parts.append(f"<{name}{_written(attributes)}/>")

    def rect(
        self, x: float, y: float, width: float, height: float, **more: Mark
    ) -> None:
        """Add a rectangle unless it has no width."""
        if width > 0:
            self.element("rect", x=x, y=y, width=width, height=height, **more)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], **more: Mark
    ) -> None:
        """Add a straight line."""
        shape = {"stroke": GRID, "stroke_width": 1, **more}
        self.element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], **shape)

    def text(self, x: float, y: float, text: str, **more: Mark) -> None:
        """Add one line of text with its baseline at `y`."""
        written = _written({"x": x, "y": y, **more})
        self.parts.append(f"<text{written}>{escape(text)}</text>")

    def lines(self, x: float, y: float, texts: Sequence[str], **more: Mark) -> None:
        """Add several lines of text, the first baseline at `y`."""
        for index, text in enumerate(texts):
            self.text(x, y + index * TEXT * LINE, text, **more)

    def render(self, title: str, description: str, kind: str = "") -> SafeString:
        """Return the SVG; `title` says what it shows, `description` its numbers."""
        size = f"{number(self.width)} {number(self.height)}"
        classes = f"chart {kind}".strip()
        # Every text went through escape().
        return mark_safe(  # noqa: S308
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" role="img" '
            f'viewBox="0 0 {size}" width="{number(self.width)}" '
            f'height="{number(self.height)}" color="{INK}" fill="currentColor" '
            f'font-family="{FONT}" font-size="{number(TEXT)}">'
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
            f"{''.join(self.parts)}</svg>"
        )


def _written(attributes: Mapping[str, Mark]) -> str:
    return "".join(
        f' {name.replace("_", "-")}="{escape(_value(value))}"'
        for name, value in attributes.items()
        if value is not None
    )


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)
