"""Sessions end when idle and after a working day."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import middleware
from accounts.models import Membership
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Return a function that moves the middleware's clock on by seconds."""
    now = [int(time.time())]

    class Clock:
        @staticmethod
        def time() -> int:
            return now[0]

    def move(seconds: int) -> None:
        now[0] += seconds

    monkeypatch.setattr(middleware, "time", Clock)
    return move


@pytest.fixture
def client(owner: Membership, clock: object) -> Client:
    """A client in which the owner has signed in through the page."""
    client = Client()
    answers = {"login": owner.user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), answers).status_code == 302
    return client


def test_a_session_in_use_lasts(client: Client, clock: Callable[[int], None]) -> None:
    for _ in range(20):
        clock(29 * MINUTE)
        assert client.get(reverse("account")).status_code == 200


def test_an_idle_session_ends(client: Client, clock: Callable[[int], None]) -> None:
    clock(30 * MINUTE + 1)
    response = client.get(reverse("members") + "?page=2")
    assert response.status_code == 302
    url = response.headers["Location"]
    assert url == reverse("account_login") + "?next=%2Fmembers%2F%3Fpage%3D2&ended=idle"
    assert "较长时间没有操作" in client.get(url).content.decode()
    assert client.get(reverse("members")).status_code == 302


def test_a_session_ends_after_a_working_day(
    client: Client, clock: Callable[[int], None]
) -> None:
    for _ in range(25):
        clock(29 * MINUTE)
        response = client.get(reverse("account"))
    assert response.headers["Location"].endswith("ended=old")


def test_the_old_session_id_is_worthless(
    client: Client, clock: Callable[[int], None]
) -> None:
    stolen = client.cookies["session"].value
    clock(31 * MINUTE)
    client.get(reverse("account"))
    clock(-31 * MINUTE)
    thief = Client()
    thief.cookies["session"] = stolen
    assert thief.get(reverse("account")).status_code == 302


def test_an_ended_session_still_opens_public_pages(
    client: Client, clock: Callable[[int], None]
) -> None:
    clock(31 * MINUTE)
    assert client.get(reverse("privacy")).status_code == 200


def test_the_api_answers_401_after_the_end(
    client: Client, clock: Callable[[int], None]
) -> None:
    assert client.get(reverse("api-me")).status_code == 200
    clock(31 * MINUTE)
    response = client.get(reverse("api-me"))
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/members/invite/?x=1", "%2Fmembers%2Finvite%2F%3Fx%3D1"),
        ("https://evil.example/members/", "%2F"),
        ("", "%2F"),
    ],
)
def test_a_form_of_an_ended_session_leads_back_to_its_page(
    client: Client, clock: Callable[[int], None], referer: str, target: str
) -> None:
    clock(31 * MINUTE)
    response = client.post(reverse("member-invite"), {}, HTTP_REFERER=referer)
    wanted = target if referer.startswith("http://t") else _quoted_home()
    assert f"next={wanted}&" in response.headers["Location"]


def _quoted_home() -> str:
    return reverse("home").replace("/", "%2F")


def test_a_request_within_the_minute_writes_nothing(
    client: Client,
    clock: Callable[[int], None],
    django_assert_num_queries: Callable,
) -> None:
    client.get(reverse("privacy"))
    clock(59)
    with django_assert_num_queries(3):  # session, person, membership of the frame
        client.get(reverse("privacy"))


def test_use_is_noted_once_a_minute(
    client: Client, clock: Callable[[int], None]
) -> None:
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    clock(61)
    client.get(reverse("privacy"))
    seen = UserSession.objects.get().last_seen_at
    assert timezone.now() - seen < timedelta(minutes=1)


def test_a_stranger_gets_no_session(db: None) -> None:
    client = Client()
    client.get(reverse("privacy"))
    assert "session" not in client.cookies


def test_signing_out_kills_the_session(client: Client) -> None:
    stolen = client.cookies["session"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["session"] = stolen
    assert thief.get(reverse("account")).status_code == 302


def test_a_person_ends_the_other_sessions(client: Client, owner: Membership) -> None:
    other = Client()
    answers = {"login": owner.user.email, "password": PASSWORD}
    other.post(reverse("account_login"), answers)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert page.count("<tr>") == 3
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_disabling_a_person_ends_all_sessions(
    client: Client, owner: Membership
) -> None:
    owner.user.is_active = False
    owner.user.save()
    assert client.get(reverse("account")).status_code == 302
