"""A bank without preconditions: the result and the report say so."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import translation

from assessments.services import Declaration, start_assessment, submit_assessment
from question_bank.publishing import publish
from reports.content import content_of
from reports.rendering import html_of
from tests.factories.sheets import CODE, ISSUED, plausible_sheet, report_material
from tests.fixtures_assessments import AT, COMPLETE

SAID = {"zh-hans": "这个题库没有设申请前提。", "en": "This bank sets no preconditions."}


@pytest.fixture
def gateless(small_bank):
    return replace(small_bank, id="gateless", gates=())


def report_of(bank, locale):
    with translation.override(locale):
        record = report_material(bank, plausible_sheet(bank, "a", 0.75))
        return html_of(content_of(record, code=CODE, issued=ISSUED), created=ISSUED)


@pytest.mark.parametrize("locale", SAID)
def test_the_report_says_that_there_are_none(gateless, small_bank, locale):
    assert SAID[locale] in report_of(gateless, locale)
    assert SAID[locale] not in report_of(small_bank, locale)


def test_the_result_page_says_that_there_are_none(gateless, owner, fill, signed_in):
    draft = start_assessment(
        enterprise=owner.organisation,
        bank_version=publish(bank=gateless, at=AT),
        actor=owner.user,
        at=AT,
    )
    fill(draft, COMPLETE)
    submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )
    page = signed_in(owner).get(reverse("result", args=[draft.pk])).content.decode()
    assert SAID["zh-hans"] in page


def test_the_result_page_lists_those_of_a_bank_that_has_some(
    submitted, owner, signed_in
):
    page = signed_in(owner).get(reverse("result", args=[submitted.pk])).content.decode()
    assert SAID["zh-hans"] not in page
