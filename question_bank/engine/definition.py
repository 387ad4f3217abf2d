"""What a question bank is: frozen values, without behaviour beyond looking things up.

Every threshold, weight and point in here is bank data and a decision of the product,
not an official rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any, Self, TypeVar, cast

from question_bank.engine.basic_types import (
    STRENGTHS as STRENGTHS,
    Certainty as Certainty,
    CheckKind as CheckKind,
    Effort as Effort,
    Localized as Localized,
    LooksAt as LooksAt,
    Modality as Modality,
    Number as Number,
    Pending as Pending,
    Scheme as Scheme,
    Severity as Severity,
    Source as Source,
    Strength as Strength,
    Tree as Tree,
    VerificationStatus as VerificationStatus,
)
from question_bank.engine.codec import canonical_bytes, decode, encode, late
from question_bank.engine.indicator_definition import (
    PassLine as PassLine,
    Round as Round,
    Veto as Veto,
)

_T = TypeVar("_T")


class Kind(StrEnum):
    """The type of a question, which decides what an answer's value may be."""

    LEVEL = "level"
    YESNO = "yesno"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    TABLE = "table"
    FILE = "file"
    CALCULATED = "calculated"


@dataclass(frozen=True)
class Rule:
    """A rule as its author wrote it and as it is evaluated."""

    text: str
    tree: Tree


@dataclass(frozen=True)
class LevelMark:
    """One step of the scale; a question's own anchor says what it looks like there."""

    value: int
    title: Localized


@dataclass(frozen=True)
class Scale:
    """Levels, what each is worth (index = level), and what evidence caps it at."""

    levels: tuple[LevelMark, ...]
    points: tuple[Fraction, ...]
    evidence_caps: Mapping[str, Fraction]
    conforming_level: int
    nonconforming_below: int

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.points) - 1


@dataclass(frozen=True)
class Policy:
    """Thresholds of the scoring: shares are fractions of 1, the gap is in points."""

    completeness_min: Fraction = Fraction(9, 10)
    na_share_doubt: Fraction = Fraction(1, 4)
    weak_items_per_clause: int = 3
    systemic_share: Fraction = Fraction(1, 2)
    evidence_gap: Fraction = Fraction(10)


@dataclass(frozen=True)
class Band:
    """A verdict and the conditions that must all hold; None asks nothing."""

    id: str
    title: Localized
    meaning: Localized
    min_self: Fraction | None = None
    min_evidenced: Fraction | None = None
    max_major: int | None = None
    max_minor_share: Fraction | None = None


@dataclass(frozen=True)
class Choice:
    """An option of a `choice` or `choices` question; points are shares of 1."""

    id: str
    text: Localized
    points: Fraction | None = None


@dataclass(frozen=True)
class Department:
    """A part of the firm that answers questions."""

    id: str
    title: Localized


@dataclass(frozen=True)
class Fact:
    """Something known about the enterprise outside the questions; rules may name it."""

    id: str
    type: Kind
    title: Localized
    unit: Localized | None = None
    choices: tuple[Choice, ...] = late(())


@dataclass(frozen=True)
class Clause:
    """A node of the edition's clause tree. `number` may be unverified or missing."""

    key: str
    number: str | None
    title: Localized
    certainty: Certainty
    number_status: VerificationStatus
    parent: str | None
    leaf: bool
    normative: bool


@dataclass(frozen=True)
class Section:
    """A group of questions with a share of the total; weight 0 is asked, not scored.

    Under the points scheme `weight` is the most points the section can give; a bonus
    section adds them on top of the 100.
    """

    id: str
    title: Localized
    weight: Fraction
    chapter: str
    na_allowed: bool
    bonus: bool = late(False)  # noqa: FBT003


@dataclass(frozen=True)
class Mandatory:
    """A critical item: below `min_level` it is a finding and may cap the total."""

    min_level: int
    severity: Severity = "major"
    cap: Fraction | None = None


@dataclass(frozen=True)
class NaPolicy:
    """Whether "not applicable" may be answered, and whether a reviewer confirms it."""

    allowed: bool = False
    reviewer_confirms: bool = False


@dataclass(frozen=True)
class LevelAnchor:
    """What one would observe at a level, in the words of the question."""

    value: int
    text: Localized


@dataclass(frozen=True)
class Evidence:
    """A document or record that shows the level, asked from `required_from` on."""

    id: str
    text: Localized
    required_from: int


@dataclass(frozen=True)
class Guidance:
    """What to do when the level lies in [first, last]: person-days, calendar weeks."""

    first: int
    last: int
    text: Localized
    effort: Effort
    days: int
    owner: str
    weeks: int


@dataclass(frozen=True)
class Law:
    """A law behind the question and whether the reference is verified."""

    text: Localized
    status: VerificationStatus


@dataclass(frozen=True)
class Point:
    """A node of a piecewise-linear scale; a yes/no question uses at = 1 and at = 0."""

    at: Fraction
    points: Fraction


@dataclass(frozen=True)
class Column:
    """A column of a `table` question; type is number, text, date, yesno or choice."""

    id: str
    type: Kind
    text: Localized
    optional: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. Fields that a type does not use keep their defaults.

    `stepped`: its points are steps (the last node reached counts), not a line. Of the
    questions that share a `best_of` only the best counts. What an `expert` will judge
    is neither zero nor full until it is judged. `suggest` is what the data sheet's
    figures say already: shown to be adopted, never taken over unasked.
    """

    id: str
    section: str
    clauses: tuple[str, ...]
    type: Kind
    text: Localized
    help: Localized
    weight: Fraction
    modality: Modality = "required"
    looks_at: tuple[LooksAt, ...] = ()
    mandatory: Mandatory | None = None
    event_based: bool = False
    na: NaPolicy = NaPolicy()
    applies_when: Rule | None = None
    departments: tuple[str, ...] = ()
    levels: tuple[LevelAnchor, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    after: tuple[str, ...] = ()
    finding: Localized | None = None
    laws: tuple[Law, ...] = ()
    source: Source = Source("to_verify")
    unit: Localized | None = None
    min: Number | None = None
    max: Number | None = None
    integer: bool = False
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    points: tuple[Point, ...] = ()
    columns: tuple[Column, ...] = ()
    rule: Rule | None = None
    max_length: int | None = None
    prohibited: bool = False
    stepped: bool = late(False)  # noqa: FBT003
    best_of: str | None = late(None)
    expert: bool = late(False)  # noqa: FBT003
    suggest: Rule | None = late(None)

    @property
    def clause(self) -> str | None:
        """The leaf clause the question belongs to (the first one named)."""
        return self.clauses[0] if self.clauses else None

    @property
    def scored(self) -> bool:
        """Whether the question can earn points (its section's weight aside)."""
        if self.weight <= 0 or self.modality == "optional" or self.prohibited:
            return False
        return self.type is Kind.LEVEL or self.has_points

    @property
    def has_points(self) -> bool:
        """Whether points are given for values, as indicators do."""
        return bool(self.points) or any(c.points is not None for c in self.choices)


@dataclass(frozen=True)
class Wait:
    """A period that must pass after the date given as answer to a question."""

    question_id: str
    months: int


@dataclass(frozen=True)
class Gate:
    """A prerequisite outside the score: passed iff `rule` is true and the wait over."""

    id: str
    title: Localized
    help: Localized
    rule: Rule
    wait: Wait | None = None
    clauses: tuple[str, ...] = ()
    guidance: Localized | None = None
    source: Source = Source("to_verify")


@dataclass(frozen=True)
class Check:
    """A contradiction or weak spot: something is wrong when `when` is true."""

    id: str
    when: Rule
    kind: CheckKind
    questions: tuple[str, ...]
    text: Localized


@dataclass(frozen=True)
class Change:
    """An entry of the bank's changelog."""

    version: str
    date: date
    text: Localized


@dataclass(frozen=True)
class Superseded:
    """That another edition replaced this one, and until when what was possible."""

    by: str
    on: date
    note: Localized
    status: VerificationStatus
    applications_until: date | None = None
    certificates_until: date | None = None


@dataclass(frozen=True)
class Bank:
    """A complete, immutable question bank.

    Order carries meaning: bands from best to worst, clauses parents first, questions
    in document order (a rule may name earlier questions only). `mark` is shown
    wherever the bank is: it says that no authority published it, for instance.
    """

    id: str
    edition: str
    version: str
    locales: tuple[str, ...]
    title: Localized
    summary: Localized
    scale: Scale
    bands: tuple[Band, ...]
    gate_band: Band
    policy: Policy
    departments: tuple[Department, ...]
    facts: tuple[Fact, ...]
    clauses: tuple[Clause, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    gates: tuple[Gate, ...]
    checks: tuple[Check, ...]
    quick_scan: tuple[str, ...]
    reviewed_by: str | None = None
    reviewed_on: str | None = None
    changelog: tuple[Change, ...] = ()
    scheme: Scheme = late("conformity")
    mark: Localized | None = late(None)
    vetoes: tuple[Veto, ...] = late(())
    pass_lines: tuple[PassLine, ...] = late(())
    round: Round | None = late(None)
    superseded: Superseded | None = late(None)

    def question(self, question_id: str) -> Question:
        """Return a question; KeyError when the bank has none of that id."""
        return self._questions[question_id]

    def has_question(self, question_id: str) -> bool:
        """Whether the bank has a question of that id."""
        return question_id in self._questions

    def section(self, section_id: str) -> Section:
        """Return a section; KeyError when unknown."""
        return self._sections[section_id]

    def clause(self, key: str) -> Clause:
        """Return a clause; KeyError when unknown."""
        return self._clauses[key]

    def has_clause(self, key: str) -> bool:
        """Whether the clause tree has that key."""
        return key in self._clauses

    def band(self, band_id: str) -> Band:
        """Return a band, the gate band included; KeyError when unknown."""
        return {band.id: band for band in (*self.bands, self.gate_band)}[band_id]

    def questions_of(self, clause_key: str) -> tuple[Question, ...]:
        """Return the questions that name the clause itself, in document order."""
        return self._by_clause.get(clause_key, ())

    def section_questions(self, section_id: str) -> tuple[Question, ...]:
        """Return the questions of a section, in document order."""
        return self._by_section.get(section_id, ())

    def to_json(self) -> dict[str, Any]:
        """Return the bank as JSON data; `from_json` gives the same bank back."""
        return cast("dict[str, Any]", encode(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Build a bank from `to_json` data; MalformedData when the shape is wrong."""
        return decode(cls, data)

    def canonical_bytes(self) -> bytes:
        """Return the one byte string that stands for this content."""
        return canonical_bytes(self.to_json())

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the canonical bytes: the identity of a published version."""
        return sha256(self.canonical_bytes()).hexdigest()

    def memo(self, key: str, build: Callable[["Bank"], _T]) -> _T:
        """Return what `build(self)` gave the first time `key` was asked.

        Other modules keep what they derive from a bank (compiled rules, integer
        weights) with it, so that it lives and dies with the bank.
        """
        if key not in self._memos:
            self._memos[key] = build(self)
        return cast("_T", self._memos[key])

    def __getstate__(self) -> dict[str, Any]:
        """Leave out everything derived: closures cannot be pickled."""
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}

    @cached_property
    def _memos(self) -> dict[str, object]:
        return {}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {clause.key: clause for clause in self.clauses}

    @cached_property
    def _by_clause(self) -> dict[str, tuple[Question, ...]]:
        pairs = [(key, q) for q in self.questions for key in q.clauses]
        return _grouped(pairs)

    @cached_property
    def _by_section(self) -> dict[str, tuple[Question, ...]]:
        return _grouped([(q.section, q) for q in self.questions])


def _grouped(pairs: list[tuple[str, Question]]) -> dict[str, tuple[Question, ...]]:
    groups: dict[str, list[Question]] = {}
    for key, question in pairs:
        groups.setdefault(key, []).append(question)
    return {key: tuple(group) for key, group in groups.items()}
