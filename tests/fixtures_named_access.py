"""Makers of named accesses for tests: what a bureau asks and who decides."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.models import Membership, NamedAccess, User
from accounts.named_access import (
    Ground,
    Wanted,
    approve,
    ask_consent,
    ask_on_ground,
    consent,
)
from accounts.rules import Kind, Role
from accounts.services import change_role, remove_member
from tests.factories.accounts import MembershipFactory, OrganisationFactory

SUBMITTED = Scope(evidence=True, report=True, data_sheet=True)
GROUND = Ground("complaint", "烟知监〔2026〕12号", date(2026, 1, 5))


def wanted(
    *readers: User, scope: Scope = SUBMITTED, at: datetime, days: int = 30
) -> Wanted:
    """Return what is asked for: everything submitted, for thirty days."""
    ends_at = at + timedelta(days=days)
    return Wanted(scope=scope, purpose="核查申报材料", ends_at=ends_at, readers=readers)


def consented(
    owner: Membership, asker: Membership, *readers: User, **other: Any
) -> NamedAccess:
    """Ask and consent at once; by default the asker reads."""
    at = other.pop("at", timezone.now())
    people = readers or (asker.user,)
    access = ask_consent(
        enterprise=owner.organisation,
        wanted=wanted(*people, at=at, **other),
        actor=asker.user,
        at=at,
    )
    return consent(access=access, actor=owner.user, at=at)


def asked_on_ground(
    owner: Membership, asker: Membership, *readers: User, **other: Any
) -> NamedAccess:
    """Enter a ground; by default the asker reads."""
    at = other.pop("at", timezone.now())
    return ask_on_ground(
        enterprise=owner.organisation,
        wanted=wanted(*(readers or (asker.user,)), at=at, **other),
        ground=GROUND,
        actor=asker.user,
        at=at,
    )


@pytest.fixture
def second_manager(bureau_manager: Membership) -> Membership:
    """Another manager of the same bureau: who may approve."""
    return MembershipFactory(
        organisation=bureau_manager.organisation, role=Role.BUREAU_MANAGER
    )


@pytest.fixture
def analyst(bureau_manager: Membership) -> Membership:
    """An analyst of the bureau: who usually reads."""
    return MembershipFactory(
        organisation=bureau_manager.organisation, role=Role.ANALYST
    )


@pytest.fixture
def operator(bureau_manager: Membership) -> Membership:
    """An operator of the bureau: who never reads."""
    return MembershipFactory(
        organisation=bureau_manager.organisation, role=Role.OPERATOR
    )


@pytest.fixture
def on_ground(
    owner: Membership, analyst: Membership, second_manager: Membership
) -> Callable[..., NamedAccess]:
    """Return a maker of approved grounds through which the analyst reads."""

    def make(**other: Any) -> NamedAccess:
        at = other.pop("at", timezone.now())
        access = asked_on_ground(owner, analyst, at=at, **other)
        return approve(access=access, actor=second_manager.user, at=at)

    return make


def new_official(role: str = Role.ANALYST) -> Membership:
    """Return an official of a bureau of their own."""
    bureau = OrganisationFactory(kind=Kind.BUREAU)
    return MembershipFactory(organisation=bureau, role=role)


def leave_or_change(membership: Membership, role: str | None, manager: User) -> None:
    """Give an official another role, or let them leave the bureau when it is None."""
    at = timezone.now()
    if role is None:
        remove_member(membership=membership, actor=manager, at=at)
    else:
        change_role(membership=membership, role=role, actor=manager, at=at)
