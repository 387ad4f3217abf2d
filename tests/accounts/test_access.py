"""Who sees which row, and who may do what."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts import audit, selectors
from accounts.models import AuditEvent, Invitation, Membership, Organisation, User
from accounts.rules import (
    MANAGING_ROLE,
    ROLES_OF_KIND,
    WHAT_ROLES_DO,
    Kind,
    Role,
    manages,
    may,
    role_fits,
)
from tests.factories.accounts import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_member_sees_the_own_organisation_alone(
    contributor: Membership, stranger: Membership
) -> None:
    seen = Organisation.objects.visible_to(contributor.user)
    assert list(seen) == [contributor.organisation]


def test_a_bureau_sees_no_enterprise(
    bureau_manager: Membership, owner: Membership
) -> None:
    seen = Organisation.objects.visible_to(bureau_manager.user)
    assert list(seen) == [bureau_manager.organisation]


def test_a_member_sees_the_own_colleagues_alone(
    owner: Membership, contributor: Membership, stranger: Membership
) -> None:
    seen = Membership.objects.visible_to(contributor.user).for_list()
    assert list(seen) == [owner, contributor]
    people = User.objects.visible_to(contributor.user)
    assert set(people) == {owner.user, contributor.user}


@pytest.mark.parametrize("model", [Organisation, Membership, Invitation, AuditEvent])
def test_a_stranger_sees_nothing(model: type, owner: Membership) -> None:
    InvitationFactory(organisation=owner.organisation, created_by=owner.user)
    assert not model.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("model", [Organisation, Membership, Invitation, AuditEvent])
def test_a_person_without_membership_sees_nothing(
    model: type, owner: Membership
) -> None:
    InvitationFactory(organisation=owner.organisation, created_by=owner.user)
    assert not model.objects.visible_to(UserFactory()).exists()


def test_a_disabled_person_sees_nothing(owner: Membership) -> None:
    owner.user.is_active = False
    assert not Organisation.objects.visible_to(owner.user).exists()
    assert not User.objects.visible_to(owner.user).exists()
    assert not may(owner.user, owner.organisation)
    assert selectors.home_membership(owner.user) is None


def test_managers_alone_see_invitations(
    owner: Membership, contributor: Membership, stranger: Membership
) -> None:
    invitation = InvitationFactory(organisation=owner.organisation)
    assert list(Invitation.objects.visible_to(owner.user)) == [invitation]
    assert not Invitation.objects.visible_to(contributor.user).exists()
    assert not Invitation.objects.visible_to(stranger.user).exists()


def test_managers_alone_see_the_audit_trail(
    owner: Membership, contributor: Membership, stranger: Membership
) -> None:
    line = audit.record(
        action="test.happened",
        actor=contributor.user,
        organisation=owner.organisation,
        subject=contributor,
        at=timezone.now(),
    )
    assert list(AuditEvent.objects.visible_to(owner.user)) == [line]
    assert not AuditEvent.objects.visible_to(contributor.user).exists()
    assert not AuditEvent.objects.visible_to(stranger.user).exists()


def test_a_line_names_its_subject(owner: Membership) -> None:
    line = audit.record(
        action="test.happened",
        actor=None,
        organisation=None,
        subject=owner,
        at=timezone.now(),
        detail={"count": 1},
    )
    assert line.subject_type == "accounts.membership"
    assert line.subject_id == str(owner.pk)
    assert line.detail == {"count": 1}


def test_may_asks_for_one_of_the_roles(contributor: Membership) -> None:
    organisation = contributor.organisation
    assert may(contributor.user, organisation)
    assert may(contributor.user, organisation.pk, Role.OWNER, Role.CONTRIBUTOR)
    assert not may(contributor.user, organisation, Role.OWNER)


def test_may_refuses_members_of_another_organisation(
    owner: Membership, stranger: Membership
) -> None:
    assert not may(stranger.user, owner.organisation)
    assert not may(AnonymousUser(), owner.organisation)


def test_home_is_the_membership_with_its_organisation(
    owner: Membership, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(1):
        found = selectors.home_membership(owner.user)
        assert found.organisation.name == owner.organisation.name
    assert found == owner


def test_nobody_is_at_home_without_membership() -> None:
    assert selectors.home_membership(UserFactory()) is None
    assert selectors.home_membership(AnonymousUser()) is None


def test_every_role_fits_exactly_one_kind() -> None:
    kinds = {role: [kind for kind in Kind if role_fits(role, kind)] for role in Role}
    assert all(len(found) == 1 for found in kinds.values())
    assert set(WHAT_ROLES_DO) == set(Role)


def test_one_role_of_each_kind_manages() -> None:
    for kind, roles in ROLES_OF_KIND.items():
        assert [role for role in roles if manages(role)] == [MANAGING_ROLE[kind]]
