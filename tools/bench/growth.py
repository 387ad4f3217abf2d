"""Banks many times as large as the one that ships, for seeing what grows."""

from dataclasses import replace
from typing import Any

from question_bank.engine.definition import Bank, Question, Rule


def grown(bank: Bank, times: int) -> Bank:
    """Return `bank` with every section and question `times` times.

    The copies of a question have ids of their own and follow the copies of the
    questions that their rules name; gates and checks stay as they are.
    """
    copies = range(1, times)
    return replace(
        bank,
        id=bank.id if times == 1 else f"{bank.id}_x{times}",
        sections=bank.sections
        + tuple(
            replace(section, id=f"{section.id}-{number}")
            for number in copies
            for section in bank.sections
        ),
        questions=bank.questions
        + tuple(
            _copy(question, number) for number in copies for question in bank.questions
        ),
    )


def _copy(question: Question, number: int) -> Question:
    return replace(
        question,
        id=f"{question.id}_{number}",
        section=f"{question.section}-{number}",
        applies_when=_renamed_rule(question.applies_when, number),
        after=tuple(f"{name}_{number}" for name in question.after),
    )


def _renamed_rule(rule: Rule | None, number: int) -> Rule | None:
    return None if rule is None else replace(rule, tree=_renamed(rule.tree, number))


def _renamed(tree: Any, number: int) -> Any:
    if tree[0] == "k":
        return tree
    if tree[0] == "q":
        own = tree[1] == "as_of"
        return tree if own else ("q", f"{tree[1]}_{number}")
    return (tree[0], *(_renamed(part, number) for part in tree[1:]))
