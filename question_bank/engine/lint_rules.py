"""Lint of rules: names, order, types, and what trying small domains shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from question_bank.engine.definition import Bank, Kind, Localized, Question, Rule
from question_bank.engine.language import TypeInfo, check_types, names
from question_bank.engine.lint_trials import (
    Trials,
    can_stay_unknown,
    possible_outcomes,
)
from question_bank.engine.problems import Report
from question_bank.engine.rule_types import TYPE_OF_KIND, Type


@dataclass(frozen=True)
class _Use:
    """A rule in its place: before which question it stands (None: after all)."""

    rule: Rule
    path: str
    position: int | None
    must_settle: bool = True
    is_condition: bool = True
    result: Type = "yesno"


def check_rules(bank: Bank, report: Report) -> None:
    """Check every rule of a bank."""
    types = name_types(bank)
    positions = {question.id: i for i, question in enumerate(bank.questions)}
    trials = Trials()
    for use in _uses(bank):
        if _check_names(use, types, positions, report):
            continue
        if _check_types(use, types, report):
            continue
        if not trials.spent():
            _check_outcomes(bank, use, trials, report)
            if trials.spent():
                report.warning(use.path, "rules_not_tried", _TOO_MUCH)
    _check_empty_sections(bank, report)


def name_types(bank: Bank) -> dict[str, TypeInfo]:
    """Return the type of everything that a rule of this bank may name."""
    types = {
        fact.id: TypeInfo(TYPE_OF_KIND[fact.type], tuple(c.id for c in fact.choices))
        for fact in bank.facts
    }
    for question in bank.questions:
        codes = tuple(choice.id for choice in question.choices)
        types[question.id] = TypeInfo(TYPE_OF_KIND[question.type], codes)
    return types


def _uses(bank: Bank) -> Iterator[_Use]:
    for i, question in enumerate(bank.questions):
        path = f"questions/{i}"
        if question.applies_when:
            yield _Use(question.applies_when, f"{path}/applies_when", i)
        if question.rule and question.type is Kind.CALCULATED:
            yield _Use(
                question.rule,
                f"{path}/rule",
                i,
                must_settle=question.scored,
                is_condition=False,
                result="number",
            )
        if question.suggest:
            yield _suggestion(question, f"{path}/suggest")
    for i, gate in enumerate(bank.gates):
        yield _Use(gate.rule, f"gates/{i}/rule", None)
    for i, check in enumerate(bank.checks):
        yield _Use(check.when, f"checks/{i}/when", None, must_settle=False)


def _suggestion(question: Question, path: str) -> _Use:
    """A suggestion stands before all questions: it may name facts alone."""
    return _Use(
        question.suggest or Rule("", ()),
        path,
        0,
        must_settle=False,
        is_condition=False,
        result=TYPE_OF_KIND[question.type],
    )


def _check_names(
    use: _Use,
    types: Mapping[str, TypeInfo],
    positions: Mapping[str, int],
    report: Report,
) -> bool:
    """Report names that are unknown or come too late; return whether there are any."""
    bad = False
    for name in names(use.rule.tree):
        if name not in types:
            fault = ("unknown_name", _UNKNOWN[0], _UNKNOWN[1])
        elif use.position is None or positions.get(name, -1) < use.position:
            continue
        elif positions[name] == use.position:
            fault = ("self_reference", _SELF[0], _SELF[1])
        else:
            fault = ("forward_reference", _FORWARD[0], _FORWARD[1])
        code, zh, en = fault
        message = {"zh": zh.format(name), "en": en.format(name)}
        report.error(use.path, code, message, column=_column(use.rule, name))
        bad = True
    return bad


_UNKNOWN = ("没有题目或事实 {}。", "There is no question or fact {}.")
_SELF = ("规则不能引用本题 {}。", "A rule must not name its own question {}.")
_FORWARD = (
    "{} 排在本题之后，规则只能引用前面的题目。",
    "{} comes later; a rule names earlier questions only.",
)


def _column(rule: Rule, name: str) -> int:
    """Return where a name stands in a rule, from 0; 0 when it cannot be told."""
    match = re.search(rf"(?<![a-z0-9_]){re.escape(name)}(?![a-z0-9_])", rule.text)
    return match.start() if match else 0


def _check_types(use: _Use, types: Mapping[str, TypeInfo], report: Report) -> bool:
    problems = check_types(use.rule.tree, types, use.result)
    for problem in problems:
        report.error(use.path, problem.code, problem.message)
    return bool(problems)


def _check_outcomes(bank: Bank, use: _Use, trials: Trials, report: Report) -> None:
    if use.is_condition:
        outcomes = possible_outcomes(bank, use.rule.tree, trials)
        if outcomes is not None and True not in outcomes:
            report.warning(use.path, "rule_never_true", _NEVER)
        elif outcomes == {True}:
            report.warning(use.path, "rule_always_true", _ALWAYS)
    if use.must_settle:
        stuck = can_stay_unknown(bank, use.rule.tree, trials)
        if stuck is not None:
            report.warning(
                use.path,
                "rule_can_stay_unknown",
                _stuck_message(stuck),
                _STUCK_HINT,
            )


_TOO_MUCH = {
    "zh": "规则互相牵连太多，从这里起不再逐一试算；请减少条件。",
    "en": "Too many rules depend on each other; from here on none is tried out.",
}
_NEVER = {"zh": "这条规则不可能成立。", "en": "This rule can never be true."}
_ALWAYS = {"zh": "这条规则总是成立。", "en": "This rule is always true."}
_STUCK_HINT = {
    "zh": "改用 coalesce(题号, 默认值)，或先用 and 写出那道题的适用条件。",
    "en": "Use coalesce(id, value), or state that question's condition first with and.",
}


def _stuck_message(name: str) -> Localized:
    return {
        "zh": f"{name} 可能不适用或留空，那时这条规则永远未知，会挡住提交。",
        "en": f"{name} may not apply or stay open; the rule is then unknown for ever "
        "and blocks submission.",
    }


def _check_empty_sections(bank: Bank, report: Report) -> None:
    for index, section in enumerate(bank.sections):
        scored = [q for q in bank.section_questions(section.id) if q.scored]
        firm = [q for q in scored if q.applies_when is None and not q.na.allowed]
        if section.weight > 0 and scored and not firm:
            report.warning(
                f"sections/{index}",
                "section_can_be_empty",
                {
                    "zh": f"部分 {section.id} 的计分题可能全部不适用。",
                    "en": f"All scored questions of {section.id} may fall away.",
                },
            )
