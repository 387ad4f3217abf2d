"""Where an enterprise was on a day, and which boundaries a place is shown in."""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from oversight.counting.facts import Enterprise, Facts, Presence

Successors: TypeAlias = Mapping[str, str]
"""The division that took over the territory of an abolished one, by code."""


def place_on(enterprise: Enterprise, day: date) -> str | None:
    """Return the division on a day, "" outside the city, None when nobody knows."""
    covering = [p for p in enterprise.presences if _covers(p, day)]
    if not covering:
        return None
    return max(covering, key=lambda p: (p.since or date.min, p.division)).division


def registered_on(enterprise: Enterprise, day: date) -> bool:
    """Whether an enterprise had not been deregistered on a day."""
    return enterprise.deregistered_on is None or day < enterprise.deregistered_on


def current_division(code: str, successors: Successors) -> str:
    """Return the division in today's boundaries."""
    seen = {code}
    while code in successors and successors[code] not in seen:
        code = successors[code]
        seen.add(code)
    return code


def enterprises_by_code(facts: Facts) -> dict[str, Enterprise]:
    """Return the enterprises by credit code."""
    return {enterprise.credit_code: enterprise for enterprise in facts.enterprises}


def _covers(presence: Presence, day: date) -> bool:
    since, until = presence.since, presence.until
    return (since is None or since <= day) and (until is None or day < until)
