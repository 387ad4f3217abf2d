"""Plain values of the registers as JSON columns hold them, and back again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from oversight.counting.facts import (
    CertificateState,
    Presence,
    ReviewResult,
    StateChange,
    TitleReview,
)

Rows: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True)
class FormerName:
    """A name a unit had until the day it took the next one."""

    name: str
    until: date


@dataclass(frozen=True)
class GroupMembership:
    """A unit under the control of a group, from `since` until before `until`."""

    group: str
    name: str
    since: date | None
    source: str
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the unit belonged to the group on a day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day < self.until)


def present_on(presence: Presence, day: date) -> bool:
    """Tell whether a unit was there on a day."""
    begun = presence.since is None or presence.since <= day
    return begun and (presence.until is None or day < presence.until)


def day_text(day: date | None) -> str | None:
    """Return a day as stored, None for none."""
    return day.isoformat() if day else None


def day_from(text: str | None) -> date | None:
    """Return the stored day, None for none."""
    return date.fromisoformat(text) if text else None


def states_json(states: Iterable[StateChange]) -> Rows:
    """Return state changes as stored, in the order they took effect."""
    return [
        {
            "state": change.state.value,
            "on": change.on.isoformat(),
            "fraud": change.fraud,
            "document": change.document,
        }
        for change in sorted(states, key=lambda change: change.on)
    ]


def states_from(rows: Iterable[Mapping[str, Any]]) -> tuple[StateChange, ...]:
    """Return stored state changes."""
    return tuple(
        StateChange(
            CertificateState(row["state"]),
            date.fromisoformat(row["on"]),
            row["fraud"],
            row["document"],
        )
        for row in rows
    )


def reviews_json(reviews: Iterable[TitleReview]) -> Rows:
    """Return reviews of a title as stored, by day."""
    return [
        {
            "result": review.result.value,
            "on": review.on.isoformat(),
            "document": review.document,
            "term_ends_on": day_text(review.term_ends_on),
        }
        for review in sorted(reviews, key=lambda review: review.on)
    ]


def reviews_from(rows: Iterable[Mapping[str, Any]]) -> tuple[TitleReview, ...]:
    """Return stored reviews of a title."""
    return tuple(
        TitleReview(
            ReviewResult(row["result"]),
            date.fromisoformat(row["on"]),
            row["document"],
            day_from(row["term_ends_on"]),
        )
        for row in rows
    )


def presences_json(presences: Iterable[Presence]) -> Rows:
    """Return presences as stored, by their beginning."""
    return [
        {
            "division": presence.division,
            "since": day_text(presence.since),
            "until": day_text(presence.until),
        }
        for presence in sorted(presences, key=lambda item: item.since or date.min)
    ]


def presences_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Presence, ...]:
    """Return stored presences."""
    return tuple(
        Presence(row["division"], day_from(row["since"]), day_from(row["until"]))
        for row in rows
    )


def names_json(names: Iterable[FormerName]) -> Rows:
    """Return former names as stored, by their end."""
    return [
        {"name": former.name, "until": former.until.isoformat()}
        for former in sorted(names, key=lambda former: former.until)
    ]


def names_from(rows: Iterable[Mapping[str, Any]]) -> tuple[FormerName, ...]:
    """Return stored former names."""
    return tuple(
        FormerName(row["name"], date.fromisoformat(row["until"])) for row in rows
    )


def groups_json(groups: Iterable[GroupMembership]) -> Rows:
    """Return memberships in groups as stored, by their beginning."""
    return [
        {
            "group": item.group,
            "name": item.name,
            "since": day_text(item.since),
            "until": day_text(item.until),
            "source": item.source,
        }
        for item in sorted(groups, key=lambda item: item.since or date.min)
    ]


def groups_from(rows: Iterable[Mapping[str, Any]]) -> tuple[GroupMembership, ...]:
    """Return stored memberships in groups."""
    return tuple(
        GroupMembership(
            row["group"],
            row["name"],
            day_from(row["since"]),
            row["source"],
            day_from(row["until"]),
        )
        for row in rows
    )
