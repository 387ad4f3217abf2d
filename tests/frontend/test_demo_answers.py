"""Made-up answers: complete, valid, free of contradictions, always the same."""

from datetime import date

import pytest

from frontend.demo_answers import plausible_answers
from question_bank.engine.answers import AnswerSheet, answer_to_json, validate_answer
from question_bank.engine.branching import compiled, progress, resolve
from question_bank.engine.scoring import score

AS_OF = date(2026, 11, 24)
QUALITIES = [("a", 0.0), ("b", 0.35), ("c", 0.75), ("d", 1.0)]


def sheet_of(bank, seed, quality):
    answers = plausible_answers(bank, seed=seed, quality=quality, as_of=AS_OF)
    return AnswerSheet(answers=answers, as_of=AS_OF)


@pytest.mark.parametrize(("seed", "quality"), QUALITIES)
def test_every_question_that_applies_is_answered(management_bank, seed, quality):
    sheet = sheet_of(management_bank, seed, quality)
    assert progress(management_bank, sheet, resolve(management_bank, sheet)).complete


@pytest.mark.parametrize(("seed", "quality"), QUALITIES)
def test_nothing_contradicts(management_bank, seed, quality):
    sheet = sheet_of(management_bank, seed, quality)
    values = resolve(management_bank, sheet).values
    found = [
        check.id
        for check, is_wrong in compiled(management_bank).checks
        if check.kind == "contradiction" and is_wrong(values) is True
    ]
    assert found == []


def test_every_answer_is_one_the_service_would_take(management_bank):
    for key, answer in sheet_of(management_bank, "a", 0.6).answers.items():
        question = management_bank.question(key)
        assert validate_answer(question, answer_to_json(answer)) == answer


def test_the_same_seed_gives_the_same_answers(management_bank):
    first, again = (sheet_of(management_bank, "a", 0.6).sha256 for _ in range(2))
    assert first == again
    assert sheet_of(management_bank, "b", 0.6).sha256 != first


def test_a_better_firm_scores_better(management_bank):
    low, high = (
        score(management_bank, sheet_of(management_bank, "a", q)) for q in (0.2, 0.9)
    )
    assert low.self_score < high.self_score
