"""Check a workbook, store all of it at once, and take it back again."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record as audit
from accounts.models import User
from assessments.evidence_files import clean_name
from assessments.services.attaching import store_file
from backend.errors import Conflict
from oversight.faults import Fault, InvalidEntry
from oversight.importing.known import import_lists
from oversight.importing.plan import Plan, plan_import
from oversight.importing.reading import read_workbook
from oversight.models import (
    Certificate,
    ImportBatch,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
    Via,
)
from oversight.services.batches import locked_batch
from oversight.services.recording import Origin, require_keeper
from oversight.services.verifying import CHUNK, save_many

FOLDER = "imports"
State = ImportBatch.State
MODELS: tuple[Any, ...] = (RegisteredUnit, Certificate, Recognition, SeriesFigure)
"""In the order in which they may name each other."""


class NothingToImport(InvalidEntry):
    """Everything in the workbook is in the registers already."""

    code = "nothing_to_import"

    def __init__(self) -> None:
        text = _("表中的内容登记库中都已有，没有需要导入的。")
        super().__init__([Fault("file", text)])


class NotAsChecked(Conflict):
    """The registers changed since the workbook was checked."""

    code = "not_as_checked"
    message = _("检查之后登记库有了变化，没有导入。请重新上传检查。")


def check_import(
    *, data: bytes, name: str, source: str, actor: User, at: datetime
) -> tuple[Plan, ImportBatch | None]:
    """Say what a workbook would add and change; no record is stored.

    The batch, to be applied or left, is None when there are faults. Raises
    Forbidden, InvalidEntry, NothingToImport or what reading a workbook raises.
    """
    require_keeper(actor)
    if not source.strip():
        raise InvalidEntry([Fault("source", _("请写明这批数据的来源。"))])
    plan = _planned(data, Origin(actor, at, Via.WORKBOOK, source))
    if plan.faults:
        return plan, None
    if plan.changes_nothing:
        raise NothingToImport
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            name=clean_name(name),
            sha256=hashlib.sha256(data).hexdigest(),
            key=store_file(File(io.BytesIO(data)), folder=FOLDER),
            source=" ".join(source.split())[:200],
            counts=plan.counts(),
            preview=_preview(plan),
            created_by=actor,
            created_at=at,
        )
        _audit("import.checked", batch, actor, at)
    return plan, batch


def apply_import(*, batch_id: UUID, actor: User, at: datetime) -> ImportBatch:
    """Store all rows of a checked workbook, or none.

    Raises Forbidden, NotFound, BatchMovedOn or NotAsChecked.
    """
    require_keeper(actor)
    with transaction.atomic():
        batch = locked_batch(batch_id, actor, State.CHECKED)
        with default_storage.open(batch.key) as file:
            data = file.read()
        origin = Origin(actor, at, Via.WORKBOOK, batch.source, batch.name, batch)
        plan = _planned(data, origin)
        if plan.faults or plan.counts() != batch.counts:
            raise NotAsChecked
        batch.state, batch.applied_by, batch.applied_at = State.APPLIED, actor, at
        batch.save()
        try:
            with transaction.atomic():
                _store(plan)
        except IntegrityError as error:
            raise NotAsChecked from error
        _audit("import.applied", batch, actor, at)
    return batch


def _planned(data: bytes, origin: Origin) -> Plan:
    return plan_import(read_workbook(data, import_lists()), origin)


def _store(plan: Plan) -> None:
    for model in MODELS:
        part = plan.parts[model]
        revision = model._meta.get_field("latest").related_model  # noqa: SLF001
        model.objects.bulk_create(part.added, batch_size=CHUNK)
        latest = [record.latest for record in part.added]
        revision.objects.bulk_create(latest, batch_size=CHUNK)
        save_many(model, part.changed)


def _preview(plan: Plan) -> dict[str, Any]:
    """Return the first changes and the warnings, as the page shows them."""
    return {
        "lines": [asdict(line) for line in plan.lines],
        "warnings": list(_warnings(plan)),
        "more_warnings": plan.more_warnings,
    }


def _warnings(plan: Plan) -> Iterator[dict[str, str]]:
    for fault in plan.warnings:
        yield {
            "place": fault.place,
            "text": fault.text,
            "message": str(fault.message),
        }


def _audit(action: str, batch: ImportBatch, actor: User, at: datetime) -> None:
    audit(
        action=action,
        actor=actor,
        organisation=None,
        subject=batch,
        at=at,
        detail={"sha256": batch.sha256, "counts": batch.counts},
    )
