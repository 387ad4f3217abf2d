"""How a bank's questions, clauses and departments are called in one document.

Questions are numbered through in document order, so that a finding, an action and
the appendix can point to the same one in a few characters.
"""

from dataclasses import dataclass
from functools import cached_property

from question_bank.engine.definition import Bank, Question
from reports.wording import localized

TO_VERIFY = "※"
"""Stands behind a clause number nobody has checked against the standard yet."""


@dataclass(frozen=True)
class ClauseLabel:
    """A clause as it is cited: `number` may be that of the clause above it."""

    number: str
    title: str
    to_verify: bool

    def __str__(self) -> str:
        mark = TO_VERIFY if self.to_verify else ""
        return f"{self.number}{mark} {self.title}".strip()


@dataclass(frozen=True)
class QuestionLabel:
    """A question as it is cited: its number here, its id and its text."""

    id: str
    number: int
    text: str


@dataclass(frozen=True)
class Labels:
    """The names of everything in one bank, in the active language."""

    bank: Bank

    def clause(self, key: str | None) -> ClauseLabel | None:
        """Return how a clause is cited, None for no clause."""
        if key is None:
            return None
        clause = self.bank.clause(key)
        above = clause
        while above.number is None and above.parent is not None:
            above = self.bank.clause(above.parent)
        to_verify = "to_verify" in (clause.number_status, above.number_status)
        return ClauseLabel(above.number or "", localized(clause.title), to_verify)

    def question(self, question_id: str) -> QuestionLabel:
        """Return how a question is cited."""
        text = localized(self.bank.question(question_id).text)
        return QuestionLabel(question_id, self.numbers[question_id], text)

    def department(self, department_id: str) -> str:
        """Return a department's title; an unknown one is named by its id."""
        return self._departments.get(department_id, department_id)

    def level(self, value: int) -> str:
        """Return the title of a level of the scale."""
        return self._levels[value]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each question, from 1."""
        return {q.id: number for number, q in enumerate(self.bank.questions, 1)}

    @cached_property
    def _departments(self) -> dict[str, str]:
        return {d.id: localized(d.title) for d in self.bank.departments}

    @cached_property
    def _levels(self) -> dict[int, str]:
        return {mark.value: localized(mark.title) for mark in self.bank.scale.levels}


def anchor_text(question: Question, level: int | None) -> str:
    """Return what one sees at a level of a question, "" when it has no such anchor."""
    for anchor in question.levels:
        if anchor.value == level:
            return localized(anchor.text)
    return ""
