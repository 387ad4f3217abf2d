"""Made-up answers that hang together: pure, seeded, for any bank.

The same bank, seed and quality give the same answers. Questions are answered in
document order; an answer that would contradict an earlier one is not given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from question_bank.engine.answers import (
    Answer,
    Answered,
    DontKnow,
    NotApplicable,
    NotOccurred,
)
from question_bank.engine.branching import compiled, is_asked
from question_bank.engine.definition import Bank, Kind, Question
from question_bank.engine.language import names
from question_bank.engine.rule_types import AS_OF
from question_bank.engine.rules import NA, Compiled, normalised

NA_REASON = "本企业没有此类业务，体系范围说明中已写明不涉及的理由。"
TEXT = "按体系文件执行，具体情况见相应记录。"

Values = dict[str, Any]


def plausible_answers(
    bank: Bank, *, seed: str, quality: float, as_of: date
) -> dict[str, Answer]:
    """Return answers to every question that applies, as a firm of `quality` gives them.

    `quality` runs from 0 (nothing in place) to 1 (ready). Dates lie before `as_of`.
    """
    return _Respondent(bank, seed, quality, as_of).answers()


class _Respondent:
    """One pass through a bank; `values` are what rules read of the answers so far."""

    def __init__(self, bank: Bank, seed: str, quality: float, as_of: date) -> None:
        self.bank = bank
        self.seed = seed
        self.quality = quality
        self.as_of = as_of
        self.values: Values = {AS_OF: as_of.isoformat()}
        self.latest = as_of - timedelta(days=int(100 * quality) + 5)
        self.waits = {gate.wait.question_id for gate in bank.gates if gate.wait}
        self.checks = _contradictions(bank)

    def answers(self) -> dict[str, Answer]:
        given: dict[str, Answer] = {}
        for step in compiled(self.bank).steps:
            question = step.question
            if step.condition is not None and step.condition(self.values) is not True:
                continue
            if step.calculation is not None:
                self.values[question.id] = step.calculation(self.values)
            elif (answer := self._answer(question)) is not None:
                given[question.id] = answer
        return given

    def _answer(self, question: Question) -> Answer | None:
        # Random is meant here: made-up answers, not secrets.
        chance = Random(f"{self.seed}:{question.id}")  # noqa: S311
        if not is_asked(question) and chance.random() > self.quality:
            return None
        if question.na.allowed and chance.random() < 0.04:
            self.values[question.id] = NA
            return NotApplicable(NA_REASON)
        if question.type is Kind.LEVEL and chance.random() < 0.02:
            self.values[question.id] = 0.0
            return DontKnow()
        value = self._fitting(question, self._candidates(question, chance))
        if value is None:
            return DontKnow()
        self.values[question.id] = normalised(value)
        if question.type is Kind.DATE:
            self.latest = max(self.latest, date.fromisoformat(value))
        if question.event_based and chance.random() < 0.3:
            return NotOccurred(value)
        return Answered(value)

    def _fitting(self, question: Question, candidates: list[Any]) -> Any:
        """Return the first candidate that contradicts nothing, None if all do."""
        for value in candidates:
            trial = {**self.values, question.id: normalised(value)}
            checks = self.checks[question.id]
            if not any(check.is_wrong(trial) is True for check in checks):
                return value
        return None

    def _candidates(self, question: Question, chance: Random) -> list[Any]:
        makers: dict[Kind, Callable[[Question, Random], list[Any]]] = {
            Kind.LEVEL: self._levels,
            Kind.YESNO: self._yes_or_no,
            Kind.NUMBER: self._numbers,
            Kind.DATE: self._dates,
            Kind.CHOICE: self._choice,
            Kind.CHOICES: self._choices,
        }
        maker = makers.get(question.type)
        if maker is not None:
            return maker(question, chance)
        return [TEXT] if question.type is Kind.TEXT else [[]]

    def _levels(self, question: Question, chance: Random) -> list[int]:
        top = max((anchor.value for anchor in question.levels), default=4)
        wanted = round(chance.gauss(0.7 + 3 * self.quality, 0.9))
        first = min(max(wanted, 0), top)
        return sorted(range(top + 1), key=lambda level: (abs(level - first), level))

    def _yes_or_no(self, question: Question, chance: Random) -> list[bool]:
        if question.prohibited:
            likely = chance.random() > self.quality + 0.3
        elif (passing := self._passing(question)) is not None:
            likely = passing == (chance.random() < self.quality + 0.2)
        else:
            likely = chance.random() < 0.35 + 0.4 * self.quality
        return [likely, not likely]

    def _passing(self, question: Question) -> bool | None:
        """Return the answer with which a gate on this question alone is passed."""
        for gate, rule in compiled(self.bank).gates:
            if question.id in names(gate.rule.tree):
                for value in (True, False):
                    if rule({**self.values, question.id: value}) is True:
                        return value
        return None

    def _numbers(self, question: Question, chance: Random) -> list[float]:
        low = question.min if question.min is not None else 0
        high = question.max if question.max is not None else 1_000_000
        # A wide range asks for people or money, a narrow one for pieces.
        spread = 240 if high >= 1_000_000 else 12
        wanted = low + chance.randint(0, spread)
        steps = (0, 1, 2, 5, 10, 20, 50, 120, 400)
        found = [wanted, *self._neighbours(question), *(low + step for step in steps)]
        return [int(number) for number in found if low <= number <= high] or [low]

    def _neighbours(self, question: Question) -> list[float]:
        """Return the numbers this one is compared with: all of them often agree."""
        named = {name for check in self.checks[question.id] for name in check.names}
        given = [self.values.get(name) for name in sorted(named)]
        return [value for value in given if isinstance(value, float)]

    def _dates(self, question: Question, chance: Random) -> list[str]:
        first = self.latest
        if question.id not in self.waits:
            first += timedelta(days=chance.randint(0, 20))
        last = self.as_of - timedelta(days=2)
        days = [min(first, last), last, self.latest, self.as_of - timedelta(days=300)]
        return [day.isoformat() for day in days]

    def _choice(self, question: Question, chance: Random) -> list[str]:
        ids = [choice.id for choice in question.choices]
        return sorted(ids, key=lambda _id: chance.random())

    def _choices(self, question: Question, chance: Random) -> list[list[str]]:
        ids = sorted(choice.id for choice in question.choices)
        real = [choice for choice in ids if choice != "none"]
        some = [choice for choice in real if chance.random() < self.quality]
        return [some or real[:1], real, ["none"] if "none" in ids else real[:1], []]


@dataclass(frozen=True)
class _Contradiction:
    names: frozenset[str]
    is_wrong: Compiled


class _Checks(dict[str, list[_Contradiction]]):
    """The contradictions that name a question; none for most."""

    def __missing__(self, question_id: str) -> list[_Contradiction]:
        return []


def _contradictions(bank: Bank) -> _Checks:
    found = _Checks()
    for check, is_wrong in compiled(bank).checks:
        if check.kind == "contradiction":
            named = frozenset(names(check.when.tree))
            for name in named:
                found.setdefault(name, []).append(_Contradiction(named, is_wrong))
    return found
