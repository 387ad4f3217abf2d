"""Fixtures around reviews: open reviews, another agency."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.mandates import grant_mandate
from accounts.models import Membership
from assessments.models import Answer
from reviews.models import Remark, Review, ReviewMark
from reviews.opinions import Opinion
from reviews.services import add_remark, mark_question, open_review
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_assessments import AT
from tests.fixtures_mandates import EVERYTHING, terms


@pytest.fixture
def review(submitted: Any, grant: Any, reviewer: Membership) -> Review:
    """An open review of a submitted assessment, under a mandate for everything."""
    grant()
    return open_review(assessment_id=submitted.pk, actor=reviewer.user, at=AT)


@pytest.fixture
def other_reviewer(owner: Membership) -> Membership:
    """A reviewer of another agency, which holds a mandate for everything too."""
    found = MembershipFactory(
        organisation=OrganisationFactory(kind="agency"), role="reviewer"
    )
    at = timezone.now()
    grant_mandate(
        enterprise=owner.organisation,
        agency=found.organisation,
        terms=terms(EVERYTHING, at=at),
        actor=owner.user,
        at=at,
    )
    return found


@pytest.fixture
def mark(reviewer: Membership) -> Callable[..., ReviewMark]:
    """Return a function that marks an answer as the reviewer."""

    def make(
        review: Review,
        question_id: str,
        verdict: str = "agree",
        *,
        level: int | None = None,
        **other: Any,
    ) -> ReviewMark:
        answer = Answer.objects.filter(
            assessment=review.assessment, question=question_id
        ).first()
        given = {
            "revision": 0,
            "answer_revision": answer.revision if answer else 0,
            "actor": reviewer.user,
            "at": AT,
        } | other
        reason = "" if verdict == "agree" else "记录不全。"
        return mark_question(
            review_id=review.pk,
            question_id=question_id,
            opinion=Opinion(verdict, reason, level),
            **given,
        )

    return make


@pytest.fixture
def remark(review: Review, reviewer: Membership) -> Remark:
    """A remark about a question of section ONE."""
    return add_remark(
        review_id=review.pk,
        question_id="level_one",
        text="请补交发布文件。",
        actor=reviewer.user,
        at=AT,
    )
