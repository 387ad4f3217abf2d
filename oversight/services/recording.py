"""How a record gets its first and its next revision."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from accounts.audit import record as audit
from accounts.models import Organisation, User
from backend.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from oversight.models import (
    Certificate,
    Change,
    ImportBatch,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
    Verification,
    Via,
)
from oversight.rules import may_keep

Held = Certificate | Recognition
AnyRecord = Certificate | Recognition | RegisteredUnit | SeriesFigure
HeldRecord = TypeVar("HeldRecord", Certificate, Recognition)
Record = TypeVar("Record", Certificate, Recognition, RegisteredUnit, SeriesFigure)

MIRRORED: Mapping[type, tuple[str, ...]] = {
    Certificate: ("number", "body_id"),
    Recognition: ("holder_id", "level", "stage", "name", "document"),
    RegisteredUnit: ("name",),
    SeriesFigure: (),
}
"""What an identity repeats of the revision in force, to be unique and found by."""


class StaleRecord(PreconditionFailed):
    """Somebody else recorded a revision first; `extra["seq"]` is the latest."""

    code = "stale_record"
    message = _("这条记录刚被他人修改，请核对最新内容后再操作。")


class NotStanding(Conflict):
    """The record was taken out; enter it anew."""

    code = "not_standing"
    message = _("这条记录已经撤下，不能再修改。需要时请重新录入。")


@dataclass(frozen=True)
class Origin:
    """Who says something, when, through which door, from what source and why."""

    actor: User | None
    at: datetime
    via: Via
    source: str = ""
    reason: str = ""
    batch: ImportBatch | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns of a revision that say where it comes from."""
        return {
            "recorded_by": self.actor,
            "recorded_at": self.at,
            "via": self.via,
            "source": self.source,
            "reason": self.reason,
            "batch": self.batch,
        }


def require_keeper(actor: User | None) -> None:
    """Raise Forbidden unless the person keeps the registers; commands may."""
    if actor is not None and not may_keep(actor):
        raise Forbidden


def lock_record(
    model: type[Record], record_id: uuid.UUID, *, seq: int, actor: User | None
) -> Record:
    """Return a visible record, locked until the transaction ends.

    NotFound when the person may not see it, StaleRecord when `seq` is not the
    latest revision they can have seen.
    """
    manager: Any = model._default_manager  # noqa: SLF001 - Django's public name
    rows = manager.all() if actor is None else manager.visible_to(actor)
    if not rows.filter(pk=record_id).exists():
        raise NotFound
    # Locked by its key alone: PostgreSQL drops a row whose joins moved on meanwhile.
    found: Record = manager.select_for_update(of=("self",)).get(pk=record_id)
    if found.latest.seq != seq:
        raise StaleRecord(extra={"seq": found.latest.seq})
    return found


def first_revision(record: Any, contents: Mapping[str, Any], origin: Origin) -> None:
    """Give an unsaved record its first revision; both are still unsaved."""
    record.pk = record.pk or uuid.uuid4()
    record.created_at = origin.at
    _point(record, _revision(record, 1, Change.ENTERED, contents, origin))


def next_revision(
    record: Any, change: Change, contents: Mapping[str, Any], origin: Origin,
    **columns: Any,
) -> None:  # fmt: skip
    """Give a record its next revision; both are still unsaved.

    Time never runs backwards in a history, even where two clocks differ a little.
    """
    seq = record.latest.seq + 1
    origin = replace(origin, at=max(origin.at, record.latest.recorded_at))
    _point(record, _revision(record, seq, change, contents, origin, **columns))


def save_first(record: Any) -> None:
    """Store a record with its first revision.

    The record names a revision that follows: the database looks at the end.
    """
    record.save(force_insert=True)
    record.latest.save(force_insert=True)


def save_next(record: Any) -> None:
    """Store a record's latest revision and what the record repeats of it."""
    record.latest.save(force_insert=True)
    record.save(force_update=True)


def note(
    action: str, record: AnyRecord, origin: Origin,
    organisation: Organisation | None = None,
) -> None:  # fmt: skip
    """Write the line of audit of a revision."""
    audit(
        action=action,
        actor=origin.actor,
        organisation=organisation,
        subject=record,
        at=origin.at,
        detail={"seq": record.latest.seq, "via": str(origin.via)},
    )


def base_of(record: Held) -> Any:
    """Return the revision a change starts from.

    The latest one; after a rejection what was verified before, if anything was.
    """
    if record.latest.verification == Verification.REJECTED:
        return record.in_force
    return record.latest


def _revision(
    record: Any,
    seq: int,
    change: Change,
    contents: Mapping[str, Any],
    origin: Origin,
    **columns: Any,
) -> Any:
    model = type(record)._meta.get_field("latest").related_model  # noqa: SLF001
    values = {**origin.columns(), **contents, **columns}
    if type(record) in (Certificate, Recognition):
        # What a command stores has no second person to wait for.
        pending = Verification.PENDING if origin.actor else Verification.VERIFIED
        values.setdefault("verification", pending)
    return model(record=record, seq=seq, change=change, **values)


def _point(record: Any, revision: Any) -> None:
    """Let the record name its latest revision and repeat the one in force."""
    record.latest = revision
    holds = revision
    if type(record) in (Certificate, Recognition):
        holds = _holding(record, revision)
        record.in_force = holds
        sent_back = holds.verification == Verification.REJECTED
        record.is_standing = not (holds.is_void or sent_back)
    else:
        record.is_standing = not revision.is_void
    for name in MIRRORED[type(record)]:
        setattr(record, name, getattr(holds, name))


def _holding(record: Any, revision: Any) -> Any:
    """Return what holds now: the latest verified revision, else the latest."""
    before = record.in_force if record.in_force_id else None
    was_verified = before and before.verification == Verification.VERIFIED
    if was_verified and revision.verification != Verification.VERIFIED:
        return before
    return revision
