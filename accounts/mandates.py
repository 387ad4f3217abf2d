"""What an enterprise does with mandates, and how an agency asks for one.

Only an owner of the enterprise grants, extends, narrows and revokes. A scope is
never widened: more takes a new mandate, which replaces the one before. Whether the
owner has just proved who they are is for the doors, which know the session.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, mandate_mails
from accounts.mandate_scope import FLAGS, Scope
from accounts.models import (
    EnterpriseClaim,
    Mandate,
    MandateAssessment,
    MandateEvent,
    MandateInvitation,
    Organisation,
    User,
)
from accounts.rules import Kind, Role, may
from accounts.services import INVITATION_DAYS, MOST_OPEN_INVITATIONS, hashed
from backend.errors import Conflict, Forbidden, Invalid, NotFound

DEFAULT_DAYS = 90
MOST_DAYS = 366
REASON_LIMIT = 200
Purpose = Mandate.Purpose
EventKind = MandateEvent.Kind


class ClaimNotProven(Conflict):
    """Nobody has checked yet that the owner acts for the enterprise."""

    code = "claim_not_proven"
    message = _("企业认领尚未通过审核，暂不能授权。审核通过后再来办理。")


class NotAnAgency(Invalid):
    """The organisation can't hold a mandate."""

    code = "not_an_agency"
    message = _("该单位不能接受授权：只有服务机构可以，认证机构不可以。")


class MandateOver(Conflict):
    """The mandate has ended or was revoked; it stays as it is."""

    code = "mandate_over"
    message = _("这份授权已经结束，不能再更改。需要时请重新授权。")


class WiderScope(Conflict):
    """The new scope shows something the old one does not."""

    code = "wider_scope"
    message = _("现有授权只能缩小范围。要扩大范围，请重新授权。")


class RequestUnusable(NotFound):
    """There is no such request, or it was used, withdrawn or has expired."""

    code = "request_unusable"
    message = _("授权申请无效、已被使用、已撤回或已过期。请服务机构重新发送。")


class TooManyRequests(Conflict):
    """The agency has as many open requests as it may have."""

    code = "too_many_requests"
    message = _("未处理的授权申请已达 50 份上限。请先撤回不需要的申请。")


@dataclass(frozen=True)
class Terms:
    """What an owner decides about a mandate."""

    scope: Scope
    purpose: str
    ends_at: datetime
    purpose_note: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True)
class Requested:
    """A new request and the secret of its link, shown this once."""

    invitation: MandateInvitation
    token: str


def grant_mandate(
    *,
    enterprise: Organisation,
    agency: Organisation,
    terms: Terms,
    actor: User,
    at: datetime,
) -> Mandate:
    """Let an agency in; a mandate that runs between the two is replaced.

    Raises Forbidden, ClaimNotProven, NotAnAgency or Invalid.
    """
    with transaction.atomic():
        _lock(enterprise)
        _require_owner(actor, enterprise)
        _require_proven(enterprise)
        _require_agency(agency)
        _check_terms(terms, at)
        _replace_current(enterprise, agency, actor, at)
        mandate = _new_mandate(enterprise, agency, terms, actor, at)
        _note(mandate, EventKind.GRANTED, {}, actor, at)
        mandate_mails.tell_change(mandate, "granted", at)
    return mandate


def accept_request(
    *, token: str, enterprise: Organisation, terms: Terms, actor: User, at: datetime
) -> Mandate:
    """Grant what an agency asked for, on the owner's terms; the link is used up.

    Raises RequestUnusable and what `grant_mandate` raises.
    """
    with transaction.atomic():
        locked = MandateInvitation.objects.select_for_update()
        invitation = _open_request(locked.filter(token_hash=hashed(token)), at)
        if invitation.email and invitation.email != actor.email:
            raise RequestUnusable
        mandate = grant_mandate(
            enterprise=enterprise,
            agency=invitation.agency,
            terms=terms,
            actor=actor,
            at=at,
        )
        invitation.mandate, invitation.accepted_at = mandate, at
        invitation.save(update_fields=["mandate", "accepted_at"])
    return mandate


def extend_mandate(
    *, mandate: Mandate, ends_at: datetime, actor: User, at: datetime
) -> Mandate:
    """Let a running mandate end later; at most a year from now.

    Raises Forbidden, ClaimNotProven, MandateOver or Invalid.
    """
    with transaction.atomic():
        mandate = _lock_running(mandate, actor, at)
        _require_proven(mandate.enterprise)
        if ends_at <= mandate.ends_at:
            raise _bad_end(_("新的结束日期须晚于现在的结束日期。"))
        _check_end(ends_at, at)
        before = _facts(mandate)
        mandate.ends_at, mandate.reminded_at = ends_at, None
        mandate.save(update_fields=["ends_at", "reminded_at"])
        _note(mandate, EventKind.EXTENDED, before, actor, at)
        mandate_mails.tell_change(mandate, "extended", at)
    return mandate


def narrow_mandate(
    *,
    mandate: Mandate,
    scope: Scope | None = None,
    ends_at: datetime | None = None,
    actor: User,
    at: datetime,
) -> Mandate:
    """Show less or end sooner; from the next request the agency sees only that.

    Raises Forbidden, MandateOver, WiderScope or Invalid.
    """
    with transaction.atomic():
        mandate = _lock_running(mandate, actor, at)
        before, old = _facts(mandate), mandate.scope
        wanted = old if scope is None else scope
        _check_scope(wanted)
        if not wanted.is_within(old):
            raise WiderScope
        if ends_at is not None:
            _check_sooner(mandate, ends_at, at)
            mandate.ends_at = ends_at
        _store_scope(mandate, old, wanted)
        if _facts(mandate) != before:
            _note(mandate, EventKind.NARROWED, before, actor, at)
            mandate_mails.tell_change(mandate, "narrowed", at)
    return mandate


@transaction.atomic
def revoke_mandate(
    *, mandate: Mandate, reason: str = "", actor: User, at: datetime
) -> Mandate:
    """Shut the door: the very next request of the agency finds nothing.

    Raises Forbidden or MandateOver.
    """
    mandate = _lock_running(mandate, actor, at)
    before = _facts(mandate)
    _revoke(mandate, reason, actor, at)
    _note(mandate, EventKind.REVOKED, before, actor, at)
    mandate_mails.tell_change(mandate, "revoked", at)
    return mandate


def request_mandate(
    *, agency: Organisation, email: str = "", actor: User, at: datetime
) -> Requested:
    """Make a link by which an enterprise's owner may let this agency in.

    It holds no scope and grants nothing. Raises Forbidden, NotAnAgency or
    TooManyRequests.
    """
    with transaction.atomic():
        _lock(agency)
        if not may(actor, agency, Role.AGENCY_MANAGER):
            raise Forbidden
        _require_agency(agency)
        open_now = MandateInvitation.objects.filter(agency=agency).open(at)
        if open_now.count() >= MOST_OPEN_INVITATIONS:
            raise TooManyRequests
        token = secrets.token_urlsafe(32)
        invitation = MandateInvitation.objects.create(
            agency=agency,
            email=email.strip().lower(),
            token_hash=hashed(token),
            created_by=actor,
            created_at=at,
            expires_at=at + timedelta(days=INVITATION_DAYS),
        )
        audit.record(
            action="mandate.requested",
            actor=actor,
            organisation=agency,
            subject=invitation,
            at=at,
        )
        mandate_mails.send_request(invitation, token)
    return Requested(invitation, token)


@transaction.atomic
def withdraw_request(
    *, invitation: MandateInvitation, actor: User, at: datetime
) -> None:
    """Make an open request unusable; raises Forbidden or RequestUnusable."""
    if not may(actor, invitation.agency_id, Role.AGENCY_MANAGER):
        raise Forbidden
    rows = MandateInvitation.objects.select_for_update().filter(pk=invitation.pk)
    found = _open_request(rows, at)
    found.revoked_at = at
    found.save(update_fields=["revoked_at"])
    audit.record(
        action="mandate.request_withdrawn",
        actor=actor,
        organisation=found.agency,
        subject=found,
        at=at,
    )


def find_request(*, token: str, user: User, at: datetime) -> MandateInvitation:
    """Return the open request of a link, or raise RequestUnusable.

    A request made out to an address exists only for the person with that address.
    """
    rows = MandateInvitation.objects.filter(token_hash=hashed(token))
    found = _open_request(rows.select_related("agency"), at)
    if found.email and found.email != user.email:
        raise RequestUnusable
    return found


@transaction.atomic
def mark_certification_body(*, organisation: Organisation, at: datetime) -> None:
    """Mark an agency as a certification body and end what mandates it holds.

    For the operator's command. Who certifies does not coach (GB/T 27021.1).
    """
    _lock(organisation)
    if organisation.kind != Kind.AGENCY:
        raise Invalid(_("只有服务机构可以标记为认证机构。"))
    Organisation.objects.filter(pk=organisation.pk).update(is_certification_body=True)
    running = Mandate.objects.filter(agency=organisation).running(at)
    for mandate in running.select_for_update():
        before = _facts(mandate)
        _revoke(mandate, str(NotAnAgency.message), None, at)
        _note(mandate, EventKind.REVOKED, before, None, at)
        mandate_mails.tell_change(mandate, "revoked", at)
    audit.record(
        action="organisation.marked_certification_body",
        actor=None,
        organisation=organisation,
        subject=organisation,
        at=at,
    )


def _new_mandate(
    enterprise: Organisation,
    agency: Organisation,
    terms: Terms,
    actor: User,
    at: datetime,
) -> Mandate:
    scope = terms.scope
    mandate = Mandate.objects.create(
        enterprise=enterprise,
        agency=agency,
        purpose=terms.purpose,
        purpose_note=" ".join(terms.purpose_note.split())[:200],
        all_assessments=scope.assessments is None,
        all_sections=scope.sections is None,
        sections=sorted(scope.sections or ()),
        starts_at=terms.starts_at or at,
        ends_at=terms.ends_at,
        granted_by=actor,
        granted_at=at,
        **{flag: getattr(scope, flag) for flag in FLAGS},
    )
    for assessment_id in sorted(scope.assessments or ()):
        MandateAssessment.objects.create(mandate=mandate, assessment_id=assessment_id)
    return mandate


def _store_scope(mandate: Mandate, old: Scope, wanted: Scope) -> None:
    """Write a narrower scope."""
    rows = MandateAssessment.objects.filter(mandate=mandate)
    if wanted.assessments is not None:
        rows.exclude(assessment_id__in=wanted.assessments).delete()
        if old.assessments is None:
            for assessment_id in sorted(wanted.assessments):
                MandateAssessment.objects.create(
                    mandate=mandate, assessment_id=assessment_id
                )
    mandate.all_assessments = wanted.assessments is None
    mandate.all_sections = wanted.sections is None
    mandate.sections = sorted(wanted.sections or ())
    for flag in FLAGS:
        setattr(mandate, flag, getattr(wanted, flag))
    mandate.save()


def _replace_current(
    enterprise: Organisation, agency: Organisation, actor: User, at: datetime
) -> None:
    """Make room for a new mandate: the one before ends now if it still runs."""
    found = Mandate.objects.select_for_update().filter(
        enterprise=enterprise, agency=agency, is_current=True
    )
    for mandate in found:
        if mandate.revoked_at is None and at < mandate.ends_at:
            before = _facts(mandate)
            mandate.is_current = False
            _revoke(mandate, str(EventKind.REPLACED.label), actor, at)
            _note(mandate, EventKind.REPLACED, before, actor, at)
        else:
            mandate.is_current = False
            mandate.save(update_fields=["is_current"])


def _revoke(mandate: Mandate, reason: str, actor: User | None, at: datetime) -> None:
    mandate.revoked_at, mandate.revoked_by = at, actor
    mandate.revoked_reason = " ".join(reason.split())[:REASON_LIMIT]
    mandate.save()


def _facts(mandate: Mandate) -> dict[str, Any]:
    return {**mandate.scope.to_json(), "ends_at": mandate.ends_at.isoformat()}


def _note(
    mandate: Mandate,
    kind: MandateEvent.Kind,
    before: dict[str, Any],
    actor: User | None,
    at: datetime,
) -> None:
    """Add a line to the mandate's history and to the audit trail."""
    over = kind in (EventKind.REVOKED, EventKind.REPLACED)
    MandateEvent.objects.create(
        mandate=mandate,
        kind=kind,
        actor=actor,
        at=at,
        before=before,
        after={} if over else _facts(mandate),
    )
    audit.record(
        action=f"mandate.{kind.value}",
        actor=actor,
        organisation=mandate.enterprise,
        subject=mandate,
        at=at,
        detail={"agency": str(mandate.agency_id)},
    )


def _lock(organisation: Organisation) -> None:
    """Let no other change of its mandates run beside this one.

    `no_key`: lines that name the organisation are still added, or who revokes a
    mandate and who replaces it would wait for each other.
    """
    rows = Organisation.objects.select_for_update(no_key=True)
    rows.get(pk=organisation.pk)


def _lock_running(mandate: Mandate, actor: User, at: datetime) -> Mandate:
    _require_owner(actor, mandate.enterprise_id)
    rows = Mandate.objects.select_for_update(of=("self",))
    found: Mandate = rows.select_related("enterprise", "agency").get(pk=mandate.pk)
    if found.revoked_at is not None or at >= found.ends_at:
        raise MandateOver
    return found


def _require_owner(actor: User, enterprise: Any) -> None:
    if not may(actor, enterprise, Role.OWNER):
        raise Forbidden(_("只有企业负责人可以授权和更改授权。"))


def _require_proven(enterprise: Organisation) -> None:
    proven = EnterpriseClaim.objects.filter(
        enterprise=enterprise, state=EnterpriseClaim.State.PROVEN
    )
    if not proven.exists():
        raise ClaimNotProven


def _require_agency(agency: Organisation) -> None:
    current = Organisation.objects.get(pk=agency.pk)
    if current.kind != Kind.AGENCY or current.is_certification_body:
        raise NotAnAgency


def _open_request(rows: Any, at: datetime) -> MandateInvitation:
    found: MandateInvitation | None = rows.first()
    if found is None or not found.is_open(at):
        raise RequestUnusable
    return found


def _check_terms(terms: Terms, at: datetime) -> None:
    if terms.purpose not in Purpose.values:
        problem = _("请选择授权用途。")
        raise Invalid(problem, fields={"purpose": problem})
    if terms.purpose == Purpose.OTHER and not terms.purpose_note.strip():
        problem = _("请写明授权用途。")
        raise Invalid(problem, fields={"purpose_note": problem})
    if not terms.purpose_note.isprintable():
        problem = _("请去掉不可见的字符。")
        raise Invalid(problem, fields={"purpose_note": problem})
    if terms.starts_at is not None and terms.starts_at < at:
        problem = _("开始时间不能早于现在。")
        raise Invalid(problem, fields={"starts_at": problem})
    if terms.ends_at <= (terms.starts_at or at):
        raise _bad_end(_("结束日期须晚于开始日期。"))
    _check_end(terms.ends_at, at)
    _check_scope(terms.scope)


def _check_scope(scope: Scope) -> None:
    if scope.report and not scope.is_whole:
        problem = _("报告包含全部部分。只授权部分内容时，不能同时授权报告。")
        raise Invalid(problem, fields={"report": problem})
    if scope.assessments == frozenset() and not scope.data_sheet:
        problem = _("请至少选择一次自评，或授权企业数据表。")
        raise Invalid(problem, fields={"assessments": problem})
    if scope.sections == frozenset():
        problem = _("请至少选择一个部分。")
        raise Invalid(problem, fields={"sections": problem})


def _check_sooner(mandate: Mandate, ends_at: datetime, at: datetime) -> None:
    if ends_at > mandate.ends_at:
        raise WiderScope
    if ends_at <= at:
        raise _bad_end(_("结束时间须在以后；要立即停止，请撤销授权。"))


def _check_end(ends_at: datetime, at: datetime) -> None:
    if ends_at > at + timedelta(days=MOST_DAYS):
        raise _bad_end(_("授权最长一年，到期前可以延期。"))


def _bad_end(problem: Any) -> Invalid:
    return Invalid(problem, fields={"ends_at": problem})
