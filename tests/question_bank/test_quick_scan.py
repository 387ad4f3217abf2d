"""The quick scan: an indication from a few questions, by the same engine."""

from datetime import date
from fractions import Fraction

import pytest

from question_bank.quick_scan import LARGEST_GAPS, scan, scan_bank, scan_questions

DAY = date(2026, 11, 24)


def every(bank, level):
    return {question.id: level for question in scan_questions(bank)}


def test_the_shipped_bank_asks_twelve_questions_from_several_sections(management_bank):
    questions = scan_questions(management_bank)
    assert len(questions) == 12
    assert len({question.section for question in questions}) >= 5
    assert {question.type for question in questions} == {"level"}


def test_the_small_bank_asks_its_one_question(small_bank):
    assert [question.id for question in scan_questions(small_bank)] == ["level_one"]


@pytest.mark.parametrize(
    ("level", "points"), [(0, 0), (1, 20), (2, 60), (3, 100), (4, 100)]
)
def test_one_question_scores_by_the_bank_scale(small_bank, level, points):
    assert scan(small_bank, {"level_one": level}, as_of=DAY).score == Fraction(points)


def test_all_at_the_conforming_level_is_the_best_band_without_gaps(management_bank):
    found = scan(management_bank, every(management_bank, 3), as_of=DAY)
    assert (found.score, found.answered, found.gaps) == (Fraction(100), 12, ())
    assert found.band == management_bank.bands[0]


def test_nothing_in_place_is_the_last_band_with_the_largest_gaps(management_bank):
    found = scan(management_bank, every(management_bank, 0), as_of=DAY)
    assert (found.score, found.band) == (Fraction(0), management_bank.bands[-1])
    assert len(found.gaps) == LARGEST_GAPS
    assert all(gap.guidance is not None for gap in found.gaps)


def test_nothing_answered_indicates_nothing(management_bank):
    found = scan(management_bank, {}, as_of=DAY)
    assert (found.score, found.band, found.answered, found.gaps) == (None, None, 0, ())


def test_not_knowing_counts_as_a_gap(small_bank):
    found = scan(small_bank, {"level_one": None}, as_of=DAY)
    assert found.answered == 1
    assert found.score == 0
    assert [(gap.question.id, gap.level) for gap in found.gaps] == [("level_one", 0)]


def test_questions_that_are_not_asked_change_nothing(small_bank):
    asked = scan(small_bank, {"level_one": 2}, as_of=DAY)
    assert scan(small_bank, {"level_one": 2, "level_two": 0}, as_of=DAY) == asked


def test_a_higher_level_never_lowers_the_indication(management_bank):
    questions = scan_questions(management_bank)
    base = every(management_bank, 1)
    for question in questions:
        scores = [
            scan(management_bank, {**base, question.id: level}, as_of=DAY).score
            for level in range(5)
        ]
        assert scores == sorted(scores), question.id


def test_critical_gaps_come_first(management_bank):
    critical = [
        question.id
        for question in scan_questions(management_bank)
        if question.mandatory is not None
    ]
    found = scan(management_bank, every(management_bank, 0), as_of=DAY)
    named = [gap.question.id for gap in found.gaps]
    expected = min(len(critical), LARGEST_GAPS)
    assert [key in critical for key in named[:expected]] == [True] * expected


def test_the_scan_bank_has_no_preconditions_and_no_branching(management_bank):
    small = scan_bank(management_bank)
    assert (small.gates, small.checks) == ((), ())
    assert all(question.applies_when is None for question in small.questions)
