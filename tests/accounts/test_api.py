"""People and organisations over the API: behaviour and its denial."""

import json
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Invitation, Membership, Organisation
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
ADDRESSES = ["api-me", "api-organisation", "api-members", "api-invitations"]


def send(client: Client, method: str, url: str, body: object = None) -> object:
    return client.generic(
        method,
        url,
        b"" if body is None else json.dumps(body).encode(),
        content_type="application/json",
    )


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_stranger_gets_401(name: str, client: Client) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"


def test_me_is_the_signed_in_person(owner: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(owner).get(reverse("api-me")).json()
    assert set(answer) == {"id", "name", "email", "role", "organisation"}
    assert (answer["email"], answer["role"]) == (owner.user.email, "owner")
    assert answer["organisation"]["id"] == str(owner.organisation.pk)
    assert set(answer["organisation"]) == {
        "id", "kind", "name", "credit_code", "district", "created_at",
    }  # fmt: skip


def test_me_without_membership(signed_in: SignedIn) -> None:
    answer = signed_in(UserFactory()).get(reverse("api-me")).json()
    assert (answer["role"], answer["organisation"]) == (None, None)


@pytest.mark.parametrize("name", ADDRESSES[1:])
def test_without_membership_there_is_nothing(name: str, signed_in: SignedIn) -> None:
    assert signed_in(UserFactory()).get(reverse(name)).status_code == 404


def test_an_owner_changes_the_organisation(
    owner: Membership, signed_in: SignedIn
) -> None:
    url = reverse("api-organisation")
    body = {"name": "新名称", "district": "370611"}
    response = send(signed_in(owner), "PATCH", url, body)
    assert response.status_code == 200
    assert (response.json()["name"], response.json()["district"]) == (
        "新名称",
        "370611",
    )
    assert Organisation.objects.get(name="新名称").district == "370611"


def test_a_contributor_reads_but_does_not_change_it(
    contributor: Membership, signed_in: SignedIn
) -> None:
    client, url = signed_in(contributor), reverse("api-organisation")
    assert client.get(url).status_code == 200
    assert send(client, "PATCH", url, {"name": "新名称"}).status_code == 403
    assert not Organisation.objects.filter(name="新名称").exists()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"credit_code": "91370600MA3QY001XA"}, "credit_code", "unknown_key"),
        ({"kind": "bureau"}, "kind", "unknown_key"),
        ({"name": ""}, "name", "blank"),
        ({"name": "长" * 121}, "name", "max_length"),
        ({"district": "370684"}, "district", "invalid_choice"),
    ],
)
def test_other_changes_are_refused_at_the_field(
    owner: Membership, signed_in: SignedIn, body: dict, field: str, code: str
) -> None:
    response = send(signed_in(owner), "PATCH", reverse("api-organisation"), body)
    assert response.status_code == 400
    [problem] = response.json()["errors"]
    assert (problem["field"], problem["code"]) == (field, code)


def test_members_are_the_own_ones(
    owner: Membership,
    contributor: Membership,
    stranger: Membership,
    signed_in: SignedIn,
) -> None:
    rows = signed_in(contributor).get(reverse("api-members")).json()
    assert [row["email"] for row in rows] == [owner.user.email, contributor.user.email]
    assert set(rows[0]) == {
        "id", "user_id", "name", "email", "role", "joined_at", "last_login",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["api-members", "api-invitations", "members"])
def test_more_rows_cost_no_more_queries(
    name: str, owner: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    client.get(reverse("privacy"))

    def cost(rows: int) -> int:
        MembershipFactory.create_batch(
            rows, organisation=owner.organisation, role="contributor"
        )
        InvitationFactory.create_batch(rows, organisation=owner.organisation)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    assert cost(1) == cost(3)


def test_an_owner_invites_and_the_link_is_given_once(
    owner: Membership, signed_in: SignedIn
) -> None:
    client, url = signed_in(owner), reverse("api-invitations")
    response = send(client, "POST", url, {"role": "contributor"})
    assert response.status_code == 201
    link = response.json()["url"]
    assert link.startswith("http://localhost:8000/invitations/")
    [row] = client.get(url).json()
    assert row["id"] == response.json()["id"]
    assert "url" not in row
    assert Client().get(link.removeprefix("http://localhost:8000")).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "role"),
        ({"role": "king"}, "role"),
        ({"role": "analyst"}, "role"),
        ({"role": "owner", "email": "nobody"}, "email"),
        ({"role": "owner", "token_hash": "x"}, "token_hash"),
    ],
)
def test_a_bad_invitation_is_refused_at_the_field(
    owner: Membership, signed_in: SignedIn, body: dict, field: str
) -> None:
    response = send(signed_in(owner), "POST", reverse("api-invitations"), body)
    assert response.status_code == 400
    assert [row["field"] for row in response.json()["errors"]] == [field]
    assert not Invitation.objects.exists()


def test_a_contributor_neither_sees_nor_makes_invitations(
    contributor: Membership, signed_in: SignedIn
) -> None:
    client, url = signed_in(contributor), reverse("api-invitations")
    assert client.get(url).status_code == 403
    assert send(client, "POST", url, {"role": "owner"}).status_code == 403
    assert not Invitation.objects.exists()


def test_an_owner_revokes_an_invitation(owner: Membership, signed_in: SignedIn) -> None:
    invitation = InvitationFactory(organisation=owner.organisation)
    url = reverse("api-invitation", args=[invitation.pk])
    client = signed_in(owner)
    assert client.delete(url).status_code == 204
    assert client.get(reverse("api-invitations")).json() == []
    assert client.delete(url).json()["code"] == "invitation_unusable"


def test_a_foreign_invitation_is_like_one_that_does_not_exist(
    owner: Membership, stranger: Membership, signed_in: SignedIn
) -> None:
    invitation = InvitationFactory(organisation=owner.organisation)
    client = signed_in(stranger)
    foreign = client.delete(reverse("api-invitation", args=[invitation.pk]))
    missing = client.delete(reverse("api-invitation", args=[uuid.uuid4()]))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_writing_needs_the_csrf_token(owner: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner.user)
    url = reverse("api-invitations")
    assert send(client, "POST", url, {"role": "owner"}).status_code == 403
    assert not Invitation.objects.exists()


def test_methods_that_are_not_declared_are_refused(
    owner: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    assert client.delete(reverse("api-organisation")).status_code == 405
    assert client.post(reverse("api-me")).status_code == 405
