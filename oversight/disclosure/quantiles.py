"""Quantiles of what is known by classes alone."""

from collections.abc import Sequence
from itertools import pairwise


def quantile(sizes: Sequence[int], bounds: Sequence[int], part: float) -> int:
    """Return where `part` of all lies, by interpolation within its class.

    `bounds` are the lower ends of the classes and the upper end of the last. Raises
    ValueError when all classes are empty.
    """
    wanted, below = part * sum(sizes), 0
    for size, (low, high) in zip(sizes, pairwise(bounds), strict=True):
        if size and below + size >= wanted:
            return round(low + (high - low) * ((wanted - below) / size))
        below += size
    raise ValueError("Empty classes have no quantile.")
