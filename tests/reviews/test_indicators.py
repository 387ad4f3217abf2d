"""A self-test by indicators is reviewed like any other, without a scale of 100."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from assessments.services import start_assessment
from question_bank.publishing import BANKS_DIR, publish
from reviews.services import open_review
from tests.conftest import load_bank_once
from tests.fixtures_assessments import AT

BANK = "advantage_national"


def test_its_pages_open(db: None, owner: Membership, reviewer: Membership, grant: Any):
    version = publish(bank=load_bank_once(BANKS_DIR / BANK), at=AT)
    draft = start_assessment(
        enterprise=owner.organisation, bank_version=version, actor=owner.user, at=AT
    )
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    client = Client()
    client.force_login(reviewer.user)
    page = client.get(reverse("review", args=[review.pk]))
    assert "评审得分与自评得分" in page.text
    assert "chart-figure" not in page.text
    work = client.get(reverse("review-work", args=[review.pk]), follow=True)
    assert work.status_code == 200
