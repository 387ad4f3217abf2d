"""Agencies with many clients, made quickly."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mandate, Membership
from tests.factories.accounts import MembershipFactory
from tests.fixtures_mandates import EVERYTHING, terms


@pytest.fixture
def new_client(agency_manager: Membership) -> Callable[..., Mandate]:
    """Return a function that lets the agency in at another enterprise."""
    from accounts.mandates import grant_mandate

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
