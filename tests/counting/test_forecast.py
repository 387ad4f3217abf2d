"""The forecast: deterministic, silent on too few data, and tried against the past."""

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from oversight.counting.forecast import (
    LEVELS,
    Forecast,
    back_test,
    forecast,
    pinball,
    probability_words,
)
from oversight.counting.periods import parse_period
from oversight.counting.pipeline import STAGES, History
from oversight.counting.transitions import Observed, learn

START = date(2020, 1, 1)
ON, UNTIL = date(2024, 6, 30), date(2024, 12, 31)


def city(seed, months=54, arrivals=6, share=0.35, loss=0.01):
    """Histories that step, wait or give up by chance, once a month."""
    dice = random.Random(seed)
    return [
        _walk(dice, f"{month}/{n}", month, months, share, loss)
        for month in range(months)
        for n in range(dice.randint(0, 2 * arrivals))
    ]


def _walk(dice, name, month, months, share, loss):
    entered, left = {STAGES[0]: _day(month)}, None
    stage = 0
    for later in range(month + 1, months):
        if stage == len(STAGES) - 1 or left:
            break
        if dice.random() < share:
            stage += 1
            entered[STAGES[stage]] = _day(later)
        elif dice.random() < loss:
            left = _day(later)
    return History(name, entered, left)


def _day(month):
    return date(START.year + month // 12, month % 12 + 1, 15)


CITY = city(1)


def made(histories=CITY, needed=20, seed=7, **kwargs):
    return forecast(
        histories,
        on=ON,
        until=UNTIL,
        needed=needed,
        seed=seed,
        simulations=800,
        **kwargs,
    )


def test_one_seed_gives_one_forecast():
    assert made() == made()
    assert (
        made().fan != made(seed=8).fan or made().probability != made(seed=8).probability
    )


def test_the_order_of_histories_is_irrelevant():
    assert made(CITY[::-1]) == made()


def test_the_fan_runs_by_month_and_never_falls():
    fan = made().fan

    assert [str(m.month) for m in fan] == [f"2024-{n:02}" for n in range(7, 13)]
    for line in ("low", "middle", "high"):
        values = [getattr(m, line) for m in fan]
        assert values == sorted(values)
    assert all(m.low <= m.middle <= m.high for m in fan)


def test_a_higher_target_is_less_likely():
    chances = [made(needed=needed).probability for needed in (0, 15, 30, 60, 1000)]

    assert chances == sorted(chances, reverse=True)
    assert (chances[0], chances[-1]) == (1, 0)


def test_fewer_than_twelve_steps_are_too_few():
    def steps(count):
        """One enterprise that is certified after seven steps, and others on the way."""
        done = {s: START + timedelta(31 * n) for n, s in enumerate(STAGES)}
        rest = count - 7
        others = [
            History(f"o{n}", {STAGES[0]: START, STAGES[1]: START + timedelta(40)})
            for n in range(rest)
        ]
        return [History("done", done), *others]

    eleven, twelve = made(steps(11)), made(steps(12))

    assert (eleven.transitions, eleven.silent, eleven.fan) == (11, True, ())
    assert eleven.words["zh"] == "数据不足，仅列在途"
    assert (twelve.transitions, twelve.silent) == (12, False)


def test_without_any_certification_there_is_no_forecast():
    on_the_way = [
        replace(h, entered={s: d for s, d in h.entered.items() if s is not STAGES[-1]})
        for h in CITY
    ]

    assert made(on_the_way).silent


def until(cut):
    """The city's histories as they stood at the end of a day."""
    known = [
        History(
            h.unit,
            {s: d for s, d in h.entered.items() if d <= cut},
            h.left_on if h.left_on and h.left_on <= cut else None,
        )
        for h in CITY
    ]

    return [history for history in known if history.entered]


def test_nothing_after_the_cut_is_looked_at():
    """A forecast of March is the same whatever happens in April."""
    assert made(until(ON)) == made()


@pytest.mark.parametrize("cut", ["2020-06", "2021-12", "2023-03"])
def test_what_was_learnt_in_the_past_is_what_was_known_then(cut):
    month = parse_period(cut)
    observed = Observed(CITY, parse_period("2024-06"))

    assert observed.learnt(month) == learn(until(month.last_day), month)


def test_a_month_under_way_is_not_learnt_from():
    mid = forecast(
        CITY, on=date(2024, 7, 20), until=UNTIL, needed=20, seed=7, simulations=800
    )

    assert mid.fan == made().fan


def test_steps_are_learnt_month_by_month():
    one = History("a", {STAGES[0]: date(2020, 1, 10), STAGES[1]: date(2020, 3, 5)})

    learnt = learn([one], parse_period("2020-04"))

    first, second = learnt.steps[STAGES[0]], learnt.steps[STAGES[1]]
    assert (first.exposed, first.moved, first.left) == (2, 1, 0)
    assert (second.exposed, second.moved) == (1, 0)
    assert (learnt.arrivals, learnt.months, learnt.now[STAGES[1]]) == (1, 4, 1)


def test_who_gives_up_is_learnt_as_lost():
    one = History("a", {STAGES[0]: date(2020, 1, 10)}, left_on=date(2020, 3, 5))

    learnt = learn([one], parse_period("2020-06"))

    assert (learnt.steps[STAGES[0]].exposed, learnt.steps[STAGES[0]].left) == (2, 1)
    assert learnt.now[STAGES[0]] == 0


def test_a_stage_nobody_left_leans_on_the_others():
    learnt = learn(CITY, parse_period("2024-06"))
    moved, stayed = learnt.beta(STAGES[3])

    assert Fraction(30, 100) < moved / (moved + stayed) < Fraction(40, 100)


def test_back_test_beats_the_naive_guess_and_covers():
    """Over six cities, four outcomes of five lie in the fan; never told by luck."""
    tests = [
        back_test(city(seed), on=date(2024, 6, 30), months=3, seed=5, simulations=200)
        for seed in range(6)
    ]

    cases = sum(t.cases for t in tests)
    coverage = sum(t.coverage * t.cases for t in tests) / cases
    assert cases > 200
    assert Fraction(70, 100) <= coverage <= Fraction(95, 100)
    assert all(t.better_than_naive for t in tests)


def test_no_past_no_back_test():
    assert back_test(CITY[:3], on=date(2020, 4, 30), months=3, seed=5) is None


@pytest.mark.parametrize(
    ("guess", "actual", "level", "loss"),
    [
        (10, 14, Fraction(9, 10), Fraction(36, 10)),
        (14, 10, Fraction(9, 10), Fraction(4, 10)),
        (10, 14, Fraction(1, 10), Fraction(4, 10)),
        (10, 10, Fraction(1, 2), 0),
    ],
)
def test_pinball(guess, actual, level, loss):
    assert pinball(guess, actual, level) == loss


@pytest.mark.parametrize(
    ("probability", "zh"),
    [
        (Fraction(0), "几乎不可能（<1%）"),
        (Fraction(5, 100), "几乎不可能（5%）"),
        (Fraction(20, 100), "不太可能（20%）"),
        (Fraction(50, 100), "可能与不可能相当（50%）"),
        (Fraction(80, 100), "较有可能（80%）"),
        (Fraction(93, 100), "很有可能（93%）"),
        (Fraction(99, 100), "几乎肯定（99%）"),
        (Fraction(1), "几乎肯定（>99%）"),
    ],
)
def test_probability_words(probability, zh):
    assert probability_words(probability)["zh"] == zh
    assert Forecast(ON, UNTIL, 1, 1, 12, (), probability).words["zh"] == zh


def test_the_lines_are_10_50_and_90_per_cent():
    assert (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)) == LEVELS
