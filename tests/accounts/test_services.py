"""What people do with organisations and memberships, and what is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import services
from accounts.credit_code import InvalidCreditCode
from accounts.models import AuditEvent, Invitation, Membership, Organisation
from accounts.rules import Kind, Role
from backend.errors import Forbidden, Invalid, NotFound
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CODE = "91370600MA3QY001XA"
ENTERPRISE = services.Enterprise(CODE, "烟台示例制造有限公司", "370672")


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


# Registering


def test_registering_makes_the_person_the_owner() -> None:
    person = UserFactory()
    made = services.register_enterprise(enterprise=ENTERPRISE, owner=person, at=NOW)
    assert (made.user, made.role, made.joined_at) == (person, Role.OWNER, NOW)
    assert made.organisation.credit_code == CODE
    assert made.organisation.district == "370672"
    assert actions() == ["enterprise.registered"]


def test_a_credit_code_is_registered_once() -> None:
    OrganisationFactory(credit_code=CODE)
    with pytest.raises(services.AlreadyRegistered):
        services.register_enterprise(enterprise=ENTERPRISE, owner=UserFactory(), at=NOW)
    assert (Organisation.objects.count(), actions()) == (1, [])


def test_a_member_registers_no_second_enterprise(owner: Membership) -> None:
    with pytest.raises(services.AlreadyMember):
        services.register_enterprise(enterprise=ENTERPRISE, owner=owner.user, at=NOW)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("enterprise", "error"),
    [
        (
            services.Enterprise("91370600MA3QY001XB", "名称", "370602"),
            InvalidCreditCode,
        ),
        (services.Enterprise(CODE, " ", "370602"), Invalid),
        (services.Enterprise(CODE, "名\u202e称", "370602"), Invalid),
        (services.Enterprise(CODE, "名称", "370684"), Invalid),
    ],
)
def test_registering_checks_what_is_told(
    enterprise: services.Enterprise, error: type[Exception]
) -> None:
    with pytest.raises(error):
        services.register_enterprise(enterprise=enterprise, owner=UserFactory(), at=NOW)
    assert not Organisation.objects.exists()


def test_the_owners_are_told_of_a_second_registration_once_a_day(
    owner: Membership,
    contributor: Membership,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    code = owner.organisation.credit_code
    for hours, told in [(0, True), (1, False), (23, False), (25, True)]:
        with django_capture_on_commit_callbacks(execute=True):
            at = NOW + timedelta(hours=hours)
            assert services.report_repeated_registration(code=code, at=at) is told
    assert [message.to for message in mail.outbox] == [[owner.user.email]] * 2
    assert code not in mail.outbox[0].body


# Agencies and bureaus


@pytest.mark.parametrize(
    ("kind", "role"),
    [(Kind.AGENCY, Role.AGENCY_MANAGER), (Kind.BUREAU, Role.BUREAU_MANAGER)],
)
def test_an_operator_creates_an_organisation_with_an_invitation(
    kind: Kind, role: Role
) -> None:
    invited = services.create_organisation(kind=kind, name="某单位", at=NOW)
    person = UserFactory()
    made = services.accept_invitation(token=invited.token, user=person, at=NOW)
    assert (made.organisation.kind, made.role) == (kind, role)


@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, "ministry"])
def test_an_operator_creates_no_enterprise(kind: str) -> None:
    with pytest.raises(Invalid):
        services.create_organisation(kind=kind, name="某单位", at=NOW)
    assert not Organisation.objects.exists()


# Changing the organisation


def test_an_owner_changes_name_and_district(owner: Membership) -> None:
    changed = services.change_organisation(
        organisation=owner.organisation,
        actor=owner.user,
        changes={"name": " 新 名称 ", "district": "changdao"},
        at=NOW,
    )
    changed.refresh_from_db()
    assert (changed.name, changed.district) == ("新 名称", "changdao")
    assert AuditEvent.objects.get().detail == {"fields": ["district", "name"]}


@pytest.mark.parametrize("changes", [{"name": ""}, {"district": "110000"}])
def test_an_owner_changes_nothing_to_nonsense(
    owner: Membership, changes: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        services.change_organisation(
            organisation=owner.organisation,
            actor=owner.user,
            changes=changes,
            at=NOW,
        )


def test_a_contributor_changes_no_organisation(contributor: Membership) -> None:
    with pytest.raises(Forbidden):
        services.change_organisation(
            organisation=contributor.organisation,
            actor=contributor.user,
            changes={"name": "新名称"},
            at=NOW,
        )


# Inviting


def invite(member: Membership, **wish: str) -> services.Invited:
    return services.invite_member(
        organisation=member.organisation,
        actor=member.user,
        at=NOW,
        **{"role": Role.CONTRIBUTOR, **wish},
    )


def test_an_invited_person_joins_once(owner: Membership) -> None:
    invited = invite(owner)
    person = UserFactory()
    made = services.accept_invitation(token=invited.token, user=person, at=NOW)
    assert (made.organisation, made.role) == (owner.organisation, Role.CONTRIBUTOR)
    assert actions() == ["member.invited", "invitation.accepted"]
    with pytest.raises(services.InvitationUnusable):
        services.accept_invitation(token=invited.token, user=UserFactory(), at=NOW)


def test_the_secret_of_a_link_is_not_stored(owner: Membership) -> None:
    invited = invite(owner)
    row = Invitation.objects.values().get()
    assert invited.token not in str(row)
    assert len(invited.token) >= 43


def test_an_invitation_is_mailed_to_its_address(
    owner: Membership, django_capture_on_commit_callbacks: Callable
) -> None:
    owner.organisation.name = "A&B <有限>公司"
    owner.organisation.save()
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(owner, email="Zhang@Example.com")
    [message] = mail.outbox
    assert message.to == ["zhang@example.com"]
    assert f"/invitations/{invited.token}/" in message.body
    assert "A&B <有限>公司" in message.body
    assert owner.organisation.credit_code not in message.body


def test_an_invitation_without_address_is_not_mailed(
    owner: Membership, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(owner)
    assert mail.outbox == []


def test_an_invitation_stays_when_no_mail_can_be_sent(
    owner: Membership,
    settings: object,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(owner, email="zhang@example.com")
    assert services.find_invitation(token=invited.token, at=NOW)


def test_an_invitation_for_an_address_serves_nobody_else(owner: Membership) -> None:
    invited = invite(owner, email="zhang@example.com")
    with pytest.raises(services.WrongAddress):
        services.accept_invitation(token=invited.token, user=UserFactory(), at=NOW)
    zhang = UserFactory(email="zhang@example.com")
    assert services.accept_invitation(token=invited.token, user=zhang, at=NOW)


@pytest.mark.parametrize(
    ("days", "seconds", "usable"), [(6, 86399, True), (7, 0, False), (8, 0, False)]
)
def test_an_invitation_expires_after_seven_days(
    owner: Membership, days: int, seconds: int, usable: bool
) -> None:
    invited = invite(owner)
    at = NOW + timedelta(days=days, seconds=seconds)
    if usable:
        assert services.find_invitation(token=invited.token, at=at)
    else:
        with pytest.raises(services.InvitationUnusable):
            services.accept_invitation(token=invited.token, user=UserFactory(), at=at)


def test_an_unknown_link_is_unusable() -> None:
    with pytest.raises(services.InvitationUnusable):
        services.find_invitation(token="guess", at=NOW)


def test_a_member_of_another_organisation_cannot_join(
    owner: Membership, stranger: Membership
) -> None:
    invited = invite(owner)
    with pytest.raises(services.AlreadyMember):
        services.accept_invitation(token=invited.token, user=stranger.user, at=NOW)
    assert services.find_invitation(token=invited.token, at=NOW)


def test_a_contributor_invites_nobody(contributor: Membership) -> None:
    with pytest.raises(Forbidden):
        invite(contributor)
    assert not Invitation.objects.exists()


def test_nobody_invites_to_another_organisation(
    owner: Membership, stranger: Membership
) -> None:
    with pytest.raises(Forbidden):
        services.invite_member(
            organisation=owner.organisation,
            actor=stranger.user,
            role=Role.OWNER,
            at=NOW,
        )


def test_an_enterprise_invites_no_official(owner: Membership) -> None:
    with pytest.raises(services.RoleMisfit):
        invite(owner, role=Role.ANALYST)


def test_open_invitations_are_limited(owner: Membership) -> None:
    InvitationFactory.create_batch(
        services.MOST_OPEN_INVITATIONS, organisation=owner.organisation, created_at=NOW
    )
    with pytest.raises(services.TooManyInvitations):
        invite(owner)


def test_a_revoked_invitation_is_unusable(owner: Membership) -> None:
    invited = invite(owner)
    services.revoke_invitation(invitation=invited.invitation, actor=owner.user, at=NOW)
    with pytest.raises(services.InvitationUnusable):
        services.accept_invitation(token=invited.token, user=UserFactory(), at=NOW)
    assert actions()[-1] == "invitation.revoked"


def test_an_accepted_invitation_is_not_revoked(owner: Membership) -> None:
    invited = invite(owner)
    services.accept_invitation(token=invited.token, user=UserFactory(), at=NOW)
    with pytest.raises(services.InvitationUnusable):
        services.revoke_invitation(
            invitation=invited.invitation, actor=owner.user, at=NOW
        )


def test_a_contributor_revokes_nothing(
    owner: Membership, contributor: Membership
) -> None:
    invited = invite(owner)
    with pytest.raises(Forbidden):
        services.revoke_invitation(
            invitation=invited.invitation, actor=contributor.user, at=NOW
        )
    assert services.find_invitation(token=invited.token, at=NOW)


# Members


def test_an_owner_changes_a_role(owner: Membership, contributor: Membership) -> None:
    services.change_role(
        membership=contributor, actor=owner.user, role=Role.OWNER, at=NOW
    )
    contributor.refresh_from_db()
    assert contributor.role == Role.OWNER
    assert AuditEvent.objects.get().detail == {"from": "contributor", "to": "owner"}


def test_the_last_owner_stays_owner(owner: Membership, contributor: Membership) -> None:
    with pytest.raises(services.LastManager):
        services.change_role(
            membership=owner, actor=owner.user, role=Role.CONTRIBUTOR, at=NOW
        )
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_one_of_two_owners_may_step_back(owner: Membership) -> None:
    MembershipFactory(organisation=owner.organisation, role=Role.OWNER)
    services.change_role(
        membership=owner, actor=owner.user, role=Role.CONTRIBUTOR, at=NOW
    )
    owner.refresh_from_db()
    assert owner.role == Role.CONTRIBUTOR


def test_a_role_of_another_kind_is_refused(
    owner: Membership, contributor: Membership
) -> None:
    with pytest.raises(services.RoleMisfit):
        services.change_role(
            membership=contributor, actor=owner.user, role=Role.REVIEWER, at=NOW
        )


def test_a_contributor_promotes_nobody(contributor: Membership) -> None:
    with pytest.raises(Forbidden):
        services.change_role(
            membership=contributor, actor=contributor.user, role=Role.OWNER, at=NOW
        )


def test_an_owner_removes_a_member(owner: Membership, contributor: Membership) -> None:
    person = contributor.user
    services.remove_member(membership=contributor, actor=owner.user, at=NOW)
    assert not Organisation.objects.visible_to(person).exists()
    assert actions() == ["member.removed"]


def test_the_last_owner_is_not_removed(
    owner: Membership, contributor: Membership
) -> None:
    with pytest.raises(services.LastManager):
        services.remove_member(membership=owner, actor=owner.user, at=NOW)
    assert Membership.objects.filter(pk=owner.pk).exists()


def test_nobody_removes_members_of_another_organisation(
    owner: Membership, stranger: Membership
) -> None:
    with pytest.raises(Forbidden):
        services.remove_member(membership=owner, actor=stranger.user, at=NOW)


def test_a_removed_person_may_be_invited_again(
    owner: Membership, contributor: Membership
) -> None:
    person = contributor.user
    services.remove_member(membership=contributor, actor=owner.user, at=NOW)
    invited = invite(owner)
    assert services.accept_invitation(token=invited.token, user=person, at=NOW)


def test_a_person_changes_the_own_name(owner: Membership) -> None:
    services.change_name(user=owner.user, name=" 王  芳 ", at=NOW)
    owner.user.refresh_from_db()
    assert owner.user.name == "王 芳"
    assert actions() == ["person.renamed"]


def test_a_change_of_the_name_keeps_the_district_somebody_else_just_stored(
    owner: Membership,
) -> None:
    seen_before = Organisation.objects.get(pk=owner.organisation_id)
    Organisation.objects.update(district="370611")
    services.change_organisation(
        organisation=seen_before, actor=owner.user, changes={"name": "新名"}, at=NOW
    )
    stored = Organisation.objects.get(pk=owner.organisation_id)
    assert (stored.name, stored.district) == ("新名", "370611")


def test_a_member_who_has_just_gone_is_not_found(
    owner: Membership, contributor: Membership
) -> None:
    gone = Membership.objects.get(pk=contributor.pk)
    services.remove_member(membership=gone, actor=owner.user, at=NOW)
    with pytest.raises(NotFound):
        services.remove_member(membership=contributor, actor=owner.user, at=NOW)
    with pytest.raises(NotFound):
        services.change_role(
            membership=contributor, actor=owner.user, role=Role.OWNER, at=NOW
        )
