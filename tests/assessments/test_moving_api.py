"""Moving, confirming, following and comparing through the API."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from assessments.models import Assessment, Follow, Move
from question_bank.publishing import publish
from tests.fixtures_assessments import AT
from tests.fixtures_moving import CARRIED


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def post(client: Any, name: str, assessment: Any, body: Any = None) -> Any:
    return client.post(
        reverse(name, args=[assessment.pk]),
        json.dumps(body or {}),
        content_type="application/json",
    )


def get(client: Any, name: str, assessment: Any, **query: Any) -> Any:
    return client.get(reverse(name, args=[assessment.pk]), query)


NEW = {"bank": "edition_new"}


def test_the_outlook_counts_and_bounds(client, old_sealed, new_version):
    body = get(client, "api-outlook", old_sealed, **NEW).json()
    assert set(body["carried"]) == set(CARRIED) == set(body["to_confirm"])
    assert body["hinted"] == ["secret_area", "contract", "search"]
    assert (body["left_behind"], body["new"]) == (["manual"], ["reporting"])
    assert (body["low"], body["high"]) == ("32.00", "78.67")
    assert not Move.objects.exists()


def test_a_move_answers_with_the_new_assessment_and_tells_where_it_is_from(
    client, old_sealed, new_version
):
    answer = post(client, "api-move", old_sealed, NEW)
    assert answer.status_code == 201
    made = Assessment.objects.get(pk=answer.json()["id"])
    assert (answer.json()["bank"], answer.json()["status"]) == ("edition_new", "draft")
    body = get(client, "api-move", made).json()
    assert (body["moved_from"], body["source_bank"]) == (
        str(old_sealed.pk), "edition_old",
    )  # fmt: skip
    assert body["carried"] == CARRIED
    assert [hint["relation"] for hint in body["hints"]] == [
        "narrower", "broader", "related",
    ]  # fmt: skip
    assert body["left_behind"][0]["note"] == "手册第三版"


def test_a_draft_in_the_way_is_named(client, old_sealed, moved):
    answer = post(client, "api-move", old_sealed, NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "draft_exists")
    assert answer.json()["assessment"] == str(moved.pk)


REFUSED = [
    ({"bank": "nowhere"}, 404, "unknown_bank"),
    ({"bank": "small"}, 409, "no_route"),
    ({"bank": "edition_old"}, 409, "same_version"),
    ({"bank": "edition_new", "extra": 1}, 400, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_a_move_is_refused_with_a_reason(
    client, old_sealed, new_version, small_version, body, status, code
):
    answer = post(client, "api-move", old_sealed, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_strangers_neither_move_nor_look(signed_in, stranger, moved, old_sealed):
    other = signed_in(stranger)
    assert post(other, "api-move", old_sealed, NEW).status_code == 404
    assert get(other, "api-move", moved).status_code == 404
    assert get(other, "api-outlook", old_sealed, **NEW).status_code == 404
    assert post(other, "api-confirmation", moved).status_code == 404
    assert moved.answers.filter(to_confirm=True).count() == len(CARRIED)


def test_answers_say_that_they_wait_and_a_put_of_the_same_confirms(client, moved):
    path = reverse("api-answer", args=[moved.pk, "policy_now"])
    stored = client.get(path).json()
    assert stored["to_confirm"] is True
    same = {name: stored[name] for name in ("state", "value", "note", "document")}
    answer = client.put(
        path,
        json.dumps(same),
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert answer.json()["answer"]["to_confirm"] is False
    check = client.get(reverse("api-check", args=[moved.pk])).json()
    waiting = [i["questions"] for i in check["items"] if i["remark"] == "to_confirm"]
    assert ["policy_now"] not in waiting
    assert len(waiting) == len(CARRIED) - 1
    assert check["can_submit"] is False


def test_some_or_all_are_confirmed_at_once(client, moved):
    some = post(client, "api-confirmation", moved, {"questions": ["staff", "export"]})
    assert some.json() == {"confirmed": 2}
    assert post(client, "api-confirmation", moved).json() == {"confirmed": 5}
    unknown = post(client, "api-confirmation", moved, {"questions": ["policy"]})
    assert unknown.status_code == 404


def test_a_draft_follows_a_patch_and_nothing_else(client, old_draft, earlier_edition):
    publish(bank=replace(earlier_edition, version="1.0.1"), at=AT)
    unknown = post(client, "api-version", old_draft, {"version": "1.0.9"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_version")
    followed = post(client, "api-version", old_draft, {"version": "1.0.1"})
    assert followed.json()["bank_version"] == "1.0.1"
    back = post(client, "api-version", old_draft, {"version": "1.0.0"})
    assert (back.status_code, back.json()["code"]) == (409, "more_than_words")
    assert Follow.objects.count() == 1


def test_a_comparison_puts_the_earlier_first(client, old_sealed, moved):
    body = get(client, "api-comparison", moved, **{"with": old_sealed.pk}).json()
    assert (body["earlier"], body["later"]) == (str(old_sealed.pk), str(moved.pk))
    assert body["one_bank"] is False
    verdicts = {row["later"]: row["verdict"] for row in body["questions"]}
    assert verdicts["policy_now"] == "same"
    assert verdicts["reporting"] == "new"
    [section] = [row for row in body["sections"] if row["key"] == "SECRET"]
    assert (section["before"], section["after"], section["compared"]) == ("60", "60", 1)


def test_a_comparison_needs_another_one_that_may_be_seen(
    client, signed_in, stranger, old_sealed, moved, small_version
):
    from assessments.services import start_assessment

    foreign = start_assessment(
        enterprise=stranger.organisation,
        bank_version=small_version,
        actor=stranger.user,
        at=AT,
    )
    assert get(client, "api-comparison", moved).status_code == 400
    for other in (foreign.pk, "00000000-0000-4000-8000-000000000000"):
        answer = get(client, "api-comparison", moved, **{"with": other})
        assert answer.status_code == 404
