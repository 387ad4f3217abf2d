"""What the model city hides is what calibration finds."""

from datetime import date, timedelta

import pytest

from oversight.calibration.answer_patterns import Sheet, count_patterns
from oversight.calibration.questions import WEAK, analyse_questions
from oversight.calibration.reliability import Forecast, calibrate_by_edition
from oversight.city.assessments import Pattern
from oversight.city.journey import PathStage
from oversight.city.model import build_city
from oversight.counting.facts import Standard


@pytest.fixture(scope="module")
def city():
    return build_city(enterprises=1_500, seed=3, assessments_each=2)


@pytest.fixture(scope="module")
def submitted(city):
    return list(city.assessments())


def test_questions_that_tell_nothing_are_found(city, submitted):
    for asked in city.questionnaires:
        sheets = [a.levels for a in submitted if a.questionnaire is asked]
        found = analyse_questions([q.id for q in asked.questions], sheets)
        useless = {q.id for q in asked.questions if not q.discrimination}
        assert {figures.question for figures in found if figures.is_weak} == useless
        assert useless
    assert WEAK == 0.2


def test_a_higher_score_is_certified_more_often(city):
    forecasts = [
        Forecast(a.score / 100, _within_a_year(a, h.journey), a.standard)
        for h in city.histories()
        for a in city.assessments_of(h.enterprise, h.journey)
        if _is_open(a, h.journey)
    ]
    found = calibrate_by_edition(forecasts)[Standard.ENTERPRISE_2013]
    assert found.bins[-1].observed > found.bins[0].observed
    assert found.brier.resolution > 0


def _is_open(assessment, journey):
    """Whether it can still come true, and its year is over."""
    day = journey.day_of(PathStage.CERTIFIED)
    over = assessment.submitted_on + timedelta(days=365) <= date(2026, 12, 31)
    return over and (day is None or assessment.submitted_on < day)


def _within_a_year(assessment, journey):
    day = journey.day_of(PathStage.CERTIFIED)
    until = assessment.submitted_on + timedelta(days=365)
    return day is not None and assessment.submitted_on <= day <= until


def test_hasty_sheets_are_counted_as_they_were_planted(submitted):
    found = count_patterns(Sheet(a.levels, a.seconds) for a in submitted)
    planted = [a.pattern for a in submitted]
    assert found.all_top_at_once == planted.count(Pattern.ALL_TOP)
    assert found.straight_line >= planted.count(Pattern.STRAIGHT_LINE)
