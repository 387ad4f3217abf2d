"""Reads for screens and other apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import AuditEvent, Invitation, Membership, Notice, Organisation
from accounts.querysets import Subject, person_id


def home_membership(user: Subject) -> Membership | None:
    """Return the person's membership with its organisation, or None."""
    if (person := person_id(user)) is None:
        return None
    memberships = Membership.objects.select_related("organisation")
    found: Membership | None = memberships.filter(user=person).first()
    return found


def framed_membership(user: Subject) -> Membership | None:
    """Return the membership with `unread`, the number of unread notices; one query."""
    if (person := person_id(user)) is None:
        return None
    unread = Notice.objects.filter(recipient=OuterRef("user")).unread()
    counted = unread.order_by().values("recipient").annotate(number=Count("pk"))
    memberships = Membership.objects.select_related("organisation").annotate(
        unread=Coalesce(Subquery(counted.values("number")), 0)
    )
    found: Membership | None = memberships.filter(user=person).first()
    return found


@dataclass(frozen=True)
class MemberRow:
    """One member as the members page and the API show them."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    role_label: str
    joined_at: datetime
    last_login: datetime | None


@dataclass(frozen=True)
class InvitationRow:
    """One open invitation; the link itself is never stored."""

    id: UUID
    role: str
    role_label: str
    email: str
    created_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class EventRow:
    """One line of what happened in an organisation."""

    at: datetime
    action: str
    actor: str
    detail: dict[str, object]


def members(user: Subject, organisation: Organisation) -> list[MemberRow]:
    """Return the members `user` may see, in the order of joining; one query."""
    found = Membership.objects.visible_to(user).filter(organisation=organisation)
    return [_member_row(membership) for membership in found.for_list()]


def _member_row(membership: Membership) -> MemberRow:
    return MemberRow(
        id=membership.pk,
        user_id=membership.user_id,
        name=membership.user.name,
        email=membership.user.email,
        role=membership.role,
        role_label=membership.get_role_display(),
        joined_at=membership.joined_at,
        last_login=membership.user.last_login,
    )


def open_invitations(
    user: Subject, organisation: Organisation, at: datetime
) -> list[InvitationRow]:
    """Return the invitations that can still be accepted, newest first."""
    found = Invitation.objects.visible_to(user).filter(organisation=organisation)
    return [invitation_row(row) for row in found.open(at).for_list()]


def invitation_row(invitation: Invitation) -> InvitationRow:
    """Return the row of one invitation."""
    return InvitationRow(
        id=invitation.pk,
        role=invitation.role,
        role_label=invitation.get_role_display(),
        email=invitation.email,
        created_by=str(invitation.created_by or ""),
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )


def recent_events(
    user: Subject, organisation: Organisation, actions: Iterable[str], limit: int = 10
) -> list[EventRow]:
    """Return the last of these events for those who manage the organisation."""
    found = AuditEvent.objects.visible_to(user).filter(
        organisation=organisation, action__in=actions
    )
    events = found.select_related("actor").newest_first()[:limit]
    return [
        EventRow(event.at, event.action, str(event.actor or ""), event.detail)
        for event in events
    ]
