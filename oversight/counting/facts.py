"""What is counted: enterprises, certificates, titles and series of figures.

Plain values. Dates are calendar days in Asia/Shanghai. Whoever hands facts to a
counting rule has already decided *as known when*: a fact that was recorded or
corrected later than that day is not among them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Verification(StrEnum):
    """Whether somebody of the bureau has checked a fact against its source."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Presence:
    """Where an enterprise was: `division` from `since` until the day before `until`.

    `division` is a code of the reference data, empty for outside the city. None
    leaves an end open.
    """

    division: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Enterprise:
    """A legal unit by its credit code; a new name or address makes no new one.

    `merged_into` is the credit code of the unit that took it over on
    `deregistered_on`.
    """

    credit_code: str
    name: str
    presences: tuple[Presence, ...] = ()
    deregistered_on: date | None = None
    merged_into: str = ""


class CertificateState(StrEnum):
    """States of a certificate (知识产权认证管理办法: 有效, 暂停, 撤销, 注销)."""

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class StateChange:
    """A certificate enters `state` on a day; `fraud` marks one got by deceit."""

    state: CertificateState
    on: date
    fraud: bool = False
    document: str = ""


class Standard(StrEnum):
    """Standards a management-system certificate may name."""

    ENTERPRISE_2013 = "GB/T 29490-2013"
    ENTERPRISE_2023 = "GB/T 29490-2023"
    RESEARCH_2016 = "GB/T 33250-2016"
    UNIVERSITY_2016 = "GB/T 33251-2016"
    INNOVATION = "ISO 56005"

    @property
    def for_enterprises(self) -> bool:
        """Whether it is an edition of GB/T 29490."""
        return self in (Standard.ENTERPRISE_2013, Standard.ENTERPRISE_2023)


class Issue(StrEnum):
    """Why a certificate was issued."""

    INITIAL = "initial"
    RECERTIFICATION = "recertification"
    UPGRADE = "upgrade"
    CHANGE_OF_BODY = "change_of_body"


@dataclass(frozen=True)
class Certificate:
    """One certificate as printed. `first_issued_on` is its 初次发证日期.

    `holder` is a credit code; `expires_on` is the last day it is valid;
    `group_holder` is the holder of the group certificate it belongs to, if any.
    `states` are in the order they took effect; none means valid from the issue.
    """

    number: str
    holder: str
    body: str
    standard: Standard
    issue: Issue
    first_issued_on: date
    issued_on: date
    expires_on: date
    verification: Verification
    states: tuple[StateChange, ...] = ()
    group_holder: str = ""
    id: str = ""


class Level(StrEnum):
    """Who recognised a title; a county's titles exist and never count."""

    COUNTY = "county"
    MUNICIPAL = "municipal"
    PROVINCIAL = "provincial"
    NATIONAL = "national"


class Title(StrEnum):
    """What was recognised. `OTHER` needs the bureau's list of equivalents."""

    ADVANTAGE = "advantage"
    DEMONSTRATION = "demonstration"
    OTHER = "other"


class Stage(StrEnum):
    """优势培育企业 are cultivated; only the recognised count towards a stock."""

    CULTIVATED = "cultivated"
    RECOGNISED = "recognised"


class ReviewResult(StrEnum):
    """What a review at the end of a term came to."""

    PASSED = "passed"
    FAILED = "failed"
    MISSED = "missed"


@dataclass(frozen=True)
class TitleReview:
    """The result of a review, from the day of its document.

    `term_ends_on` is the new end of the term after a pass, None when it has none.
    """

    result: ReviewResult
    on: date
    document: str = ""
    term_ends_on: date | None = None


@dataclass(frozen=True)
class Recognition:
    """One title of one enterprise, from the day of the document that gave it.

    `name` is the title in the words of its document; `ended_on` the day from which
    it no longer holds, with `end_reason` in words (withdrawal, deregistration …).
    `vetoed_on` is a disqualifying event that no document has answered yet.
    """

    holder: str
    level: Level
    title: Title
    stage: Stage
    name: str
    batch: str
    document: str
    since: date
    verification: Verification
    term_ends_on: date | None = None
    reviews: tuple[TitleReview, ...] = ()
    ended_on: date | None = None
    end_reason: str = ""
    vetoed_on: date | None = None
    id: str = ""


@dataclass(frozen=True)
class SeriesValue:
    """A figure somebody else counted: `period` is "2017", "2017Q3" or "2017-12".

    `numerator` and `denominator` are kept for ratios, with the day or year the
    denominator speaks of in `denominator_of`.
    """

    indicator: str
    period: str
    value: Fraction
    source: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    denominator_of: str = ""
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a counting rule may look at, as known on one day."""

    enterprises: tuple[Enterprise, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    series: tuple[SeriesValue, ...] = ()
