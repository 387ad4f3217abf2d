"""Register units and record what becomes of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import normalise
from accounts.models import User
from assessments.local_day import local_date
from oversight.counting.facts import Presence
from oversight.entries import Holder, UnitEntry
from oversight.faults import Fault, InvalidEntry, refuse
from oversight.models import Change, RegisteredUnit, UnitRevision, Via
from oversight.services.recording import (
    NotStanding,
    Origin,
    first_revision,
    lock_record,
    next_revision,
    note,
    require_keeper,
    save_first,
    save_next,
)
from oversight.stored import (
    groups_from,
    groups_json,
    names_from,
    names_json,
    presences_from,
    presences_json,
    present_on,
)
from oversight.unit_checks import holder_faults, unit_faults


class KnownUnit(InvalidEntry):
    """A unit with this credit code is registered already."""

    code = "known_unit"

    def __init__(self) -> None:
        super().__init__([Fault("credit_code", _("这个单位已经登记。"))])


def register_unit(
    *, entry: UnitEntry, source: str, via: Via, actor: User | None, at: datetime
) -> RegisteredUnit:
    """Register a unit; one that was taken out comes back with this entry.

    Raises Forbidden, InvalidEntry or KnownUnit.
    """
    require_keeper(actor)
    entry = cleaned(entry)
    refuse(unit_faults(entry, local_date(at)))
    origin = Origin(actor, at, via, source)
    try:
        with transaction.atomic():
            unit = _begun(entry, origin)
            note("unit.registered", unit, origin)
    except IntegrityError as error:
        raise KnownUnit from error
    return unit


def correct_unit(
    *, unit_id: UUID, seq: int, entry: UnitEntry, source: str, reason: str,
    via: Via, actor: User | None, at: datetime,
) -> RegisteredUnit:  # fmt: skip
    """Record what is known of a unit now; holds at once.

    The credit code stays. Raises Forbidden, NotFound, StaleRecord, NotStanding or
    InvalidEntry.
    """
    require_keeper(actor)
    origin = Origin(actor, at, via, source, reason)
    with transaction.atomic():
        unit = lock_record(RegisteredUnit, unit_id, seq=seq, actor=actor)
        if not unit.is_standing:
            raise NotStanding
        entry = cleaned(replace(entry, credit_code=unit.credit_code))
        refuse(unit_faults(entry, local_date(at)))
        if not reason.strip():
            raise InvalidEntry([Fault("reason", _("请写明更正或变化的理由。"))])
        next_revision(unit, Change.CORRECTED, unit_contents(entry), origin)
        place_today(unit, entry, local_date(at))
        save_next(unit)
        note("unit.corrected", unit, origin)
    return unit


def ensure_holder(holder: Holder, origin: Origin) -> RegisteredUnit:
    """Return the unit of a holder, registering it when it is not known yet.

    Raises InvalidEntry naming the fields of a holder.
    """
    code = normalise(holder.credit_code)
    holder = replace(holder, credit_code=code)
    rows = RegisteredUnit.objects.filter(credit_code=code)
    unit: RegisteredUnit | None = rows.first()
    is_known = unit is not None and unit.is_standing
    refuse(holder_faults(holder, is_known=is_known, today=local_date(origin.at)))
    if is_known and unit is not None:
        return unit
    return _begun(unit_of_holder(holder), origin)


def unit_of_holder(holder: Holder) -> UnitEntry:
    """Return the entry that introduces a holder."""
    place = Presence(holder.division, holder.since)
    return UnitEntry(holder.credit_code, holder.name.strip(), (place,))


def cleaned(entry: UnitEntry) -> UnitEntry:
    """Return the entry with codes and names in the form they are stored."""
    return replace(
        entry,
        credit_code=normalise(entry.credit_code),
        name=" ".join(entry.name.split()),
        merged_into=normalise(entry.merged_into),
    )


def unit_contents(entry: UnitEntry) -> Mapping[str, Any]:
    """Return the columns of a revision."""
    return {
        "name": entry.name,
        "former_names": names_json(entry.former_names),
        "presences": presences_json(entry.presences),
        "deregistered_on": entry.deregistered_on,
        "merged_into": entry.merged_into,
        "groups": groups_json(entry.groups),
    }


def entry_of_unit(code: str, revision: UnitRevision) -> UnitEntry:
    """Return what a revision says as an entry."""
    return UnitEntry(
        credit_code=code,
        name=revision.name,
        presences=presences_from(revision.presences),
        former_names=names_from(revision.former_names),
        deregistered_on=revision.deregistered_on,
        merged_into=revision.merged_into,
        groups=groups_from(revision.groups),
    )


def place_today(unit: RegisteredUnit, entry: UnitEntry, today: date) -> None:
    """Let the unit repeat where it is and whose it is today."""
    unit.division = _division_on(entry.presences, today)
    unit.group_id = next(
        (UUID(item.group) for item in entry.groups if item.holds_on(today)), None
    )


def begin_unit(unit: RegisteredUnit, entry: UnitEntry, origin: Origin) -> None:
    """Give an unsaved unit what the entry says; nothing is stored."""
    unit.credit_code = entry.credit_code
    first_revision(unit, unit_contents(entry), origin)
    place_today(unit, entry, local_date(origin.at))


def _division_on(presences: Iterable[Presence], day: date) -> str:
    return next((p.division for p in presences if present_on(p, day)), "")


def _begun(entry: UnitEntry, origin: Origin) -> RegisteredUnit:
    """Store a new unit, or bring back one that was taken out."""
    rows = RegisteredUnit.objects.select_for_update(of=("self",))
    unit: RegisteredUnit | None = rows.filter(credit_code=entry.credit_code).first()
    if unit is not None:
        if unit.is_standing:
            raise KnownUnit
        next_revision(unit, Change.ENTERED, unit_contents(entry), origin)
        place_today(unit, entry, local_date(origin.at))
        save_next(unit)
        return unit
    unit = RegisteredUnit()
    begin_unit(unit, entry, origin)
    save_first(unit)
    return unit
