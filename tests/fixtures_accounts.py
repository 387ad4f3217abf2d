"""Fixtures around people; a plugin of every test run."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, User
from accounts.rules import Kind
from tests.factories.accounts import MembershipFactory, OrganisationFactory


@pytest.fixture
def enterprise_owner(db: None) -> Callable[..., Membership]:
    """Return a maker of owners, each in an enterprise of their own."""

    def make(**organisation: Any) -> Membership:
        enterprise = OrganisationFactory(**organisation)
        return MembershipFactory(organisation=enterprise)

    return make


@pytest.fixture
def owner(enterprise_owner: Callable[..., Membership]) -> Membership:
    """The owner of an enterprise."""
    return enterprise_owner()


@pytest.fixture
def contributor(owner: Membership) -> Membership:
    """A contributor in the same enterprise as `owner`."""
    return MembershipFactory(organisation=owner.organisation, role="contributor")


@pytest.fixture
def stranger(enterprise_owner: Callable[..., Membership]) -> Membership:
    """The owner of another enterprise."""
    return enterprise_owner()


@pytest.fixture
def bureau_manager(db: None) -> Membership:
    """The manager of the bureau."""
    return MembershipFactory(organisation=OrganisationFactory(kind=Kind.BUREAU))


@pytest.fixture
def signed_in() -> Callable[[Membership | User], Client]:
    """Return a maker of test clients in which that person is signed in."""

    def make(person: Membership | User) -> Client:
        client = Client()
        client.force_login(person.user if isinstance(person, Membership) else person)
        return client

    return make
