"""The fixed menu of tables. Nobody can ask for another one.

Built from drawn numbers alone: no function here can see a record or a count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from oversight.disclosure.cells import ADVISED, ADVISED_CERTIFIED, ALL, SUBMITTED, Cell
from oversight.disclosure.change_rule import Figure, K
from oversight.disclosure.durations import Duration, durations
from oversight.disclosure.quantiles import quantile
from oversight.disclosure.redesign import (
    Grid,
    Line,
    coarsened,
    in_order,
    merged_small,
    total as sum_of,
)
from oversight.disclosure.scheme import SCORE_STEP, SCORES, STAYS, Scheme
from oversight.disclosure.tables import Average, Entry, Note, NoteCode, Table, entry

TWO_WAY_FROM = 150
"""满 150 家后显示."""
AVERAGE_FROM = 20
"""A mean or share of gaps needs 10; a drawn 20 is hardly ever less than 10."""
NAMED_FROM = 10
"""An agency needs 5 clients to be named; a drawn 10 is rarely less than 5."""
MOST_GAPS = 10
BOUNDS = (*map(int, SCORES), 100)
QUARTILES = (0.25, 0.5, 0.75)
NONE: Line = ()


@dataclass(frozen=True)
class Menu:
    """All tables of a snapshot."""

    tables: tuple[Table, ...]
    average: Average | None
    durations: tuple[Duration, ...]


@dataclass(frozen=True)
class _Source:
    figures: Mapping[Cell, Figure]
    scheme: Scheme
    snapshot: int

    @property
    def submitted(self) -> int:
        return self.figures[SUBMITTED].value

    def shown(self, *cell: str) -> int | None:
        value = self.figures[cell].value
        return value if value >= K else None


def menu(figures: Mapping[Cell, Figure], scheme: Scheme, snapshot: int) -> Menu:
    """Make the tables of a snapshot from its drawn numbers."""
    source = _Source(figures, scheme, snapshot)
    tables = (
        _one_way(source, "stage", scheme.stages, ALL),
        _days(source, "stay", scheme.stages[:-1]),
        _days(source, "wait", scheme.stages[:-1]),
        _merged(source, "district", scheme.districts),
        _merged(source, "industry", scheme.industries),
        _one_way(source, "size", scheme.sizes, SUBMITTED),
        _one_way(source, "band", scheme.bands, SUBMITTED),
        _one_way(source, "score", SCORES, SUBMITTED),
        _one_way(source, "edition", scheme.editions, SUBMITTED),
        _two_way(source, "zone_industry", scheme.industries),
        _two_way(source, "zone_band", scheme.bands),
        *(_gaps(source, edition, names) for edition, names in scheme.clauses),
        *_agencies(source),
    )
    stays = next(table for table in tables if table.key == "stay")
    return Menu(tables, _average(source), durations(stays, at_least=AVERAGE_FROM))


def _one_way(source: _Source, key: str, names: Iterable[str], of: Cell) -> Table:
    return _lines(source, key, tuple((name,) for name in names), of)


def _merged(source: _Source, key: str, names: tuple[str, ...]) -> Table:
    return _lines(source, key, merged_small(key, names, source.figures), SUBMITTED)


def _lines(source: _Source, key: str, rows: tuple[Line, ...], of: Cell) -> Table:
    """Shares are of the rows shown: rows may be older than the total, but alike."""
    sums = [sum_of([source.figures[key, name] for name in row]) for row in rows]
    base = sum(figure.value for figure in sums if figure.value >= K)
    entries = tuple(
        entry(row, NONE, figure, snapshot=source.snapshot, of=base)
        for row, figure in zip(rows, sums, strict=True)
    )
    return _table(key, rows, (), entries, source.shown(*of))


def _days(source: _Source, key: str, stages: tuple[str, ...]) -> Table:
    """Show how long each stage took, or how long those now there have waited."""
    rows = tuple((stage,) for stage in stages)
    columns = tuple((days,) for days in STAYS)
    entries = tuple(
        entry(row, column, source.figures[key, *row, *column], snapshot=source.snapshot)
        for row in rows
        for column in columns
    )
    return _table(key, rows, columns, entries, None)


def _two_way(source: _Source, key: str, names: tuple[str, ...]) -> Table:
    if source.submitted < TWO_WAY_FROM:
        note = Note(NoteCode.SHOWN_FROM, TWO_WAY_FROM)
        return Table(key, (), (), (), None, (note,))
    rows = tuple((zone,) for zone in source.scheme.zones)
    fine = Grid(key, rows, tuple((name,) for name in names), source.figures)
    grid = coarsened(fine, source.submitted, merge_columns=key == "zone_industry")
    grid = in_order(grid, source.scheme.zones, names)
    entries = tuple(
        entry(row, column, grid.figure(row, column), snapshot=source.snapshot)
        for row in grid.rows
        for column in grid.columns
    )
    total = source.shown(*SUBMITTED)
    return _table(key, grid.rows, grid.columns, entries, total)


def _gaps(source: _Source, edition: str, clauses: tuple[str, ...]) -> Table:
    """Show the ten clauses most groups are below level 2 in."""
    of = source.figures["edition", edition].value
    key = f"gaps:{edition}"
    if of < AVERAGE_FROM:
        return Table(key, (), (), (), None, (Note(NoteCode.SHOWN_FROM, AVERAGE_FROM),))
    found = [(clause, source.figures["gap", edition, clause]) for clause in clauses]
    found.sort(key=lambda pair: -pair[1].value)
    entries = tuple(
        entry((clause,), NONE, figure, snapshot=source.snapshot, of=of)
        for clause, figure in found[:MOST_GAPS]
        if figure.value >= K
    )
    return _table(key, tuple(e.row for e in entries), (), entries, of)


def _agencies(source: _Source) -> tuple[Table, Table]:
    """Show the clients of agencies, and how many of them are certified.

    Agencies are named from 10 clients on; the others are what remains of all with an
    agency.
    """
    named = [
        name
        for name in source.scheme.agencies
        if source.figures["agency", name].value >= NAMED_FROM
    ]
    clients = _by_agency(source, "agency", ADVISED, named)
    certified = _by_agency(
        source, "agency_certified", ADVISED_CERTIFIED, named, of=clients
    )
    return clients, certified


def _by_agency(
    source: _Source,
    key: str,
    every: Cell,
    named: list[str],
    of: Table | None = None,
) -> Table:
    """Make a table with a line for each named agency; shares are of `of`'s numbers."""
    whole, parts = source.figures[every], [source.figures[key, name] for name in named]
    rest = Figure(
        whole.value - sum(part.value for part in parts),
        max([whole.since, *(part.since for part in parts)]),
    )
    rows = (*((name,) for name in named), NONE)
    bases = [one.value for one in of.entries] if of else [None] * len(rows)
    entries = tuple(
        entry(row, NONE, figure, snapshot=source.snapshot, of=base)
        for row, figure, base in zip(rows, [*parts, rest], bases, strict=True)
    )
    table = _table(key, rows, (), entries, source.shown(*every))
    return replace(table, notes=(*table.notes, Note(NoteCode.OTHERS, NAMED_FROM)))


def _table(
    key: str,
    rows: tuple[Line, ...],
    columns: tuple[Line, ...],
    entries: tuple[Entry, ...],
    total: int | None,
) -> Table:
    notes = [Note(NoteCode.MERGED, categories=x) for x in (*rows, *columns) if x[1:]]
    if any(one.value is None for one in entries):
        notes.append(Note(NoteCode.HIDDEN, K))
    if any(one.held for one in entries):
        notes.append(Note(NoteCode.HELD))
    notes.append(Note(NoteCode.ROUNDED))
    return Table(key, rows, columns, entries, total, tuple(notes))


def _average(source: _Source) -> Average | None:
    """Take mean and quartiles of the score classes' shown numbers, by interpolation."""
    sizes = [source.shown("score", low) or 0 for low in SCORES]
    total = sum(sizes)
    if total < AVERAGE_FROM:
        return None
    middles = [int(low) + SCORE_STEP // 2 for low in SCORES]
    mean = sum(m * n for m, n in zip(middles, sizes, strict=True)) / total
    notes = (Note(NoteCode.FROM_CLASSES), Note(NoteCode.ROUNDED))
    lower, median, upper = (quantile(sizes, BOUNDS, part) for part in QUARTILES)
    return Average(round(mean), lower, median, upper, total, notes)
