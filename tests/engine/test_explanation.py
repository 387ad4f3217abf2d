"""Why a question is asked: sentences, values and outcomes of a rule's parts."""

from datetime import date
from typing import Any

import pytest

from question_bank.engine.answers import (
    Answer,
    Answered,
    AnswerSheet,
    NotApplicable,
)
from question_bank.engine.branching import resolve
from question_bank.engine.explanation import Reason, explain
from question_bank.engine.language import parse
from question_bank.engine.rules import UNKNOWN, evaluate

DAY = date(2026, 11, 24)
SOME: dict[str, Answer] = {
    "has_export": Answered(value=True),
    "started_on": Answered("2026-01-05"),
    "level_one": Answered(3),
    "total": Answered(12),
    "kinds": Answered(["patent"]),
    "main_kind": Answered("mark"),
    "level_two": NotApplicable("不涉及"),
}


def why(bank: Any, rule: str, answers: dict[str, Answer]) -> Reason:
    sheet = AnswerSheet(answers=answers, as_of=DAY)
    return explain(bank, parse(rule), resolve(bank, sheet))


SENTENCES = [
    ("has_export = 是", "“是否出口？”为“是”；现在：“是”", "true"),
    ("has_export != yes", "“是否出口？”不为“是”；现在：“是”", "false"),
    ("has_export", "“是否出口？”为“是”；现在：“是”", "true"),
    ("level_one >= 2", "“level_one 做到哪一步？”不小于 2 级；现在：3 级", "true"),
    ("level_one = 4", "“level_one 做到哪一步？”等于 4 级；现在：3 级", "false"),
    ("level_one in (0, 3)",
     "“level_one 做到哪一步？”为其中之一： 0 级、 3 级；现在：3 级", "true"),
    ("total > 20", "“共有几项？”大于 20 项；现在：12 项", "false"),
    ("sampled <= total", "“抽查几项？”不大于“共有几项？”；现在：还没有回答", "unknown"),
    ("main_kind = 'mark'", "“最重要的是？”为“商标”；现在：“商标”", "true"),
    ("kinds has 'mark'", "“有哪些？”包含“商标”；现在：“专利”", "false"),
    ("kinds has_any ('mark', 'patent')",
     "“有哪些？”至少包含一项：“商标”、“专利”；现在：“专利”", "true"),
    ("answered(started_on)", "“哪一天开始？”已经回答；现在：2026-01-05", "true"),
    ("is_na(level_two)",
     "“level_two 做到哪一步？”答为“不适用”；现在：答为“不适用”", "true"),
    ("level_two > 1",
     "“level_two 做到哪一步？”大于 1 级；现在：答为“不适用”", "unknown"),
    ("started_on <= as_of", "“哪一天开始？”不大于评估日期；现在：2026-01-05", "true"),
    ("sampled / total > 0.5",
     "“抽查几项？” ÷ “共有几项？”大于 0.5；现在：还不知道", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "sentence", "outcome"), SENTENCES)
def test_a_condition_says_what_it_asks_and_what_is_known(
    small_bank, rule, sentence, outcome
):
    reason = why(small_bank, rule, SOME)
    assert (reason.text["zh"], reason.outcome) == (sentence, outcome)
    assert reason.condition["zh"] == sentence.partition("；现在")[0]
    assert reason.parts == ()
    assert set(reason.text) == {"zh", "en"}


def test_a_compound_rule_shows_which_part_decided(small_bank):
    reason = why(
        small_bank, "has_export = 是 且 非 (total > 20 或 level_two > 1)", SOME
    )
    assert (reason.join, reason.outcome) == ("and", "unknown")
    export, negated = reason.parts
    assert export.outcome == "true"
    assert (negated.join, negated.outcome) == ("not", "unknown")
    either = negated.parts[0]
    assert either.join == "or"
    assert [part.outcome for part in either.parts] == ["false", "unknown"]


def test_a_hidden_question_is_called_so(small_bank):
    answers = {**SOME, "level_one": Answered(0)}
    reason = why(small_bank, "total > 20", answers)
    assert reason.text["zh"].endswith("现在：这道题不问")
    assert reason.outcome == "unknown"


def test_every_rule_of_the_real_bank_is_explained_as_it_is_evaluated(real_bank):
    sheet = AnswerSheet(answers={}, as_of=DAY)
    known = resolve(real_bank, sheet)
    words = {True: "true", False: "false", UNKNOWN: "unknown"}
    rules = [q.applies_when for q in real_bank.questions if q.applies_when]
    rules += [gate.rule for gate in real_bank.gates]
    rules += [check.when for check in real_bank.checks]
    assert len(rules) > 50
    for rule in rules:
        reason = explain(real_bank, rule.tree, known)
        assert reason.outcome == words[evaluate(rule.tree, known.values)]
        assert reason.text["zh"]
        assert reason.text["en"]
