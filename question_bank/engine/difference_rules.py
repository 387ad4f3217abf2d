"""What a change of each field means for answers that are stored already.

One line for every field of the model; a field without one counts as incompatible until
somebody has thought about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from question_bank.engine.definition import (
    Band,
    Bank,
    Change,
    Check,
    Choice,
    Clause,
    Column,
    Department,
    Evidence,
    Fact,
    Gate,
    Guidance,
    LevelAnchor,
    LevelMark,
    Mandatory,
    NaPolicy,
    PassLine,
    Policy,
    Question,
    Round,
    Scale,
    Section,
    Superseded,
    Veto,
    Wait,
)
from question_bank.engine.difference_verdicts import (
    ADVICE,
    APPLYING,
    COMES,
    DISPLAY,
    GOES,
    MEANING,
    NARROWER,
    NEW_COLUMN,
    NO_CHOICE,
    NO_MATTER,
    NOTATION,
    OTHER_BANK,
    OTHER_CLAUSES,
    OTHER_SCALE,
    OTHER_TYPE,
    OTHER_UNIT,
    RECORD,
    SCORING,
    WIDER,
    WORDING,
    Verdict,
)

Judge: TypeAlias = Callable[[Any, Any], Verdict]


@dataclass(frozen=True)
class Value:
    """A field that is compared as a whole."""

    judge: Judge


@dataclass(frozen=True)
class Part:
    """A field that holds one thing with fields of its own, or nothing."""

    come_or_go: Verdict


@dataclass(frozen=True)
class Parts:
    """A list of things that are told apart by a key; `order` says what moving does."""

    key: Callable[[Any], str]
    added: Judge
    removed: Verdict
    order: Verdict
    subject: str = ""
    """Under which name things of a bank are told; "" = part of what is around."""


Rule: TypeAlias = Value | Part | Parts


def _always(verdict: Verdict) -> Judge:
    return lambda _old, _new: verdict


def _value(verdict: Verdict) -> Value:
    return Value(_always(verdict))


def _rule(changed: Verdict) -> Value:
    """A rule written differently with the same tree means the same."""

    def judge(old: Any, new: Any) -> Verdict:
        same = old is not None and new is not None and old.tree == new.tree
        return NOTATION if same else changed

    return Value(judge)


def _switch(on: Verdict, off: Verdict) -> Value:
    return Value(lambda _old, new: on if new else off)


def _bound(*, upper: bool) -> Value:
    def judge(old: Any, new: Any) -> Verdict:
        if new is None:
            return WIDER
        if old is None:
            return NARROWER
        return WIDER if (new > old) is upper else NARROWER

    return Value(judge)


def _unit(old: Any, new: Any) -> Verdict:
    same = old and new and old.get("zh") == new.get("zh")
    return WORDING if same else OTHER_UNIT


def _column_added(_old: Any, new: Any) -> Verdict:
    return WIDER if new.optional else NEW_COLUMN


def _by_id(thing: Any) -> str:
    return str(thing.id)


def _by_value(thing: Any) -> str:
    return str(thing.value)


def _by_range(advice: Any) -> str:
    return f"{advice.first}-{advice.last}"


_CHOICES = Parts(_by_id, _always(WIDER), NO_CHOICE, DISPLAY)

RULES: Final[Mapping[type, Mapping[str, Rule]]] = {
    Bank: {
        "id": _value(OTHER_BANK),
        "edition": _value(OTHER_BANK),
        "version": _value(NO_MATTER),
        "locales": _value(WORDING),
        "title": _value(WORDING),
        "summary": _value(WORDING),
        "scale": Part(OTHER_SCALE),
        "bands": Parts(_by_id, _always(SCORING), SCORING, SCORING, "band"),
        "gate_band": Part(SCORING),
        "policy": Part(SCORING),
        "departments": Parts(_by_id, _always(DISPLAY), DISPLAY, DISPLAY, "department"),
        "facts": Parts(_by_id, _always(COMES), GOES, DISPLAY, "fact"),
        "clauses": Parts(
            lambda clause: str(clause.key),
            _always(COMES),
            OTHER_CLAUSES,
            DISPLAY,
            "clause",
        ),
        "sections": Parts(_by_id, _always(COMES), GOES, DISPLAY, "section"),
        "questions": Parts(_by_id, _always(COMES), GOES, DISPLAY, "question"),
        "gates": Parts(_by_id, _always(SCORING), SCORING, DISPLAY, "gate"),
        "checks": Parts(_by_id, _always(APPLYING), APPLYING, DISPLAY, "check"),
        "quick_scan": _value(DISPLAY),
        "reviewed_by": _value(RECORD),
        "reviewed_on": _value(RECORD),
        "changelog": Parts(
            lambda entry: str(entry.version),
            _always(RECORD),
            RECORD,
            RECORD,
            "changelog",
        ),
        "scheme": _value(SCORING),
        "mark": _value(WORDING),
        "vetoes": Parts(_by_id, _always(SCORING), SCORING, DISPLAY, "veto"),
        "pass_lines": Parts(
            lambda line: str(line.year), _always(SCORING), SCORING, DISPLAY, "pass_line"
        ),
        "round": Part(SCORING),
        "superseded": Part(RECORD),
    },
    Scale: {
        "levels": Parts(_by_value, _always(OTHER_SCALE), OTHER_SCALE, OTHER_SCALE),
        "points": _value(OTHER_SCALE),
        "evidence_caps": _value(OTHER_SCALE),
        "conforming_level": _value(OTHER_SCALE),
        "nonconforming_below": _value(OTHER_SCALE),
    },
    LevelMark: {"value": _value(OTHER_SCALE), "title": _value(MEANING)},
    Policy: {
        "completeness_min": _value(SCORING),
        "na_share_doubt": _value(SCORING),
        "weak_items_per_clause": _value(SCORING),
        "systemic_share": _value(SCORING),
        "evidence_gap": _value(SCORING),
    },
    Band: {
        "id": _value(SCORING),
        "title": _value(WORDING),
        "meaning": _value(WORDING),
        "min_self": _value(SCORING),
        "min_evidenced": _value(SCORING),
        "max_major": _value(SCORING),
        "max_minor_share": _value(SCORING),
    },
    Department: {"id": _value(DISPLAY), "title": _value(WORDING)},
    Fact: {
        "id": _value(GOES),
        "type": _value(OTHER_TYPE),
        "title": _value(WORDING),
        "unit": Value(_unit),
        "choices": _CHOICES,
    },
    Clause: {
        "key": _value(OTHER_CLAUSES),
        "number": _value(WORDING),
        "title": _value(WORDING),
        "certainty": _value(RECORD),
        "number_status": _value(RECORD),
        "parent": _value(SCORING),
        "leaf": _value(SCORING),
        "normative": _value(SCORING),
    },
    Section: {
        "id": _value(GOES),
        "title": _value(WORDING),
        "weight": _value(SCORING),
        "chapter": _value(DISPLAY),
        "na_allowed": _value(SCORING),
        "bonus": _value(SCORING),
    },
    Question: {
        "id": _value(GOES),
        "section": _value(SCORING),
        "clauses": _value(SCORING),
        "type": _value(OTHER_TYPE),
        "text": _value(WORDING),
        "help": _value(WORDING),
        "weight": _value(SCORING),
        "modality": _value(SCORING),
        "looks_at": _value(DISPLAY),
        "mandatory": Part(SCORING),
        "event_based": _switch(WIDER, NARROWER),
        "na": Part(SCORING),
        "applies_when": _rule(APPLYING),
        "departments": _value(DISPLAY),
        "levels": Parts(_by_value, _always(WIDER), NO_CHOICE, DISPLAY),
        "evidence": Parts(_by_id, _always(SCORING), SCORING, DISPLAY),
        "guidance": Parts(_by_range, _always(ADVICE), ADVICE, ADVICE),
        "after": _value(ADVICE),
        "finding": _value(WORDING),
        "laws": _value(WORDING),
        "source": _value(RECORD),
        "unit": Value(_unit),
        "min": _bound(upper=False),
        "max": _bound(upper=True),
        "integer": _switch(NARROWER, WIDER),
        "optional": _value(APPLYING),
        "choices": _CHOICES,
        "points": _value(SCORING),
        "columns": Parts(_by_id, _column_added, NO_CHOICE, DISPLAY),
        "rule": _rule(SCORING),
        "max_length": _bound(upper=True),
        "prohibited": _value(SCORING),
        "stepped": _value(SCORING),
        "best_of": _value(SCORING),
        "expert": _value(SCORING),
        "suggest": _value(DISPLAY),
    },
    Mandatory: {
        "min_level": _value(SCORING),
        "severity": _value(SCORING),
        "cap": _value(SCORING),
    },
    NaPolicy: {
        "allowed": _switch(WIDER, NARROWER),
        "reviewer_confirms": _value(APPLYING),
    },
    LevelAnchor: {"value": _value(NO_CHOICE), "text": _value(MEANING)},
    Evidence: {
        "id": _value(SCORING),
        "text": _value(WORDING),
        "required_from": _value(SCORING),
    },
    Guidance: {
        "first": _value(ADVICE),
        "last": _value(ADVICE),
        "text": _value(ADVICE),
        "effort": _value(ADVICE),
        "days": _value(ADVICE),
        "owner": _value(ADVICE),
        "weeks": _value(ADVICE),
    },
    Choice: {
        "id": _value(NO_CHOICE),
        "text": _value(MEANING),
        "points": _value(SCORING),
    },
    Column: {
        "id": _value(NO_CHOICE),
        "type": _value(OTHER_TYPE),
        "text": _value(WORDING),
        "optional": _switch(WIDER, NARROWER),
        "choices": _CHOICES,
    },
    Gate: {
        "id": _value(SCORING),
        "title": _value(WORDING),
        "help": _value(WORDING),
        "rule": _rule(SCORING),
        "wait": Part(SCORING),
        "clauses": _value(SCORING),
        "guidance": _value(ADVICE),
        "source": _value(RECORD),
    },
    Wait: {"question_id": _value(SCORING), "months": _value(SCORING)},
    Veto: {
        "id": _value(SCORING),
        "title": _value(WORDING),
        "help": _value(WORDING),
        "kinds": _value(SCORING),
        "months": _value(SCORING),
        "pending": _value(SCORING),
        "guidance": _value(ADVICE),
        "source": _value(RECORD),
    },
    PassLine: {
        "year": _value(SCORING),
        "value": _value(SCORING),
        "title": _value(WORDING),
        "document": _value(RECORD),
        "source": _value(RECORD),
    },
    Round: {
        "excellent_share": _value(SCORING),
        "quota": _value(SCORING),
        "district_quota": _value(SCORING),
        "quota_share": _value(SCORING),
    },
    Superseded: {
        "by": _value(RECORD),
        "on": _value(RECORD),
        "note": _value(RECORD),
        "status": _value(RECORD),
        "applications_until": _value(RECORD),
        "certificates_until": _value(RECORD),
    },
    Check: {
        "id": _value(APPLYING),
        "when": _rule(APPLYING),
        "kind": _value(APPLYING),
        "questions": _value(DISPLAY),
        "text": _value(WORDING),
    },
    Change: {
        "version": _value(RECORD),
        "date": _value(RECORD),
        "text": _value(RECORD),
    },
}
"""The judgement on every field of every class that a bank is made of.

What is compared as a whole (laws, points, sources, rules) has no line of its own.
"""
