"""Answers: what a respondent may say, its JSON form, and the sheet of one assessment.

"Not applicable" (the requirement does not concern the firm), "not occurred" (the event
did not happen in the period; the mechanism is still asked) and "don't know" are three
different answers, and none of them is the same as no answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, TypeAlias

from question_bank.engine.codec import canonical_bytes, decode, encode
from question_bank.engine.definition import Question, Strength
from question_bank.engine.values import (
    InvalidAnswer as InvalidAnswer,
    validate_reason,
    validate_value,
)
from question_bank.engine.veto_records import VetoRecord

Value: TypeAlias = Any
"""int, float, bool, str, list[str] or list[dict], depending on the question's type."""


@dataclass(frozen=True)
class Answered:
    """An answer with a value of the question's type."""

    value: Value


@dataclass(frozen=True)
class NotApplicable:
    """The requirement does not concern the firm."""

    reason: str


@dataclass(frozen=True)
class NotOccurred:
    """The event did not happen; `value` is the mechanism's level, None if not said."""

    value: Value = None


@dataclass(frozen=True)
class DontKnow:
    """The respondent does not know: counts as level 0 and is listed to find out."""


@dataclass(frozen=True)
class Unanswered:
    """No answer has been given."""


Answer: TypeAlias = Answered | NotApplicable | NotOccurred | DontKnow

UNANSWERED: Final = Unanswered()


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return the stored form, for example {"state": "answered", "value": 3}."""
    match answer:
        case Answered(value):
            return {"state": "answered", "value": value}
        case NotApplicable(reason):
            return {"state": "not_applicable", "reason": reason}
        case NotOccurred(value):
            return {"state": "not_occurred", "value": value}
    return {"state": "dont_know"}


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """Read a stored answer back; ValueError when the state is unknown.

    The value is taken as it is: `validate_answer` guards the door.
    """
    match data.get("state"):
        case "answered":
            return Answered(data["value"])
        case "not_applicable":
            return NotApplicable(data["reason"])
        case "not_occurred":
            return NotOccurred(data.get("value"))
        case "dont_know":
            return DontKnow()
    raise ValueError(f"unknown answer state: {data.get('state')!r}")


@dataclass(frozen=True)
class AnswerSheet:
    """All answers of one assessment, with strength of evidence, facts and vetoes.

    `as_of` is the reference date: the engine knows no other clock. Keys that the bank
    does not know are ignored.
    """

    answers: Mapping[str, Answer]
    as_of: date
    strengths: Mapping[str, Strength] = field(default_factory=dict)
    facts: Mapping[str, Value] = field(default_factory=dict)
    vetoes: tuple[VetoRecord, ...] = ()

    def get(self, question_id: str) -> Answer | Unanswered:
        """Return the answer to a question, UNANSWERED when there is none."""
        return self.answers.get(question_id, UNANSWERED)

    def to_json(self) -> dict[str, Any]:
        """Return the sheet as JSON data."""
        answers = {key: answer_to_json(a) for key, a in self.answers.items()}
        data = {
            "answers": answers,
            "as_of": self.as_of.isoformat(),
            "facts": dict(self.facts),
            "strengths": dict(self.strengths),
        }
        if self.vetoes:
            data["vetoes"] = encode(self.vetoes)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AnswerSheet":
        """Read `to_json` data back."""
        answers = {key: answer_from_json(a) for key, a in data["answers"].items()}
        return cls(
            answers=answers,
            as_of=date.fromisoformat(data["as_of"]),
            strengths=dict(data.get("strengths", {})),
            facts=dict(data.get("facts", {})),
            vetoes=tuple(decode(VetoRecord, one) for one in data.get("vetoes", ())),
        )

    def canonical_bytes(self) -> bytes:
        """Return the one byte string that stands for this content."""
        return canonical_bytes(self.to_json())

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the canonical bytes."""
        return sha256(self.canonical_bytes()).hexdigest()


def validate_answer(question: Question, data: Mapping[str, Any]) -> Answer:
    """Return the answer that `data` (JSON form) gives to `question`.

    InvalidAnswer, with a stable code and a message that names what is allowed, when
    the state, the value or the reason does not fit the question.
    """
    state = data.get("state") if isinstance(data, Mapping) else None
    _require_known_keys(state, data)
    if question.type == "calculated":
        raise InvalidAnswer("calculated", "state", _CALCULATED)
    if state == "answered":
        return Answered(validate_value(question, data.get("value")))
    if state == "not_applicable":
        return _not_applicable(question, data)
    if state == "not_occurred":
        return _not_occurred(question, data.get("value"))
    return DontKnow()


_KEYS: dict[object, frozenset[str]] = {
    "answered": frozenset({"state", "value"}),
    "not_applicable": frozenset({"state", "reason"}),
    "not_occurred": frozenset({"state", "value"}),
    "dont_know": frozenset({"state"}),
}


def _require_known_keys(state: object, data: Mapping[str, Any]) -> None:
    if not isinstance(state, str) or state not in _KEYS:
        raise InvalidAnswer("unknown_state", "state", _UNKNOWN_STATE)
    for key in data:
        if key not in _KEYS[state]:
            raise InvalidAnswer("unknown_key", str(key)[:40], _UNKNOWN_KEY)


def _not_applicable(question: Question, data: Mapping[str, Any]) -> NotApplicable:
    if not question.na.allowed:
        raise InvalidAnswer("na_not_allowed", "state", _NA_NOT_ALLOWED)
    return NotApplicable(validate_reason(data.get("reason")))


def _not_occurred(question: Question, value: object) -> NotOccurred:
    if not question.event_based:
        raise InvalidAnswer("not_event_based", "state", _NOT_EVENT_BASED)
    return NotOccurred(None if value is None else validate_value(question, value))


_UNKNOWN_STATE = {
    "zh": "回答状态只能是 answered、not_applicable、not_occurred 或 dont_know。",
    "en": "The state must be answered, not_applicable, not_occurred or dont_know.",
}
_UNKNOWN_KEY = {
    "zh": "回答只能含 state，以及该状态对应的 value 或 reason。",
    "en": "An answer holds state and, depending on it, value or reason; nothing else.",
}
_CALCULATED = {
    "zh": "本题由系统计算，不需要回答。",
    "en": "This question is calculated and takes no answer.",
}
_NA_NOT_ALLOWED = {
    "zh": "本题的要求对任何企业都适用，不能选“不适用”。",
    "en": "This requirement concerns every enterprise; “not applicable” is no answer.",
}
_NOT_EVENT_BASED = {
    "zh": "本题不取决于某个事件是否发生，不能选“本期未发生”。",
    "en": "This question does not depend on an event; “did not occur” is no answer.",
}
