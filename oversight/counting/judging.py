"""Judging an indicator on a day: its status, its raw numbers, its even pace.

Exact fractions throughout. A mean is taken over complete years alone: nothing is
divided by a part of a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from oversight.counting.figures import Figure, year_ends, yearly_sums
from oversight.counting.periods import elapsed_of_year, last_complete_year
from oversight.counting.plans import Change, Indicator, Operator, ScopeChange
from question_bank.engine.basic_types import Localized


class Status(StrEnum):
    """Where an indicator stands."""

    MET = "met"
    NOT_MET = "not_met"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    UNDER_WAY = "under_way"
    NO_DATA = "no_data"
    STOPPED = "stopped"

    @property
    def words(self) -> Localized:
        """The status in words."""
        return _STATUS_WORDS[self]


@dataclass(frozen=True)
class Judgement:
    """An indicator on a day. None means there is no such number, never zero.

    `value` is what compares with `target`: a total, a level, or the last year's figure.
    `even_pace` is where even progress would be by complete years, `even_pace_today` by
    the day in the year. `mean` is over complete years. `percent_done` is not capped.
    """

    indicator: Indicator
    day: date
    status: Status
    by_year: tuple[tuple[int, Fraction], ...] = ()
    value: Fraction | None = None
    target: Fraction | None = None
    percent_done: Fraction | None = None
    complete_years: int = 0
    total_complete: Fraction | None = None
    mean: Fraction | None = None
    even_pace: Fraction | None = None
    even_pace_today: Fraction | None = None
    this_year: Fraction | None = None
    this_year_pace: Fraction | None = None
    still_needed: Fraction | None = None
    still_needed_per_year: Fraction | None = None
    missing_years: tuple[int, ...] = ()
    changes: tuple[ScopeChange, ...] = ()


def judge(indicator: Indicator, figures: Sequence[Figure], day: date) -> Judgement:
    """Return how an indicator stands on a day, by the figures up to that day."""
    known = [f for f in figures if f.as_of <= day and _counts(indicator, f)]
    changes = tuple(c for c in indicator.changes if c.on <= day)
    judged = _judge(_Window(indicator, known, day))
    if any(change.change is Change.STOPPED for change in changes):
        return _with(judged, Status.STOPPED, changes)
    return _with(judged, judged.status, changes)


class _Window:
    """The figures of one indicator within its years, and how far the years are."""

    def __init__(
        self, indicator: Indicator, figures: Sequence[Figure], day: date
    ) -> None:
        self.indicator = indicator
        self.day = min(day, date(indicator.last_year, 12, 31))
        self.asked_on = day
        reduce = yearly_sums if indicator.kind.adds_up else year_ends
        values = reduce(figures)
        self.before = self._baseline(values)
        first, last = indicator.first_year, indicator.last_year
        self.values = {y: v for y, v in values.items() if first <= y <= last}
        complete = last_complete_year(self.day)
        self.complete = range(first, min(complete, last) + 1)
        self.over = complete >= last
        self.missing = tuple(y for y in self.complete if y not in self.values)

    def _baseline(self, values: dict[int, Fraction]) -> Fraction | None:
        if self.indicator.baseline is not None:
            return self.indicator.baseline.value
        return values.get(self.indicator.first_year - 1)

    @property
    def running(self) -> Fraction:
        """The years of the window that are over, the running one by its days."""
        years = Fraction(len(self.complete))
        begun = self.day.year >= self.indicator.first_year
        if not begun or self.day.year in self.complete:
            return years
        return years + elapsed_of_year(self.day)

    def figure_of_running_year(self) -> Fraction | None:
        """Return the running year's figure so far."""
        if self.day.year in self.complete:
            return None
        return self.values.get(self.day.year)


def _judge(window: _Window) -> Judgement:
    indicator = window.indicator
    if indicator.operator is Operator.TREND:
        return _judge_trend(window)
    if indicator.each_year:
        return _judge_each_year(window)
    if indicator.kind.adds_up:
        return _judge_sum(window)
    return _judge_level(window)


def _judge_sum(window: _Window) -> Judgement:
    """Judge what adds up over the years: additions, or a yearly mean."""
    indicator, target = window.indicator, window.indicator.total_target
    if target is None or not window.values:
        return _no_data(window)
    value = sum(window.values.values(), Fraction(0))
    done = [window.values[y] for y in window.complete if y in window.values]
    total = sum(done, Fraction(0))
    years = len(window.complete)
    share = target / indicator.years
    pace, today = share * years, share * window.running
    left = indicator.years - years
    needed = max(Fraction(0), target - total)
    this_year = window.figure_of_running_year()
    return Judgement(
        indicator,
        window.asked_on,
        _status(window, value, target, today),
        by_year=tuple(window.values.items()),
        value=value,
        target=target,
        percent_done=value / target * 100 if target else None,
        complete_years=years,
        total_complete=total,
        mean=total / years if years and not window.missing else None,
        even_pace=pace,
        even_pace_today=today,
        this_year=this_year,
        this_year_pace=None if this_year is None else today - pace,
        still_needed=max(Fraction(0), target - value),
        still_needed_per_year=needed / left if left else None,
        missing_years=window.missing,
    )


def _judge_level(window: _Window) -> Judgement:
    """Judge a level: a stock or a ratio that is to be reached by the end."""
    indicator, target = window.indicator, window.indicator.target
    if target is None or not window.values:
        return _no_data(window)
    value = [*window.values.values()][-1]
    pace = today = None
    if window.before is not None:
        share = (target - window.before) / indicator.years
        pace = window.before + share * len(window.complete)
        today = window.before + share * window.running
    left = indicator.years - len(window.complete)
    needed = max(Fraction(0), target - value)
    return Judgement(
        indicator,
        window.asked_on,
        _status(window, value, target, today),
        by_year=tuple(window.values.items()),
        value=value,
        target=target,
        percent_done=value / target * 100 if target else None,
        complete_years=len(window.complete),
        even_pace=pace,
        even_pace_today=today,
        still_needed=needed,
        still_needed_per_year=needed / left if left else None,
        missing_years=window.missing,
    )


def _status(
    window: _Window, value: Fraction, target: Fraction, today: Fraction | None
) -> Status:
    if window.over and window.missing and window.indicator.kind.adds_up:
        reached = window.indicator.operator.holds(value, target)
        return Status.MET if reached else Status.NO_DATA
    if window.over and window.indicator.last_year not in window.values:
        return Status.NO_DATA
    if window.indicator.operator.holds(value, target):
        return Status.MET
    if window.over:
        return Status.NOT_MET
    if today is None:
        return Status.UNDER_WAY
    return Status.ON_PACE if value >= today else Status.BEHIND


def _judge_each_year(window: _Window) -> Judgement:
    """Judge a target that every single year has to meet."""
    indicator, target = window.indicator, window.indicator.target
    done = [window.values[y] for y in window.complete if y in window.values]
    if target is None or not done:
        return _no_data(window)
    failed = [v for v in done if not indicator.operator.holds(v, target)]
    return _yearly(window, target, failed=bool(failed), last=done[-1])


def _judge_trend(window: _Window) -> Judgement:
    """Judge "rising every year": strictly, from the year before the window on."""
    points = {y: v for y, v in window.values.items() if y in window.complete}
    if window.before is not None:
        points[window.indicator.first_year - 1] = window.before
    changed = [c.on.year for c in window.indicator.changes]
    steps = [
        (a, b)
        for a, b in pairwise(sorted(points))
        if not any(a < year <= b for year in changed)
    ]
    if not steps:
        return _no_data(window)
    failed = any(points[b] <= points[a] for a, b in steps)
    return _yearly(window, None, failed=failed, last=points[max(points)])


def _yearly(
    window: _Window, target: Fraction | None, *, failed: bool, last: Fraction
) -> Judgement:
    if failed:
        status = Status.NOT_MET
    elif window.over:
        status = Status.NO_DATA if window.missing else Status.MET
    else:
        status = Status.ON_PACE
    return Judgement(
        window.indicator,
        window.asked_on,
        status,
        by_year=tuple(window.values.items()),
        value=last,
        target=target,
        percent_done=last / target * 100 if target else None,
        complete_years=len(window.complete),
        missing_years=window.missing,
    )


def _no_data(window: _Window) -> Judgement:
    return Judgement(
        window.indicator,
        window.asked_on,
        Status.NO_DATA,
        by_year=tuple(window.values.items()),
        target=window.indicator.total_target,
        complete_years=len(window.complete),
        missing_years=window.missing,
    )


def _counts(indicator: Indicator, figure: Figure) -> bool:
    """Whether a figure is from before the counting was stopped."""
    stopped = indicator.stopped_on()
    return stopped is None or figure.as_of < stopped.on


def _with(
    judged: Judgement, status: Status, changes: tuple[ScopeChange, ...]
) -> Judgement:
    return replace(judged, status=status, changes=changes)


_STATUS_WORDS = {
    Status.MET: {"zh": "已完成", "en": "met"},
    Status.NOT_MET: {"zh": "未完成", "en": "not met"},
    Status.ON_PACE: {"zh": "进度正常", "en": "on pace"},
    Status.BEHIND: {"zh": "进度滞后", "en": "behind"},
    Status.UNDER_WAY: {
        "zh": "进行中（没有基数，不判断进度）",
        "en": "under way (no baseline, so no pace)",
    },
    Status.NO_DATA: {"zh": "数据不足", "en": "not enough data"},
    Status.STOPPED: {"zh": "停止统计", "en": "no longer counted"},
}
