"""What the data sheet says already to a question that is being answered.

A suggestion is shown and may be adopted; nothing is ever taken over unasked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.data_sheet_facts import facts_of
from assessments.models import Answer, Assessment
from question_bank.engine.definition import Kind, Question
from question_bank.engine.rules import UNKNOWN, compile_tree, normalised


@dataclass(frozen=True)
class Suggestion:
    """A value that the data sheet gives, and whether the answer says otherwise."""

    value: Any
    differs: bool


def suggestions(
    assessment: Assessment,
    questions: Iterable[Question],
    answers: Mapping[str, Answer],
    *,
    as_of: date,
) -> dict[str, Suggestion]:
    """Return what to suggest, by question; one query, none without suggestions.

    An answer that agrees with the data sheet needs no suggestion.
    """
    asked = [question for question in questions if question.suggest is not None]
    if not asked:
        return {}
    known = facts_of(assessment.enterprise_id, year=as_of.year - 1).facts
    env = {name: normalised(value) for name, value in known.items()}
    found = {}
    for question in asked:
        value = _value(question, env)
        said = answers.get(question.id)
        answered = said is not None and said.state == Answer.State.ANSWERED
        if value is None or (answered and said is not None and said.value == value):
            continue
        found[question.id] = Suggestion(value, differs=answered)
    return found


def _value(question: Question, env: Mapping[str, Any]) -> Any:
    """Return the suggested value as an answer holds it, None when nothing is known."""
    if question.suggest is None:
        return None
    value = compile_tree(question.suggest.tree)(env)
    if value is UNKNOWN:
        return None
    if question.type is Kind.NUMBER and isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value
