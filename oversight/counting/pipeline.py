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
        if self.left_on is not None and self.left_on <= day:
            return None
        reached = [stage for stage in STAGES if self._entered_by(stage, day)]
        return reached[-1] if reached else None

    def stays(self, day: date) -> dict[PipelineStage, int]:
        """Return the days of every finished stay, by the stage that was left.

        A stay ends with the entry into the next stage that was entered at all.
        """
        reached = [stage for stage in STAGES if self._entered_by(stage, day)]
        return {
            stage: max(0, (self.entered[following] - self.entered[stage]).days)
            for stage, following in pairwise(reached)
        }

    def _entered_by(self, stage: PipelineStage, day: date) -> bool:
        return stage in self.entered and self.entered[stage] <= day


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

    Nobody stalls at the goal, nor where fewer than MIN_STAYS stays have finished.
    """
    known = tuple(histories)
    stays: dict[PipelineStage, list[int]] = {stage: [] for stage in STAGES}
    waits: dict[PipelineStage, list[int]] = {stage: [] for stage in STAGES}
    ever = dict.fromkeys(STAGES, 0)
    for history in known:
        for stage, days in history.stays(day).items():
            stays[stage].append(days)
        for stage, entered in history.entered.items():
            ever[stage] += entered <= day
        now = history.stage_on(day)
        if now is not None:
            waits[now].append((day - history.entered[now]).days)
    figures = tuple(_figures(s, stays[s], waits[s], ever[s]) for s in STAGES)
    worst = max(figures, key=lambda f: f.stalled)
    return Pipeline(day, figures, worst.stage if worst.stalled else None)


def _figures(
    stage: PipelineStage, stays: list[int], waits: list[int], ever: int
) -> StageFigures:
    usual = _median(stays)
    stalled = 0
    if usual is not None and len(stays) >= MIN_STAYS and stage is not STAGES[-1]:
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
    return median([Fraction(d) for d in days]) if days else None


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
