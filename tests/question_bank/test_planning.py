"""The plan from a process of its own is the plan."""

from datetime import date

from frontend.demo_answers import plausible_answers
from question_bank.engine.answers import AnswerSheet
from question_bank.engine.planning import plan
from question_bank.planning import plan_apart


def test_it_is_the_same_plan(real_bank):
    day = date(2026, 11, 24)
    answers = plausible_answers(real_bank, seed="plan", quality=0.5, as_of=day)
    sheet = AnswerSheet(answers=answers, as_of=day)
    assert plan_apart(real_bank, sheet) == plan(real_bank, sheet)
