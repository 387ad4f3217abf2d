"""Whoever answers a replaced edition is told so, before and after."""

from dataclasses import replace
from datetime import date

import pytest

from assessments.services import Declaration, start_assessment, submit_assessment
from question_bank.engine.definition import Superseded
from question_bank.publishing import publish
from tests.fixtures_assessments import AT, COMPLETE

WORDS = "自 2024年1月1日起已被取代"


SUPERSEDED = Superseded(
    by="newer",
    on=date(2024, 1, 1),
    note={"zh": "请按新版。", "en": "Use the new edition."},
    status="verified",
)


@pytest.fixture
def old_draft(owner, small_bank):
    """A draft on the small bank as a replaced edition."""
    version = publish(bank=replace(small_bank, superseded=SUPERSEDED), at=AT)
    return start_assessment(
        enterprise=owner.organisation, bank_version=version, actor=owner.user, at=AT
    )


def submit(assessment, owner):
    return submit_assessment(
        assessment_id=assessment.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )


def test_the_tasks_say_that_the_edition_was_replaced(signed_in, owner, old_draft):
    page = signed_in(owner).get(f"/assessments/{old_draft.pk}/").content.decode()
    assert WORDS in page
    assert "请按新版。" in page


def test_the_result_says_that_the_edition_was_replaced(
    signed_in, owner, old_draft, fill
):
    fill(old_draft, COMPLETE)
    submit(old_draft, owner)
    page = signed_in(owner).get(f"/assessments/{old_draft.pk}/result/")
    assert WORDS in page.content.decode()


def test_a_current_edition_is_not_called_replaced(signed_in, owner, submitted):
    page = signed_in(owner).get(f"/assessments/{submitted.pk}/result/")
    assert page.status_code == 200
    assert "起已被取代" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "marked"), [("verified", False), ("to_verify", True)]
)
def test_what_is_not_verified_is_marked(client, small_bank, status, marked):
    superseded = replace(SUPERSEDED, status=status)
    publish(bank=replace(small_bank, superseded=superseded), at=AT)
    page = client.get("/questionnaire/small/").content.decode()
    assert WORDS in page
    assert ('<span class="tag">待核</span>' in page) is marked
