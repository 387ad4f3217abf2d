"""Question figures against scipy and against examples worked out by hand."""

import pytest
from hypothesis import given, strategies as st
from scipy.stats import pearsonr, pointbiserialr

from oversight.calibration.enough import TooFew
from oversight.calibration.questions import analyse_questions, point_biserial

LEVELS = st.lists(st.integers(0, 4), min_size=4, max_size=4)


def columns(sheets):
    return list(zip(*sheets, strict=True))


@given(st.lists(LEVELS, min_size=10, max_size=40))
def test_discrimination_is_the_correlation_with_the_rest(sheets):
    found = analyse_questions("abcd", sheets)
    for place, figures in enumerate(found):
        item = [sheet[place] for sheet in sheets]
        rest = [sum(sheet) - sheet[place] for sheet in sheets]
        if len(set(item)) > 1 and len(set(rest)) > 1:
            assert figures.discrimination == pytest.approx(
                pearsonr(item, rest).statistic, abs=1e-9
            )
        else:
            assert figures.discrimination is None


def test_difficulty_is_the_share_of_the_points():
    sheets = [[4, 0]] * 5 + [[2, 1]] * 5
    first, second = analyse_questions("ab", sheets)
    assert (first.difficulty, second.difficulty) == (0.75, 0.125)


def test_a_question_against_the_others_is_weak():
    """Two questions that rise together and one that falls: r is 1 with the rest only
    where the rest is the other rising one and the falling one, by hand 0 and −1.
    """
    sheets = [[n % 5, n % 5, 4 - n % 5] for n in range(10)]
    up, same, down = analyse_questions("abc", sheets)
    assert up.discrimination is None
    assert same.discrimination is None
    assert down.discrimination == pytest.approx(-1)
    assert down.is_weak
    assert not up.is_weak


def test_what_does_not_apply_is_left_out_of_both_sides():
    sheets = [[1, None, 1], [3, None, 3]] * 5
    first, second, third = analyse_questions("abc", sheets)
    assert (first.n, second.n) == (10, 0)
    assert first.discrimination == pytest.approx(1)
    assert third.discrimination == pytest.approx(1)


def test_nine_sheets_say_nothing_of_a_question():
    (first, _second) = analyse_questions("ab", [[1, 2]] * 9)
    assert (first.n, first.difficulty, first.discrimination) == (9, None, None)


def test_a_sheet_with_one_answer_has_no_rest():
    (first, _second) = analyse_questions("ab", [[1, None]] * 12)
    assert first.n == 0


def test_the_point_biserial_by_hand():
    """Values 1…10, yes above 5: m₁ = 8, m₀ = 3, s² = 8.25, n₁ = n₀ = 5."""
    pairs = [(value, value > 5) for value in range(1, 11)]
    assert point_biserial(pairs) == pytest.approx(5 / 8.25**0.5 * 0.5)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=10))
def test_the_point_biserial_is_that_of_scipy(pairs):
    values, yes = columns(pairs)
    found = point_biserial(pairs)
    if len(set(values)) > 1 and len(set(yes)) > 1:
        assert found == pytest.approx(pointbiserialr(yes, values).statistic)
    else:
        assert found is None


def test_nine_pairs_are_too_few():
    with pytest.raises(TooFew):
        point_biserial([(1, True)] * 9)
