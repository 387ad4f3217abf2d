"""Carrying answers to another edition or version of a bank.

A migration makes a new assessment: nothing is judged for the respondent that the
questions do not share. Nothing is lost either: each old answer is carried, shown as a
hint, or left behind, and in exactly one of the three.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal, Self, TypeAlias, cast

from question_bank.engine.answers import (
    Answer,
    AnswerSheet,
    InvalidAnswer,
    answer_to_json,
    validate_answer,
)
from question_bank.engine.codec import canonical_bytes, decode, encode
from question_bank.engine.definition import Bank, Localized, Question, Strength

Relation: TypeAlias = Literal[
    "same", "narrower", "broader", "related", "dropped", "reopened"
]

RELATIONS: tuple[Relation, ...] = ("same", "narrower", "broader", "related", "dropped")
"""What authors of maps may write; `reopened` is only ever derived."""


@dataclass(frozen=True)
class MapEntry:
    """How a question of the old bank stands to one of the new; dropped has no `to`.

    `unchanged` says that the question reads the very same in both, so that its answer
    needs no confirmation.
    """

    source: str
    relation: Relation
    target: str | None = None
    note: Localized | None = None
    unchanged: bool = False


@dataclass(frozen=True)
class BankMap:
    """All entries between two banks; a question may appear in several."""

    source_bank: str
    target_bank: str
    entries: tuple[MapEntry, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the map as JSON data; `from_json` gives the same map back."""
        return cast("dict[str, Any]", encode(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Build a map from `to_json` data; MalformedData when the shape is wrong."""
        return decode(cls, data)

    def canonical_bytes(self) -> bytes:
        """Return the one byte string that stands for this content."""
        return canonical_bytes(self.to_json())

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the canonical bytes."""
        return sha256(self.canonical_bytes()).hexdigest()


@dataclass(frozen=True)
class Hint:
    """An old answer to be shown beside a new question, not taken over.

    `answer` is None where the old question holds remarks or files alone.
    """

    question: str
    source: str
    relation: Relation
    answer: Answer | None


@dataclass(frozen=True)
class Carried:
    """The new sheet and what the respondent is told about it.

    `carried` holds the answers taken over and `origins` the old question of each, those
    with remarks alone included; `to_confirm` the questions whose answers the respondent
    must look at. `left_behind` are old questions with something said and no successor,
    `new` the questions of the new bank that nothing old speaks to.
    """

    carried: AnswerSheet
    to_confirm: tuple[str, ...]
    hints: tuple[Hint, ...]
    left_behind: tuple[str, ...]
    new: tuple[str, ...]
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def helped(self) -> tuple[str, ...]:
        """The new questions that have hints alone and still wait for an answer."""
        targets = dict.fromkeys(hint.question for hint in self.hints)
        return tuple(t for t in targets if t not in self.carried.answers)

    @property
    def hinted(self) -> tuple[str, ...]:
        """The old questions that are shown as hints and carried nowhere."""
        taken = frozenset(self.origins.values())
        sources = dict.fromkeys(hint.source for hint in self.hints)
        return tuple(source for source in sources if source not in taken)


def identity_map(bank: Bank, target: Bank | None = None) -> BankMap:
    """Return the map of a bank onto itself, or onto a version with the same ids."""
    goal = bank if target is None else target
    entries = tuple(
        MapEntry(q.id, "same", q.id) for q in bank.questions if goal.has_question(q.id)
    )
    return BankMap(bank.id, goal.id, entries)


def version_map(old: Bank, new: Bank) -> BankMap:
    """Return the map between two versions of one bank, derived from their questions.

    An id is never reused: the same id is the same question. It is `same` while answers
    mean the same, `related` once its type, choices, unit or range is another.
    """
    entries = tuple(_version_entry(q, new) for q in old.questions)
    return BankMap(old.id, new.id, entries)


def renewal_map(old: Bank, new: Bank, reopened: frozenset[str]) -> BankMap:
    """Return the map for asking again after some time, on the same version or a later.

    Time has passed: no answer is taken as still true unseen. The old answers to
    `reopened` questions, where something was changed since, are hints alone.
    """
    entries = tuple(
        replace(
            entry,
            relation="reopened" if entry.source in reopened else "same",
            unchanged=False,
        )
        if entry.relation == "same"
        else entry
        for entry in version_map(old, new).entries
    )
    return BankMap(old.id, new.id, entries)


def _version_entry(old: Question, bank: Bank) -> MapEntry:
    if not bank.has_question(old.id):
        return MapEntry(old.id, "dropped")
    new = bank.question(old.id)
    if _measure(old) != _measure(new):
        return MapEntry(old.id, "related", old.id)
    unchanged = _wording(old) == _wording(new)
    return MapEntry(old.id, "same", old.id, unchanged=unchanged)


def _measure(question: Question) -> tuple[object, ...]:
    """Return what makes two values comparable."""
    return (
        question.type,
        question.unit,
        question.min,
        question.max,
        question.integer,
        question.prohibited,
        tuple(anchor.value for anchor in question.levels),
        tuple(sorted(choice.id for choice in question.choices)),
        tuple(
            (column.id, column.type, tuple(sorted(c.id for c in column.choices)))
            for column in question.columns
        ),
    )


def _wording(question: Question) -> tuple[object, ...]:
    """Return what a respondent reads before answering, and what may be answered."""
    return (
        question.text,
        question.help,
        question.levels,
        tuple((choice.id, choice.text) for choice in question.choices),
        question.columns,
        question.na.allowed,
        question.event_based,
        question.max_length,
    )


def carry(
    sheet: AnswerSheet,
    bank_from: Bank,
    bank_to: Bank,
    bank_map: BankMap,
    *,
    remarked: frozenset[str] = frozenset(),
) -> Carried:
    """Return what becomes of a sheet's answers under another bank.

    `remarked` are old questions with a note, a document or files, answered or not: they
    are no less kept than answers.
    """
    taken = _Taken(sheet, remarked)
    for entry in bank_map.entries:
        if taken.says(entry.source) and entry.relation != "dropped":
            _follow(entry, bank_to, taken)
    carried = AnswerSheet(
        answers=taken.answers,
        as_of=sheet.as_of,
        strengths=taken.strengths,
        facts=sheet.facts,
    )
    return Carried(
        carried=carried,
        to_confirm=tuple(q.id for q in bank_to.questions if q.id in taken.unsure),
        hints=tuple(taken.hints),
        left_behind=_left_behind(bank_from, taken),
        new=_new(bank_to, bank_map),
        origins=taken.origins,
    )


def _follow(entry: MapEntry, bank_to: Bank, taken: "_Taken") -> None:
    """Take an answer along one entry of the map: over, as a hint, or not at all."""
    if entry.target is None or not bank_to.has_question(entry.target):
        return
    answer = taken.sheet.answers.get(entry.source)
    fits = answer is None or _fits(bank_to.question(entry.target), answer)
    if entry.relation == "same" and fits and entry.target not in taken.origins:
        taken.take(entry)
    else:
        hint = Hint(entry.target, entry.source, entry.relation, answer)
        taken.hints.append(hint)


@dataclass
class _Taken:
    """What is said in the old sheet, and what has been taken over so far."""

    sheet: AnswerSheet
    remarked: frozenset[str]
    answers: dict[str, Answer] = field(default_factory=dict)
    strengths: dict[str, Strength] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    hints: list[Hint] = field(default_factory=list)

    def says(self, source: str) -> bool:
        """Whether anything was said to an old question."""
        return source in self.sheet.answers or source in self.remarked

    def take(self, entry: MapEntry) -> None:
        """Take an answer and its strength of evidence over."""
        target, source = str(entry.target), entry.source
        self.origins[target] = source
        answer = self.sheet.answers.get(source)
        if answer is not None:
            self.answers[target] = answer
            if not entry.unchanged:
                self.unsure.add(target)
        if source in self.sheet.strengths:
            self.strengths[target] = self.sheet.strengths[source]


def _fits(question: Question, answer: Answer) -> bool:
    try:
        validate_answer(question, answer_to_json(answer))
    except InvalidAnswer:
        return False
    return True


def _left_behind(bank: Bank, taken: _Taken) -> tuple[str, ...]:
    followed = {*taken.origins.values(), *(hint.source for hint in taken.hints)}
    return tuple(
        q.id for q in bank.questions if taken.says(q.id) and q.id not in followed
    )


def _new(bank: Bank, bank_map: BankMap) -> tuple[str, ...]:
    known: Mapping[str | None, bool] = {
        entry.target: True for entry in bank_map.entries if entry.relation != "dropped"
    }
    return tuple(q.id for q in bank.questions if q.id not in known)
