"""The API of assessments: statuses, headers, problem documents, query counts."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Answer, Assessment
from tests.fixtures_assessments import COMPLETE

LEVEL_3 = {"state": "answered", "value": 3}


def url(assessment: Any, rest: str = "") -> str:
    return f"/api/v1/assessments/{assessment.pk}/{rest}"


def put(client: Any, assessment: Any, question: str, data: Any, **headers: str) -> Any:
    return client.put(
        url(assessment, f"answers/{question}/"),
        data if isinstance(data, (str, bytes)) else json.dumps(data),
        content_type="application/json",
        headers={"If-Match": '"0"', **headers},
    )


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def test_an_answer_is_saved_and_tells_what_applies_now(client, draft):
    response = put(client, draft, "level_one", LEVEL_3)
    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    body = response.json()
    assert body["answer"]["value"] == 3
    assert "total" in body["applicable"]
    assert body["unknown"] == ["level_export"]
    assert body["progress"] == {"done": 1, "total": 7, "unknown": 1}


def test_without_a_revision_nothing_is_saved(client, draft):
    response = client.put(
        url(draft, "answers/level_one/"),
        json.dumps(LEVEL_3),
        content_type="application/json",
    )
    assert (response.status_code, response.json()["code"]) == (428, "revision_required")


def test_a_stale_revision_answers_with_both_values(client, draft):
    put(client, draft, "level_one", LEVEL_3)
    response = put(client, draft, "level_one", {"state": "answered", "value": 1})
    body = response.json()
    assert (response.status_code, body["code"]) == (412, "stale_revision")
    assert (body["current"]["value"], body["yours"]["value"]) == (3, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "malformed_json"),
        ('{"state": "answered", "value": NaN}', "malformed_json"),
        ('{"state": "answered", "state": "dont_know"}', "malformed_json"),
        (b"\xff\xfe", "malformed_json"),
        ("[" * 100_000, "malformed_json"),
        ('"' + "x" * 300_000 + '"', "too_large"),
        ("[]", "invalid"),
        ('{"state": "answered", "value": 3, "score": 100}', "invalid"),
        ('{"value": 3}', "invalid"),
    ],
)
def test_a_malformed_body_is_refused_with_a_problem_document(client, draft, body, code):
    response = put(client, draft, "level_one", body)
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/problem+json")
    assert response.json()["code"] == code
    assert not Answer.objects.exists()


def test_an_unknown_key_is_named(client, draft):
    response = put(client, draft, "level_one", {**LEVEL_3, "score": 100})
    assert response.json()["errors"] == [
        {"field": "score", "code": "unknown_key", "message": "没有这个字段。"}
    ]


def test_errors_speak_the_readers_language(client, draft):
    data = {"state": "answered", "value": 9}
    chinese = put(client, draft, "level_one", data, **{"Accept-Language": "zh-hans"})
    english = put(client, draft, "level_one", data, **{"Accept-Language": "en"})
    assert "0" in chinese.json()["title"]
    assert chinese.json()["title"] != english.json()["title"]


def test_a_wrong_method_and_type_are_refused(client, draft):
    assert client.patch(url(draft, "answers/level_one/")).status_code == 405
    response = client.put(
        url(draft, "answers/level_one/"), "x=1", content_type="text/plain"
    )
    assert response.status_code == 415


def test_starting_twice_is_a_conflict(client, draft, small_version):
    response = client.post(
        "/api/v1/assessments/", {"bank": "small"}, content_type="application/json"
    )
    assert (response.status_code, response.json()["code"]) == (409, "draft_exists")


def test_an_unknown_bank_is_not_found(client, owner):
    response = client.post(
        "/api/v1/assessments/", {"bank": "nothing"}, content_type="application/json"
    )
    assert (response.status_code, response.json()["code"]) == (404, "unknown_bank")


def test_the_whole_way_from_start_to_result(client, owner, small_version):
    started = client.post(
        "/api/v1/assessments/", {"bank": "small"}, content_type="application/json"
    )
    assert started.status_code == 201
    draft = Assessment.objects.get(pk=started.json()["id"])
    for question, data in COMPLETE.items():
        assert put(client, draft, question, data).status_code == 200
    assert client.get(url(draft, "result/")).json()["code"] == "not_submitted"
    assert client.get(url(draft, "check/")).json()["can_submit"] is True
    sealed = client.post(
        url(draft, "submission/"),
        {"name": "声明人", "position": "总经理", "confirmed": True},
        content_type="application/json",
    )
    assert sealed.status_code == 201
    result = client.get(url(draft, "result/")).json()
    assert result["scorecard"]["display"]["self_score"] == "100.00"


def queries(client: Any, call: Any) -> int:
    """Count the SQL statements of a call, transaction control left out."""
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not q["sql"].startswith(control) for q in captured.captured_queries)


@pytest.mark.parametrize("bank", ["small", "gbt29490_2023"])
def test_saving_costs_six_queries_whatever_the_bank(
    bank, signed_in, owner, small_bank, request
):
    from question_bank.publishing import publish
    from tests.fixtures_assessments import AT

    questions = {"small": "level_one", "gbt29490_2023": "ctx_env"}
    found = small_bank if bank == "small" else request.getfixturevalue("real_bank")
    version = publish(bank=found, at=AT)
    from assessments.services import start_assessment

    draft = start_assessment(
        enterprise=owner.organisation, bank_version=version, actor=owner.user, at=AT
    )
    client = signed_in(owner)
    question = questions[bank]
    put(client, draft, question, LEVEL_3)
    spent = queries(
        client, lambda: put(client, draft, question, LEVEL_3, **{"If-Match": "1"})
    )
    assert spent <= 6
