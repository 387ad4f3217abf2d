"""Keep the files that prove what a register says."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record as audit
from accounts.models import Organisation, User
from assessments.evidence_files import CheckedFile, check_file
from assessments.services.attaching import SameFile, TooManyFiles, store_file
from backend.errors import NotFound
from oversight.models import Certificate, Recognition, RegisterFile
from oversight.services.recording import Held, HeldRecord, require_keeper

FOLDER = "registers"
MOST_FILES = 20


def attach_file(
    *, model: type[HeldRecord], record_id: UUID, file: "File[bytes]", name: str,
    actor: User, at: datetime,
) -> RegisterFile:  # fmt: skip
    """Check and store a file with a record the person keeps.

    Raises Forbidden, NotFound, SameFile, TooManyFiles, NoSpace or what `check_file`
    raises; nothing is stored then.
    """
    require_keeper(actor)
    checked = checked_file(file, name)
    with transaction.atomic():
        rows = model._default_manager.select_for_update(of=("self",))  # noqa: SLF001
        found: HeldRecord | None = rows.filter(pk=record_id).first()
        if found is None:
            raise NotFound
        return keep_file(found, checked, file, actor=actor, at=at)


def checked_file(file: "File[bytes]", name: str) -> CheckedFile:
    """Look inside an uploaded file; raises what `check_file` raises."""
    return check_file(file, name, max_bytes=settings.EVIDENCE_MAX_BYTES)


def keep_file(
    record: Held, checked: CheckedFile, file: "File[bytes]", *, actor: User,
    at: datetime, organisation: Organisation | None = None,
) -> RegisterFile:  # fmt: skip
    """Store a checked file in the caller's transaction, which holds the record.

    A crash leaves at most a file without a row, which is cleared daily.
    """
    files = record.files.all()
    if files.filter(sha256=checked.sha256).exists():
        raise SameFile
    if files.count() >= MOST_FILES:
        text = _("一条记录最多附 %(limit)s 个文件。")
        raise TooManyFiles(text % {"limit": MOST_FILES})
    row = RegisterFile.objects.create(
        certificate=record if isinstance(record, Certificate) else None,
        recognition=record if isinstance(record, Recognition) else None,
        kind=checked.kind,
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
        key=store_file(file, folder=FOLDER),
        uploaded_by=actor,
        uploaded_at=at,
    )
    audit(
        action="register_file.added",
        actor=actor,
        organisation=organisation,
        subject=row,
        at=at,
        detail={"record": str(record.pk), "sha256": row.sha256},
    )
    return row
