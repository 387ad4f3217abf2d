"""Which questions apply, which values rules may read, and what is still open.

One pass in document order settles everything, because a rule may name facts and
earlier questions only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from question_bank.engine.answers import (
    UNANSWERED,
    Answer,
    Answered,
    AnswerSheet,
    DontKnow,
    NotApplicable,
    NotOccurred,
    Unanswered,
)
from question_bank.engine.definition import Bank, Check, Gate, Kind, Question
from question_bank.engine.language import names
from question_bank.engine.rule_types import AS_OF
from question_bank.engine.rules import NA, UNKNOWN, Compiled, compile_tree, normalised

State: TypeAlias = Literal["applies", "hidden", "unknown"]

READABLE_ON_DONT_KNOW: Final = 0.0
""""Don't know" counts as level 0, and reads as 0 where a level is read."""


@dataclass(frozen=True)
class Applicability:
    """The state of every question, and the values that rules may read.

    `values` holds normalised values (see `rules.normalised`) of facts, of answered
    questions that apply, and `as_of`; what is missing reads as unknown.
    """

    states: Mapping[str, State]
    values: Mapping[str, Any]
    applicable: tuple[str, ...]
    unknown: tuple[str, ...]

    def state(self, question_id: str) -> State:
        """Return whether a question applies; KeyError when the bank lacks it."""
        return self.states[question_id]


@dataclass(frozen=True)
class Progress:
    """What must be answered and what is; pairs are (done, total).

    Clause figures include the questions of the clauses below. A department counts the
    questions for which it is named first.
    """

    total: int
    done: int
    open: tuple[str, ...]
    unknown: tuple[str, ...]
    by_section: Mapping[str, tuple[int, int]]
    by_clause: Mapping[str, tuple[int, int]]
    by_department: Mapping[str, tuple[int, int]]

    @property
    def complete(self) -> bool:
        """Whether nothing is open and no applicability unknown: ready to submit."""
        return not self.open and not self.unknown


@dataclass(frozen=True)
class _Step:
    """A question as the pass sees it, with its rules compiled."""

    question: Question
    condition: Compiled | None
    calculation: Compiled | None


@dataclass(frozen=True)
class CompiledBank:
    """Every rule of a bank as a closure, built once per bank."""

    steps: tuple[_Step, ...]
    gates: tuple[tuple[Gate, Compiled], ...]
    checks: tuple[tuple[Check, Compiled], ...]


def compiled(bank: Bank) -> CompiledBank:
    """Return the bank's rules as closures; they are kept with the bank."""
    return bank.memo("compiled rules", _compile)


def _compile(bank: Bank) -> CompiledBank:
    return CompiledBank(
        steps=tuple(
            _Step(
                question=q,
                condition=compile_tree(q.applies_when.tree) if q.applies_when else None,
                calculation=compile_tree(q.rule.tree) if q.rule else None,
            )
            for q in bank.questions
        ),
        gates=tuple((gate, compile_tree(gate.rule.tree)) for gate in bank.gates),
        checks=tuple((check, compile_tree(check.when.tree)) for check in bank.checks),
    )


def facts_read(bank: Bank) -> frozenset[str]:
    """Return the facts that decide anything; a suggestion decides nothing."""
    return bank.memo("facts read", _facts_read)


def _facts_read(bank: Bank) -> frozenset[str]:
    rules = [rule for q in bank.questions for rule in (q.applies_when, q.rule) if rule]
    rules += [gate.rule for gate in bank.gates]
    rules += [check.when for check in bank.checks]
    read = {name for rule in rules for name in names(rule.tree)}
    return frozenset(fact.id for fact in bank.facts if fact.id in read)


def resolve(bank: Bank, sheet: AnswerSheet) -> Applicability:
    """Return the applicability of every question of `bank` under `sheet`."""
    values: dict[str, Any] = {
        fact.id: normalised(sheet.facts[fact.id])
        for fact in bank.facts
        if sheet.facts.get(fact.id) is not None
    }
    values[AS_OF] = sheet.as_of.isoformat()
    states: dict[str, State] = {}
    for step in compiled(bank).steps:
        question_id = step.question.id
        outcome = True if step.condition is None else step.condition(values)
        if outcome is True:
            states[question_id] = "applies"
            value = _readable(step, sheet, values)
            if value is not UNKNOWN:
                values[question_id] = value
        else:
            states[question_id] = "hidden" if outcome is False else "unknown"
    return Applicability(
        states=states,
        values=values,
        applicable=tuple([i for i, state in states.items() if state == "applies"]),
        unknown=tuple([i for i, state in states.items() if state == "unknown"]),
    )


def _readable(step: _Step, sheet: AnswerSheet, values: Mapping[str, Any]) -> Any:
    """Return the value a rule reads for a question that applies."""
    if step.calculation is not None:
        return step.calculation(values)
    answer = effective_answer(step.question, sheet)
    if type(answer) is Answered:
        return normalised(answer.value)
    if type(answer) is NotOccurred and answer.value is not None:
        return normalised(answer.value)
    if type(answer) is NotApplicable:
        return NA
    if type(answer) is DontKnow and step.question.type is Kind.LEVEL:
        return READABLE_ON_DONT_KNOW
    return UNKNOWN


def effective_answer(question: Question, sheet: AnswerSheet) -> Answer | Unanswered:
    """Return the answer as it counts: one that the question forbids is no answer."""
    answer = sheet.answers.get(question.id, UNANSWERED)
    kind = type(answer)
    if kind is Answered or kind is DontKnow or kind is Unanswered:
        return answer
    if kind is NotApplicable:
        return answer if question.na.allowed else UNANSWERED
    return answer if question.event_based else UNANSWERED


def is_done(answer: Answer | Unanswered) -> bool:
    """Whether nothing more is to be said to a question with this answer."""
    if type(answer) is NotOccurred:
        return answer.value is not None
    return type(answer) is not Unanswered


def is_asked(question: Question) -> bool:
    """Whether a question must be answered when it applies.

    A scored figure counts as one: whoever leaves its facts open leaves it open.
    """
    if question.type is Kind.CALCULATED:
        return question.scored
    return not question.optional


def is_settled(
    question: Question, sheet: AnswerSheet, values: Mapping[str, Any]
) -> bool:
    """Whether nothing more is to be said to a question; `values` are the readable."""
    if question.type is Kind.CALCULATED:
        return question.id in values
    return is_done(effective_answer(question, sheet))


def progress(bank: Bank, sheet: AnswerSheet, applicability: Applicability) -> Progress:
    """Return what is done and what is open among the questions that apply."""
    asked = [
        question
        for question in bank.questions
        if applicability.states[question.id] == "applies" and is_asked(question)
    ]
    values = applicability.values
    done = {q.id for q in asked if is_settled(q, sheet, values)}
    sections: dict[str, tuple[int, int]] = {}
    clauses: dict[str, tuple[int, int]] = {}
    departments: dict[str, tuple[int, int]] = {}
    for question in asked:
        step = int(question.id in done)
        _add(sections, question.section, step)
        for key in clauses_above(bank, question):
            _add(clauses, key, step)
        if question.departments:
            _add(departments, question.departments[0], step)
    return Progress(
        total=len(asked),
        done=len(done),
        open=tuple([q.id for q in asked if q.id not in done]),
        unknown=applicability.unknown,
        by_section=sections,
        by_clause=clauses,
        by_department=departments,
    )


def _add(counts: dict[str, tuple[int, int]], key: str, step: int) -> None:
    done, total = counts.get(key, (0, 0))
    counts[key] = (done + step, total + 1)


def clauses_above(bank: Bank, question: Question) -> tuple[str, ...]:
    """Return the clauses a question names and all above them, each once."""
    lines = bank.memo("clause lines", _clause_lines)
    return lines.get(question.id, ())


def _clause_lines(bank: Bank) -> dict[str, tuple[str, ...]]:
    parents = {clause.key: clause.parent for clause in bank.clauses}
    lines: dict[str, tuple[str, ...]] = {}
    for question in bank.questions:
        line: dict[str, None] = {}
        for key in question.clauses:
            above: str | None = key
            while above is not None and above not in line:
                line[above] = None
                above = parents.get(above)
        lines[question.id] = tuple(line)
    return lines


def waiting_for(bank: Bank, question_id: str, sheet: AnswerSheet) -> tuple[str, ...]:
    """Return what an unknown applicability depends on: ids of questions and facts.

    Questions that can be answered now come out; behind a question whose own
    applicability is unknown, or which is calculated, stand those it waits for.
    """
    applicability = resolve(bank, sheet)
    found: dict[str, None] = {}
    waiting, seen = [question_id], {question_id}
    while waiting:
        for name in _unread(bank.question(waiting.pop(0)), applicability):
            if name in seen:
                continue
            seen.add(name)
            if _stands_behind_others(bank, name, applicability):
                waiting.append(name)
            else:
                found[name] = None
    return tuple(found)


def _unread(question: Question, applicability: Applicability) -> list[str]:
    rules = [rule for rule in (question.applies_when, question.rule) if rule]
    mentioned = dict.fromkeys(name for rule in rules for name in names(rule.tree))
    return [n for n in mentioned if applicability.values.get(n, NA) is NA]


def _stands_behind_others(bank: Bank, name: str, applicability: Applicability) -> bool:
    if not bank.has_question(name):
        return False
    unknown = applicability.states[name] == "unknown"
    return unknown or bank.question(name).type is Kind.CALCULATED


def failed_checks(bank: Bank, applicability: Applicability) -> tuple[Check, ...]:
    """Return the checks that found a contradiction or weak spot."""
    values = applicability.values
    return tuple(check for check, when in compiled(bank).checks if when(values) is True)


def browser_values(applicability: Applicability) -> dict[str, Any]:
    """Return the readable values as JSON data, for the browser's evaluator.

    Sets become sorted lists and "not applicable" {"na": true}.
    """
    return {name: _plain(value) for name, value in applicability.values.items()}


def _plain(value: Any) -> Any:
    if value is NA:
        return {"na": True}
    return sorted(value) if isinstance(value, frozenset) else value
