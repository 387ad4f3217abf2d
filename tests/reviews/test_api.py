"""Reviews under /api/v1/: both sides read, nobody else."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from reviews.models import Remark, Review
from reviews.services import return_review
from tests.fixtures_assessments import AT


def read(person: Membership, name: str, key: Any) -> Any:
    client = Client()
    client.force_login(person.user)
    return client.get(reverse(name, args=[key]))


def test_both_sides_read_a_review(
    review: Review, remark: Remark, mark: Any, reviewer: Membership, owner: Membership
):
    mark(review, "level_one", "partly", level=2)
    listed = read(reviewer, "api-assessment-reviews", review.assessment_id).json()
    assert [row["id"] for row in listed] == [str(review.pk)]
    found = read(reviewer, "api-review", review.pk).json()
    assert found["marks"][0]["suggested_level"] == 2
    assert found["remarks"][0]["messages"][0]["text"] == "请补交发布文件。"
    assert read(owner, "api-review", review.pk).json()["marks"] == []
    return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert len(read(owner, "api-review", review.pk).json()["marks"]) == 1


def test_others_find_nothing(
    review: Review, remark: Remark, other_reviewer: Membership, stranger: Membership
):
    for person in (other_reviewer, stranger):
        assert read(person, "api-review", review.pk).status_code == 404
    assert (
        read(stranger, "api-assessment-reviews", review.assessment_id).status_code
        == 404
    )
    beside = read(other_reviewer, "api-assessment-reviews", review.assessment_id)
    assert beside.json() == []
