"""What people do with organisations and memberships.

Every function is one transaction and one line in the audit trail; mail goes out
after the commit. `at` is the time of the act.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, credit_code, mails
from accounts.districts import DISTRICT_CODES
from accounts.models import (
    AuditEvent,
    EndedMembership,
    EnterpriseClaim,
    Invitation,
    Membership,
    Organisation,
    User,
)
from accounts.rules import MANAGING_ROLE, Kind, manages, may, role_fits
from backend.errors import Conflict, Forbidden, Invalid, NotFound

INVITATION_DAYS = 7
BARRED_AFTER_LEAVING = timedelta(days=730)
"""So long nobody who left an enterprise sees it through an agency's mandate."""

MOST_OPEN_INVITATIONS = 50
REPEATED = "enterprise.registration_repeated"
QUIET_PERIOD = timedelta(days=1)
"""The owners of an enterprise get at most one notice in this time."""


class AlreadyRegistered(Conflict):
    """An enterprise with this credit code exists."""

    code = "already_registered"
    message = _("该统一社会信用代码已经注册，不能重复注册。")


class AlreadyMember(Conflict):
    """The person belongs to an organisation; nobody belongs to two."""

    code = "already_member"
    message = _("您已属于一个单位。一个账号只能属于一个单位，请换用另一个邮箱注册。")


class InvitationUnusable(NotFound):
    """There is no such invitation, or it was used, revoked or has expired."""

    code = "invitation_unusable"
    message = _("邀请链接无效、已被使用、已撤销或已过期。请联系邀请人重新邀请。")


class WrongAddress(Forbidden):
    """The invitation was made out to another e-mail address."""

    code = "wrong_address"
    message = _("这份邀请发给了另一个邮箱。请用收到邀请的邮箱登录或注册。")


class RoleMisfit(Invalid):
    """The role does not fit the organisation's kind."""

    code = "role_misfit"
    message = _("本单位没有这个角色。")


class LastManager(Conflict):
    """Without this person nobody would manage the organisation."""

    code = "last_manager"
    message = _("本单位至少要有一名负责人。请先将另一名成员设为负责人。")


class TooManyInvitations(Conflict):
    """The organisation has as many open invitations as it may have."""

    code = "too_many_invitations"
    message = _("未使用的邀请已达 50 份上限。请先撤销不需要的邀请。")


@dataclass(frozen=True)
class Enterprise:
    """What is asked about an enterprise when it registers."""

    credit_code: str
    name: str
    district: str


@dataclass(frozen=True)
class Invited:
    """A new invitation and the secret of its link, shown this once."""

    invitation: Invitation
    token: str


def register_enterprise(
    *, enterprise: Enterprise, owner: User, at: datetime
) -> Membership:
    """Store a new enterprise with `owner` as the first who manages it.

    Raises `InvalidCreditCode`, `Invalid`, `AlreadyMember`, `AlreadyRegistered`.
    """
    code = credit_code.parse(enterprise.credit_code)
    name = _cleaned_name(enterprise.name)
    _check_district(enterprise.district)
    with transaction.atomic():
        _refuse_member(owner)
        organisation = _new_enterprise(code, name, enterprise.district, at)
        membership = _join(owner, organisation, MANAGING_ROLE[Kind.ENTERPRISE], at)
        EnterpriseClaim.objects.create(
            enterprise=organisation, registrant=owner, created_at=at
        )
        audit.record(
            action="enterprise.registered",
            actor=owner,
            organisation=organisation,
            subject=organisation,
            at=at,
        )
    return membership


def _new_enterprise(code: str, name: str, district: str, at: datetime) -> Organisation:
    try:
        with transaction.atomic():
            return Organisation.objects.create(
                kind=Kind.ENTERPRISE,
                name=name,
                credit_code=code,
                district=district,
                created_at=at,
            )
    except IntegrityError as error:
        if Organisation.objects.filter(credit_code=code).exists():
            raise AlreadyRegistered from error
        raise


@transaction.atomic
def report_repeated_registration(*, code: str, at: datetime) -> bool:
    """Tell the owners that somebody tried to register their enterprise again.

    At most once a day for each enterprise, whoever tries. Returns whether a
    notice goes out.
    """
    organisation = Organisation.objects.select_for_update().get(credit_code=code)
    earlier = AuditEvent.objects.filter(
        organisation=organisation, action=REPEATED, at__gt=at - QUIET_PERIOD
    )
    if earlier.exists():
        return False
    audit.record(
        action=REPEATED,
        actor=None,
        organisation=organisation,
        subject=organisation,
        at=at,
    )
    managers = Membership.objects.filter(organisation=organisation).managing()
    addresses = list(managers.values_list("user__email", flat=True))
    transaction.on_commit(lambda: mails.tell_repeated_registration(addresses))
    return True


@transaction.atomic
def create_organisation(
    *, kind: str, name: str, email: str = "", code: str = "", at: datetime
) -> Invited:
    """Store an agency or a bureau and invite the first who manages it.

    With its credit `code` enterprises find an agency by it. For the operator's
    command; enterprises register themselves.
    """
    if kind not in (Kind.AGENCY, Kind.BUREAU):
        raise Invalid(_("只能建立服务机构或主管部门；企业请自行注册。"))
    code = credit_code.parse(code) if code else ""
    if code and Organisation.objects.filter(credit_code=code).exists():
        raise AlreadyRegistered
    organisation = Organisation.objects.create(
        kind=kind, name=_cleaned_name(name), credit_code=code, created_at=at
    )
    invited = _new_invitation(organisation, MANAGING_ROLE[kind], email, None, at)
    audit.record(
        action="organisation.created",
        actor=None,
        organisation=organisation,
        subject=organisation,
        at=at,
    )
    return invited


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, actor: User, changes: dict[str, str], at: datetime
) -> Organisation:
    """Change `name` or `district`; nothing else of an organisation changes.

    What is not in `changes` keeps what somebody else may have just stored.
    """
    organisation = _lock(organisation)
    _require_manager(actor, organisation)
    if "name" in changes:
        organisation.name = _cleaned_name(changes["name"])
    if "district" in changes:
        _check_district(changes["district"])
        organisation.district = changes["district"]
    organisation.save(update_fields=sorted(changes))
    audit.record(
        action="organisation.changed",
        actor=actor,
        organisation=organisation,
        subject=organisation,
        at=at,
        detail={"fields": sorted(changes)},
    )
    return organisation


def invite_member(
    *, organisation: Organisation, actor: User, role: str, email: str = "", at: datetime
) -> Invited:
    """Make a link with which one person joins in `role` within seven days.

    With `email` only a person with that address can use the link, and it is
    sent there. Raises `Forbidden`, `RoleMisfit` or `TooManyInvitations`.
    """
    with transaction.atomic():
        _lock(organisation)
        _require_manager(actor, organisation)
        if not role_fits(role, organisation.kind):
            raise RoleMisfit(fields={"role": RoleMisfit.message})
        open_now = Invitation.objects.filter(organisation=organisation).open(at)
        if open_now.count() >= MOST_OPEN_INVITATIONS:
            raise TooManyInvitations
        invited = _new_invitation(organisation, role, email, actor, at)
        audit.record(
            action="member.invited",
            actor=actor,
            organisation=organisation,
            subject=invited.invitation,
            at=at,
            detail={"role": role},
        )
        transaction.on_commit(_send(invited))
    return invited


def _new_invitation(
    organisation: Organisation,
    role: str,
    email: str,
    actor: User | None,
    at: datetime,
) -> Invited:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        role=role,
        email=email.strip().lower(),
        token_hash=hashed(token),
        created_by=actor,
        created_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    return Invited(invitation, token)


def _send(invited: Invited) -> Callable[[], None]:
    def send() -> None:
        if invited.invitation.email:
            mails.send_invitation(invited.invitation, invited.token)

    return send


def hashed(token: str) -> str:
    """Return what is stored of an invitation's secret.

    The secret has 256 random bits: a plain digest can't be guessed back.
    """
    return sha256(token.encode()).hexdigest()


def find_invitation(*, token: str, at: datetime) -> Invitation:
    """Return the open invitation of a link, or raise `InvitationUnusable`."""
    found = Invitation.objects.select_related("organisation", "created_by")
    invitation: Invitation | None = found.filter(token_hash=hashed(token)).first()
    if invitation is None or not invitation.is_open(at):
        raise InvitationUnusable
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, user: User, at: datetime) -> Membership:
    """Let `user` join; the link can't be used again.

    Raises `InvitationUnusable`, `WrongAddress` or `AlreadyMember`.
    """
    locked = Invitation.objects.select_for_update().filter(token_hash=hashed(token))
    invitation: Invitation | None = locked.first()
    if invitation is None or not invitation.is_open(at):
        raise InvitationUnusable
    if invitation.email and invitation.email != user.email:
        raise WrongAddress
    _refuse_member(user)
    membership = _join(user, invitation.organisation, invitation.role, at)
    invitation.accepted_by, invitation.accepted_at = user, at
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    audit.record(
        action="invitation.accepted",
        actor=user,
        organisation=invitation.organisation,
        subject=membership,
        at=at,
        detail={"role": invitation.role},
    )
    return membership


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User, at: datetime) -> None:
    """Make an open invitation unusable; raises `InvitationUnusable` if it is."""
    _require_manager(actor, invitation.organisation)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.revoked_at:
        raise InvitationUnusable
    locked.revoked_at = at
    locked.save(update_fields=["revoked_at"])
    audit.record(
        action="invitation.revoked",
        actor=actor,
        organisation=locked.organisation,
        subject=locked,
        at=at,
    )


@transaction.atomic
def change_role(
    *, membership: Membership, actor: User, role: str, at: datetime
) -> Membership:
    """Give a member another role.

    Raises `RoleMisfit`, `LastManager`, or NotFound when the member has gone.
    """
    organisation = _lock(membership.organisation)
    _require_manager(actor, organisation)
    if not role_fits(role, organisation.kind):
        raise RoleMisfit(fields={"role": RoleMisfit.message})
    _read_again(membership)
    before = membership.role
    if manages(before) and not manages(role):
        _keep_a_manager(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record(
        action="member.role_changed",
        actor=actor,
        organisation=organisation,
        subject=membership,
        at=at,
        detail={"from": before, "to": role},
    )
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, actor: User, at: datetime) -> None:
    """End a membership; the person sees nothing of it from the next request.

    Raises `LastManager` when nobody would manage the organisation, or NotFound
    when the membership has ended already.
    """
    organisation = _lock(membership.organisation)
    _require_manager(actor, organisation)
    _read_again(membership)
    if manages(membership.role):
        _keep_a_manager(membership)
    audit.record(
        action="member.removed",
        actor=actor,
        organisation=organisation,
        subject=membership,
        at=at,
        detail={"user": str(membership.user_id), "role": membership.role},
    )
    EndedMembership.objects.create(
        user_id=membership.user_id,
        organisation=organisation,
        role=membership.role,
        joined_at=membership.joined_at,
        ended_at=at,
        barred_until=at + BARRED_AFTER_LEAVING,
    )
    membership.delete()


@transaction.atomic
def change_name(*, user: User, name: str, at: datetime) -> User:
    """Change the name under which colleagues see a person."""
    user.name = _cleaned_name(name)
    user.save(update_fields=["name"])
    membership = Membership.objects.filter(user=user).first()
    audit.record(
        action="person.renamed",
        actor=user,
        organisation=membership.organisation if membership else None,
        subject=user,
        at=at,
    )
    return user


def _join(
    user: User, organisation: Organisation, role: str, at: datetime
) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(
                user=user, organisation=organisation, role=role, joined_at=at
            )
    except IntegrityError:
        # Somebody may have used two links at the same moment.
        _refuse_member(user)
        raise


def _lock(organisation: Organisation) -> Organisation:
    """Let nobody else change the members until the transaction ends."""
    locked: Organisation = Organisation.objects.select_for_update().get(
        pk=organisation.pk
    )
    return locked


def _read_again(membership: Membership) -> None:
    """Load what stands now that nobody else changes it; NotFound when it is gone."""
    try:
        membership.refresh_from_db()
    except Membership.DoesNotExist as error:
        raise NotFound from error


def _require_manager(actor: User, organisation: Organisation) -> None:
    if not may(actor, organisation, MANAGING_ROLE[organisation.kind]):
        raise Forbidden


def _refuse_member(user: User) -> None:
    if Membership.objects.filter(user=user).exists():
        raise AlreadyMember


def _keep_a_manager(leaving: Membership) -> None:
    others = Membership.objects.filter(organisation=leaving.organisation_id)
    if not others.managing().exclude(pk=leaving.pk).exists():
        raise LastManager


def _check_district(district: str) -> None:
    if district not in DISTRICT_CODES:
        message = _("请从列表中选择所属区市或功能区。")
        raise Invalid(message, code="unknown_district", fields={"district": message})


def _cleaned_name(name: str) -> str:
    """Return `name` with single blanks; controls and bidi marks are refused."""
    cleaned = " ".join(name.split())
    if cleaned and cleaned.isprintable():
        return cleaned
    message = _("名称不能为空，也不能含有不可见字符。")
    raise Invalid(message, code="bad_name", fields={"name": message})
