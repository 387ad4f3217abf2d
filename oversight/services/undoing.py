"""Take an import back: counter-revisions, never deletions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.audit import record as audit
from accounts.models import User
from assessments.local_day import local_date
from backend.errors import Conflict
from oversight.faults import Fault, InvalidEntry
from oversight.models import (
    Certificate,
    Change,
    ImportBatch,
    Recognition,
    RegisteredUnit,
    Verification,
    Via,
)
from oversight.services.batches import locked_batch
from oversight.services.importing import MODELS, State
from oversight.services.recording import Origin, next_revision, require_keeper
from oversight.services.units import entry_of_unit, place_today
from oversight.services.verifying import save_many

MOST_NAMED = 20


class BuiltUpon(Conflict):
    """Records of the import were verified or changed since, or are needed.

    `extra["records"]` names the first of them in words.
    """

    code = "built_upon"
    message = _("导入之后有人在这些记录上继续办理，不能整批撤销；请逐条更正或撤下。")


def undo_import(
    *, batch_id: UUID, reason: str, actor: User, at: datetime
) -> ImportBatch:
    """Record the state before an import again, for all of its records at once.

    What was added is taken out. Raises Forbidden, NotFound, BatchMovedOn,
    InvalidEntry or BuiltUpon.
    """
    require_keeper(actor)
    if not (reason := reason.strip()):
        raise InvalidEntry([Fault("reason", _("请写明撤销的理由。"))])
    with transaction.atomic():
        batch = locked_batch(batch_id, actor, State.APPLIED)
        origin = Origin(actor, at, Via.WORKBOOK, batch.source, reason, batch)
        # Whoever verifies holds a record before its unit: so do we, or both wait.
        locked = {model: _records(model, batch) for model in reversed(MODELS)}
        touched = {model: locked[model] for model in MODELS}
        _require_untouched(batch, touched)
        for model, records in touched.items():
            _undo(model, records, origin)
        batch.state, batch.undone_by, batch.undone_at = State.UNDONE, actor, at
        batch.undo_reason = reason[:300]
        batch.save()
        audit(
            action="import.undone",
            actor=actor,
            organisation=None,
            subject=batch,
            at=at,
            detail={"records": sum(map(len, touched.values()))},
        )
    return batch


def _records(model: Any, batch: ImportBatch) -> list[Any]:
    """Return the records of the batch, locked, with their latest revisions."""
    links = ["latest"]
    if model in (Certificate, Recognition):
        links.append("in_force")
    rows = model.objects.filter(revisions__batch=batch).order_by("pk")
    # Locked before they are read: PostgreSQL drops a row whose joins moved on.
    locked = rows.select_for_update(of=("self",)).values_list("pk", flat=True)
    list(locked)
    return list(rows.select_related(*links))


def _require_untouched(batch: ImportBatch, touched: dict[Any, list[Any]]) -> None:
    problems = [*_changed_since(batch, touched), *_still_needed(touched)]
    if problems:
        raise BuiltUpon(extra={"records": [str(p) for p in problems[:MOST_NAMED]]})


def _changed_since(batch: ImportBatch, touched: dict[Any, list[Any]]) -> Iterator[Any]:
    for records in touched.values():
        for record in records:
            if record.latest.batch_id != batch.pk:
                text = _("{record}：导入后已{change}")
                change = Change(record.latest.change).label
                yield format_lazy(text, record=str(record), change=change)


def _still_needed(touched: dict[Any, list[Any]]) -> Iterator[Any]:
    """Yield units the import added and other standing records name."""
    units = touched[RegisteredUnit]
    added = [unit.pk for unit in units if unit.latest.change == Change.ENTERED]
    for model in (Certificate, Recognition):
        ours = [record.pk for record in touched[model]]
        rows = model.objects.standing().exclude(pk__in=ours)
        named = Q(latest__holder__in=added) | Q(in_force__holder__in=added)
        for record in rows.filter(named).select_related("latest__holder")[:MOST_NAMED]:
            text = _("{unit}：后来登记的{record}用到了这个单位")
            yield format_lazy(text, unit=record.latest.holder.name, record=str(record))


def _undo(model: Any, records: list[Any], origin: Origin) -> None:
    before = _revisions_before(model, records)
    for record in records:
        earlier: Any = before.get(record.pk)
        was_added = earlier is None or earlier.is_void
        contents = (record.latest if was_added else earlier).contents()
        columns: dict[str, Any] = {"is_void": was_added}
        if model in (Certificate, Recognition):
            columns["verification"] = _verification(earlier)
        next_revision(record, Change.UNDONE, contents, origin, **columns)
        if model is RegisteredUnit and not was_added:
            _place(record, earlier, origin)
    save_many(model, records)


def _verification(earlier: Any) -> Verification:
    """Return what the counter-revision says: verified facts hold without it."""
    pending = earlier is None or earlier.verification == Verification.PENDING
    return Verification.PENDING if pending else Verification.REJECTED


def _revisions_before(model: Any, records: list[Any]) -> dict[UUID, Any]:
    """Return the revision before the latest of each record; one query."""
    revision = model._meta.get_field("latest").related_model  # noqa: SLF001
    wanted = {record.pk: record.latest.seq - 1 for record in records}
    rows = revision.objects.filter(record__in=wanted)
    return {row.record_id: row for row in rows if wanted[row.record_id] == row.seq}


def _place(unit: RegisteredUnit, earlier: Any, origin: Origin) -> None:
    entry = entry_of_unit(unit.credit_code, earlier)
    place_today(unit, entry, local_date(origin.at))
