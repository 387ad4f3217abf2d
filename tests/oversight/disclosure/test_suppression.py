"""Hidden numbers stay hidden, or nothing is published."""

import random

import pytest

from oversight.disclosure.suppression import (
    Link,
    NotProtected,
    Window,
    intervals,
    narrow,
    protect,
)

K = 5


def table(firms: int, rows: int, columns: int, seed: int):
    """A random two-way table of exact counts with its sums, cells below 5 hidden."""
    chance = random.Random(seed)
    cells = {(r, c): 0 for r in range(rows) for c in range(columns)}
    weights = [chance.random() ** 2 for _ in cells]
    for cell in chance.choices(list(cells), weights, k=firms):
        cells[cell] += 1
    counts = {f"{r}/{c}": n for (r, c), n in cells.items()}
    links = []
    for axis, size in ((0, rows), (1, columns)):
        for line in range(size):
            name = f"{'row' if axis == 0 else 'column'} {line}"
            parts = tuple(f"{r}/{c}" for r, c in cells if (r, c)[axis] == line)
            counts[name] = sum(counts[part] for part in parts)
            links.append(Link(name, parts))
    counts["all"] = firms
    rows_of = tuple(f"row {line}" for line in range(rows))
    links += [
        Link("all", rows_of),
        Link("all", tuple(f"column {line}" for line in range(columns))),
    ]
    windows = [
        Window(name, 0, firms, hidden=True)
        if "/" in name and 0 < count < K
        else Window(name, count, count)
        for name, count in counts.items()
    ]
    return windows, links, counts


GRIDS = [(120, 5, 6), (300, 5, 6), (300, 4, 4), (120, 3, 3), (60, 4, 3)]


def test_a_threshold_alone_lets_hidden_numbers_be_worked_out():
    recovered = total = 0
    for seed in range(6):
        for firms, rows, columns in GRIDS:
            windows, links, _ = table(firms, rows, columns, seed)
            hidden = [w.name for w in windows if w.hidden]
            found = intervals(windows, links, hidden)
            recovered += sum(low == high for low, high in found.values())
            total += len(hidden)
    assert (total, recovered) == (143, 103)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("grid", GRIDS)
def test_hiding_more_leaves_every_hidden_number_an_interval_of_five(grid, seed):
    windows, links, counts = table(*grid, seed)
    most = dict.fromkeys(counts, grid[0])
    try:
        safe = protect(windows, links, most=most)
    except NotProtected:
        return
    hidden = [window.name for window in safe if window.hidden]
    found = intervals(safe, links, hidden)
    assert {n: f for n, f in found.items() if f[1] - f[0] < K} == {}
    assert all(low <= counts[name] <= high for name, (low, high) in found.items())
    assert {w.name for w in windows if w.hidden} <= set(hidden)


def test_what_cannot_be_hidden_is_not_published():
    windows = [Window("a", 0, 9, hidden=True), Window("sum", 2, 2)]
    links = [Link("sum", ("a",))]
    with pytest.raises(NotProtected, match="a stays within"):
        protect(windows, links, most={"a": 4, "sum": 4})


def test_numbers_that_contradict_each_other_are_not_published():
    windows = [Window("a", 3, 3, hidden=True), Window("sum", 2, 2)]
    with pytest.raises(NotProtected, match="contradict"):
        narrow(windows, [Link("sum", ("a",))])


def test_the_smallest_beside_an_exposed_number_is_hidden_first():
    windows = [
        Window("a", 0, 99, hidden=True),
        Window("b", 30, 30),
        Window("c", 8, 8),
        Window("sum", 40, 40),
    ]
    links = [Link("sum", ("a", "b", "c"))]
    safe = protect(windows, links, most=dict.fromkeys("abc", 99) | {"sum": 99})
    assert [window.name for window in safe if window.hidden] == ["a", "c"]


def test_linked_tables_are_looked_at_together():
    """In the first table two are hidden; the second gives both away."""
    windows = [
        Window("east", 0, 99, hidden=True),
        Window("west", 0, 99, hidden=True),
        Window("east micro", 2, 2),
        Window("east large", 0, 0),
        Window("all", 20, 20),
    ]
    alone = [Link("all", ("east", "west"))]
    assert narrow(windows, alone) == {}
    linked = [*alone, Link("east", ("east micro", "east large"))]
    assert narrow(windows, linked) == {"east": (2, 2), "west": (18, 18)}
