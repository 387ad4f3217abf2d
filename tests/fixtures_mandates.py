"""Fixtures around mandates: an agency, a person of it, and what an owner grants."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import Terms, grant_mandate
from accounts.models import Mandate, Membership
from accounts.rules import Kind
from tests.factories.accounts import MembershipFactory, OrganisationFactory

EVERYTHING = Scope(evidence=True, report=True, data_sheet=True, drafts=True)


def terms(scope: Scope = EVERYTHING, *, at: datetime, days: int = 90) -> Terms:
    """Return terms for coaching, from now on."""
    return Terms(scope=scope, purpose="coaching", ends_at=at + timedelta(days=days))


@pytest.fixture
def agency_manager(db: None) -> Membership:
    """The manager of an agency."""
    return MembershipFactory(organisation=OrganisationFactory(kind=Kind.AGENCY))


@pytest.fixture
def reviewer(agency_manager: Membership) -> Membership:
    """A reviewer of the same agency."""
    return MembershipFactory(organisation=agency_manager.organisation, role="reviewer")


@pytest.fixture
def grant(owner: Membership, agency_manager: Membership) -> Callable[..., Mandate]:
    """Return a function that grants the agency a mandate as the owner."""

    def make(scope: Scope = EVERYTHING, *, days: int = 90, **other: Any) -> Mandate:
        at = other.pop("at", timezone.now())
        parties = {
            "enterprise": owner.organisation,
            "agency": agency_manager.organisation,
            "actor": owner.user,
        } | other
        return grant_mandate(terms=terms(scope, at=at, days=days), at=at, **parties)

    return make


@pytest.fixture
def new_client(agency_manager: Membership) -> Callable[..., Mandate]:
    """Return a function that lets the agency in at another enterprise."""

    def make(*, days: int = 90, ago: int = 0, **other: Any) -> Mandate:
        owner = MembershipFactory(**{f"organisation__{k}": v for k, v in other.items()})
        at = timezone.now() - timedelta(days=ago)
        return grant_mandate(
            enterprise=owner.organisation,
            agency=agency_manager.organisation,
            terms=terms(EVERYTHING, at=at, days=days),
            actor=owner.user,
            at=at,
        )

    return make


@pytest.fixture
def other_agency(db: None) -> Membership:
    """The manager of another agency."""
    return MembershipFactory(organisation__kind="agency")
