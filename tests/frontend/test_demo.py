"""The demo shows every side of the service from the first minute."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Notice, User
from frontend import demo
from reviews.models import ImprovementPlan, Remark, Review, ReviewMark


@pytest.mark.django_db
def test_the_demo_has_a_review_and_a_plan_in_it():
    call_command("publish_banks", verbosity=0)
    accounts = demo.seed(at=timezone.now())
    assert len({account.password for account in accounts}) == len(accounts)
    reviewer = User.objects.get(email="reviewer@demo.example")
    owner = User.objects.get(email="owner-a@demo.example")
    review = Review.objects.held_by(reviewer).get()
    marks = ReviewMark.objects.filter(review=review)
    assert set(marks.values_list("verdict", flat=True)) == {
        "agree", "partly", "evidence_insufficient",
    }  # fmt: skip
    assert Remark.objects.visible_to(owner).count() == 2
    assert ImprovementPlan.objects.filter(pk=review.assessment_id).exists()
    assert Notice.objects.visible_to(reviewer).filter(kind="remark").exists()
