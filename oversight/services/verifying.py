"""A second official verifies what was entered, or sends it back; taking records out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.audit import record as audit
from accounts.models import User
from backend.errors import Conflict, Forbidden
from oversight.faults import Fault, InvalidEntry
from oversight.models import (
    Certificate,
    Change,
    ImportBatch,
    Recognition,
    Verification,
    Via,
)
from oversight.services.batches import locked_batch
from oversight.services.certificates import DuplicateCertificate
from oversight.services.recognitions import DuplicateRecognition
from oversight.services.recording import (
    Held,
    HeldRecord,
    NotStanding,
    Origin,
    base_of,
    lock_record,
    next_revision,
    note,
    require_keeper,
    save_next,
)
from oversight.telling import tell_decided

CHUNK = 500


class OwnEntry(Forbidden):
    """Nobody verifies what they entered themselves."""

    code = "own_entry"
    message = _("本人录入或更正的内容，须由另一位工作人员核实。")


class NothingPending(Conflict):
    """The record waits for nobody."""

    code = "nothing_pending"
    message = _("这条记录没有待核的内容。")


def verify_record(
    *, model: type[HeldRecord], record_id: UUID, seq: int, note_text: str = "",
    via: Via, actor: User, at: datetime,
) -> HeldRecord:  # fmt: skip
    """Confirm the latest revision against its source: from now on it holds.

    Raises Forbidden, OwnEntry, NotFound, StaleRecord, NothingPending, or the
    duplicate of its register.
    """
    require_keeper(actor)
    with transaction.atomic():
        found = lock_record(model, record_id, seq=seq, actor=actor)
        _require_pending(found, actor)
        latest = found.latest
        origin = Origin(actor, at, via, latest.source, note_text)
        _next(found, Change.VERIFIED, Verification.VERIFIED, origin)
        note(f"{_noun(found)}.verified", found, origin)
        tell_decided(found, verified=True, at=at)
    return found


def reject_record(
    *, model: type[HeldRecord], record_id: UUID, seq: int, reason: str,
    via: Via, actor: User, at: datetime,
) -> HeldRecord:  # fmt: skip
    """Send the latest revision back; what was verified before goes on holding.

    Who handed it in reads the reason. One may send back one's own entry. Raises
    Forbidden, NotFound, StaleRecord, NothingPending or InvalidEntry.
    """
    require_keeper(actor)
    if not reason.strip():
        raise InvalidEntry([Fault("reason", _("请写明退回的理由，报送人会看到。"))])
    with transaction.atomic():
        found = lock_record(model, record_id, seq=seq, actor=actor)
        if not found.latest.is_pending:
            raise NothingPending
        origin = Origin(actor, at, via, found.latest.source, reason.strip())
        _next(found, Change.REJECTED, Verification.REJECTED, origin)
        note(f"{_noun(found)}.rejected", found, origin)
        tell_decided(found, verified=False, at=at)
    return found


def void_record(
    *, model: type[HeldRecord], record_id: UUID, seq: int, reason: str,
    via: Via, actor: User, at: datetime,
) -> HeldRecord:  # fmt: skip
    """Take out a record entered by mistake; its history stays.

    One that was verified goes on holding until a second official confirms. Raises
    Forbidden, NotFound, StaleRecord, NotStanding or InvalidEntry.
    """
    require_keeper(actor)
    _require_reason(reason)
    with transaction.atomic():
        found = lock_record(model, record_id, seq=seq, actor=actor)
        if not found.is_standing:
            raise NotStanding
        contents = base_of(found).contents()
        origin = Origin(actor, at, via, found.latest.source, reason.strip())
        next_revision(found, Change.VOIDED, contents, origin, is_void=True)
        save_next(found)
        note(f"{_noun(found)}.voided", found, origin)
    return found


def verify_batch(*, batch_id: UUID, actor: User, at: datetime) -> int:
    """Confirm all that an import left pending; return how many records.

    Records changed since, or sent back, are left alone. Raises Forbidden, OwnEntry
    (who applied the import), NotFound, BatchMovedOn or NothingPending.
    """
    require_keeper(actor)
    with transaction.atomic():
        batch = locked_batch(batch_id, actor, ImportBatch.State.APPLIED)
        if batch.applied_by_id == actor.pk:
            raise OwnEntry
        origin = Origin(actor, at, Via.WORKBOOK, batch.source)
        count = sum(
            _verify_all(model, batch, origin) for model in (Certificate, Recognition)
        )
        if not count:
            raise NothingPending
        audit(
            action="import.verified",
            actor=actor,
            organisation=None,
            subject=batch,
            at=at,
            detail={"records": count},
        )
    return count


def _verify_all(model: Any, batch: ImportBatch, origin: Origin) -> int:
    rows = model.objects.filter(latest__batch=batch, latest__verification="pending")
    rows = rows.select_for_update(of=("self",)).select_related("latest", "in_force")
    found = list(rows.order_by("pk"))
    for record in found:
        _revise(record, Change.VERIFIED, Verification.VERIFIED, origin)
    save_many(model, found)
    return len(found)


def save_many(model: Any, records: Iterable[Any]) -> None:
    """Store the latest revisions of many records, and the records."""
    records = list(records)
    revision = model._meta.get_field("latest").related_model  # noqa: SLF001
    revision.objects.bulk_create([r.latest for r in records], batch_size=CHUNK)
    columns = [f.name for f in model._meta.fields if f.name not in ("id", "created_at")]  # noqa: SLF001
    model.objects.bulk_update(records, columns, batch_size=CHUNK)


def _next(
    record: Held, change: Change, verification: Verification, origin: Origin
) -> None:
    """Repeat the latest revision with another verification."""
    _revise(record, change, verification, origin)
    try:
        with transaction.atomic():
            save_next(record)
    except IntegrityError as error:
        # Meanwhile another record took the number this correction asks for.
        if isinstance(record, Certificate):
            raise DuplicateCertificate from error
        raise DuplicateRecognition from error


def _revise(
    record: Held, change: Change, verification: Verification, origin: Origin
) -> None:
    latest = record.latest
    next_revision(
        record,
        change,
        latest.contents(),
        origin,
        verification=verification,
        is_void=latest.is_void,
    )


def _require_pending(record: Held, actor: User) -> None:
    """Raise unless somebody else entered all that is unverified."""
    if not record.latest.is_pending:
        raise NothingPending
    revisions: Any = record.revisions
    last = revisions.filter(verification="verified").aggregate(at=Max("seq"))["at"]
    since = revisions.filter(seq__gt=last or 0, verification="pending")
    if since.filter(recorded_by=actor).exists():
        raise OwnEntry


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidEntry([Fault("reason", _("请写明撤下的理由。"))])


def _noun(record: Held) -> str:
    return record._meta.model_name or ""  # noqa: SLF001 - Django's public name
