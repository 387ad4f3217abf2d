"""Carrying answers to another edition or version of a bank.

A migration makes a new assessment: nothing is judged for the respondent that the
questions do not share.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from question_bank.engine.answers import (
    Answer,
    AnswerSheet,
    InvalidAnswer,
    answer_to_json,
    validate_answer,
)
from question_bank.engine.definition import Bank, Question, Strength

Relation: TypeAlias = Literal["same", "narrower", "broader", "related", "dropped"]


@dataclass(frozen=True)
class MapEntry:
    """How a question of the old bank stands to one of the new; dropped has no `to`."""

    source: str
    relation: Relation
    target: str | None = None


@dataclass(frozen=True)
class BankMap:
    """All entries between two banks; a question may appear in several."""

    source_bank: str
    target_bank: str
    entries: tuple[MapEntry, ...]


@dataclass(frozen=True)
class Hint:
    """An old answer to be shown beside a new question, not taken over."""

    question: str
    source: str
    relation: Relation
    answer: Answer


@dataclass(frozen=True)
class Carried:
    """The new sheet and what the respondent is told about it.

    `carried` holds the answers taken over; `to_confirm` their questions. `left_behind`
    are answered old questions without a successor, `new` the questions of the new bank
    that nothing old speaks to.
    """

    carried: AnswerSheet
    to_confirm: tuple[str, ...]
    hints: tuple[Hint, ...]
    left_behind: tuple[str, ...]
    new: tuple[str, ...]


def identity_map(bank: Bank, target: Bank | None = None) -> BankMap:
    """Return the map of a bank onto itself, or onto a version with the same ids."""
    goal = bank if target is None else target
    entries = tuple(
        MapEntry(q.id, "same", q.id) for q in bank.questions if goal.has_question(q.id)
    )
    return BankMap(bank.id, goal.id, entries)


def carry(
    sheet: AnswerSheet, bank_from: Bank, bank_to: Bank, bank_map: BankMap
) -> Carried:
    """Return what becomes of a sheet's answers under another bank."""
    taken = _Taken()
    for entry in bank_map.entries:
        answer = sheet.answers.get(entry.source)
        if answer is None or entry.target is None or entry.relation == "dropped":
            continue
        if not bank_to.has_question(entry.target):
            continue
        question = bank_to.question(entry.target)
        if entry.relation == "same" and _fits(question, answer):
            taken.take(entry.target, entry.source, answer, sheet)
        else:
            hint = Hint(entry.target, entry.source, entry.relation, answer)
            taken.hints.append(hint)
    carried = AnswerSheet(
        answers=taken.answers,
        as_of=sheet.as_of,
        strengths=taken.strengths,
        facts=sheet.facts,
    )
    return Carried(
        carried=carried,
        to_confirm=tuple(q.id for q in bank_to.questions if q.id in taken.answers),
        hints=tuple(taken.hints),
        left_behind=_left_behind(sheet, bank_from, taken),
        new=_new(bank_to, bank_map),
    )


@dataclass
class _Taken:
    """What has been taken over so far."""

    answers: dict[str, Answer] = field(default_factory=dict)
    strengths: dict[str, Strength] = field(default_factory=dict)
    hints: list[Hint] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)

    def take(
        self, target: str, source: str, answer: Answer, sheet: AnswerSheet
    ) -> None:
        """Take an answer and its strength of evidence over."""
        self.answers[target] = answer
        self.sources.add(source)
        if source in sheet.strengths:
            self.strengths[target] = sheet.strengths[source]


def _fits(question: Question, answer: Answer) -> bool:
    try:
        validate_answer(question, answer_to_json(answer))
    except InvalidAnswer:
        return False
    return True


def _left_behind(sheet: AnswerSheet, bank: Bank, taken: _Taken) -> tuple[str, ...]:
    spoken = taken.sources | {hint.source for hint in taken.hints}
    return tuple(
        q.id for q in bank.questions if q.id in sheet.answers and q.id not in spoken
    )


def _new(bank: Bank, bank_map: BankMap) -> tuple[str, ...]:
    known: Mapping[str | None, bool] = {
        entry.target: True for entry in bank_map.entries if entry.relation != "dropped"
    }
    return tuple(q.id for q in bank.questions if q.id not in known)
