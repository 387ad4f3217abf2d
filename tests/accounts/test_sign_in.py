"""Signing in: lock-outs, second factor, password reset."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
)
from axes.models import AccessAttempt
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import lockout
from accounts.adapter import MfaAdapter
from accounts.models import Membership, User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person() -> User:
    return UserFactory(email="li@example.com")


def sign_in(
    client: Client,
    email: str = "li@example.com",
    password: str = PASSWORD,
    **extra: str,
) -> HttpResponse:
    answers = {"login": email, "password": password}
    return client.post(reverse("account_login"), answers, **extra)


def fail(client: Client, times: int, email: str = "li@example.com") -> list[int]:
    return [sign_in(client, email, "wrong-password").status_code for _ in range(times)]


def test_the_right_password_leads_home(client: Client, person: User) -> None:
    assert sign_in(client).headers["Location"] == reverse("home")


def test_the_address_may_be_typed_in_any_case(client: Client, person: User) -> None:
    assert sign_in(client, "LI@Example.com ").status_code == 302


def test_a_wrong_password_is_refused_in_words(client: Client, person: User) -> None:
    response = sign_in(client, password="wrong-password")
    assert "邮箱或密码不正确" in response.content.decode()


def test_an_unknown_address_gets_the_same_answer(client: Client, person: User) -> None:
    wrong = sign_in(client, password="wrong-password")
    unknown = sign_in(Client(), "no@example.com", "wrong-password")
    forms = [response.context["form"] for response in (wrong, unknown)]
    assert forms[0].errors == forms[1].errors


def test_next_leads_only_to_own_pages(client: Client, person: User) -> None:
    url = reverse("account_login")
    answers = {"login": person.email, "password": PASSWORD}
    response = client.post(url, {**answers, "next": "https://evil.example/"})
    assert response.headers["Location"] == reverse("home")
    response = Client().post(url, {**answers, "next": "/members/"})
    assert response.headers["Location"] == "/members/"


def test_five_failures_lock_the_account_for_this_address(
    client: Client, person: User
) -> None:
    assert fail(client, 6) == [200, 200, 200, 200, 429, 429]
    response = sign_in(client)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 900
    assert "分钟后再试" in response.content.decode()


def test_letters_in_another_case_give_no_more_tries(
    client: Client, person: User
) -> None:
    fail(client, 2, "li@example.com")
    fail(client, 2, "LI@example.com")
    assert fail(client, 1, "Li@Example.com") == [429]


def test_an_unknown_address_is_locked_in_the_same_way(client: Client) -> None:
    assert fail(client, 5, "no@example.com") == [200, 200, 200, 200, 429]


def test_another_account_at_the_same_address_still_signs_in(
    client: Client, person: User
) -> None:
    fail(client, 5, "no@example.com")
    assert sign_in(client).status_code == 302


def test_the_owner_at_another_address_still_signs_in(
    client: Client, person: User
) -> None:
    fail(client, 5)
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.7").status_code == 302


def test_signing_in_forgets_earlier_failures(client: Client, person: User) -> None:
    fail(client, 4)
    assert sign_in(client).status_code == 302
    assert fail(Client(), 4) == [200] * 4


def test_the_lock_ends_after_fifteen_minutes(client: Client, person: User) -> None:
    fail(client, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_forged_forwarding_headers_give_no_more_tries(
    client: Client, person: User
) -> None:
    statuses = [
        sign_in(
            client, password="wrong-password", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}"
        ).status_code
        for n in range(5)
    ]
    assert statuses[-1] == 429


def test_behind_a_trusted_proxy_the_forwarded_address_counts(
    client: Client, person: User, settings: object
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(5):
        sign_in(client, password="wrong", HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.1")
    other = sign_in(client, HTTP_X_FORWARDED_FOR="203.0.113.1, 203.0.113.2")
    assert other.status_code == 302


def test_the_api_answers_a_lock_out_with_a_problem_document(person: User) -> None:
    request = RequestFactory().post("/api/v1/anything/")
    request.user = AnonymousUser()
    answer = lockout.locked_out(request, None, {"email": person.email})
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"]
    assert b'"code": "locked_out"' in answer.content


def test_passwords_are_not_kept_with_failures(client: Client, person: User) -> None:
    fail(client, 1)
    assert "wrong-password" not in str(AccessAttempt.objects.values().get())


def test_a_disabled_person_is_told_so(client: Client, person: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client).headers["Location"] == reverse("account_inactive")


def test_a_new_session_id_at_sign_in(client: Client, person: User) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_the_session_cookie_ends_with_the_browser(client: Client, person: User) -> None:
    cookie = sign_in(client).cookies["session"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        "",
        True,
        "Lax",
    )


# Forgotten passwords


def ask_for_reset(client: Client, email: str) -> HttpResponse:
    return client.post(reverse("account_reset_password"), {"email": email})


def test_a_reset_sets_a_new_password_and_lifts_the_lock(
    client: Client, person: User
) -> None:
    fail(client, 5)
    ask_for_reset(client, person.email)
    body = mail.outbox[0].body
    [link] = [line for line in body.splitlines() if "/password/reset/key/" in line]
    assert link.startswith("http://localhost:8000/")
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    url = page.redirect_chain[-1][0]
    new = {"password1": "another-good-one", "password2": "another-good-one"}
    assert client.post(url, new).status_code == 302
    assert sign_in(client, password="another-good-one").status_code == 302
    assert mail.outbox[1].subject == "密码已重设"


def test_new_passwords_have_to_agree(client: Client, person: User) -> None:
    client.force_login(person)
    answers = {
        "oldpassword": PASSWORD,
        "password1": "another-good-one",
        "password2": "x",
    }
    response = client.post(reverse("account_change_password"), answers)
    assert response.context["form"].errors == {"password2": ["两次输入的密码不一致。"]}


def test_a_reset_tells_nobody_who_is_registered(client: Client, person: User) -> None:
    known = ask_for_reset(client, person.email)
    unknown = ask_for_reset(Client(), "no@example.com")
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.subject for message in mail.outbox] == ["重设密码", "没有找到账号"]


def test_mails_name_no_host_a_request_makes_up(client: Client, person: User) -> None:
    url = reverse("account_reset_password")
    client.post(url, {"email": person.email}, HTTP_HOST="127.0.0.1")
    assert "127.0.0.1/" not in mail.outbox[0].body


def test_changing_the_password_ends_other_sessions(
    person: User, signed_in: Callable[..., Client]
) -> None:
    here, elsewhere = signed_in(person), signed_in(person)
    new = {"password1": "another-good-one", "password2": "another-good-one"}
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302


# The second factor


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


@pytest.fixture
def protected(person: User) -> User:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def test_a_code_is_asked_after_the_password(client: Client, protected: User) -> None:
    response = sign_in(client)
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("account")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("account")).status_code == 200


def test_a_wrong_code_is_refused_in_words(client: Client, protected: User) -> None:
    sign_in(client)
    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "验证码不正确" in response.content.decode()
    assert client.get(reverse("account")).status_code == 302


def test_codes_cannot_be_guessed_without_end(client: Client, protected: User) -> None:
    sign_in(client)
    url = reverse("mfa_authenticate")
    pages = [client.post(url, {"code": "000000"}).content.decode() for _ in range(6)]
    assert "尝试次数过多" in pages[-1]
    assert "尝试次数过多" in client.post(url, {"code": code()}).content.decode()


def test_a_recovery_code_works_once(client: Client, protected: User) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    first = codes.get_unused_codes()[0]
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": first})
    assert client.get(reverse("account")).status_code == 200
    other = Client()
    sign_in(other)
    other.post(reverse("mfa_authenticate"), {"code": first})
    assert other.get(reverse("account")).status_code == 302


def test_secrets_are_stored_encrypted(protected: User) -> None:
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    adapter = MfaAdapter()
    data = Authenticator.objects.get(type="totp").data
    assert adapter.decrypt(data["secret"]) == SECRET


def test_secrets_survive_a_change_of_the_key(settings: object) -> None:
    sealed = MfaAdapter().encrypt("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 50
    assert MfaAdapter().decrypt(sealed) == "secret"


def test_switching_it_on_asks_for_the_password_first(owner: Membership) -> None:
    client = Client()
    client.force_login(owner.user)
    response = client.get(reverse("mfa_activate_totp"))
    assert reverse("account_reauthenticate") in response.headers["Location"]
