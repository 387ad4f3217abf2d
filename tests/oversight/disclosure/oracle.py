"""What a reader can find out, by trying every city there could be.

Independent of the auditor: no kinds, no programmes; every unknown firm has every band
in turn, and the cities that do not fit a number are struck out.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tests.oversight.disclosure.planted import BANDS, Firm, Number

Known = Callable[[Firm], bool]


@lru_cache
def assignments(count: int) -> NDArray[np.int8]:
    """Every way to give bands to some firms, one a row."""
    rows = list(product(range(BANDS), repeat=count))
    return np.array(rows, dtype=np.int8).reshape(len(rows), count)


class Oracle:
    """All cities that fit what is published and what somebody knows."""

    def __init__(
        self, firms: Sequence[Firm], numbers: Sequence[Number], known: Known
    ) -> None:
        self.known = [firm for firm in firms if known(firm)]
        self.open = [firm for firm in firms if not known(firm)]
        cities = assignments(len(self.open))
        fits = np.ones(len(cities), dtype=bool)
        for cell in numbers:
            counts = self._counts(cell, cities)
            fits &= (counts >= cell.low) & (counts <= cell.high)
        self.cities = cities[fits]

    def _counts(self, cell: Number, cities: NDArray[np.int8]) -> NDArray[np.int64]:
        sure = sum(cell.counts(firm) for firm in self.known)
        columns = [i for i, firm in enumerate(self.open) if cell.covers(firm)]
        chosen = cities[:, columns]
        if cell.band is None:
            return np.full(len(cities), sure + len(columns))
        return sure + (chosen == cell.band).sum(axis=1)

    def determined(self) -> set[tuple[Firm, int]]:
        """The unknown firms that have one band in every city."""
        return {
            (firm, int(self.cities[0, i]))
            for i, firm in enumerate(self.open)
            if len(set(self.cities[:, i])) == 1
        }

    def interval(self, cell: Number) -> tuple[int, int]:
        """The smallest and the largest count of a cell in any city."""
        counts = self._counts(cell, self.cities)
        return int(counts.min()), int(counts.max())
