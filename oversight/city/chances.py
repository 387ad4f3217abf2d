"""Chance that repeats: streams of random numbers named by what they are for.

A stream hangs on the seed and its labels alone, not on Python's hash seed, the
process or what was drawn before. So each enterprise is the same whoever asks first,
and however many enterprises a city has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from math import exp
from random import Random
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


def stream(seed: int, *labels: str | int) -> Random:
    """Return the stream of these labels."""
    name = "/".join(map(str, (seed, *labels)))
    # Chance for a model, no secret: repeatable is the point.
    return Random(int.from_bytes(sha256(name.encode()).digest()[:8]))  # noqa: S311


@dataclass(frozen=True)
class Mix(Generic[Thing]):
    """Things with their shares; shares need not add up to one."""

    parts: tuple[tuple[Thing, float], ...]

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Return the things alone."""
        return tuple(thing for thing, _share in self.parts)

    @cached_property
    def sums(self) -> tuple[float, ...]:
        """Return the running sums of the shares."""
        return tuple(accumulate(share for _thing, share in self.parts))

    def draw(self, chance: Random) -> Thing:
        """Return one thing, each as often as its share says."""
        return chance.choices(self.things, cum_weights=self.sums)[0]


def happens(chance: Random, probability: float) -> bool:
    """Return whether something of this probability happens."""
    return chance.random() < probability


def days(chance: Random, least: int, more: float) -> timedelta:
    """Return `least` days and a waiting time of `more` days on average."""
    return timedelta(days=least + int(chance.expovariate(1 / more)))


def day_between(chance: Random, first: date, last: date) -> date:
    """Return a day from `first` to `last`, `first` when there is none."""
    span = max((last - first).days, 0)
    return first + timedelta(days=int(chance.random() * (span + 1)))


def between(chance: Random, low: float, high: float) -> float:
    """Return a number from `low` to `high`, each order of magnitude as often."""
    return float(low * (high / low) ** chance.random())


def some(chance: Random, things: Sequence[Thing]) -> Thing:
    """Return one of the things."""
    return things[int(chance.random() * len(things))]


def logistic(value: float) -> float:
    """Return 1 / (1 + e^-value)."""
    return 1 / (1 + exp(-value))
