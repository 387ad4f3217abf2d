"""Let a draft follow a version that corrects words alone."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from assessments.models import Assessment, Follow
from assessments.services.access import lock_draft
from assessments.services.lifecycle import DraftExists
from backend.errors import Conflict
from question_bank.models import BankVersion
from question_bank.selectors import version_by_key
from question_bank.versions import is_patch


class MoreThanWords(Conflict):
    """The other version is no correction of words: the answers have to be moved."""

    code = "more_than_words"
    message = _("该版本不只是文字修订，不能直接跟随。请改用移植，另建一份自评。")


def follow_patch(
    *, assessment_id: UUID, target_version: BankVersion, actor: User, at: datetime
) -> Assessment:
    """Pin a draft to a newer patch of its version; the answers stay where they are.

    Whoever may answer may consent. Raises NotFound, AlreadySubmitted, MoreThanWords
    unless the target is offered and differs in words alone, or DraftExists when there
    is another draft on it.
    """
    try:
        with transaction.atomic():
            assessment = lock_draft(actor, assessment_id)
            before = version_by_key(assessment.bank_version_id)
            _require_patch(before, target_version)
            assessment.bank_version = target_version
            assessment.save(update_fields=["bank_version"])
            _write_down(assessment, before, actor, at)
    except IntegrityError as error:
        raise DraftExists from error
    return assessment


def _require_patch(before: BankVersion, target: BankVersion) -> None:
    offered = target.status == BankVersion.Status.PUBLISHED
    if not offered or not is_patch(before, target):
        raise MoreThanWords


def _write_down(
    assessment: Assessment, before: BankVersion, actor: User, at: datetime
) -> None:
    after = assessment.bank_version
    Follow.objects.create(
        assessment=assessment,
        from_version=before,
        to_version=after,
        actor=actor,
        at=at,
    )
    record(
        action="assessment.followed",
        actor=actor,
        organisation=assessment.enterprise,
        subject=assessment,
        at=at,
        detail={"from": before.version, "to": after.version},
    )
