"""Registered units of the model city, revision by revision as things happened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from oversight.city.profile import ModelEnterprise
from oversight.city_loading.identity import SOURCE, Loading
from oversight.counting.facts import Presence
from oversight.models import Change, ControllingGroup, RegisteredUnit, UnitRevision, Via
from oversight.stored import (
    FormerName,
    GroupMembership,
    groups_json,
    names_json,
    presences_json,
    present_on,
)

COMMAND = {"via": Via.COMMAND, "recorded_by": None, "source": SOURCE}


def unit_rows(
    enterprise: ModelEnterprise, since: date, loading: Loading
) -> Iterator[Model]:
    """Yield a unit and its revisions: as first registered, and after each change.

    `since` is the first day of the city: older enterprises are registered then.
    """
    code = enterprise.credit_code
    revisions = list(_revisions(enterprise, since, loading))
    latest = revisions[-1]
    unit = enterprise.unit
    yield RegisteredUnit(
        id=loading.key("unit", code),
        created_at=revisions[0].recorded_at,
        credit_code=code,
        name=unit.name,
        division=_division_on(unit.presences, loading.at.date()),
        group_id=group_key(enterprise, loading),
        latest_id=latest.pk,
    )
    yield from revisions


def group_row(enterprise: ModelEnterprise, loading: Loading, since: date) -> Model:
    """Return the group of an enterprise that belongs to one."""
    return ControllingGroup(
        id=group_key(enterprise, loading),
        name=group_name(enterprise),
        created_at=loading.moment(since),
    )


def group_name(enterprise: ModelEnterprise) -> str:
    """Return the name of a group, after the number of the enterprise at its head."""
    return f"示例集团 {enterprise.group[10:16]}"


def group_key(enterprise: ModelEnterprise, loading: Loading) -> UUID | None:
    """Return the key of an enterprise's group, None when it has none."""
    return loading.key("group", enterprise.group) if enterprise.group else None


def _revisions(
    enterprise: ModelEnterprise, since: date, loading: Loading
) -> Iterator[UnitRevision]:
    code = enterprise.credit_code
    recorded: datetime | None = None
    for seq, day in enumerate(_days(enterprise, since), start=1):
        name = f"{code}:{seq}"
        known = loading.recorded("unit", name, day)
        recorded = known if recorded is None else max(recorded, known)
        yield UnitRevision(
            id=loading.key("unit revision", name),
            record_id=loading.key("unit", code),
            seq=seq,
            change=Change.ENTERED if seq == 1 else Change.CHANGED,
            recorded_at=recorded,
            reason="" if seq == 1 else "登记变化",
            **COMMAND,
            **_contents(enterprise, day, loading),
        )


def _days(enterprise: ModelEnterprise, since: date) -> list[date]:
    """Return the first day it is known and the days on which something changed."""
    unit = enterprise.unit
    first = max(since, enterprise.founded_on)
    changes = {p.since for p in unit.presences if p.since}
    changes |= {until + timedelta(days=1) for _name, until in enterprise.former_names}
    if unit.deregistered_on:
        changes.add(unit.deregistered_on)
    return [first, *sorted(day for day in changes if day > first)]


def _contents(
    enterprise: ModelEnterprise, day: date, loading: Loading
) -> dict[str, Any]:
    """Return what was so at the end of a day."""
    unit = enterprise.unit
    names = [*enterprise.former_names, (unit.name, None)]
    former = [FormerName(n, until + timedelta(days=1)) for n, until in
              enterprise.former_names if until < day]  # fmt: skip
    closed = unit.deregistered_on
    gone = closed is not None and closed <= day
    return {
        "name": names[len(former)][0],
        "former_names": names_json(former),
        "presences": presences_json(_presences(unit.presences, day)),
        "deregistered_on": closed if gone else None,
        "merged_into": unit.merged_into if gone else "",
        "groups": groups_json(_groups(enterprise, loading)),
    }


def _presences(presences: tuple[Presence, ...], day: date) -> Iterator[Presence]:
    for presence in presences:
        if presence.since is None or presence.since <= day:
            ahead = presence.until is not None and presence.until > day
            yield replace(presence, until=None) if ahead else presence


def _groups(enterprise: ModelEnterprise, loading: Loading) -> Iterator[GroupMembership]:
    key = group_key(enterprise, loading)
    if key is not None:
        yield GroupMembership(
            str(key), group_name(enterprise), enterprise.founded_on, SOURCE
        )


def _division_on(presences: tuple[Presence, ...], day: date) -> str:
    return next((p.division for p in presences if present_on(p, day)), "")
