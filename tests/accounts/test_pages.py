"""The pages about people: what they show, to whom, and in which words."""

import re
import uuid
from collections.abc import Callable

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Invitation, Membership, Organisation, User
from accounts.rules import Role
from tests.factories.accounts import (
    PASSWORD,
    InvitationFactory,
    UserFactory,
    credit_code,
)

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
OPEN_PAGES = [
    "account_login", "account_signup", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key_done",
    "account_inactive", "account_email_verification_sent", "privacy",
]  # fmt: skip
OWN_PAGES = [
    "account", "account-name", "organisation-edit", "members", "member-invite",
    "account_email", "account_change_password", "account_logout",
    "account_reauthenticate", "mfa_index", "usersessions_list",
]  # fmt: skip
WORDS_OF_OTHERS = {"Chrome", "Linux", "English", "IP", "TOTP", "MA"}


def body(response: object) -> str:
    return response.content.decode()


def english(page: str) -> set[str]:
    """Return the English words a reader of the Chinese page would see."""
    main = page[page.index("<main") : page.index("</main>")]
    text = re.sub(r"<[^>]+>", " ", main)
    text = re.sub(r"\S+@\S+|https?://\S+|\b[0-9A-Z]{18}\b", " ", text)
    return set(re.findall(r"[A-Za-z]{2,}", text)) - WORDS_OF_OTHERS


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_an_open_page_is_wholly_chinese(name: str, client: Client) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert english(body(response)) <= {"Cookie"}


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_page_for_members_is_wholly_chinese(
    name: str, owner: Membership, signed_in: SignedIn
) -> None:
    response = signed_in(owner).get(reverse(name))
    assert response.status_code == 200
    assert english(body(response)) == set()


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_page_for_members_sends_strangers_to_sign_in(
    name: str, client: Client
) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(
        (reverse("account_login"), reverse("start"))
    )


@pytest.mark.parametrize(
    "name",
    [
        "account/email", "account/signup_closed", "account/verified_email_required",
        "account/password_set",
        "account/signup_by_passkey", "account/request_login_code",
    ],
)  # fmt: skip
def test_pages_that_are_switched_off_still_wear_the_frame(name: str) -> None:
    page = get_template(f"{name}.html").render({"form": None})
    assert '<main id="main"' in page


def test_a_person_without_membership_is_told_what_to_do(signed_in: SignedIn) -> None:
    client = signed_in(UserFactory())
    assert "不属于任何单位" in body(client.get(reverse("account")))
    assert client.get(reverse("members")).headers["Location"] == reverse("account")
    assert client.get(reverse("enterprise-register")).status_code == 200


def test_a_person_without_membership_registers_an_enterprise(
    signed_in: SignedIn,
) -> None:
    person = UserFactory()
    client, url = signed_in(person), reverse("enterprise-register")
    answers = {"enterprise_name": "示例公司", "district": "370602"}
    wrong = client.post(url, {**answers, "credit_code": "1"})
    assert "现在是 1 位" in body(wrong)
    client.post(url, {**answers, "credit_code": credit_code(5)})
    assert Membership.objects.get(user=person).role == Role.OWNER
    assert client.get(url).headers["Location"] == reverse("account")


def test_a_taken_enterprise_is_not_registered_by_a_signed_in_person(
    owner: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(UserFactory())
    answers = {
        "credit_code": owner.organisation.credit_code,
        "enterprise_name": "示例公司",
        "district": "370602",
    }
    response = client.post(reverse("enterprise-register"), answers)
    assert "已经注册" in body(response)
    assert Organisation.objects.count() == 1


def test_a_person_changes_the_own_name(owner: Membership, signed_in: SignedIn) -> None:
    signed_in(owner).post(reverse("account-name"), {"name": "王芳"})
    assert User.objects.get().name == "王芳"


def test_an_owner_changes_the_organisation(
    owner: Membership, signed_in: SignedIn
) -> None:
    answers = {"name": "新名称", "district": "bonded", "credit_code": credit_code(9)}
    signed_in(owner).post(reverse("organisation-edit"), answers)
    changed = Organisation.objects.get()
    assert (changed.name, changed.district) == ("新名称", "bonded")
    assert changed.credit_code == owner.organisation.credit_code


def test_a_bureau_has_no_district(
    bureau_manager: Membership, signed_in: SignedIn
) -> None:
    client, url = signed_in(bureau_manager), reverse("organisation-edit")
    assert 'name="district"' not in body(client.get(url))
    client.post(url, {"name": "某市知识产权局"})
    assert Organisation.objects.get().name == "某市知识产权局"


def test_a_contributor_sees_members_but_no_way_to_change_them(
    owner: Membership, contributor: Membership, signed_in: SignedIn
) -> None:
    page = body(signed_in(contributor).get(reverse("members")))
    assert owner.user.email in page
    assert reverse("member-invite") not in page
    assert "未使用的邀请" not in page


def manage_addresses(member: Membership, invitation: Invitation) -> list[str]:
    return [
        reverse("organisation-edit"),
        reverse("member-invite"),
        reverse("member-role", args=[member.pk]),
        reverse("member-remove", args=[member.pk]),
        reverse("invitation-revoke", args=[invitation.pk]),
    ]


def test_a_contributor_manages_nothing(
    owner: Membership, contributor: Membership, signed_in: SignedIn
) -> None:
    invitation = InvitationFactory(organisation=owner.organisation)
    client = signed_in(contributor)
    for url in manage_addresses(owner, invitation):
        assert client.get(url).status_code in (403, 404), url
        assert client.post(url, {"role": "owner"}).status_code in (403, 404), url
    assert Membership.objects.count() == 2
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_a_stranger_manages_nothing_of_others(
    contributor: Membership, stranger: Membership, signed_in: SignedIn
) -> None:
    invitation = InvitationFactory(organisation=contributor.organisation)
    client = signed_in(stranger)
    for url in manage_addresses(contributor, invitation)[2:]:
        missing = re.sub(r"[0-9a-f-]{36}", str(uuid.uuid4()), url)
        for method in (client.get, client.post):
            assert method(url).status_code == 404
            assert method(missing).status_code == 404
    contributor.refresh_from_db()


def test_an_owner_invites_by_link(owner: Membership, signed_in: SignedIn) -> None:
    client = signed_in(owner)
    response = client.post(reverse("member-invite"), {"role": "contributor"})
    [link] = re.findall(r"http://localhost:8000(/invitations/[^/]+/)", body(response))
    assert "未使用的邀请" in body(client.get(reverse("members")))
    assert link not in body(client.get(reverse("members")))
    assert owner.organisation.name in body(Client().get(link))


def test_an_invitation_needs_a_role_that_fits(
    owner: Membership, signed_in: SignedIn
) -> None:
    client, url = signed_in(owner), reverse("member-invite")
    assert "请选择角色" in body(client.post(url, {}))
    assert "operator" in body(client.post(url, {"role": "operator"}))
    assert not Invitation.objects.exists()


def test_an_owner_changes_a_role(
    owner: Membership, contributor: Membership, signed_in: SignedIn
) -> None:
    url = reverse("member-role", args=[contributor.pk])
    client = signed_in(owner)
    assert re.search(r'value="contributor"[^>]* checked', body(client.get(url)))
    client.post(url, {"role": "owner"})
    contributor.refresh_from_db()
    assert contributor.role == Role.OWNER


def test_the_last_owner_learns_why_nothing_happens(
    owner: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(owner)
    removed = client.post(reverse("member-remove", args=[owner.pk]))
    changed = client.post(
        reverse("member-role", args=[owner.pk]), {"role": "contributor"}
    )
    for response in (removed, changed):
        assert "至少要有一名负责人" in body(response)
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_removing_asks_first_and_works_at_once(
    owner: Membership, contributor: Membership, signed_in: SignedIn
) -> None:
    leaver, client = signed_in(contributor), signed_in(owner)
    url = reverse("member-remove", args=[contributor.pk])
    assert leaver.get(reverse("members")).status_code == 200
    assert "移除立即生效" in body(client.get(url))
    assert Membership.objects.count() == 2
    client.post(url)
    assert leaver.get(reverse("members")).headers["Location"] == reverse("account")


def test_revoking_asks_first(owner: Membership, signed_in: SignedIn) -> None:
    invitation = InvitationFactory(organisation=owner.organisation, token="secret")
    client, url = signed_in(owner), reverse("invitation-revoke", args=[invitation.pk])
    assert "链接不能再使用" in body(client.get(url))
    client.post(url)
    client.post(url)
    response = Client().get(reverse("invitation-accept", args=["secret"]))
    assert response.status_code == 404
    assert "邀请链接不能使用" in body(response)


# Joining with a link


@pytest.fixture
def link(owner: Membership) -> str:
    invited = services.invite_member(
        organisation=owner.organisation,
        actor=owner.user,
        role=Role.CONTRIBUTOR,
        email="zhang@example.com",
        at=timezone.now(),
    )
    return reverse("invitation-accept", args=[invited.token])


ANSWERS = {
    "name": "张伟",
    "email": "zhang@example.com",
    "password1": PASSWORD,
    "consent": "on",
}


def test_a_newcomer_registers_and_joins(
    owner: Membership, link: str, client: Client
) -> None:
    response = client.post(link, ANSWERS)
    assert response.headers["Location"] == reverse("home")
    joined = Membership.objects.get(user__email="zhang@example.com")
    assert (joined.organisation, joined.role) == (owner.organisation, Role.CONTRIBUTOR)
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "other@example.com"}, "发给了另一个邮箱"),
        ({"consent": ""}, "同意后才能注册"),
        ({"password1": "short"}, "至少需要 10 个字符"),
    ],
)
def test_a_newcomer_with_a_mistake_does_not_join(
    link: str, client: Client, changes: dict, words: str
) -> None:
    assert words in body(client.post(link, {**ANSWERS, **changes}))
    assert not User.objects.filter(name="张伟").exists()
    assert client.get(link).status_code == 200


def test_a_newcomer_does_not_use_the_name_of_the_organisation_as_password(
    owner: Membership, link: str, client: Client
) -> None:
    answers = {**ANSWERS, "password1": owner.organisation.credit_code}
    assert "容易猜到的词" in body(client.post(link, answers))


def test_a_person_with_an_account_joins_by_a_button(
    owner: Membership, link: str, signed_in: SignedIn
) -> None:
    person = UserFactory(email="zhang@example.com")
    client = signed_in(person)
    assert owner.organisation.name in body(client.get(link))
    assert not Membership.objects.filter(user=person).exists()
    client.post(link)
    assert Membership.objects.get(user=person).organisation == owner.organisation


def test_another_address_does_not_join(link: str, signed_in: SignedIn) -> None:
    client = signed_in(UserFactory())
    assert "发给了另一个邮箱" in body(client.get(link))
    assert client.post(link).status_code == 409


def test_a_member_of_another_organisation_does_not_join(
    link: str, stranger: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(stranger)
    assert "已属于一个单位" in body(client.get(link))
    assert client.post(link).status_code == 409
    assert Membership.objects.get(user=stranger.user) == stranger
