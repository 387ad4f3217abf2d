"""How a count becomes a number, and when a number moves."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from oversight.disclosure.cells import Tally
from oversight.disclosure.change_rule import (
    MOST_UNMOVED,
    SPREAD,
    Held,
    K,
    figures,
    next_held,
    threshold,
)
from oversight.disclosure.keys import draw, record_key
from oversight.disclosure.rounding import (
    _TOTALS,
    BASE,
    NOISE,
    REACH,
    blurred,
    chance,
    noise,
    rounded,
    window,
)
from tests.oversight.disclosure.city import SECRET

COUNTS = st.integers(0, 2_000)
NUMBERS = st.integers(0, 2**256 - 1)
CELL = ("band", "A")


def likelihood(value: int, count: int) -> Fraction:
    """How likely a number is for a count, exactly."""
    ends = [0, *_TOTALS]
    hits = sum(
        ends[step + NOISE + 1] - ends[step + NOISE]
        for step in range(-NOISE, NOISE + 1)
        if rounded(count + step) == value
    )
    return Fraction(hits, _TOTALS[-1])


@given(COUNTS, NUMBERS)
def test_a_drawn_number_is_a_multiple_of_five_within_reach(count, number):
    value = blurred(count, number)
    assert value % BASE == 0
    assert abs(value - count) <= REACH
    assert window(value)[0] <= count <= window(value)[1]


@given(COUNTS, COUNTS, NUMBERS)
def test_more_firms_never_draw_less(one, other, number):
    low, high = sorted((one, other))
    assert blurred(low, number) <= blurred(high, number)


def test_one_firm_changes_the_odds_of_any_number_by_five_thirds_at_most():
    """Save at the very edge, which a draw hardly ever reaches."""
    odds = [
        likelihood(value, count) / likelihood(value, other)
        for count in range(60)
        for other in (count - 1, count + 1)
        for value in range(-20, 90, BASE)
        if max(abs(value - count), abs(value - other)) <= NOISE - BASE // 2
    ]
    assert max(odds) == Fraction(5, 3)
    assert min(odds) == Fraction(3, 5)


def test_a_draw_falls_on_the_edge_once_in_800_000_times():
    assert 700_000 < 1 / chance(NOISE) < 900_000
    assert chance(NOISE + 1) == 0.0
    assert sum(chance(step) for step in range(-NOISE, NOISE + 1)) == pytest.approx(1)


def test_half_of_all_draws_are_within_one_and_nine_of_ten_within_four():
    assert sum(chance(step) for step in range(-1, 2)) == pytest.approx(0.55, abs=1e-3)
    assert sum(chance(step) for step in range(-4, 5)) == pytest.approx(0.9028, abs=1e-3)


def test_noise_reaches_both_ends():
    assert (noise(0), noise(_TOTALS[-1] - 1)) == (-NOISE, NOISE)


def test_the_same_set_of_firms_draws_the_same_number():
    assert draw(SECRET, "noise", CELL, 1, 5) == draw(SECRET, "noise", CELL, 1, 5)


@pytest.mark.parametrize(
    "other",
    [
        (b"x" * 32, "noise", CELL, 1, 5),
        (SECRET, "threshold", CELL, 1, 5),
        (SECRET, "noise", ("band", "B"), 1, 5),
        (SECRET, "noise", CELL, 2, 5),
        (SECRET, "noise", CELL, 1, 6),
    ],
)
def test_anything_else_draws_another(other):
    assert draw(*other) != draw(SECRET, "noise", CELL, 1, 5)


def test_the_secret_number_of_a_firm_has_64_bits_and_stays():
    key = record_key(SECRET, "firm1")
    assert 0 <= key < 2**64
    assert key == record_key(SECRET, "firm1")
    assert key != record_key(SECRET, "firm2")


@given(NUMBERS)
def test_a_threshold_is_five_to_thirteen(number):
    assert K <= threshold(number) <= K + SPREAD


def test_a_threshold_is_mostly_nine_and_hardly_ever_at_its_ends():
    found = [threshold(number) for number in range(8**4 + 2 * (8**3 + 8**2 + 8 + 1))]
    assert [found.count(size) for size in range(5, 14)] == [
        1, 8, 64, 512, 4096, 512, 64, 8, 1,
    ]  # fmt: skip


@given(COUNTS, st.integers(-30, 30), st.integers(2, 40))
def test_a_number_moves_only_after_a_change_of_at_least_five(count, change, snapshot):
    last = Held(value=rounded(count), count=count, since=1)
    now = Tally(max(0, count + change), 7)
    held = next_held({CELL: now}, {CELL: last}, snapshot=snapshot, secret=SECRET)[CELL]
    moved = abs(now.count - count)
    if held.since == snapshot:
        assert moved >= K
    else:
        assert held == last
        assert moved <= MOST_UNMOVED


@given(st.lists(st.integers(-2, 2), max_size=24))
def test_small_steps_never_move_a_number_before_they_add_up(steps):
    held = {CELL: Held(100, 100, 0)}
    count = 100
    for snapshot, step in enumerate(steps, 1):
        count += step
        before, tally = held[CELL], Tally(count, snapshot)
        held = next_held({CELL: tally}, held, snapshot=snapshot, secret=SECRET)
        if held[CELL] != before:
            assert abs(count - before.count) >= K
            assert held[CELL].count == count


def test_what_may_be_shown_holds_no_count():
    (figure,) = figures({CELL: Held(10, 12, 3)}).values()
    assert vars_of(figure) == {"value": 10, "since": 3}


def vars_of(figure):
    return {name: getattr(figure, name) for name in figure.__slots__}
