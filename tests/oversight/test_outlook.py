"""The forecast out of published numbers and the public register."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from oversight.counting.periods import Grain, Period
from oversight.counting.pipeline import STAGES
from oversight.counting.transitions import month_of
from oversight.disclosure.scheme import STAYS
from oversight.disclosure.tables import Entry, Table
from oversight.outlook import learnt_from, outlook
from oversight.shown import Shown

DAY = date(2025, 12, 31)
ONE = {month_of(DAY): 1}
NAMES = [stage.value for stage in STAGES]


def days_table(key: str, numbers: dict[tuple[str, str], int]) -> Table:
    rows = tuple((name,) for name in NAMES[:-1])
    columns = tuple((low,) for low in STAYS)
    entries = tuple(
        Entry(row, column, numbers.get((*row, *column)), None, 1, held=False)
        for row in rows
        for column in columns
    )
    return Table(key, rows, columns, entries, None, ())


def published(month: int, here: int = 40, moved: int = 60) -> Shown:
    """A snapshot: `here` at every stage for up to a month, `moved` on within three."""
    day = month_of(DAY).first_month - 12 + month
    stage = Table(
        "stage",
        tuple((name,) for name in NAMES),
        (),
        tuple(Entry((name,), (), here, None, 1, held=False) for name in NAMES),
        here * len(NAMES),
        (),
    )
    stay = days_table("stay", {(name, "31"): moved for name in NAMES[:-1]})
    wait = days_table("wait", {(name, "0"): here for name in NAMES[:-1]})
    last = Period(Grain.MONTH, day).last_day
    return Shown(month, f"{last:%Y-%m}", last, "", (stage, stay, wait), None, ())


def test_steps_are_learnt_from_shown_stays_and_waits():
    shown = published(12)
    learnt = learnt_from(shown, ONE, since=month_of(published(1).day))
    steps = learnt.steps[STAGES[0]]
    assert (steps.moved, steps.left) == (60, 0)
    days = 60 * (31 + 92) / 2 + 40 * 31 / 2
    assert steps.exposed == round(days / (365.25 / 12))
    assert learnt.now[STAGES[0]] == 40
    assert (learnt.arrivals, learnt.months) == (320, 12)
    assert sum(learnt.certified_by_month) == 1


def test_numbers_that_are_not_shown_count_as_none():
    hidden = replace(published(12, moved=0), tables=published(12, 0, 0).tables)
    learnt = learnt_from(hidden, {}, since=month_of(hidden.day))
    assert learnt.transitions == 0
    assert learnt.arrivals == 0


def test_without_snapshots_there_is_no_outlook():
    assert outlook([], ONE, until=date(2026, 12, 31), needed=10) is None


def test_with_few_steps_the_forecast_is_silent():
    found = outlook([published(12, 40, 1)], {}, until=date(2026, 12, 31), needed=1)
    assert found is not None
    assert found.forecast.silent
    assert found.forecast.words["zh"] == "数据不足，仅列在途"


def test_the_same_numbers_give_the_same_forecast():
    shown = [published(month) for month in range(1, 13)]
    days = [DAY - timedelta(days=20 * back) for back in range(15)]
    certified = Counter(month_of(day) for day in days)
    first = outlook(shown, certified, until=date(2026, 12, 31), needed=10)
    again = outlook(shown, certified, until=date(2026, 12, 31), needed=10)
    assert first == again
    assert first is not None
    assert first.snapshot == 12
    assert len(first.forecast.fan) == 12
    assert first.forecast.probability is not None
    assert first.forecast.fan[-1].low <= first.forecast.fan[-1].high


def test_certifications_are_learnt_month_by_month_since_the_first_snapshot():
    months = {month_of(date(2025, month, 1)): month for month in (8, 10, 11)}
    learnt = learnt_from(published(12), months, since=month_of(date(2025, 9, 1)))
    assert learnt.certified_by_month == (0, 10, 11, 0)
