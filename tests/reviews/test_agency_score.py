"""The agency's score: beside the self score, never in it."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from accounts.mandate_scope import Scope
from question_bank.engine.answers import AnswerSheet, answer_from_json
from question_bank.engine.scoring import score
from reviews.agency_score import MarkedAs, agency_score
from tests.fixtures_assessments import COMPLETE

DAY = date(2026, 11, 24)


def sheet(**other: dict[str, Any]) -> AnswerSheet:
    given = COMPLETE | other
    return AnswerSheet(
        answers={key: answer_from_json(data) for key, data in given.items()},
        strengths={"level_one": "attached"},
        as_of=DAY,
    )


def scores(bank: Any, marks: dict[str, MarkedAs], **other: Any) -> Any:
    given = sheet(**other.pop("answers", {}))
    return agency_score(bank, given, marks, own=score(bank, given), **other)


def test_without_marks_both_are_the_same(small_bank: Any):
    total = scores(small_bank, {}).total
    assert total.score.difference == total.evidenced.difference == 0


def test_a_worked_case(small_bank: Any):
    """Level 3 of weight 2 becomes 2, worth 0.6; beside it weight 1 is worth 1.

    Part one falls to (2 × 0.6 + 1 × 1) / 3 = 11/15; it is 60 of 100.
    """
    found = scores(small_bank, {"level_one": MarkedAs(suggested_level=2)})
    assert found.total.score.self_score == 100
    assert found.total.score.agency_score == 60 * Fraction(11, 15) + 40
    assert found.total.score.difference == -16
    one, two = found.sections
    assert one.score.agency_score == Fraction(1100, 15)
    assert two.score.difference == 0
    clause = next(part for part in found.clauses if part.id == "C-ONE")
    assert clause.score.difference == Fraction(1100, 15) - 100


def test_a_suggested_level_keeps_that_an_event_did_not_occur(small_bank: Any):
    found = scores(small_bank, {"level_event": MarkedAs(suggested_level=2)})
    # Half the weight still: (2 × 1 + 1 × 0.6) / 3.
    assert found.sections[0].score.agency_score == Fraction(260, 3)


def test_insufficient_evidence_counts_as_merely_said(small_bank: Any):
    found = scores(small_bank, {"level_one": MarkedAs(evidence_insufficient=True)})
    one = found.sections[0]
    assert one.score.difference == 0
    # Attached 1 × 2 and said 0.6 × 1, against said 0.6 × 3.
    assert one.evidenced.self_score == Fraction(260, 3)
    assert one.evidenced.agency_score == 60


def test_a_rejected_not_applicable_counts_as_unanswered(small_bank: Any):
    away = {"level_two": {"state": "not_applicable", "reason": "没有这项业务。"}}
    marks = {"level_two": MarkedAs(na_rejected=True)}
    two = scores(small_bank, marks, answers=away).sections[1]
    assert (two.score.self_score, two.score.agency_score) == (None, 0)
    assert two.score.difference is None


@pytest.mark.parametrize("marks", [{}, {"level_two": MarkedAs(suggested_level=0)}])
def test_of_single_sections_only_those_are_told(small_bank: Any, marks: Any):
    scope = Scope(sections=frozenset({"ONE"}))
    found = scores(small_bank, marks, scope=scope)
    assert found.total is None
    assert [part.id for part in found.sections] == ["ONE"]
    assert [part.id for part in found.clauses] == ["C-ONE"]


def test_the_sheet_of_the_self_score_is_not_touched(small_bank: Any):
    given = sheet()
    before = given.sha256
    marks = {"level_one": MarkedAs(suggested_level=0, evidence_insufficient=True)}
    agency_score(small_bank, given, marks, own=score(small_bank, given))
    assert given.sha256 == before
