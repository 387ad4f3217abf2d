"""The shown tables as linked windows, and hiding more of them where that is needed."""

from collections.abc import Iterable
from dataclasses import replace

from oversight.disclosure.change_rule import K
from oversight.disclosure.redesign import Line
from oversight.disclosure.rounding import REACH, window
from oversight.disclosure.suppression import Link, Window, protect
from oversight.disclosure.tables import Entry, Note, NoteCode, Table

LINKED = (
    "district",
    "industry",
    "size",
    "band",
    "edition",
    "zone_industry",
    "zone_band",
)
"""Tables that count every submitted group once: their true counts add up alike."""
TOTAL = "submitted"
NO_LIMIT = 10**9


def hidden_enough(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Hide more until no hidden entry is narrow; raise NotProtected if in vain."""
    shown = [table for table in tables if table.key in LINKED and table.entries]
    if not shown:
        return tables
    windows = [_total(shown), *(_window(t, e) for t in shown for e in t.entries)]
    links = [Link(TOTAL, tuple(_name(t, e) for e in t.entries)) for t in shown]
    most = {window.name: NO_LIMIT for window in windows}
    safe = protect(windows, links, most=most)
    hidden = {window.name for window in safe if window.hidden}
    return tuple(_without(table, hidden) for table in tables)


def _total(tables: Iterable[Table]) -> Window:
    total = next((t.total for t in tables if t.total is not None), None)
    if total is None:
        return Window(TOTAL, 0, K - 1 + REACH, hidden=True)
    return Window(TOTAL, *window(total))


def _window(table: Table, entry: Entry) -> Window:
    """Give each merged part its own reach: parts were drawn apart."""
    parts = max(1, len(entry.row)) * max(1, len(entry.column))
    name = _name(table, entry)
    if entry.value is None:
        return Window(name, 0, K - 1 + REACH * parts, hidden=True)
    reach = REACH * parts
    return Window(name, max(0, entry.value - reach), entry.value + reach)


def _name(table: Table, entry: Entry) -> str:
    return "/".join((table.key, _joined(entry.row), _joined(entry.column)))


def _joined(line: Line) -> str:
    return "+".join(line)


def _without(table: Table, hidden: set[str]) -> Table:
    entries = tuple(
        replace(e, value=None, share=None) if _name(table, e) in hidden else e
        for e in table.entries
    )
    if entries == table.entries:
        return table
    note = Note(NoteCode.HIDDEN, K)
    notes = table.notes if note in table.notes else (note, *table.notes)
    return replace(table, entries=entries, notes=notes)
