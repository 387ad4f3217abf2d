"""Fetch an assessment for a person, or say that there is none."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import Subject
from accounts.rules import may
from assessments.models import Assessment, DataSheet, Evidence
from assessments.querysets import AssessmentQuerySet
from assessments.rules import SUBMITTING_ROLES
from backend.errors import Conflict, Forbidden, NotFound

READ_ONLY = _("授权只允许查看。只有企业自己的成员可以填写和修改。")


class AlreadySubmitted(Conflict):
    """A submitted assessment never changes."""

    code = "already_submitted"
    message = _("本次自评已提交并封存，不能再修改。")


def get_assessment(user: Subject, assessment_id: UUID) -> Assessment:
    """Return the assessment with its enterprise; NotFound when not visible."""
    rows = Assessment.objects.visible_to(user)
    try:
        return _fetch(rows, assessment_id)
    except Assessment.DoesNotExist as error:
        raise NotFound from error


def get_own_assessment(user: Subject, assessment_id: UUID) -> Assessment:
    """Return an assessment the person answers for, with its enterprise.

    Forbidden when a mandate shows it: an agency reads and never writes. NotFound
    when the person may not see it at all.
    """
    rows = Assessment.objects.own_of(user)
    try:
        return _fetch(rows, assessment_id)
    except Assessment.DoesNotExist as error:
        raise _refusal(user, assessment_id) from error


def _fetch(rows: AssessmentQuerySet, assessment_id: UUID) -> Assessment:
    found = rows.select_related("enterprise", "bank_version")
    assessment: Assessment = found.defer("bank_version__document").get(pk=assessment_id)
    return assessment


def lock_draft(user: User, assessment_id: UUID) -> Assessment:
    """Return the draft, locked until the transaction ends.

    NotFound when the person may not see it, Forbidden when a mandate shows it,
    AlreadySubmitted when it is sealed.
    """
    assessment = lock_visible(user, assessment_id)
    if not assessment.is_draft:
        raise AlreadySubmitted
    return assessment


def lock_visible(user: User, assessment_id: UUID) -> Assessment:
    """Return an own assessment, draft or sealed, locked until the transaction ends.

    NotFound and Forbidden as for `lock_draft`.
    """
    rows = Assessment.objects.own_of(user).light()
    try:
        assessment: Assessment = rows.select_for_update().get(pk=assessment_id)
    except Assessment.DoesNotExist as error:
        raise _refusal(user, assessment_id) from error
    return assessment


def _refusal(user: Subject, assessment_id: UUID) -> Forbidden | NotFound:
    """Say why somebody who does not answer for an assessment is refused."""
    if Assessment.objects.visible_to(user).filter(pk=assessment_id).exists():
        return Forbidden(READ_ONLY)
    return NotFound()


def get_evidence(user: Subject, evidence_id: UUID) -> Evidence:
    """Return the evidence with its assessment; NotFound when not visible."""
    found = Evidence.objects.visible_to(user).select_related("assessment")
    try:
        evidence: Evidence = found.get(pk=evidence_id)
    except Evidence.DoesNotExist as error:
        raise NotFound from error
    return evidence


def get_own_evidence(user: Subject, evidence_id: UUID) -> Evidence:
    """Return the evidence of one's own enterprise; Forbidden when a mandate shows it.

    NotFound when it is not visible.
    """
    evidence = get_evidence(user, evidence_id)
    if not Evidence.objects.own_of(user).filter(pk=evidence_id).exists():
        raise Forbidden(READ_ONLY)
    return evidence


def get_data_sheet(user: Subject, sheet_id: UUID) -> DataSheet:
    """Return the data sheet with its enterprise; NotFound when not visible."""
    rows = DataSheet.objects.visible_to(user).select_related("enterprise")
    try:
        sheet: DataSheet = rows.get(pk=sheet_id)
    except DataSheet.DoesNotExist as error:
        raise NotFound from error
    return sheet


def get_own_data_sheet(user: Subject, sheet_id: UUID) -> DataSheet:
    """Return the data sheet of one's own enterprise; Forbidden when a mandate shows it.

    NotFound when it is not visible.
    """
    sheet = get_data_sheet(user, sheet_id)
    if not DataSheet.objects.own_of(user).filter(pk=sheet_id).exists():
        raise Forbidden(READ_ONLY)
    return sheet


def require_submitter(user: User, assessment: Assessment) -> None:
    """Raise Forbidden unless the person may declare and submit."""
    if not may(user, assessment.enterprise_id, *SUBMITTING_ROLES):
        raise Forbidden(_("只有企业负责人可以提交自评。请联系贵单位负责人。"))
