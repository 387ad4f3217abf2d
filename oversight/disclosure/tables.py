"""What is published: plain values that say no more than they show."""

from dataclasses import dataclass
from enum import StrEnum

from oversight.disclosure.change_rule import Figure, K
from oversight.disclosure.redesign import Line


class NoteCode(StrEnum):
    """What is said below a table; `words.py` says it in two languages."""

    SHOWN_FROM = "shown_from"
    MERGED = "merged"
    HIDDEN = "hidden"
    HELD = "held"
    ROUNDED = "rounded"
    FROM_CLASSES = "from_classes"
    OTHERS = "others"


@dataclass(frozen=True)
class Note:
    """A note with the number or the categories it speaks of."""

    code: NoteCode
    number: int | None = None
    categories: Line = ()


@dataclass(frozen=True)
class Entry:
    """One number of a table. A hidden one has neither value nor share.

    `held` is the mark †: the number was drawn in snapshot `since`, not in this one.
    It is shown for every older number, whether anything changed or not. A merged
    entry is as young as its youngest part.
    """

    row: Line
    column: Line
    value: int | None
    share: int | None
    since: int
    held: bool


@dataclass(frozen=True)
class Table:
    """A table of the menu. `total` is the number its shares are of, None if hidden."""

    key: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    entries: tuple[Entry, ...]
    total: int | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Average:
    """Mean and quartiles of scores as the table of their classes gives them."""

    mean: int
    lower_quartile: int
    median: int
    upper_quartile: int
    total: int
    notes: tuple[Note, ...]


def entry(
    row: Line, column: Line, figure: Figure, *, snapshot: int, of: int | None = None
) -> Entry:
    """Show a drawn number, hide it below 5; the share is of shown numbers alone."""
    value = figure.value if figure.value >= K else None
    share = None
    if value is not None and of:
        share = min(100, (200 * value + of) // (2 * of))
    return Entry(row, column, value, share, figure.since, figure.since < snapshot)
