"""Coarser tables before hidden cells: what is small is merged, in a fixed order.

Everything here looks at drawn numbers alone, so it tells nothing they do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oversight.disclosure.cells import Cell
from oversight.disclosure.change_rule import Figure, K

Line = tuple[str, ...]
"""The categories a row or column stands for: one, or several merged."""

MEAN_CELL = 10


@dataclass(frozen=True)
class Grid:
    """The drawn numbers of a two-way table by row and column."""

    table: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    figures: Mapping[Cell, Figure]

    def figure(self, row: Line, column: Line) -> Figure:
        """Return the sum over merged categories."""
        return total([self.figures[self.table, r, c] for r in row for c in column])

    def row_sum(self, row: Line) -> int:
        """Return what the cells of a row add up to."""
        return sum(self.figure(row, column).value for column in self.columns)

    def column_sum(self, column: Line) -> int:
        """Return what the cells of a column add up to."""
        return sum(self.figure(row, column).value for row in self.rows)

    def filled(self, row: Line) -> int:
        """Return how many cells of a row show a number."""
        return sum(self.figure(row, column).value >= K for column in self.columns)


def total(parts: Sequence[Figure]) -> Figure:
    """Add figures up; the sum is as young as its youngest part."""
    return Figure(sum(p.value for p in parts), max(p.since for p in parts))


def merged_small(
    table: str, names: Sequence[str], figures: Mapping[Cell, Figure]
) -> tuple[Line, ...]:
    """Merge all categories below 5 into one, last; it takes the next smallest while
    it is itself below 5. Equal ones go in the order of the reference data.
    """
    size = {name: figures[table, name].value for name in names}
    small = [name for name in names if size[name] < K]
    rest = sorted((n for n in names if size[n] >= K), key=lambda n: size[n])
    while rest and small and (sum(size[n] for n in small) < K or len(small) == 1):
        small.append(rest.pop(0))
    single = tuple((name,) for name in names if name not in small)
    pool = tuple(name for name in names if name in small)
    return (*single, pool) if pool else single


def coarsened(grid: Grid, submitted: int, *, merge_columns: bool) -> Grid:
    """Merge the smallest lines until a cell holds 10 on average.

    The smallest row or column by its sum joins the next smallest of its kind; a row
    with fewer than two numbers to show joins the next smallest row.
    """
    while len(grid.rows) * len(grid.columns) * MEAN_CELL > submitted:
        coarser = _one_less(grid, merge_columns=merge_columns)
        if coarser is None:
            break
        grid = coarser
    while len(grid.rows) > 1:
        bare = [row for row in grid.rows if grid.filled(row) < 2]
        if not bare:
            break
        grid = _with_row(grid, bare[0])
    return grid


def in_order(grid: Grid, rows: Sequence[str], columns: Sequence[str]) -> Grid:
    """Name the parts of merged lines in the order of the reference data."""
    return Grid(
        grid.table,
        tuple(tuple(sorted(line, key=rows.index)) for line in grid.rows),
        tuple(tuple(sorted(line, key=columns.index)) for line in grid.columns),
        grid.figures,
    )


def _one_less(grid: Grid, *, merge_columns: bool) -> Grid | None:
    rows = sorted(grid.rows, key=grid.row_sum) if len(grid.rows) > 2 else []
    columns = sorted(grid.columns, key=grid.column_sum)
    if not merge_columns or len(columns) <= 2:
        return _with_row(grid, rows[0]) if rows else None
    if rows and grid.row_sum(rows[0]) <= grid.column_sum(columns[0]):
        return _with_row(grid, rows[0])
    merged = _joined(grid.columns, columns[0], columns[1])
    return Grid(grid.table, grid.rows, merged, grid.figures)


def _with_row(grid: Grid, row: Line) -> Grid:
    other = min((r for r in grid.rows if r != row), key=grid.row_sum)
    return Grid(grid.table, _joined(grid.rows, row, other), grid.columns, grid.figures)


def _joined(lines: tuple[Line, ...], one: Line, other: Line) -> tuple[Line, ...]:
    """Put the union where the first of the two stood."""
    first, second = sorted((one, other), key=lines.index)
    return tuple(
        first + second if line == first else line for line in lines if line != second
    )
