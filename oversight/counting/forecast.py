"""Will we make it: a simulated forecast of certifications by month, back-tested.

Every month each enterprise may take one step, with a probability drawn from what was
observed at its stage, or give up; new ones arrive at the observed rate. The same seed
gives the same forecast. With too few past steps there is none, only the pipeline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from oversight.counting.periods import Period
from oversight.counting.pipeline import STAGES, History
from oversight.counting.transitions import (
    Learnt,
    Observed,
    last_full_month,
    learn,
    month_of,
)
from question_bank.engine.basic_types import Localized

MIN_TRANSITIONS: Final = 12
SIMULATIONS: Final = 4_000
LEVELS: Final = (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))

_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FanMonth:
    """Cumulative certifications by the end of a month, from the forecast's start."""

    month: Period
    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class Forecast:
    """The fan and the probability; both empty when the data are too few.

    `needed` is how many more certifications the target takes.
    """

    on: date
    until: date
    needed: int
    seed: int
    transitions: int
    fan: tuple[FanMonth, ...] = ()
    probability: Fraction | None = None

    @property
    def silent(self) -> bool:
        """Whether the data are too few to say anything."""
        return self.probability is None

    @property
    def words(self) -> Localized:
        """The probability in words."""
        if self.probability is None:
            return {
                "zh": "数据不足，仅列在途",
                "en": "too few data: the pipeline is listed alone",
            }
        return probability_words(self.probability)


@dataclass(frozen=True)
class BackTest:
    """How forecasts made in the past did against what happened.

    `coverage` is the share of outcomes between the 10 and 90 % lines, which should be
    near 0.8. `pinball` is the mean loss over the three lines; `naive_pinball` is that
    of "as many as in as many months before". A useful forecast loses less.
    """

    cases: int
    months: int
    coverage: Fraction
    pinball: Fraction
    naive_pinball: Fraction

    @property
    def better_than_naive(self) -> bool:
        """Whether the forecast lost less than the naive guess."""
        return self.pinball < self.naive_pinball


def forecast(
    histories: Sequence[History],
    *,
    on: date,
    until: date,
    needed: int,
    seed: int,
    simulations: int = SIMULATIONS,
) -> Forecast:
    """Return the forecast from the last full month before `on` to the end of `until`.

    `needed` counts from the end of that month.
    """
    learnt = learn(histories, last_full_month(on))
    return forecast_from(
        learnt, on=on, until=until, needed=needed, seed=seed, simulations=simulations
    )


def forecast_from(
    learnt: Learnt,
    *,
    on: date,
    until: date,
    needed: int,
    seed: int,
    simulations: int = SIMULATIONS,
) -> Forecast:
    """Return the forecast from what was learnt by the last full month before `on`."""
    start = last_full_month(on)
    silent = Forecast(on, until, needed, seed, learnt.transitions)
    months = month_of(until).first_month - start.first_month
    if too_few(learnt) or months < 1:
        return silent
    paths = simulate(learnt, months, seed, simulations)
    return Forecast(
        on,
        until,
        needed,
        seed,
        learnt.transitions,
        _fan(paths, start),
        Fraction(int((paths[-1] >= needed).sum()), simulations),
    )


def too_few(learnt: Learnt) -> bool:
    """Whether history is too short, or nobody has reached the goal yet."""
    reached = sum(learnt.certified_by_month)
    return learnt.transitions < MIN_TRANSITIONS or not reached


def simulate(learnt: Learnt, months: int, seed: int, simulations: int) -> _Counts:
    """Return cumulative certifications, a row for each month, a column a simulation."""
    random = np.random.default_rng(seed)
    shares = [_draw(random.beta, learnt.beta(s), simulations) for s in STAGES[:-1]]
    losses = _draw(random.beta, learnt.beta_of_leaving(), simulations)
    rate = random.gamma(learnt.arrivals + 0.5, 1 / max(learnt.months, 1), simulations)
    at = [np.full(simulations, learnt.now[s], dtype=np.int64) for s in STAGES[:-1]]
    reached = np.zeros(simulations, dtype=np.int64)
    rows: list[_Counts] = []
    for _month in range(months):
        moved = [random.binomial(n, p) for n, p in zip(at, shares, strict=True)]
        stayed = [n - out for n, out in zip(at, moved, strict=True)]
        stayed = [n - random.binomial(n, losses) for n in stayed]
        came = [random.poisson(rate), *moved[:-1]]
        at = [n + more for n, more in zip(stayed, came, strict=True)]
        reached = reached + moved[-1]
        rows.append(reached)
    return np.stack(rows)


def back_test(
    histories: Sequence[History],
    *,
    on: date,
    months: int,
    seed: int,
    simulations: int = 500,
) -> BackTest | None:
    """Forecast `months` ahead from every past month and compare with what came.

    None when no past month had data enough.
    """
    last = last_full_month(on)
    observed = Observed(histories, last)
    known = observed.learnt(last).certified_by_month
    first = last.first_month - len(known) + 1
    by_month = {
        index: observed.learnt(Period(last.grain, first - 1 + index))
        for index in range(months, len(known) - months + 1)
    }
    return back_test_of(
        by_month, known, months=months, seed=seed, simulations=simulations
    )


def back_test_of(
    learnt_by_month: Mapping[int, Learnt],
    known: Sequence[int],
    *,
    months: int,
    seed: int,
    simulations: int = 500,
) -> BackTest | None:
    """Compare forecasts from some months with what came; None without any.

    `known` are the certifications by month, `learnt_by_month` what was learnt before
    the month of that index in it.
    """
    cases: list[tuple[list[int], int, int]] = []
    for index, learnt in sorted(learnt_by_month.items()):
        if too_few(learnt) or index < months or index + months > len(known):
            continue
        paths = simulate(learnt, months, seed + index, simulations)
        actual = sum(known[index : index + months])
        naive = sum(known[index - months : index])
        cases.append((_quantiles(paths[-1]), actual, naive))
    return _score(cases, months) if cases else None


def pinball(forecast_value: int, actual: int, level: Fraction) -> Fraction:
    """Return the loss of one quantile against an outcome."""
    miss = actual - forecast_value
    return level * miss if miss >= 0 else (level - 1) * miss


def probability_words(probability: Fraction) -> Localized:
    """Return a probability in words, with the number rounded to whole per cents."""
    zh, en = next((zh, en) for bound, zh, en in _CHANCES if probability <= bound)
    percent = round(probability * 100)
    shown = f"{min(max(percent, 1), 99)}%"
    if percent < 1 or percent > 99:
        shown = "<1%" if percent < 1 else ">99%"
    return {"zh": f"{zh}（{shown}）", "en": f"{en} ({shown})"}


def _draw(
    distribution: Any, parameters: tuple[Fraction, Fraction], size: int
) -> npt.NDArray[np.float64]:
    first, second = parameters
    drawn: npt.NDArray[np.float64] = distribution(float(first), float(second), size)
    return drawn


def _fan(paths: _Counts, start: Period) -> tuple[FanMonth, ...]:
    months: list[FanMonth] = []
    month = start
    for row in paths:
        month = month.next
        months.append(FanMonth(month, *_quantiles(row)))
    return tuple(months)


def _quantiles(row: _Counts) -> list[int]:
    """Return the three lines: the smallest count that enough simulations reach."""
    ordered = np.sort(row)
    return [int(ordered[-(-level * len(ordered) // 1) - 1]) for level in LEVELS]


def _score(cases: list[tuple[list[int], int, int]], months: int) -> BackTest:
    inside, lost, naively = 0, Fraction(0), Fraction(0)
    for lines, actual, naive in cases:
        inside += lines[0] <= actual <= lines[-1]
        pairs = zip(lines, LEVELS, strict=True)
        lost += sum((pinball(q, actual, level) for q, level in pairs), Fraction(0))
        naively += sum((pinball(naive, actual, level) for level in LEVELS), Fraction(0))
    count, parts = len(cases), len(cases) * len(LEVELS)
    return BackTest(
        count, months, Fraction(inside, count), lost / parts, naively / parts
    )


_CHANCES: Final = (
    (Fraction(5, 100), "几乎不可能", "almost impossible"),
    (Fraction(33, 100), "不太可能", "unlikely"),
    (Fraction(66, 100), "可能与不可能相当", "about as likely as not"),
    (Fraction(90, 100), "较有可能", "likely"),
    (Fraction(95, 100), "很有可能", "very likely"),
    (Fraction(1), "几乎肯定", "almost certain"),
)
