"""Characters and markup that have no business in a bank's texts."""

import re
from typing import Final

MAX_TEXT: Final = 10_000
"""Characters of one text; the longest of our own has under a thousand."""

# Control characters other than tab and line break, marks and overrides of direction
# (they can make a text read differently from what it says), and what cannot be seen.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(
    r"<[a-z/!?][^<>]*>|<!--|<(script|style|iframe|object|embed|img|svg)\b",
    re.IGNORECASE,
)


def hidden_character(text: str) -> tuple[int, str] | None:
    """Return position (from 0) and name (U+202E) of the first one; None when clean."""
    match = _HIDDEN.search(text)
    return (match.start(), f"U+{ord(match[0]):04X}") if match else None


def has_markup(text: str) -> bool:
    """Whether a text holds an HTML tag or comment; `a < b` is none."""
    return _MARKUP.search(text) is not None


def visible(text: str) -> str:
    """Return a text in one line, with everything that cannot be seen spelt out."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in text
    )
