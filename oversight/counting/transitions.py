"""Monthly steps from stage to stage, learnt from finished histories.

Each stage has a Beta distribution of the share that moves on within a month. Its prior
is the share over all stages with the weight of a few enterprises, so that a stage with
few observations leans on the others.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Final

from oversight.counting.periods import Grain, Period
from oversight.counting.pipeline import STAGES, History, PipelineStage

PRIOR_WEIGHT: Final = Fraction(2)


@dataclass(frozen=True)
class MonthlySteps:
    """What was observed at one stage: enterprise-months, steps on, and those lost."""

    exposed: int
    moved: int
    left: int


@dataclass(frozen=True)
class Learnt:
    """All that a forecast knows: steps by stage, arrivals, and who is where now."""

    steps: dict[PipelineStage, MonthlySteps]
    arrivals: int
    months: int
    now: dict[PipelineStage, int]
    certified_by_month: tuple[int, ...]

    @property
    def transitions(self) -> int:
        """How many steps were observed in all."""
        return sum(step.moved for step in self.steps.values())

    def beta(self, stage: PipelineStage) -> tuple[Fraction, Fraction]:
        """Return the two parameters of a stage's monthly share."""
        exposed = sum(step.exposed for step in self.steps.values())
        pooled = Fraction(self.transitions + 1, exposed + 2)
        own = self.steps[stage]
        moved = own.moved + PRIOR_WEIGHT * pooled
        stayed = own.exposed - own.moved + PRIOR_WEIGHT * (1 - pooled)
        return moved, stayed

    def beta_of_leaving(self) -> tuple[Fraction, Fraction]:
        """Return the parameters of the share that gives up, among who did not move."""
        left = sum(step.left for step in self.steps.values())
        waited = sum(step.exposed - step.moved for step in self.steps.values())
        return left + Fraction(1, 2), waited - left + Fraction(1, 2)


def month_of(day: date) -> Period:
    """Return the calendar month of a day."""
    return Period(Grain.MONTH, day.year * 12 + day.month - 1)


def last_full_month(day: date) -> Period:
    """Return the last month that is over at the end of a day."""
    month = month_of(day)
    return month if month.last_day == day else month.before


class Observed:
    """The months of all histories, looked through once.

    What is learnt up to one month is a sum over the months before it, so that a
    back-test over many months costs hardly more than one forecast.
    """

    def __init__(self, histories: Sequence[History], until: Period) -> None:
        self._last = until.first_month
        self._there: Counter[tuple[int, int]] = Counter()
        self._moved: Counter[tuple[int, int]] = Counter()
        self._left: Counter[tuple[int, int]] = Counter()
        self._arrived: Counter[int] = Counter()
        self._certified: Counter[int] = Counter()
        for history in histories:
            if history.entered:
                self._look_at(history)

    def learnt(self, until: Period) -> Learnt:
        """Return what was known at the end of a month, and nothing later."""
        last = until.first_month
        months = range(min(self._arrived, default=last + 1), last + 1)
        return Learnt(
            steps={s: self._steps(i, months) for i, s in enumerate(STAGES[:-1])},
            arrivals=sum(self._arrived[month] for month in months),
            months=len(months),
            now={s: self._now(i, months) for i, s in enumerate(STAGES[:-1])},
            certified_by_month=tuple(self._certified[month] for month in months),
        )

    def _steps(self, stage: int, months: range) -> MonthlySteps:
        """Return what happened at a stage.

        Who is there at the end of a month is exposed in the next.
        """
        there = accumulate(self._there[month, stage] for month in months)
        return MonthlySteps(
            exposed=sum(list(there)[:-1]),
            moved=sum(self._moved[month, stage] for month in months),
            left=sum(self._left[month, stage] for month in months),
        )

    def _now(self, stage: int, months: range) -> int:
        return sum(self._there[month, stage] for month in months)

    def _look_at(self, history: History) -> None:
        """Note where the history comes to a stage, goes on, or ends, by month."""
        self._arrived[month_of(min(history.entered.values())).first_month] += 1
        goal = history.entered.get(STAGES[-1])
        if goal is not None:
            self._certified[month_of(goal).first_month] += 1
        stage: int | None = None
        for month, following in _changes(history, self._last):
            if stage is not None:
                self._there[month, stage] -= 1
                ended = self._left if following is None else self._moved
                ended[month, stage] += 1
            if following is not None:
                self._there[month, following] += 1
            stage = following


def learn(histories: Sequence[History], until: Period) -> Learnt:
    """Return what the histories say up to the end of a month, and nothing later."""
    return Observed(histories, until).learnt(until)


def _changes(history: History, last: int) -> Iterator[tuple[int, int | None]]:
    """Yield the months at whose end a stage is new: its position, None once it left.

    Stages that begin and end within one month are passed over.
    """
    left = month_of(history.left_on).first_month if history.left_on else last + 1
    furthest: dict[int, int] = {}
    reached = -1
    entries = sorted((d, _POSITIONS[s]) for s, d in history.entered.items())
    for day, stage in entries:
        month = month_of(day).first_month
        if stage > reached and month < left and month <= last:
            reached = furthest[month] = stage
    for month, stage in furthest.items():
        yield month, stage
    if furthest and reached < len(STAGES) - 1 and left <= last:
        yield left, None


_POSITIONS: Final = {stage: position for position, stage in enumerate(STAGES)}
