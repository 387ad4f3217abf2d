"""What is written down and said about named accesses: never what was answered."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.urls import reverse

from accounts import audit
from accounts.models import Membership, NamedAccess, NamedAccessEvent, Notice, User
from accounts.notices import notify
from accounts.rules import MANAGING_ROLES, Role

KINDS = {
    "asked": Notice.Kind.ACCESS_ASKED,
    "to_approve": Notice.Kind.ACCESS_ASKED,
    "consented": Notice.Kind.ACCESS_OPENED,
    "on_ground": Notice.Kind.ACCESS_OPENED,
    "narrowed": Notice.Kind.ACCESS_CHANGED,
    "objected": Notice.Kind.ACCESS_CHANGED,
    "refused": Notice.Kind.ACCESS_CHANGED,
    "withdrawn": Notice.Kind.ACCESS_CHANGED,
    "revoked": Notice.Kind.ACCESS_CHANGED,
}


def note(
    access: NamedAccess,
    kind: NamedAccessEvent.Kind,
    actor: User,
    at: datetime,
    *,
    text: str = "",
) -> None:
    """Add a line to the access's history and to the audit trail.

    The trail of the enterprise, once the enterprise knows of the access.
    """
    shows = kind in ("asked", "offered", "consented", "approved", "narrowed")
    scope = {**access.scope.to_json(), "ends_at": access.ends_at.isoformat()}
    NamedAccessEvent.objects.create(
        access=access,
        kind=kind,
        actor=actor,
        at=at,
        text=text,
        after=scope if shows else {},
    )
    side = access.enterprise if is_told(access) else access.bureau
    audit.record(
        action=f"named_access.{kind.value}",
        actor=actor,
        organisation=side,
        subject=access,
        at=at,
        detail={"bureau": str(access.bureau_id), "basis": access.basis},
    )


def is_told(access: NamedAccess) -> bool:
    """Tell whether the enterprise is to know: of a ground, once it is approved."""
    return not access.is_on_ground or access.state == NamedAccess.State.OPEN


def tell(access: NamedAccess, change: str, at: datetime) -> None:
    """Tell those who decide or are concerned that something happened."""
    say = partial(notify, kind=KINDS[change], text=f"access_{change}", at=at)
    if is_told(access):
        say(
            organisation=access.enterprise_id,
            roles=MANAGING_ROLES,
            url=reverse("own-access", args=[access.pk]),
        )
    people = _deciders(access) if change == "to_approve" else _concerned(access)
    if change != "asked":
        say(users=people, url=reverse("access", args=[access.pk]))


def _deciders(access: NamedAccess) -> set[UUID]:
    """Return the managers who may approve a ground."""
    rows = Membership.objects.filter(
        organisation=access.bureau_id, role=Role.BUREAU_MANAGER
    )
    readers = access.readers.values("person")
    found = rows.exclude(user=access.asked_by_id).exclude(user__in=readers)
    return set(found.values_list("user_id", flat=True))


def _concerned(access: NamedAccess) -> set[UUID]:
    """Return who of the bureau asked, approved and reads."""
    people = set(access.readers.values_list("person_id", flat=True))
    if access.is_on_ground and access.decided_by_id:
        people.add(access.decided_by_id)
    rows = Membership.objects.filter(
        user__in={*people, access.asked_by_id}, organisation=access.bureau_id
    )
    return set(rows.values_list("user_id", flat=True))
