"""What only indicator banks have: vetoes, pass lines and the round."""

from dataclasses import dataclass
from fractions import Fraction

from question_bank.engine.basic_types import Localized, Pending, Source


@dataclass(frozen=True)
class Veto:
    """Findings on record that bar an application while they are in force.

    A record of one of `kinds` counts until the end written in it, or for `months`
    from its decision; an appeal that succeeded ends it.
    """

    id: str
    title: Localized
    help: Localized
    kinds: tuple[str, ...]
    months: int
    pending: Pending = "open"
    guidance: Localized | None = None
    source: Source = Source("to_verify")


@dataclass(frozen=True)
class PassLine:
    """The score a round asked for; it is published after the round, never before."""

    year: int
    value: Fraction
    title: Localized
    document: str | None = None
    source: Source = Source("to_verify")


@dataclass(frozen=True)
class Round:
    """What is decided over all applicants of a round together.

    `excellent_share` of those graded are excellent; at most `quota` are nominated, at
    most `district_quota` from one district, at most `quota_share` of all graded.
    """

    excellent_share: Fraction | None = None
    quota: int | None = None
    district_quota: int | None = None
    quota_share: Fraction | None = None
