"""Whether forecasts come true: reliability diagram, Brier score and its parts.

A forecast is a share from 0 to 1, such as a score over 100, and an outcome is whether
it came true, such as a certificate within twelve months. Whoever hands forecasts over
leaves out those that can't come true any more (certified before) and those whose
twelve months aren't over: both would make every forecast look too high.

Brier score (Brier 1950):            BS = Σ (f − o)² / n
Its parts (Murphy 1973), over bins k with n_k forecasts of mean f_k and outcomes of
mean o_k, o being the mean of all outcomes:
    reliability  REL = Σ n_k (f_k − o_k)² / n        0 is best
    resolution   RES = Σ n_k (o_k − o)² / n          more is better
    uncertainty  UNC = o (1 − o)                     given by the world
What bins hide (Stephenson, Coelho, Jolliffe 2008), so that the sum is exact:
    within bins  WB = Σ_k Σ_i (f_i − f_k)² / n − 2 Σ_k Σ_i (f_i − f_k)(o_i − o_k) / n
    BS = REL − RES + UNC + WB
Interval of a share (Wilson 1927), z = 1.96:
    (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n)
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from oversight.calibration.enough import LEAST, require_enough

Z95 = 1.959963984540054
BINS = 10


@dataclass(frozen=True, slots=True)
class Forecast:
    """A share from 0 to 1 and whether it came true; `edition` groups forecasts."""

    share: float
    happened: bool
    edition: str = ""


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Bin:
    """Forecasts from `low` to below `high` (the last bin holds 1 as well).

    `forecast` is their mean, `observed` the share that came true, with the Wilson
    interval of `observed`. `merged` counts the equal bins it was made of.
    """

    low: float
    high: float
    n: int
    forecast: float
    observed: float
    interval: Interval
    merged: int = 1


@dataclass(frozen=True)
class Brier:
    """The Brier score and its parts; `within` is what the bins hide."""

    n: int
    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float

    @property
    def skill(self) -> float:
        """Return 1 − BS / UNC: by how much better than always saying the mean.

        Nothing can be better, and it is 0, when all outcomes are the same.
        """
        return 1 - self.score / self.uncertainty if self.uncertainty else 0.0


@dataclass(frozen=True)
class Calibration:
    """The bins of a reliability diagram from the lowest, and the Brier score."""

    bins: tuple[Bin, ...]
    brier: Brier


@dataclass(frozen=True)
class _Cell:
    low: float
    high: float
    forecasts: tuple[Forecast, ...]
    merged: int = 1

    def __add__(self, other: "_Cell") -> "_Cell":
        forecasts = self.forecasts + other.forecasts
        merged = self.merged + other.merged
        return _Cell(self.low, other.high, forecasts, merged)


def wilson(happened: int, n: int, z: float = Z95) -> Interval:
    """Return the Wilson score interval of `happened` out of `n`, which is not 0."""
    share = happened / n
    shrink = 1 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink
    low = 0.0 if happened == 0 else middle - half
    high = 1.0 if happened == n else middle + half
    return Interval(low, high)


def calibrate(
    forecasts: Iterable[Forecast], *, bins: int = BINS, least: int = LEAST
) -> Calibration:
    """Return the calibration of forecasts over `bins` equal bins.

    A bin of fewer than `least` is merged with the next one up, the last with the one
    before. Raises TooFew when there are not `least` in all.
    """
    cells = _cells(tuple(forecasts), bins)
    require_enough(sum(len(cell.forecasts) for cell in cells), least)
    merged = _merge(cells, least)
    return Calibration(tuple(_bin(cell) for cell in merged), _brier(merged))


def calibrate_by_edition(
    forecasts: Iterable[Forecast], *, bins: int = BINS
) -> dict[str, Calibration]:
    """Return the calibration of each edition that has ten forecasts, by name."""
    editions: dict[str, list[Forecast]] = defaultdict(list)
    for forecast in forecasts:
        editions[forecast.edition].append(forecast)
    return {
        edition: calibrate(given, bins=bins)
        for edition, given in sorted(editions.items())
        if len(given) >= LEAST
    }


def outcomes_by_band(
    outcomes: Iterable[tuple[str, bool]],
) -> dict[str, tuple[int, float, Interval] | None]:
    """Return n, share that came true and its interval by band; None below ten."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for band, happened in outcomes:
        counts[band][0] += 1
        counts[band][1] += happened
    return {
        band: (n, happened / n, wilson(happened, n)) if n >= LEAST else None
        for band, (n, happened) in sorted(counts.items())
    }


def _cells(forecasts: Sequence[Forecast], bins: int) -> list[_Cell]:
    placed: list[list[Forecast]] = [[] for _ in range(bins)]
    for forecast in forecasts:
        if not 0 <= forecast.share <= 1:
            raise ValueError("a forecast is a share from 0 to 1")
        placed[min(int(forecast.share * bins), bins - 1)].append(forecast)
    return [
        _Cell(place / bins, (place + 1) / bins, tuple(held))
        for place, held in enumerate(placed)
    ]


def _merge(cells: Sequence[_Cell], least: int) -> list[_Cell]:
    """Merge upwards until a cell has `least`; what is left over joins the last."""
    merged: list[_Cell] = []
    waiting: _Cell | None = None
    for cell in cells:
        waiting = waiting + cell if waiting else cell
        if len(waiting.forecasts) >= least:
            merged.append(waiting)
            waiting = None
    if waiting:
        merged[-1] = merged[-1] + waiting
    return merged


def _bin(cell: _Cell) -> Bin:
    n = len(cell.forecasts)
    happened = sum(f.happened for f in cell.forecasts)
    return Bin(
        low=cell.low,
        high=cell.high,
        n=n,
        forecast=fsum(f.share for f in cell.forecasts) / n,
        observed=happened / n,
        interval=wilson(happened, n),
        merged=cell.merged,
    )


def _brier(cells: Sequence[_Cell]) -> Brier:
    bins = [_bin(cell) for cell in cells]
    pairs = [
        (f.share, float(f.happened), b)
        for cell, b in zip(cells, bins, strict=True)
        for f in cell.forecasts
    ]
    n = len(pairs)
    mean = fsum(o for _f, o, _b in pairs) / n
    spread = fsum((f - b.forecast) ** 2 for f, _o, b in pairs)
    together = fsum((f - b.forecast) * (o - b.observed) for f, o, b in pairs)
    return Brier(
        n=n,
        score=fsum((f - o) ** 2 for f, o, _b in pairs) / n,
        reliability=fsum(b.n * (b.forecast - b.observed) ** 2 for b in bins) / n,
        resolution=fsum(b.n * (b.observed - mean) ** 2 for b in bins) / n,
        uncertainty=mean * (1 - mean),
        within=(spread - 2 * together) / n,
    )
