"""Rare histories that every model city of 2,000 enterprises must hold.

Each edge case of the counting rules is a scenario. One in 400 enterprises, always
the same number, lives each of them; everything else about it stays to chance.
"""

from enum import StrEnum

EVERY = 400
STEP = 8
OFFSET = 3


class Scenario(StrEnum):
    """What befalls an enterprise for certain."""

    MOVES_IN_CERTIFIED = "moves_in_certified"
    MOVES_OUT_CERTIFIED = "moves_out_certified"
    MOVES_BETWEEN_DISTRICTS = "moves_between_districts"
    RENAMED = "renamed"
    MERGED = "merged"
    TAKES_OVER = "takes_over"
    DEREGISTERED_WITH_TITLE = "deregistered_with_title"
    BOUNDARIES_CHANGE = "boundaries_change"
    RECERTIFIED = "recertified"
    UPGRADED = "upgraded"
    NOT_UPGRADED = "not_upgraded"
    NOT_UPGRADED_STILL_VALID = "not_upgraded_still_valid"
    CHANGES_BODY = "changes_body"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    FRAUD = "fraud"
    REGAINED = "regained"
    UNVERIFIED = "unverified"
    OTHER_STANDARD = "other_standard"
    GROUP_CERTIFICATE = "group_certificate"
    ONLY_CULTIVATED = "only_cultivated"
    ALL_LEVELS = "all_levels"
    PROMOTED = "promoted"
    REVIEW_FAILED = "review_failed"
    REVIEW_MISSED = "review_missed"
    REVIEW_PENDING = "review_pending"
    COUNTY_TITLE = "county_title"
    OTHER_TITLE = "other_title"
    VETOED = "vetoed"
    ALL_TOP = "all_top"
    STRAIGHT_LINE = "straight_line"
    HURRIED = "hurried"
    DROPS_OUT = "drops_out"


_PLACES = {OFFSET + STEP * index: scenario for index, scenario in enumerate(Scenario)}
# Who takes over must stand in the block of who is taken over: the next number.
_PLACES[OFFSET + STEP * list(Scenario).index(Scenario.MERGED) + 1] = Scenario.TAKES_OVER

PLAIN = frozenset(
    {
        Scenario.MOVES_BETWEEN_DISTRICTS,
        Scenario.RENAMED,
        Scenario.BOUNDARIES_CHANGE,
        Scenario.COUNTY_TITLE,
        Scenario.OTHER_TITLE,
        Scenario.ALL_TOP,
        Scenario.STRAIGHT_LINE,
        Scenario.HURRIED,
        Scenario.DROPS_OUT,
    }
)
"""Scenarios that need no certificate."""


def scenario_of(number: int) -> Scenario | None:
    """Return what befalls the enterprise of this number, None for chance alone."""
    return _PLACES.get(number % EVERY)


def is_certified_early(scenario: Scenario | None) -> bool:
    """Whether the scenario needs a certificate of the first years."""
    return scenario is not None and scenario not in PLAIN
