"""Monthly steps from stage to stage, learnt from finished histories.

Each stage has a Beta distribution of the share that moves on within a month. Its prior
is the share over all stages with the weight of a few enterprises, so that a stage with
few observations leans on the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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


def learn(histories: Sequence[History], until: Period) -> Learnt:
    """Return what the histories say up to the end of a month, and nothing later."""
    steps = {stage: [0, 0, 0] for stage in STAGES[:-1]}
    now = dict.fromkeys(STAGES, 0)
    arrivals, certified = 0, dict.fromkeys(_months(histories, until), 0)
    for history in histories:
        for stage, after in _observed(history, until):
            steps[stage][0] += 1
            steps[stage][1] += after not in (stage, None)
            steps[stage][2] += after is None
        first = min(history.entered.values(), default=date.max)
        arrivals += first <= until.last_day
        goal = history.entered.get(STAGES[-1])
        if goal is not None and goal <= until.last_day:
            certified[month_of(goal)] += 1
        stage_now = history.stage_on(until.last_day)
        if stage_now is not None:
            now[stage_now] += 1
    return Learnt(
        {stage: MonthlySteps(*counts) for stage, counts in steps.items()},
        arrivals,
        len(certified),
        now,
        tuple(certified.values()),
    )


def _observed(
    history: History, until: Period
) -> list[tuple[PipelineStage, PipelineStage | None]]:
    """Return the stage at the begin and at the end of every month before the goal."""
    first = min(history.entered.values(), default=None)
    found: list[tuple[PipelineStage, PipelineStage | None]] = []
    if first is None:
        return found
    month = month_of(first).next
    while month.first_month <= until.first_month:
        stage = history.stage_on(month.first_day - timedelta(days=1))
        if stage is None or stage is STAGES[-1]:
            break
        found.append((stage, history.stage_on(month.last_day)))
        month = month.next
    return found


def _months(histories: Sequence[History], until: Period) -> list[Period]:
    firsts = [min(h.entered.values()) for h in histories if h.entered]
    month = month_of(min(firsts)) if firsts else until.next
    months: list[Period] = []
    while month.first_month <= until.first_month:
        months.append(month)
        month = month.next
    return months
