"""The way of an enterprise from registering to its certificate, or to where it stops.

The steps take the times that descriptions of such projects give: three to six months
in all, the system running at least three months before the application. At each step
some give up; the more able go on more often.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from oversight.city.chances import day_between, days, happens, logistic
from oversight.city.profile import ModelEnterprise, Population, is_early
from oversight.city.scenarios import Scenario, scenario_of


class PathStage(StrEnum):
    """Where an enterprise stands, in order.

    注册, 填报, 提交, 整改, 体系运行, 内审管评, 申请, 获证.
    """

    REGISTERED = "registered"
    FILLING = "filling"
    SUBMITTED = "submitted"
    IMPROVING = "improving"
    RUNNING = "running"
    AUDITED = "audited"
    APPLIED = "applied"
    CERTIFIED = "certified"


ORDER = tuple(PathStage)


@dataclass(frozen=True)
class Step:
    """How long until a stage is entered, and how many enter it."""

    stage: PathStage
    least: int
    more: float
    share: float


STEPS = (
    Step(PathStage.FILLING, 0, 20, 0.95),
    Step(PathStage.SUBMITTED, 2, 25, 0.88),
    Step(PathStage.IMPROVING, 5, 30, 0.78),
    Step(PathStage.RUNNING, 20, 70, 0.70),
    Step(PathStage.AUDITED, 61, 40, 0.85),
    Step(PathStage.APPLIED, 31, 30, 0.92),
    Step(PathStage.CERTIFIED, 30, 45, 0.85),
)
"""Running to application are 92 days or more: the three months of the rules."""

GAINS = dict(zip(ORDER, (0.0, 0.0, 0.0, 0.5, 1.1, 1.7, 2.0, 2.2), strict=True))
"""How much better IP is managed from each stage on, added to the ability."""

TRANSITION_STARTS = {
    Scenario.UPGRADED: date(2021, 9, 1),
    Scenario.NOT_UPGRADED: date(2022, 9, 1),
    Scenario.NOT_UPGRADED_STILL_VALID: date(2022, 9, 1),
}
"""Begun then, a certificate of the old edition reaches into the transition (2024 and
2025) or over its end."""

GIVES_UP_AFTER = 120
"""Days without a step after which an enterprise counts as having dropped out."""


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A stage entered on a day."""

    stage: PathStage
    on: date


@dataclass(frozen=True, slots=True)
class Journey:
    """Stages in the order they were entered; `dropped_on` ends it early."""

    entries: tuple[StageEntry, ...] = ()
    dropped_on: date | None = None

    def day_of(self, stage: PathStage) -> date | None:
        """Return the day a stage was entered."""
        return next((e.on for e in self.entries if e.stage is stage), None)

    def stage_at(self, day: date) -> PathStage | None:
        """Return the stage at the end of a day, None before and after the journey."""
        if self.dropped_on and day >= self.dropped_on:
            return None
        entered = [entry.stage for entry in self.entries if entry.on <= day]
        return entered[-1] if entered else None

    def months(self, last: date) -> Iterator[tuple[str, PathStage]]:
        """Yield ("2019-04", stage at its end) for each month until that of `last`."""
        if not self.entries:
            return
        day = month_end(self.entries[0].on)
        while day <= month_end(last):
            stage = self.stage_at(day)
            if stage is None:
                return
            yield f"{day:%Y-%m}", stage
            day = month_end(day + timedelta(days=1))


def month_end(day: date) -> date:
    """Return the last day of the month."""
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def journey_of(people: Population, enterprise: ModelEnterprise) -> Journey:
    """Return the journey of an enterprise, as far as it is known on the last day."""
    chance = people.stream("journey", enterprise.number)
    scenario = scenario_of(enterprise.number)
    last = min(enterprise.unit.deregistered_on or people.last, people.last)
    start = _start(people, enterprise, chance)
    if start > last:
        return Journey()
    entries = [StageEntry(PathStage.REGISTERED, start)]
    for step in STEPS:
        on = entries[-1].on + _wait(chance, step, hurry=is_early(enterprise))
        goes_on = happens(chance, _share(step, enterprise.ability))
        if scenario is Scenario.DROPS_OUT:
            goes_on = step.stage is not PathStage.RUNNING
        elif scenario:
            goes_on = goes_on or is_early(enterprise) or step in STEPS[:2]
        if not goes_on:
            dropped = entries[-1].on + timedelta(days=GIVES_UP_AFTER)
            return Journey(tuple(entries), dropped if dropped <= last else None)
        if on > last:
            break
        entries.append(StageEntry(step.stage, on))
    return Journey(tuple(entries))


def _start(people: Population, enterprise: ModelEnterprise, chance: Random) -> date:
    """Return the day of registering; scenarios with a certificate begin early."""
    first = max(people.first, enterprise.founded_on + timedelta(days=30))
    if not is_early(enterprise):
        return day_between(chance, first, people.last)
    scenario = scenario_of(enterprise.number)
    if scenario in TRANSITION_STARTS:
        first = max(first, TRANSITION_STARTS[scenario])
        return day_between(chance, first, first + timedelta(days=30))
    return day_between(chance, first, first + timedelta(days=365))


def _wait(chance: Random, step: Step, *, hurry: bool) -> timedelta:
    waiting = days(chance, step.least, step.more)
    return min(waiting, timedelta(days=step.least + 30)) if hurry else waiting


def _share(step: Step, ability: float) -> float:
    """Return the share that goes on, more for the able."""
    steepness = 1.6 if step.stage is PathStage.CERTIFIED else 0.9
    odds = step.share / (1 - step.share)
    even = 2 * logistic(steepness * (ability + 0.3))
    return min(odds * even / (1 + odds * even), 0.99)
