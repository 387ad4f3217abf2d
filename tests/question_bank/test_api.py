"""The API of banks: public, canonical, paged; the quick scan stores nothing."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from question_bank import selectors
from question_bank.api import views
from question_bank.models import BankVersion
from question_bank.publishing import publish
from tests.fixtures_assessments import AT

pytestmark = pytest.mark.django_db
BANKS = "/api/v1/banks/"


@pytest.fixture
def offered(small_version: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Offer the small bank instead of the one that ships."""
    monkeypatch.setattr(
        views, "offered_version", lambda: selectors.offered_version("small")
    )
    return small_version


def scan(client: Client, body: Any) -> Any:
    return client.post(
        "/api/v1/quick-scan/", json.dumps(body), content_type="application/json"
    )


def rows_in_database() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count() for model in apps.get_models()
    }


def test_anybody_may_list_the_banks(client, small_version, small_bank):
    body = client.get(BANKS).json()
    assert body["count"] == 1
    assert body["results"][0] == {
        "bank": "small",
        "edition": "TEST-1",
        "version": "1.0.0",
        "sha256": small_bank.sha256,
        "status": "published",
        "published_at": "2026-11-24T10:00:00+08:00",
    }


def test_the_list_is_paged_and_newest_first(client, small_version, small_bank):
    for minor in (1, 2):
        publish(bank=replace(small_bank, version=f"1.{minor}.0"), at=AT)
    first = client.get(BANKS, {"page_size": 2}).json()
    assert [row["version"] for row in first["results"]] == ["1.2.0", "1.1.0"]
    rest = client.get(first["next"]).json()
    assert [row["version"] for row in rest["results"]] == ["1.0.0"]


def test_the_list_does_not_load_the_documents(
    client, small_version, django_assert_num_queries
):
    with django_assert_num_queries(2) as queries:
        client.get(BANKS)
    assert all('"document"' not in query["sql"] for query in queries)


@pytest.mark.parametrize(
    "query", [{"page": 99}, {"page": "x"}, {"page": 0}, {"page": -1}]
)
def test_a_page_that_does_not_exist_is_not_found(client, small_version, query):
    answer = client.get(BANKS, query)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_document_is_the_canonical_json(client, small_version, small_bank):
    body = client.get(f"{BANKS}small/1.0.0/").json()
    assert body == json.loads(small_bank.canonical_bytes())


@pytest.mark.parametrize("path", ["small/9.9.9/", "other/1.0.0/"])
def test_an_unknown_bank_is_not_found(client, small_version, path):
    answer = client.get(BANKS + path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_draft_of_a_bank_is_not_found(client):
    BankVersion.objects.create(
        bank="small", edition="E", version="9", document="{}", sha256="f" * 64
    )
    assert client.get(BANKS).json()["count"] == 0
    assert client.get(f"{BANKS}small/9/").status_code == 404


def test_the_scan_answers_a_stranger(client, offered):
    answer = scan(client, {"levels": {"level_one": 2}})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["score"], body["band"], body["answered"]) == ("60.00", "D", 1)
    assert [gap["question"] for gap in body["gaps"]] == ["level_one"]
    assert body["gaps"][0]["guidance"]["zh"] == "补齐记录。"


def test_the_scan_stores_nothing(client, offered):
    before = rows_in_database()
    scan(client, {"levels": {"level_one": 0}})
    assert rows_in_database() == before
    assert client.cookies == {}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"levels": 3},
        {"levels": {"level_one": 5}},
        {"levels": {"level_one": -1}},
        {"levels": {"level_one": "much"}},
        {"levels": {"level_two": 3}},
        {"levels": {}, "name": "x"},
        [],
    ],
)
def test_the_scan_refuses_what_it_does_not_ask(client, offered, body):
    answer = scan(client, body)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_the_scan_is_not_found_while_no_bank_is_published(client):
    answer = scan(client, {"levels": {}})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_bank")
