"""Nobody sits on both sides, and an invitation tells nobody who is registered."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import EndedMembership, Invitation, Membership
from accounts.rules import MANAGING_ROLE, Kind, Role
from assessments.models import Assessment
from tests.factories.accounts import PASSWORD, MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
UNKNOWN = "nobody.knows@example.com"
SIDES = [
    ("owner", "reviewer", "contributor"),
    ("agency_manager", "contributor", "reviewer"),
]
"""Who invites, whom (a member of the other side), and to which role."""


def plain(text: str, *addresses: str) -> str:
    """Return an answer without what differs between any two invitations."""
    for address in addresses:
        text = text.replace(address, "ADDRESS")
    text = re.sub(r"invitations/[\w-]{20,}/", "invitations/TOKEN/", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text)
    text = re.sub(r"\d{4}-\d{2}-\d{2}T[\d:.]+(\+08:00|Z)", "TIME", text)
    return re.sub(r"nonce=\"[^\"]+\"", "nonce", text)


def invite(inviter: Membership, email: str, role: str) -> services.Invited:
    return services.invite_member(
        organisation=inviter.organisation, actor=inviter.user, role=role,
        email=email, at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize(("inviting", "invited", "role"), SIDES)
@pytest.mark.parametrize("door", ["page", "api"])
def test_inviting_the_other_side_looks_like_inviting_a_stranger(
    request: Any, signed_in: Any, inviting: str, invited: str, role: str, door: str,
    django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    inviter = request.getfixturevalue(inviting)
    known = request.getfixturevalue(invited).user.email
    seen = []
    for email in (known, UNKNOWN):
        client, body = signed_in(inviter), {"role": role, "email": email}
        mail.outbox.clear()
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            django_capture_on_commit_callbacks(execute=True),
        ):
            if door == "page":
                answer = client.post(reverse("member-invite"), body)
            else:
                url = reverse("api-invitations")
                answer = client.post(url, body, content_type="application/json")
        [letter] = mail.outbox
        Invitation.objects.update(revoked_at=timezone.now())
        seen.append(
            (
                answer.status_code,
                plain(answer.text, email),
                letter.subject,
                plain(letter.body, email),
                len(queries),
            )
        )
    assert seen[0] == seen[1]


@pytest.fixture
def mandatory(settings: Any) -> None:
    """Let e-mail addresses be confirmed before the first sign-in."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def join_as(email: str, token: str) -> tuple[Client, Any]:
    """Open a link as nobody and register with an address."""
    client = Client()
    form = {"email": email, "name": "来人", "password1": PASSWORD, "consent": "on"}
    return client, client.post(reverse("invitation-accept", args=[token]), form)


@pytest.mark.usefixtures("mandatory")
@pytest.mark.parametrize(("inviting", "invited", "role"), SIDES)
@pytest.mark.parametrize("addressed", [True, False])
def test_the_link_itself_does_not_say_whether_an_address_is_registered(
    request: Any, signed_in: Any, inviting: str, invited: str, role: str,
    addressed: bool,
):  # fmt: skip
    """Whoever invites holds the link too, and may register with anybody's address."""
    inviter = request.getfixturevalue(inviting)
    known = request.getfixturevalue(invited).user.email
    seen = []
    for email in (known, UNKNOWN):
        cache.clear()
        made = invite(inviter, email if addressed else "", role)
        opened = Client().get(reverse("invitation-accept", args=[made.token]))
        client, sent = join_as(email, made.token)
        assert sent.status_code == 302
        watcher = signed_in(inviter)
        listed = watcher.get(reverse("api-invitations")).json()
        members = watcher.get(reverse("api-members")).json()
        seen.append(
            (
                plain(opened.text, email), sent.headers["Location"], set(sent.cookies),
                plain(client.get(sent.headers["Location"]).text, email),
                [row["id"] for row in listed] == [str(made.invitation.pk)],
                [row["email"] for row in members],
            )
        )  # fmt: skip
        Invitation.objects.update(revoked_at=timezone.now())
    assert seen[0] == seen[1]


@pytest.mark.usefixtures("mandatory")
def test_who_registers_with_a_link_joins_once_the_address_is_confirmed(
    owner: Membership,
):
    made = invite(owner, UNKNOWN, Role.CONTRIBUTOR)
    client, _sent = join_as(UNKNOWN, made.token)
    assert not Membership.objects.filter(user__email=UNKNOWN).exists()
    key = re.search(r"/accounts/confirm-email/[^/]+/", mail.outbox[-1].body)
    assert key is not None
    client.post(key[0])
    answers = {"login": UNKNOWN, "password": PASSWORD}
    home = client.post(reverse("account_login"), answers, follow=True)
    link = reverse("invitation-accept", args=[made.token])
    assert home.redirect_chain[-1] == (link, 302)
    assert client.post(link).status_code == 302
    assert Membership.objects.get(user__email=UNKNOWN).role == Role.CONTRIBUTOR
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize(("inviting", "invited", "role"), SIDES)
@pytest.mark.parametrize("addressed", [True, False])
def test_a_member_of_the_other_side_cannot_accept(
    request: Any, signed_in: Any, inviting: str, invited: str, role: str,
    addressed: bool,
):  # fmt: skip
    inviter, other = (request.getfixturevalue(n) for n in (inviting, invited))
    made = invite(inviter, other.user.email if addressed else "", role)
    with pytest.raises(services.AlreadyMember):
        services.accept_invitation(token=made.token, user=other.user, at=timezone.now())
    url = reverse("invitation-accept", args=[made.token])
    assert signed_in(other).post(url).status_code == 409
    assert Membership.objects.get(user=other.user) == other
    # Who invited sees an invitation that waits, as for anybody who does not answer.
    listed = signed_in(inviter).get(reverse("api-invitations")).json()
    assert [row["id"] for row in listed] == [str(made.invitation.pk)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Kind.ENTERPRISE, Kind.AGENCY),
        (Kind.AGENCY, Kind.ENTERPRISE),
        (Kind.ENTERPRISE, Kind.ENTERPRISE),
        (Kind.BUREAU, Kind.AGENCY),
    ],
)
def test_the_database_keeps_one_seat_a_person(first: Kind, second: Kind):
    member = MembershipFactory(organisation=OrganisationFactory(kind=first))
    other = OrganisationFactory(kind=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(user=member.user, organisation=other)
    role, seat = MANAGING_ROLE[second], Membership.objects.filter(pk=member.pk)
    with pytest.raises(IntegrityError, match="never moved"), transaction.atomic():
        seat.update(organisation=other, role=role)


def test_a_seat_is_not_handed_to_somebody_else(owner: Membership, stranger: Membership):
    loner = MembershipFactory.build().user
    loner.save()
    with pytest.raises(IntegrityError, match="never moved"), transaction.atomic():
        Membership.objects.filter(pk=owner.pk).update(user=loner)


def test_a_seat_is_left_only_with_a_record(owner: Membership, contributor: Membership):
    seat = Membership.objects.filter(pk=contributor.pk)
    with pytest.raises(IntegrityError, match="record of it"), transaction.atomic():
        seat.delete()
    services.remove_member(membership=contributor, actor=owner.user, at=NOW)
    assert not seat.exists()
    assert EndedMembership.objects.get().user_id == contributor.user_id


def test_who_left_an_enterprise_may_join_its_agency_and_sees_nothing_of_it(
    submitted: Any, grant: Any, owner: Membership, contributor: Membership,
    agency_manager: Membership,
):  # fmt: skip
    grant()
    services.remove_member(membership=contributor, actor=owner.user, at=NOW)
    made = invite(agency_manager, contributor.user.email, Role.REVIEWER)
    services.accept_invitation(
        token=made.token, user=contributor.user, at=timezone.now()
    )
    left = EndedMembership.objects.get()
    assert left.barred_until - left.ended_at == timedelta(days=730)
    assert Assessment.objects.visible_to(agency_manager.user).exists()
    assert not Assessment.objects.visible_to(contributor.user).exists()
