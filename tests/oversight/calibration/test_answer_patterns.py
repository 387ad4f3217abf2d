"""Hasty sheets are counted, and small counts are not told."""

import pytest

from oversight.calibration.answer_patterns import (
    PatternCounts,
    Sheet,
    count_patterns,
)
from oversight.calibration.enough import TooFew

HONEST = Sheet([0, 1, 2, 3, 4] * 4, 1200)
ALL_TOP = Sheet([4] * 20, 119)
SLOW_TOP = Sheet([4] * 20, 120)
LINE = Sheet([2] * 20, 300)
QUICK = Sheet([0, 1, 2, 3, 4] * 4, 39.9)


def test_signs_are_counted():
    sheets = [HONEST] * 20 + [ALL_TOP] * 5 + [LINE] * 6 + [QUICK] * 7
    assert count_patterns(sheets) == PatternCounts(38, 5, 11, 7, 18)


def test_all_top_in_two_minutes_or_more_is_a_line_only():
    assert count_patterns([SLOW_TOP] * 10) == PatternCounts(10, 0, 10, 0, 10)


def test_two_seconds_a_question_are_not_too_quick():
    sheets = [Sheet([0, 1, 2, 3, 4] * 4, 40)] * 10
    assert count_patterns(sheets) == PatternCounts(10, 0, 0, 0, 0)


def test_without_a_time_nothing_is_too_quick():
    found = count_patterns([Sheet([4] * 20, None)] * 10)
    assert (found.all_top_at_once, found.too_quick) == (0, 0)


def test_a_count_of_four_is_not_told_nor_what_would_tell_it():
    found = count_patterns([HONEST] * 20 + [QUICK] * 4 + [LINE] * 9)
    assert found == PatternCounts(33, 0, 9, None, None)


def test_what_does_not_apply_breaks_no_line():
    sheet = Sheet([2, None] * 10, 300)
    assert count_patterns([sheet] * 10).straight_line == 10


def test_short_sheets_show_no_pattern():
    sheets = [HONEST] * 10 + [Sheet([4] * 9, 5)] * 10
    assert count_patterns(sheets) == PatternCounts(10, 0, 0, 0, 0)


def test_nine_sheets_are_too_few():
    with pytest.raises(TooFew):
        count_patterns([HONEST] * 9)
