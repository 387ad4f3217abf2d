"""Following a patch: a draft goes on to corrected words, and only to those."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from assessments.evaluation import bank_of, evaluate_stored
from assessments.models import Answer, Assessment, Follow
from assessments.services import follow_patch, save_answer, start_assessment
from assessments.services.access import AlreadySubmitted
from assessments.services.following import MoreThanWords
from assessments.services.lifecycle import DraftExists
from backend.errors import NotFound
from question_bank.models import BankVersion
from question_bank.publishing import publish
from tests.fixtures_assessments import AT


@pytest.fixture
def patch(old_draft: Any, earlier_edition: Any) -> BankVersion:
    """A later patch of the old edition: one question reads otherwise."""
    questions = tuple(
        replace(q, text={"zh": "方针定了吗？", "en": "Is there a policy?"})
        if q.id == "policy"
        else q
        for q in earlier_edition.questions
    )
    return publish(
        bank=replace(earlier_edition, version="1.0.1", questions=questions), at=AT
    )


def follow(assessment: Any, target: BankVersion, person: Any) -> Assessment:
    return follow_patch(
        assessment_id=assessment.pk, target_version=target, actor=person.user, at=AT
    )


def test_a_draft_follows_and_keeps_its_answers(old_draft, patch, owner):
    before = list(Answer.objects.order_by("pk").values())
    score = evaluate_stored(old_draft, at=AT).scorecard
    followed = follow(old_draft, patch, owner)
    assert bank_of(followed).question("policy").text["zh"] == "方针定了吗？"
    assert Assessment.objects.get().bank_version == patch
    assert list(Answer.objects.order_by("pk").values()) == before
    now = evaluate_stored(followed, at=AT).scorecard
    assert (now.self_score, now.evidenced_score, now.band, now.gates) == (
        score.self_score, score.evidenced_score, score.band, score.gates,
    )  # fmt: skip


def test_it_is_written_down(old_draft, old_version, patch, contributor):
    follow(old_draft, patch, contributor)
    line = Follow.objects.get()
    assert (line.from_version, line.to_version) == (old_version, patch)
    assert (line.actor, line.at) == (contributor.user, AT)
    audit = AuditEvent.objects.get(action="assessment.followed")
    assert audit.detail == {"from": "1.0.0", "to": "1.0.1"}


def test_strangers_follow_nothing(old_draft, patch, stranger):
    with pytest.raises(NotFound):
        follow(old_draft, patch, stranger)


def test_a_sealed_assessment_keeps_its_version(old_sealed, patch, owner):
    with pytest.raises(AlreadySubmitted):
        follow(old_sealed, patch, owner)


CHANGES = {
    "a weight": lambda q: replace(q, weight=q.weight + 1),
    "not applicable": lambda q: replace(q, na=replace(q.na, allowed=True)),
    "an event": lambda q: replace(q, event_based=True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_patch_that_changes_more_is_refused(
    old_draft, earlier_edition, owner, change
):
    questions = tuple(
        change(q) if q.id == "policy" else q for q in earlier_edition.questions
    )
    target = publish(
        bank=replace(earlier_edition, version="1.0.1", questions=questions), at=AT
    )
    with pytest.raises(MoreThanWords):
        follow(old_draft, target, owner)
    assert Assessment.objects.get().bank_version.version == "1.0.0"
    assert not Follow.objects.exists()


def test_a_minor_version_is_refused(old_draft, earlier_edition, owner):
    target = publish(bank=replace(earlier_edition, version="1.1.0"), at=AT)
    with pytest.raises(MoreThanWords):
        follow(old_draft, target, owner)


def test_another_bank_is_refused(old_draft, new_version, owner):
    with pytest.raises(MoreThanWords):
        follow(old_draft, new_version, owner)


def test_a_retired_patch_is_refused(old_draft, patch, owner):
    BankVersion.objects.filter(pk=patch.pk).update(status="retired")
    patch.refresh_from_db()
    with pytest.raises(MoreThanWords):
        follow(old_draft, patch, owner)


def test_two_drafts_do_not_meet_on_one_version(old_draft, patch, owner):
    start_assessment(
        enterprise=owner.organisation, bank_version=patch, actor=owner.user, at=AT
    )
    with pytest.raises(DraftExists):
        follow(old_draft, patch, owner)


def test_a_draft_on_a_retired_version_keeps_working(
    old_draft, old_version, patch, owner
):
    old_version.refresh_from_db()
    assert old_version.status == "retired"
    saved = save_answer(
        assessment_id=old_draft.pk, question_id="policy",
        data={"state": "answered", "value": 2}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    assert saved.answer.value == 2


REFUSED = [lambda: Follow.objects.update(at=AT), lambda: Follow.objects.all().delete()]


@pytest.mark.parametrize("change", REFUSED)
def test_the_database_refuses_to_change_the_record(old_draft, patch, owner, change):
    follow(old_draft, patch, owner)
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
