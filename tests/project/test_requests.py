"""Requests no browser makes: refused in one place, never an error of the service."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
HALF = "\ud800"


@pytest.fixture
def stranger_client() -> Client:
    """A client that gets the page of a server error instead of its exception."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/verify/%00/", "/api/v1/banks/x/%00/", "/%00"])
def test_a_nul_in_the_address(stranger_client, path):
    assert stranger_client.get(path).status_code == 400


def test_a_nul_in_a_cookie(stranger_client):
    stranger_client.cookies.load(r'session="abcdefgh\000"')
    assert stranger_client.get("/").status_code == 400


@pytest.mark.parametrize("charset", ["hex", "utf-7", "gb18030"])
def test_a_body_in_another_character_set(stranger_client, charset):
    answer = stranger_client.generic(
        "POST",
        reverse("account_login"),
        b'--B\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n'
        b"--B--\r\n",
        content_type=f"multipart/form-data; boundary=B; charset={charset}",
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("length", ["2000", "0" * 30 + "2000", "9" * 30])
def test_a_body_longer_than_any_form_is_not_spooled(stranger_client, settings, length):
    settings.REQUEST_MAX_BYTES = 1000
    answer = stranger_client.get("/", headers={"content-length": length})
    assert answer.status_code == 400
    assert stranger_client.get("/", headers={"content-length": "x"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{"state": HALF}, {"state": "answered", "value": 3, HALF: 1}, {"state": [HALF]}],
)
def test_half_a_character_in_json(draft, owner, signed_in, body: Any):
    client = signed_in(owner)
    client.raise_request_exception = False
    url = reverse("api-answer", args=[draft.pk, "level_one"])
    answer = client.put(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_json"


def test_a_whole_character_written_as_two_escapes_is_taken(draft, owner, signed_in):
    answer = signed_in(owner).put(
        reverse("api-answer", args=[draft.pk, "words"]),
        json.dumps({"state": "answered", "value": "好\U0001f600"}),
        content_type="application/json",
        headers={"If-Match": '"0"'},
    )
    assert answer.json()["answer"]["value"] == "好\U0001f600"


def test_an_endless_number_for_a_level(draft, owner, signed_in):
    from assessments.evaluation import bank_of
    from question_bank.paging import layout

    key = layout(bank_of(draft)).page_of["level_one"]
    client = signed_in(owner)
    client.raise_request_exception = False
    form = {"revision-level_one": "0", "a-level_one": "9" * 5000}
    answer = client.post(reverse("answer-page", args=[draft.pk, key]), form)
    assert answer.status_code == 200


def test_an_address_too_long_for_its_column(owner, signed_in, client):
    long = "a" * 290 + "@example.com"
    answer = signed_in(owner).post(
        reverse("api-invitations"),
        json.dumps({"role": "contributor", "email": long}),
        content_type="application/json",
    )
    assert answer.status_code == 400
    form = {"login": long, "password": "x"}
    assert client.post(reverse("account_login"), form).status_code == 200
