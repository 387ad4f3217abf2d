"""The result of scoring: frozen values that explain themselves and travel as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal, Self, TypeAlias, cast

from question_bank.engine.codec import decode, encode, late
from question_bank.engine.definition import Localized, Severity

ItemState: TypeAlias = Literal[
    "counted",
    "na",
    "not_occurred",
    "hidden",
    "unknown",
    "unanswered",
    "unscored",
    "unjudged",
    "outdone",
]
Conformity: TypeAlias = Literal["conforming", "partial", "nonconforming"]
GateKind: TypeAlias = Literal["prerequisite", "mandatory", "veto"]
GateState: TypeAlias = Literal["passed", "failed", "open"]
FindingKind: TypeAlias = Literal[
    "critical",
    "weak_clause",
    "systemic",
    "prohibited",
    "nonconforming",
    "partial",
    "optional",
    "said_only",
    "evidence_gap",
]
NoteCode: TypeAlias = Literal[
    "incomplete",
    "applicability_unknown",
    "to_find_out",
    "scope_in_doubt",
    "not_scored",
    "unjudged",
    "figures_missing",
]


@dataclass(frozen=True)
class ItemScore:
    """One line of the trace. Points are shares of 1; `weight` is the weight counted.

    `level` is None for types without levels, and 0 stands for an unanswered item.
    `value` is the figure that an indicator was computed from.
    """

    question: str
    state: ItemState
    level: int | None
    points: Fraction | None
    evidenced_points: Fraction | None
    weight: Fraction
    strength: str | None
    conformity: Conformity | None
    reason: Localized
    value: float | None = late(None)


@dataclass(frozen=True)
class SectionScore:
    """A section's result; scores are points of 100, None when nothing is counted.

    `items` counts the scored items that apply, those answered N/A included. Under the
    points scheme `earned` are its points and `unjudged` those an expert decides on.
    """

    id: str
    self_score: Fraction | None
    evidenced_score: Fraction | None
    maturity: Fraction | None
    low: Fraction | None
    high: Fraction | None
    weight: Fraction
    items: int
    done: int
    na: int
    not_occurred: int
    na_share: Fraction
    earned: Fraction | None = late(None)
    unjudged: Fraction | None = late(None)


@dataclass(frozen=True)
class ClauseScore:
    """A clause's result with all clauses below it; points of 100, for display only."""

    key: str
    self_score: Fraction | None
    evidenced_score: Fraction | None
    items: int
    weakest_level: int | None


@dataclass(frozen=True)
class GateResult:
    """A gate and why it stands where it does.

    A prerequisite is "open" while its answers are missing or its wait is running (then
    `earliest` is the end of the wait). A mandatory item is "open" while unanswered.
    """

    id: str
    kind: GateKind
    state: GateState
    questions: tuple[str, ...]
    earliest: date | None
    reason: Localized


@dataclass(frozen=True)
class Finding:
    """A simulated audit finding. `provisional`: it rests on an unanswered question."""

    id: str
    severity: Severity
    kind: FindingKind
    section: str | None
    clause: str | None
    questions: tuple[str, ...]
    text: Localized
    provisional: bool = False


@dataclass(frozen=True)
class Note:
    """Something the reader of the result must know, with where it applies."""

    code: NoteCode
    text: Localized
    questions: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """The complete result. Scores are points of 100, exact; shares are of 1.

    `self_raw` and `evidenced_raw` are the totals before caps. `low` and `high` are the
    self score if every open item turned out to be 0, or full. `band` is None while too
    little is answered. `earliest_application` is the first day on which no waiting
    period stands in the way; while `blocked_until_done` names gates, they come first.
    Under the points scheme the scores are points earned, `bonus` included, and
    `unjudged` those that experts decide on.
    """

    bank_sha256: str
    answers_sha256: str
    scorer_version: str
    as_of: date
    self_score: Fraction | None
    evidenced_score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    maturity: Fraction | None
    self_raw: Fraction | None
    evidenced_raw: Fraction | None
    capped_by: tuple[str, ...]
    band: str | None
    completeness: Fraction
    na_share: Fraction
    minor_share: Fraction
    sections: tuple[SectionScore, ...]
    clauses: tuple[ClauseScore, ...]
    items: tuple[ItemScore, ...]
    gates: tuple[GateResult, ...]
    findings: tuple[Finding, ...]
    earliest_application: date | None
    blocked_until_done: tuple[str, ...]
    notes: tuple[Note, ...]
    bonus: Fraction | None = late(None)
    unjudged: Fraction | None = late(None)

    def item(self, question_id: str) -> ItemScore:
        """Return a question's line of the trace; KeyError when there is none."""
        for item in self.items:
            if item.question == question_id:
                return item
        raise KeyError(question_id)

    def count(self, severity: Severity) -> int:
        """Return how many findings have that severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON data, with the shown figures under "display"."""
        data = cast("dict[str, Any]", encode(self))
        data["display"] = {name: display(getattr(self, name)) for name in _SHOWN}
        for section in data["sections"]:
            section["display"] = {n: _shown(section[n]) for n in _SHOWN_OF_SECTION}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_json` data back, exactly."""
        return decode(cls, data)


_SHOWN = ("self_score", "evidenced_score", "low", "high", "maturity", "self_raw")
_SHOWN_OF_SECTION = ("self_score", "evidenced_score", "low", "high", "maturity")


def display(value: Fraction | None) -> str | None:
    """Return a figure with two digits, halves rounded up; None stays None.

    This is the only place where a score is rounded.
    """
    if value is None:
        return None
    # Integers only: dividing as Decimal would round once before the rounding.
    hundredths = (200 * abs(value.numerator) + value.denominator) // (
        2 * value.denominator
    )
    sign = "-" if value < 0 and hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def _shown(value: str | None) -> str | None:
    return None if value is None else display(Fraction(value))
