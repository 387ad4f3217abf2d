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
        self._until = until
        self._exposed: Counter[tuple[int, int]] = Counter()
        self._moved: Counter[tuple[int, int]] = Counter()
        self._left: Counter[tuple[int, int]] = Counter()
        self._now: Counter[tuple[int, int]] = Counter()
        self._arrived: Counter[int] = Counter()
        self._certified: Counter[int] = Counter()
        for history in histories:
            self._look_at(history)

    def learnt(self, until: Period) -> Learnt:
        """Return what was known at the end of a month, and nothing later."""
        last = until.first_month
        first = min(self._arrived, default=last + 1)
        months = range(first, last + 1)
        return Learnt(
            steps={
                stage: MonthlySteps(
                    *(
                        sum(counts[month, index] for month in months)
                        for counts in (self._exposed, self._moved, self._left)
                    )
                )
                for index, stage in enumerate(STAGES[:-1])
            },
            arrivals=sum(self._arrived[month] for month in months),
            months=len(months),
            now={s: self._now[last, index] for index, s in enumerate(STAGES[:-1])},
            certified_by_month=tuple(self._certified[month] for month in months),
        )

    def _look_at(self, history: History) -> None:
        if not history.entered:
            return
        self._arrived[month_of(min(history.entered.values())).first_month] += 1
        goal = history.entered.get(STAGES[-1])
        if goal is not None:
            self._certified[month_of(goal).first_month] += 1
        before: int | None = None
        for month, stage in _month_ends(history, self._until.first_month):
            if before is not None:
                self._exposed[month, before] += 1
                self._moved[month, before] += stage not in (before, None)
                self._left[month, before] += stage is None
            if stage is not None:
                self._now[month, stage] += 1
            before = stage


def learn(histories: Sequence[History], until: Period) -> Learnt:
    """Return what the histories say up to the end of a month, and nothing later."""
    return Observed(histories, until).learnt(until)


def _month_ends(history: History, last: int) -> Iterator[tuple[int, int | None]]:
    """Yield the furthest stage at the end of each month, as positions.

    From the first month on until the goal, or None once it gave up.
    """
    entries = {
        stage: month_of(day).first_month for stage, day in history.entered.items()
    }
    left = month_of(history.left_on).first_month if history.left_on else last + 1
    for month in range(min(entries.values()), last + 1):
        stage = max(
            STAGES.index(s) for s, entered in entries.items() if entered <= month
        )
        yield month, None if month >= left else stage
        if month >= left or stage == len(STAGES) - 1:
            return
