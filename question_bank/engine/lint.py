"""Checks of a whole bank, made when it is written and before it is published.

Reading the source (`definition_source`, `question_source`) finds faults of shape; here
is what the parts mean to each other. An error keeps a bank from being published.
"""

from question_bank.engine.definition import Bank
from question_bank.engine.lint_indicators import check_indicators
from question_bank.engine.lint_questions import check_questions
from question_bank.engine.lint_rules import check_rules
from question_bank.engine.lint_structure import check_structure
from question_bank.engine.lint_texts import check_texts
from question_bank.engine.problems import Origins, Problem, Report


def lint(bank: Bank, origin: Origins) -> tuple[Problem, ...]:
    """Return every problem of a bank, errors and warnings, with their places."""
    report = Report(origin)
    check_structure(bank, report)
    check_questions(bank, report)
    check_indicators(bank, report)
    check_rules(bank, report)
    check_texts(bank, report)
    return tuple(report.problems)
