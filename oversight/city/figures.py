"""Yearly figures of the model city that others would count: patents and the like.

They grow as such figures do. None is a statistic; each says so in its source.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from oversight.city.chances import stream
from oversight.counting.facts import SeriesValue

SOURCE = "模型城市，非统计数据"
PEOPLE = 7_100_000
PER = 10_000
FIRST_YEAR = 2014


@dataclass(frozen=True)
class Growth:
    """A figure at the end of 2014 and by how much of itself it grows in a year."""

    indicator: str
    start: int
    rate: float
    flow: bool = False


GROWTHS = (
    Growth("P1", 3600, 0.15),
    Growth("P3", 120, 0.12),
    Growth("T1", 26_000, 0.22),
    Growth("T1-new", 4_000, 0.15, flow=True),
    Growth("T3", 90, 0.18),
    Growth("C1", 3_600, 0.12),
)
"""P1 valid inventions, P3 patents abroad, T1 marks, T3 marks abroad, C1 copyright."""


def figures(seed: int, years: tuple[int, int]) -> Iterator[SeriesValue]:
    """Yield a value a year for each figure, and P2, P1 for each ten thousand people."""
    for growth in GROWTHS:
        for year, value in _values(seed, growth, years):
            yield SeriesValue(growth.indicator, str(year), Fraction(value), SOURCE)
            if growth.indicator == "P1":
                yield _per_head(year, value)


def _values(
    seed: int, growth: Growth, years: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    chance = stream(seed, "figures", growth.indicator)
    value = float(growth.start)
    for year in range(FIRST_YEAR, years[1] + 1):
        swing = 1.5 if growth.flow else 0.5
        value *= 1 + growth.rate * (1 + swing * (chance.random() - 0.5))
        if year >= years[0]:
            yield year, int(value)


def _per_head(year: int, value: int) -> SeriesValue:
    return SeriesValue(
        indicator="P2",
        period=str(year),
        value=Fraction(value * PER, PEOPLE),
        source=SOURCE,
        numerator=Fraction(value),
        denominator=Fraction(PEOPLE),
        denominator_of=f"{year - 1}-12-31",
    )
