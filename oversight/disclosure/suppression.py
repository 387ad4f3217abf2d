"""Hidden numbers: none may be narrowed down to fewer than K + 1 counts.

Works on tables of exact or of blurred numbers: a shown entry is a window of counts, a
link says that one entry is the sum of others. Hidden entries are bounded by linear
programming over all linked tables at once; while one is too narrow, the smallest
shown entry beside it is hidden too. When nothing is left to hide, nothing is published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from oversight.disclosure.change_rule import K

SLACK = 1e-6


class NotProtected(Exception):
    """Hiding more does not protect a number any longer."""


@dataclass(frozen=True)
class Window:
    """An entry as a reader sees it: its count is from `low` to `high`."""

    name: str
    low: int
    high: int
    hidden: bool = False


@dataclass(frozen=True)
class Link:
    """`whole` is the sum of `parts`, both names of windows."""

    whole: str
    parts: tuple[str, ...]


def intervals(
    windows: Sequence[Window], links: Sequence[Link], wanted: Iterable[str]
) -> dict[str, tuple[int, int]]:
    """Return the smallest and the largest count each wanted entry can have.

    Bounds of the relaxation, rounded inwards; they are exact when tables are nested
    or have two dimensions, where the vertices are whole numbers.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - see `auditor.py`

    place = {window.name: index for index, window in enumerate(windows)}
    rows, columns, signs = [], [], []
    for number, link in enumerate(links):
        for name, sign in ((link.whole, -1), *((part, 1) for part in link.parts)):
            rows.append(number)
            columns.append(place[name])
            signs.append(sign)
    shape = (len(links), len(windows))
    matrix = coo_array((signs, (rows, columns)), shape=shape).tocsr()
    bounds = np.array([(w.low, w.high) for w in windows], dtype=float)
    found = {}
    for name in wanted:
        ends = [_end(matrix, bounds, place[name], sign) for sign in (1, -1)]
        low, high = np.ceil(ends[0] - SLACK), np.floor(-ends[1] + SLACK)
        found[name] = (int(low), int(high))
    return found


def _end(matrix: object, bounds: object, column: int, sign: int) -> float:
    from scipy.optimize import linprog  # noqa: PLC0415 - see `auditor.py`

    shape = matrix.shape  # type: ignore[attr-defined]
    cost = np.zeros(shape[1])
    cost[column] = sign
    kwargs = {"A_eq": matrix, "b_eq": np.zeros(shape[0])} if shape[0] else {}
    result = linprog(cost, bounds=bounds, method="highs", **kwargs)
    if result.status != 0:
        raise NotProtected(f"The tables contradict each other: {result.message}")
    return float(result.fun)


def narrow(
    windows: Sequence[Window], links: Sequence[Link], *, width: int = K
) -> dict[str, tuple[int, int]]:
    """Return hidden entries whose interval is narrower than `width`."""
    hidden = [window.name for window in windows if window.hidden]
    found = intervals(windows, links, hidden)
    return {n: (low, high) for n, (low, high) in found.items() if high - low < width}


def protect(
    windows: Sequence[Window],
    links: Sequence[Link],
    *,
    most: Mapping[str, int],
    width: int = K,
) -> tuple[Window, ...]:
    """Hide more until every hidden count keeps an interval of at least `width`.

    `most` is the largest count a reader can think of for each entry, once hidden.
    Raises NotProtected when an entry stays narrow though all beside it are hidden.
    """
    current = {window.name: window for window in windows}
    while True:
        exposed = narrow(tuple(current.values()), links, width=width)
        if not exposed:
            return tuple(current.values())
        name = min(exposed)
        victim = _beside(name, current, links)
        if victim is None:
            raise NotProtected(f"{name} stays within {exposed[name]}.")
        high = most[victim.name]
        current[victim.name] = replace(victim, low=0, high=high, hidden=True)


def _beside(
    name: str, windows: Mapping[str, Window], links: Sequence[Link]
) -> Window | None:
    """Find the smallest shown part of the sums that an exposed entry is a part of.

    Sums with fewest hidden parts come first; when all their parts are hidden, the
    sum itself goes.
    """
    mine = [link for link in links if name in link.parts]
    mine.sort(key=lambda link: sum(windows[part].hidden for part in link.parts))
    for link in mine:
        shown = [windows[p] for p in link.parts if not windows[p].hidden]
        if shown:
            return min(shown, key=lambda window: (window.high, window.name))
    wholes = [windows[link.whole] for link in mine if not windows[link.whole].hidden]
    return min(wholes, key=lambda window: (window.high, window.name), default=None)
