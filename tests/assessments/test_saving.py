"""Saving one answer: what is stored, what is refused, what two writers get."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Membership
from assessments.models import Answer, AnswerEvent
from assessments.services import StaleRevision, save_answer
from assessments.services.access import AlreadySubmitted
from assessments.services.answering import RequestKeyReused, UnknownQuestion
from backend.errors import Invalid, NotFound, PreconditionRequired
from tests.fixtures_assessments import AT

LEVEL_3 = {"state": "answered", "value": 3}


def save(draft: Any, owner: Membership, question: str, data: Any, **more: Any) -> Any:
    return save_answer(
        assessment_id=draft.pk,
        question_id=question,
        data=data,
        **{"revision": 0, "actor": owner.user, "at": AT, **more},
    )


def test_the_answer_and_its_history_are_stored(draft, owner):
    save(
        draft, owner, "level_one", {**LEVEL_3, "note": " 见制度 ", "document": "QP-07"}
    )
    later = AT + timedelta(minutes=1)
    save(
        draft,
        owner,
        "level_one",
        {"state": "answered", "value": 4},
        revision=1,
        at=later,
    )

    answer = Answer.objects.get()
    assert (answer.value, answer.revision, answer.note) == (4, 2, "")
    events = AnswerEvent.objects.order_by("revision")
    assert [(e.value, e.note, e.document) for e in events] == [
        (3, "见制度", "QP-07"),
        (4, "", ""),
    ]


def test_follow_ups_apply_at_once(draft, owner):
    before = save(draft, owner, "has_export", {"state": "answered", "value": False})
    assert before.evaluation.applicability.state("total") == "unknown"
    after = save(draft, owner, "level_one", LEVEL_3)
    assert after.evaluation.applicability.state("total") == "applies"


def test_a_save_needs_the_revision_it_is_based_on(draft, owner):
    with pytest.raises(PreconditionRequired):
        save(draft, owner, "level_one", LEVEL_3, revision=None)
    assert not Answer.objects.exists()


def test_the_second_of_two_writers_gets_both_values(draft, owner):
    save(draft, owner, "level_one", LEVEL_3)
    with pytest.raises(StaleRevision) as caught:
        save(draft, owner, "level_one", {"state": "answered", "value": 1})
    assert caught.value.extra["current"]["value"] == 3
    assert caught.value.extra["yours"]["value"] == 1
    assert Answer.objects.get().value == 3


def test_different_questions_never_conflict(draft, owner):
    save(draft, owner, "level_one", LEVEL_3)
    save(draft, owner, "level_two", LEVEL_3)
    assert Answer.objects.count() == 2


def test_the_same_request_again_changes_nothing(draft, owner):
    for _attempt in range(2):
        saved = save(draft, owner, "level_one", LEVEL_3, request_key="key-00000001")
    assert saved.answer.revision == 1
    assert AnswerEvent.objects.count() == 1


def test_an_answer_can_be_cleared(draft, owner):
    save(draft, owner, "level_one", LEVEL_3)
    save(draft, owner, "level_one", {"state": "unanswered"}, revision=1)
    assert Answer.objects.get().state == "unanswered"


@pytest.mark.parametrize(
    ("question", "data", "code", "field"),
    [
        ("level_one", {"state": "answered", "value": 5}, "out_of_range", "value"),
        ("level_one", {"state": "answered", "value": "3"}, "wrong_type", "value"),
        ("level_one", {"state": "answered", "value": True}, "wrong_type", "value"),
        ("total", {"state": "answered", "value": -1}, "out_of_range", "value"),
        (
            "started_on",
            {"state": "answered", "value": "2026-02-30"},
            "not_a_date",
            "value",
        ),
        (
            "main_kind",
            {"state": "answered", "value": "boat"},
            "unknown_choice",
            "value",
        ),
        (
            "level_one",
            {"state": "not_applicable", "reason": "无"},
            "na_not_allowed",
            "state",
        ),
        (
            "level_two",
            {"state": "not_applicable", "reason": " "},
            "na_reason_required",
            "reason",
        ),
        (
            "level_one",
            {"state": "not_occurred", "value": 2},
            "not_event_based",
            "state",
        ),
        ("level_one", {"state": "maybe"}, "unknown_state", "state"),
        ("level_one", {**LEVEL_3, "note": "x" * 2001}, "too_long", "note"),
        ("level_one", {**LEVEL_3, "note": "a\u202eb"}, "control_characters", "note"),
    ],
)
def test_bad_input_is_refused_at_the_field(draft, owner, question, data, code, field):
    with pytest.raises(Invalid) as caught:
        save(draft, owner, question, data)
    assert (caught.value.code, list(caught.value.fields)) == (code, [field])
    assert not Answer.objects.exists()


def test_an_unknown_question_is_refused(draft, owner):
    with pytest.raises(UnknownQuestion):
        save(draft, owner, "no_such_question", LEVEL_3)


def test_a_contributor_answers_too(draft, contributor):
    assert save(draft, contributor, "level_one", LEVEL_3).answer.revision == 1


def test_another_enterprise_finds_nothing(draft, stranger):
    with pytest.raises(NotFound):
        save(draft, stranger, "level_one", LEVEL_3)


def test_a_submitted_assessment_is_closed(submitted, owner):
    with pytest.raises(AlreadySubmitted):
        save(submitted, owner, "level_one", LEVEL_3, revision=1)


def test_a_key_with_another_content_acknowledges_nothing(draft, owner):
    save(draft, owner, "level_one", LEVEL_3, request_key="the-same-key")
    other = {"state": "answered", "value": 4}
    with pytest.raises(RequestKeyReused):
        save(draft, owner, "level_one", other, request_key="the-same-key")
    assert Answer.objects.get().value == 3


def test_half_a_character_is_refused(draft, owner):
    with pytest.raises(Invalid):
        save(draft, owner, "level_one", {**LEVEL_3, "note": "\ud800"})
