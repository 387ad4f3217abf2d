"""Start and submit an assessment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organisation, User
from accounts.rules import may
from assessments.checking import Check, check
from assessments.evaluation import Evaluation, evaluate_stored, local_date
from assessments.models import Assessment
from assessments.rules import ANSWERING_ROLES
from assessments.sealed_facts import facts_to_json
from assessments.sealing import record_hash
from assessments.services.access import lock_draft, require_submitter
from assessments.signals import assessment_submitted
from backend.errors import Conflict, Forbidden, Invalid
from question_bank.models import BankVersion


class DraftExists(Conflict):
    """The enterprise has a draft for this bank already."""

    code = "draft_exists"
    message = _("贵单位已有一份进行中的自评，请继续填写。")


class NotReadyToSubmit(Conflict):
    """Something has to be settled before the answers can be sealed."""

    code = "not_ready_to_submit"
    message = _("还有必须先处理的问题，暂不能提交。")


@dataclass(frozen=True)
class Declaration:
    """Who declares the answers true, and in what position."""

    name: str
    position: str
    confirmed: bool


def start_assessment(
    *, enterprise: Organisation, bank_version: BankVersion, actor: User, at: datetime
) -> Assessment:
    """Open a draft of `bank_version` for the enterprise.

    Raises Forbidden for people who do not answer for it, DraftExists when one is
    open already.
    """
    if enterprise.kind != Organisation.Kind.ENTERPRISE or not may(
        actor, enterprise, *ANSWERING_ROLES
    ):
        raise Forbidden
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                enterprise=enterprise,
                bank_version=bank_version,
                created_by=actor,
                created_at=at,
            )
            _audit("assessment.started", assessment, actor, at)
    except IntegrityError as error:
        raise DraftExists from error
    return assessment


def submit_assessment(
    *,
    assessment_id: UUID,
    declaration: Declaration,
    actor: User,
    at: datetime,
    locale: str = "zh-hans",
) -> Assessment:
    """Seal the answers with their score and announce it after commit.

    Raises NotFound, AlreadySubmitted, Forbidden (only owners submit), Invalid
    (declaration incomplete) or NotReadyToSubmit (`extra["blockers"]` lists why).
    """
    _require_declared(declaration)
    with transaction.atomic():
        assessment = lock_draft(actor, assessment_id)
        require_submitter(actor, assessment)
        evaluation = evaluate_stored(assessment, at=at)
        _require_ready(check(assessment, evaluation))
        _seal(assessment, evaluation, declaration, actor, at)
        _audit("assessment.submitted", assessment, actor, at)
        transaction.on_commit(
            lambda: assessment_submitted.send_robust(
                Assessment, assessment_id=assessment.pk, locale=locale, at=at
            )
        )
    return assessment


def _require_declared(declaration: Declaration) -> None:
    problems = {}
    if not declaration.name.strip():
        problems["name"] = _("请填写声明人姓名。")
    elif not declaration.name.isprintable():
        problems["name"] = _("请去掉不可见的字符。")
    if not declaration.position.strip():
        problems["position"] = _("请填写声明人职务。")
    elif not declaration.position.isprintable():
        problems["position"] = _("请去掉不可见的字符。")
    if not declaration.confirmed:
        problems["confirmed"] = _("请勾选声明后再提交。")
    if problems:
        raise Invalid(_("声明不完整。"), code="declaration", fields=problems)


def _require_ready(found: Check) -> None:
    if found.blockers:
        raise NotReadyToSubmit(extra={"blockers": found.blockers_json()})


def _seal(
    assessment: Assessment,
    evaluation: Evaluation,
    declaration: Declaration,
    actor: User,
    at: datetime,
) -> None:
    scorecard = evaluation.scorecard
    assessment.status = Assessment.Status.SUBMITTED
    assessment.submitted_by = actor
    assessment.submitted_at = at
    assessment.reference_date = local_date(at)
    assessment.declared_name = declaration.name.strip()[:64]
    assessment.declared_position = declaration.position.strip()[:64]
    assessment.answers_sha256 = scorecard.answers_sha256
    assessment.record_sha256 = record_hash(assessment)
    assessment.bank_sha256 = scorecard.bank_sha256
    assessment.scorer_version = scorecard.scorer_version
    assessment.band = scorecard.band or ""
    assessment.scorecard = scorecard.to_json()
    assessment.facts = facts_to_json(evaluation.sheet)
    assessment.save()


def _audit(action: str, assessment: Assessment, actor: User, at: datetime) -> None:
    record(
        action=action,
        actor=actor,
        organisation=assessment.enterprise,
        subject=assessment,
        at=at,
    )
