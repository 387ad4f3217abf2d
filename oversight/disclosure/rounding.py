"""How a count becomes the number that is drawn: secret noise, then base 5.

The noise is two-sided geometric: each step away from 0 is 3/5 as likely as the one
before. One firm more or less therefore changes the odds of any drawn number by 5/3
at most. It is cut at ±24, where one draw in 800,000 falls.
"""

from bisect import bisect_right
from itertools import accumulate

BASE = 5
NOISE = 24
REACH = NOISE + BASE // 2
"""A drawn number is never further from the count than this."""

_NEAR, _FAR = 5, 3
_STEPS = tuple(range(-NOISE, NOISE + 1))
_WEIGHTS = tuple(_NEAR ** (NOISE - abs(step)) * _FAR ** abs(step) for step in _STEPS)
_TOTALS = tuple(accumulate(_WEIGHTS))


def noise(number: int) -> int:
    """Turn an evenly spread number of 256 bits into noise of −24 to 24."""
    return _STEPS[bisect_right(_TOTALS, number % _TOTALS[-1])]


def chance(step: int) -> float:
    """Return how likely a noise is."""
    return _WEIGHTS[step + NOISE] / _TOTALS[-1] if abs(step) <= NOISE else 0.0


def rounded(number: int) -> int:
    """Return the nearest multiple of 5."""
    return (number + BASE // 2) // BASE * BASE


def blurred(count: int, number: int) -> int:
    """Return the number drawn for a count with an evenly spread secret number.

    It may be below 0. It stays so while numbers are added up, lest sums grow by what
    was cut off, and is shown as hidden.
    """
    return rounded(count + noise(number))


def window(value: int) -> tuple[int, int]:
    """Return the smallest and the largest count a drawn number can stand for."""
    return max(0, value - REACH), max(0, value + REACH)
