"""What somebody says about a unit, certificate, title or figure, not stored yet."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from oversight.counting.facts import (
    Issue,
    Level,
    Presence,
    Stage,
    Standard,
    StateChange,
    Title,
    TitleReview,
)
from oversight.stored import FormerName, GroupMembership


@dataclass(frozen=True)
class Holder:
    """Whose a certificate or title is.

    `name` and `division` are needed when the registers do not know the unit yet:
    it is registered with them, present in the division since `since`.
    """

    credit_code: str
    name: str = ""
    division: str = ""
    since: date | None = None


@dataclass(frozen=True)
class UnitEntry:
    """A unit as somebody knows it."""

    credit_code: str
    name: str
    presences: tuple[Presence, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    deregistered_on: date | None = None
    merged_into: str = ""
    groups: tuple[GroupMembership, ...] = ()


@dataclass(frozen=True)
class CertificateEntry:
    """A certificate as printed."""

    number: str
    body: UUID
    holder: Holder
    standard: Standard
    issue: Issue
    first_issued_on: date
    issued_on: date
    expires_on: date
    scope: str = ""
    group_holder: str = ""
    states: tuple[StateChange, ...] = ()


@dataclass(frozen=True)
class RecognitionEntry:
    """A title as its document gives it."""

    holder: Holder
    level: Level
    title: Title
    stage: Stage
    name: str
    document: str
    since: date
    round: str = ""
    term_ends_on: date | None = None
    reviews: tuple[TitleReview, ...] = ()
    ended_on: date | None = None
    end_reason: str = ""
    vetoed_on: date | None = None


@dataclass(frozen=True)
class SeriesEntry:
    """A figure somebody else counted."""

    indicator: str
    period: str
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    denominator_of: str = ""
    note: str = ""
