"""Enterprises on their way to a certificate: where they are and where they stall."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Final

from question_bank.engine.basic_types import Localized


class PipelineStage(StrEnum):
    """The stages in order; the last is the goal."""

    REGISTERED = "registered"
    ANSWERING = "answering"
    SUBMITTED = "submitted"
    IMPROVING = "improving"
    RUNNING = "running"
    REVIEWED = "reviewed"
    APPLIED = "applied"
    CERTIFIED = "certified"

    @property
    def words(self) -> Localized:
        """The stage in words."""
        return _STAGE_WORDS[self]


STAGES: Final = tuple(PipelineStage)
STALL_FACTOR: Final = 2
"""Who has waited this many times the usual days stalls."""

MIN_STAYS: Final = 5
"""Fewer finished stays give no usual time."""


@dataclass(frozen=True)
class History:
    """When one enterprise entered each stage; stages may be skipped.

    `left_on` is the day it gave up or was deregistered.
    """

    unit: str
    entered: Mapping[PipelineStage, date]
    left_on: date | None = None

    def stage_on(self, day: date) -> PipelineStage | None:
        """Return the furthest stage entered by a day, None before and after."""
        if self.left_by(day):
            return None
        reached = self.reached_by(day)
        return reached[-1] if reached else None

    def left_by(self, day: date) -> bool:
        """Whether it gave up by a day."""
        return self.left_on is not None and self.left_on <= day

    def reached_by(self, day: date) -> list[PipelineStage]:
        """Return the stages entered by a day, in order."""
        entered = self.entered
        return [s for s in STAGES if s in entered and entered[s] <= day]


@dataclass(frozen=True)
class StageFigures:
    """One stage on a day: how many are there, how long it takes, how many stall."""

    stage: PipelineStage
    now: int
    ever: int
    finished: int
    median_days: Fraction | None
    median_wait: Fraction | None
    stalled: int


@dataclass(frozen=True)
class Pipeline:
    """All stages on a day; `bottleneck` is where most stall, if any do."""

    day: date
    stages: tuple[StageFigures, ...]
    bottleneck: PipelineStage | None


def pipeline_on(histories: Iterable[History], day: date) -> Pipeline:
    """Return where everybody is on a day.

    A stay ends with the entry into the next stage that was entered at all. Nobody
    stalls at the goal, nor where fewer than MIN_STAYS stays have finished.
    """
    stays: dict[PipelineStage, list[int]] = {stage: [] for stage in STAGES}
    waits: dict[PipelineStage, list[int]] = {stage: [] for stage in STAGES}
    ever = dict.fromkeys(STAGES, 0)
    for history in histories:
        reached, entered = history.reached_by(day), history.entered
        for stage, following in pairwise(reached):
            stays[stage].append(max(0, (entered[following] - entered[stage]).days))
        for stage in reached:
            ever[stage] += 1
        if reached and not history.left_by(day):
            waits[reached[-1]].append((day - entered[reached[-1]]).days)
    figures = tuple(_figures(s, stays[s], waits[s], ever[s]) for s in STAGES)
    worst = max(figures, key=lambda f: f.stalled)
    return Pipeline(day, figures, worst.stage if worst.stalled else None)


def _figures(
    stage: PipelineStage, stays: list[int], waits: list[int], ever: int
) -> StageFigures:
    usual = _median(stays)
    stalled = 0
    if usual is not None and len(stays) >= MIN_STAYS:
        stalled = sum(wait > STALL_FACTOR * max(usual, Fraction(1)) for wait in waits)
    return StageFigures(
        stage=stage,
        now=len(waits),
        ever=ever,
        finished=len(stays),
        median_days=usual,
        median_wait=_median(waits),
        stalled=stalled,
    )


def _median(days: list[int]) -> Fraction | None:
    return Fraction(median(days)) if days else None


_STAGE_WORDS: Final[Mapping[PipelineStage, Localized]] = {
    PipelineStage.REGISTERED: {"zh": "注册", "en": "registered"},
    PipelineStage.ANSWERING: {"zh": "填报", "en": "answering"},
    PipelineStage.SUBMITTED: {"zh": "提交", "en": "submitted"},
    PipelineStage.IMPROVING: {"zh": "整改", "en": "improving"},
    PipelineStage.RUNNING: {"zh": "体系运行（3 个月）", "en": "running (3 months)"},
    PipelineStage.REVIEWED: {"zh": "内审管评", "en": "audited and reviewed"},
    PipelineStage.APPLIED: {"zh": "申请认证", "en": "applied"},
    PipelineStage.CERTIFIED: {"zh": "获证", "en": "certified"},
}
