"""Reliability and Brier score against examples worked out by hand, and scipy."""

import pytest
from hypothesis import given, strategies as st
from scipy.stats import binomtest

from oversight.calibration.enough import TooFew
from oversight.calibration.reliability import (
    Forecast,
    calibrate,
    calibrate_by_edition,
    outcomes_by_band,
    wilson,
)


def forecasts(share, happened, missed, edition=""):
    return [Forecast(share, True, edition)] * happened + [
        Forecast(share, False, edition)
    ] * missed


@pytest.mark.parametrize(("happened", "n"), [(0, 10), (3, 10), (10, 10), (81, 263)])
def test_the_interval_is_that_of_wilson(happened, n):
    expected = binomtest(happened, n).proportion_ci(method="wilson")
    found = wilson(happened, n)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_the_interval_of_81_out_of_263():
    """Newcombe 1998, table I: 0.2553 to 0.3662."""
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_the_brier_score_and_its_parts_by_hand():
    """Ten at 0.2 of which 1 came true, ten at 0.8 of which 9 did.

    BS = (1·0.64 + 9·0.04 + 9·0.04 + 1·0.64)/20 = 0.1; both bins are off by 0.1, so
    REL = 0.01; the outcomes' mean is 0.5, so RES = 0.4² = 0.16 and UNC = 0.25.
    """
    found = calibrate(forecasts(0.2, 1, 9) + forecasts(0.8, 9, 1)).brier
    assert found.n == 20
    assert found.score == pytest.approx(0.1)
    assert found.reliability == pytest.approx(0.01)
    assert found.resolution == pytest.approx(0.16)
    assert found.uncertainty == pytest.approx(0.25)
    assert found.within == pytest.approx(0)
    assert found.skill == pytest.approx(0.6)


def test_bins_tell_mean_forecast_share_and_number():
    found = calibrate(forecasts(0.22, 2, 8) + forecasts(0.28, 4, 6))
    (only,) = found.bins
    assert (only.low, only.high, only.n) == (0, 1, 20)
    assert only.forecast == pytest.approx(0.25)
    assert only.observed == pytest.approx(0.3)


def test_a_bin_of_nine_is_merged_with_the_next_one_up():
    given_ = forecasts(0.05, 0, 10) + forecasts(0.35, 3, 6) + forecasts(0.55, 6, 5)
    bins = calibrate(given_ + forecasts(0.95, 10, 1)).bins
    assert [(b.low, b.high, b.n, b.merged) for b in bins] == [
        (0.0, 0.1, 10, 1),
        (0.1, 0.6, 20, 5),
        (0.6, 1.0, 11, 4),
    ]


def test_what_is_left_at_the_top_joins_the_last_bin():
    bins = calibrate(forecasts(0.05, 2, 10) + forecasts(0.95, 3, 0)).bins
    assert [(b.low, b.high, b.n) for b in bins] == [(0.0, 1.0, 15)]


def test_ten_of_a_bin_stand_alone():
    bins = calibrate(forecasts(0.05, 2, 8) + forecasts(0.95, 10, 0)).bins
    assert [b.n for b in bins] == [10, 10]


def test_a_forecast_of_one_is_in_the_last_bin():
    assert calibrate(forecasts(1.0, 12, 0)).brier.score == 0


def test_nine_forecasts_are_too_few():
    with pytest.raises(TooFew) as raised:
        calibrate(forecasts(0.5, 4, 5))
    assert raised.value.found == 9


def test_a_forecast_is_a_share():
    with pytest.raises(ValueError, match="from 0 to 1"):
        calibrate(forecasts(85, 10, 0))


def test_the_same_outcome_always_leaves_nothing_to_be_skilled_in():
    assert calibrate(forecasts(0.9, 10, 0)).brier.skill == 0


@given(
    st.lists(
        st.builds(Forecast, st.floats(0, 1), st.booleans()), min_size=10, max_size=80
    )
)
def test_the_parts_add_up_and_no_bin_is_small(given_):
    found = calibrate(given_)
    brier = found.brier
    parts = brier.reliability - brier.resolution + brier.uncertainty + brier.within
    assert parts == pytest.approx(brier.score, abs=1e-9)
    assert all(b.n >= 10 for b in found.bins)
    assert sum(b.n for b in found.bins) == len(given_)
    assert (found.bins[0].low, found.bins[-1].high) == (0, 1)


def test_editions_are_judged_apart_and_small_ones_not_at_all():
    given_ = (
        forecasts(0.9, 9, 1, "2023") + forecasts(0.9, 1, 9, "2013")
        + forecasts(0.9, 9, 0, "1996")
    )  # fmt: skip
    found = calibrate_by_edition(given_)
    assert {edition: c.brier.score for edition, c in found.items()} == pytest.approx(
        {"2013": 0.73, "2023": 0.09}
    )


def test_bands_tell_their_share_from_ten_on():
    given_ = [("A", True)] * 8 + [("A", False)] * 2 + [("B", True)] * 9
    found = outcomes_by_band(given_)
    assert found == {"A": (10, 0.8, wilson(8, 10)), "B": None}
