"""Asking again after a repair: what is carried, what is open, who may ask."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.models import Membership
from assessments.models import Answer, Assessment
from assessments.moved import moved
from assessments.services import renew_assessment
from assessments.services.moving import NotOffered, NotSealed
from backend.errors import NotFound
from question_bank.engine.migration import renewal_map, version_map
from question_bank.models import BankVersion
from question_bank.publishing import publish
from question_bank.versions import NoRoute
from tests.fixtures_assessments import AT


def renew(source: Any, by: Membership, version: Any, *reopened: str) -> Assessment:
    return renew_assessment(
        assessment_id=source.pk,
        target_version=version,
        reopened=reopened,
        actor=by.user,
        at=AT,
    )


def test_the_map_reopens_what_is_named_and_takes_nothing_as_unchanged(small_bank: Any):
    found = renewal_map(small_bank, small_bank, frozenset({"level_one"}))
    assert {entry.source: entry.relation for entry in found.entries} == {
        question.id: "reopened" if question.id == "level_one" else "same"
        for question in small_bank.questions
    }
    assert not any(entry.unchanged for entry in found.entries)


def test_the_map_leaves_alone_what_means_something_else(small_bank: Any):
    changed = tuple(
        replace(question, max=2000) if question.id == "total" else question
        for question in small_bank.questions
    )
    later = replace(small_bank, questions=changed)
    renewed = {e.source: e for e in renewal_map(small_bank, later, frozenset()).entries}
    plain = {e.source: e for e in version_map(small_bank, later).entries}
    assert renewed["total"] == plain["total"]
    assert renewed["total"].relation == "related"


def test_a_sealed_assessment_is_asked_again_on_the_very_version(
    submitted: Any, owner: Membership, small_version: Any
):
    made = renew(submitted, owner, small_version, "level_one", "nowhere")
    assert made.bank_version == small_version
    assert not Answer.objects.filter(assessment=made, question="level_one").exists()
    assert not Answer.objects.filter(assessment=made, to_confirm=False).exists()
    assert moved(made).is_renewal
    submitted.refresh_from_db()
    assert submitted.status == "submitted"


def test_a_later_version_is_used_where_one_is_offered(
    submitted: Any, owner: Membership, small_bank: Any
):
    later = publish(bank=replace(small_bank, version="1.1.0"), at=AT)
    assert renew(submitted, owner, later).bank_version == later


def test_a_draft_is_not_asked_again(draft: Any, owner: Membership, small_version: Any):
    with pytest.raises(NotSealed):
        renew(draft, owner, small_version)


def test_another_bank_is_no_renewal(submitted: Any, owner: Membership, small_bank: Any):
    other = publish(bank=replace(small_bank, id="other"), at=AT)
    with pytest.raises(NoRoute):
        renew(submitted, owner, other)


def test_a_retired_version_is_not_used(
    submitted: Any, owner: Membership, small_version: Any
):
    BankVersion.objects.filter(pk=small_version.pk).update(status="retired")
    small_version.refresh_from_db()
    with pytest.raises(NotOffered):
        renew(submitted, owner, small_version)


def test_strangers_ask_nothing_again(
    submitted: Any, stranger: Membership, small_version: Any
):
    with pytest.raises(NotFound):
        renew(submitted, stranger, small_version)
    assert Assessment.objects.count() == 1
