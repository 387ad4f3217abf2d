"""Will we make it: the forecast out of published numbers and the public register.

Nothing confidential goes in, so nothing confidential can come out: stays, waits and
stages are those that snapshots show, certifications those of the register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.counting.forecast import BackTest, Forecast, back_test_of, forecast_from
from oversight.counting.periods import Grain, Period
from oversight.counting.pipeline import STAGES
from oversight.counting.transitions import (
    Learnt,
    MonthlySteps,
    last_full_month,
    month_of,
)
from oversight.disclosure.durations import stays_of
from oversight.shown import Shown

SEED = 29490
DAYS_A_MONTH = 365.25 / 12
BACK_TEST_MONTHS = 12


@dataclass(frozen=True)
class Outlook:
    """The forecast, how forecasts like it did, and the snapshot it is made of."""

    snapshot: int
    forecast: Forecast
    back_test: BackTest | None


def outlook(
    snapshots: Sequence[Shown],
    certified: Mapping[Period, int],
    *,
    until: date,
    needed: int,
) -> Outlook | None:
    """Return the forecast from the last snapshot to `until`; None without snapshots.

    `snapshots` go from the first to the last; `certified` are the first certifications
    by month; `needed` is how many more are needed from the snapshot's day on.
    """
    if not snapshots:
        return None
    last = snapshots[-1]
    first = month_of(snapshots[0].day)
    made = forecast_from(
        learnt_from(last, certified, since=first),
        on=last.day,
        until=until,
        needed=needed,
        seed=SEED,
    )
    return Outlook(last.number, made, _back_test(snapshots, certified, first))


def learnt_from(
    shown: Shown, certified: Mapping[Period, int], *, since: Period
) -> Learnt:
    """Return what a snapshot tells of the steps from stage to stage.

    Enterprise-months are the days of finished stays and of the present waits.
    Arrivals are counted over the months since the first snapshot.
    """
    stays = {one.stage: one for one in stays_of(shown.table("stay"))}
    waits = {one.stage: one for one in stays_of(shown.table("wait"))}
    steps = {
        stage: MonthlySteps(
            exposed=round(
                (stays[stage.value].days + waits[stage.value].days) / DAYS_A_MONTH
            ),
            moved=stays[stage.value].total,
            left=0,
        )
        for stage in STAGES[:-1]
    }
    now = shown.values("stage")
    here = {stage: now[stage.value] or 0 for stage in STAGES}
    month = month_of(shown.day)
    months = month.first_month - since.first_month + 1
    return Learnt(
        steps=steps,
        arrivals=sum(here.values()) if months > 1 else 0,
        months=max(months, 1),
        now={stage: here[stage] for stage in STAGES[:-1]},
        certified_by_month=_in_order(certified, since, month),
    )


def _in_order(
    by_month: Mapping[Period, int], since: Period, until: Period
) -> tuple[int, ...]:
    months = range(since.first_month, until.first_month + 1)
    return tuple(by_month.get(Period(Grain.MONTH, month), 0) for month in months)


def _back_test(
    snapshots: Sequence[Shown], certified: Mapping[Period, int], first: Period
) -> BackTest | None:
    last = last_full_month(snapshots[-1].day)
    learnt = {
        month_of(one.day).first_month - first.first_month + 1: learnt_from(
            one, certified, since=first
        )
        for one in snapshots
    }
    return back_test_of(
        learnt,
        _in_order(certified, first, last),
        months=BACK_TEST_MONTHS,
        seed=SEED,
    )
