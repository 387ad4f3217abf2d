"""Attach evidence files and take them away again."""

import logging
import uuid
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from assessments.evaluation import bank_of
from assessments.evidence_files import CheckedFile, check_file
from assessments.models import Assessment, Evidence
from assessments.services.access import get_own_evidence, lock_draft
from assessments.services.answering import UnknownQuestion
from backend.errors import Conflict, ServiceError

logger = logging.getLogger(__name__)


class TooManyFiles(Conflict):
    """The assessment holds as many files as it may."""

    code = "too_many_files"


class NoSpace(ServiceError):
    """The disk or the store behind it is full or can't be written."""

    status = 507
    code = "storage_full"
    message = _("存储空间不足，文件没有保存。请稍后再试；其他内容不受影响。")


class SameFile(Conflict):
    """This very file is attached to the question already."""

    code = "same_file"
    message = _("这份文件已经上传过了。")


def add_evidence(
    *,
    assessment_id: UUID,
    question_id: str,
    file: "File[bytes]",
    name: str,
    actor: User,
    at: datetime,
) -> Evidence:
    """Check and store one file for one question.

    Raises NotFound, AlreadySubmitted, UnknownQuestion, TooManyFiles, SameFile or
    what `check_file` raises, or NoSpace. Nothing is stored when any of them is raised.
    """
    checked = check_file(file, name, max_bytes=settings.EVIDENCE_MAX_BYTES)
    with transaction.atomic():
        assessment = lock_draft(actor, assessment_id)
        _require_place(assessment, question_id, checked)
        # A crash after this line leaves a file without a row, which harms nobody.
        # The other order could leave a row without its content.
        key = store_file(file, folder="evidence")
        evidence = Evidence.objects.create(
            assessment=assessment,
            question=question_id,
            kind=checked.kind,
            name=checked.name,
            size=checked.size,
            sha256=checked.sha256,
            key=key,
            uploaded_by=actor,
            uploaded_at=at,
        )
        _audit("evidence.added", evidence, assessment, actor, at)
    return evidence


def remove_evidence(*, evidence_id: UUID, actor: User, at: datetime) -> None:
    """Remove a file from a draft; NotFound or AlreadySubmitted otherwise."""
    with transaction.atomic():
        evidence = get_own_evidence(actor, evidence_id)
        assessment = lock_draft(actor, evidence.assessment_id)
        # Whoever waited for the lock finds it gone: NotFound, not a second removal.
        evidence = get_own_evidence(actor, evidence_id)
        _audit("evidence.removed", evidence, assessment, actor, at)
        key = evidence.key
        evidence.delete()
        # The row is gone whatever becomes of the file.
        transaction.on_commit(lambda: _delete_unshared(key), robust=True)


def _delete_unshared(key: str) -> None:
    """Delete a stored file unless a row of another assessment still names it.

    A move that shares files locks the assessment it reads from, so no row can be
    about to appear here unseen.
    """
    if not Evidence.objects.filter(key=key).exists():
        default_storage.delete(key)


def store_file(file: "File[bytes]", *, folder: str) -> str:
    """Write the content under a random key; NoSpace when the store refuses."""
    try:
        return default_storage.save(f"{folder}/{uuid.uuid4().hex}", file)
    except OSError as error:
        logger.exception("a file can't be stored in %s", folder)
        raise NoSpace from error


def _require_place(
    assessment: Assessment, question_id: str, checked: CheckedFile
) -> None:
    if not bank_of(assessment).has_question(question_id):
        raise UnknownQuestion
    files = Evidence.objects.filter(assessment=assessment)
    if files.filter(question=question_id, sha256=checked.sha256).exists():
        raise SameFile
    if files.count() >= settings.EVIDENCE_MAX_FILES:
        raise TooManyFiles(
            _("一次自评最多上传 %(limit)s 个文件。")
            % {"limit": settings.EVIDENCE_MAX_FILES}
        )


def _audit(
    action: str, evidence: Evidence, assessment: Assessment, actor: User, at: datetime
) -> None:
    record(
        action=action,
        actor=actor,
        organisation=assessment.enterprise,
        subject=evidence,
        at=at,
        detail={"question": evidence.question, "sha256": evidence.sha256},
    )
