"""Fetch a review or a remark for a person, or say why not."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.mandate_scope import OWN, Scope
from accounts.models import Mandate, User
from accounts.querysets import Subject
from accounts.rules import may
from assessments.evaluation import bank_of
from assessments.rules import ANSWERING_ROLES
from backend.errors import Conflict, Forbidden, NotFound
from question_bank.engine.definition import Question
from reviews.models import Remark, Review

ONLY_REVIEWERS = _("只有受托服务机构的人员可以评审。")
ONLY_CLIENTS = _("只有企业自己的成员可以答复评审意见。")


class ReviewClosed(Conflict):
    """The review was returned or accepted; it stays as it is."""

    code = "review_closed"
    message = _("这次评审已经结束，不能再更改。需要时请重新开始一次评审。")


@dataclass(frozen=True)
class Held:
    """A review under somebody's hands, and how much of the assessment they see."""

    review: Review
    scope: Scope

    def question(self, question_id: str) -> Question:
        """Return a question within the scope; NotFound otherwise."""
        bank = bank_of(self.review.assessment)
        if not bank.has_question(question_id):
            raise NotFound
        question = bank.question(question_id)
        if not self.scope.shows(question.section):
            raise NotFound
        return question


def get_review(user: Subject, review_id: UUID) -> Held:
    """Return a review with what the person sees of it; NotFound when not visible."""
    review = Review.objects.visible_to(user).for_page().filter(pk=review_id).first()
    if review is None:
        raise NotFound
    return Held(review, scope_under(review.mandate_id))


def scope_under(mandate_id: UUID | None) -> Scope:
    """Return what a mandate shows that a query has just found in force."""
    if mandate_id is None:
        return OWN
    scope: Scope = Mandate.objects.get(pk=mandate_id).scope
    return scope


def get_held(user: Subject, review_id: UUID) -> Held:
    """Return a review the person works on; Forbidden for the client's members."""
    return _held(user, Review.objects.held_by(user).for_page(), review_id)


def lock_held(actor: User, review_id: UUID) -> Held:
    """Return an open review the person works on, locked until the transaction ends.

    NotFound when it is not visible, Forbidden for the client's members, ReviewClosed
    once it was given back. One waits first and looks afterwards: a mandate may end
    meanwhile.
    """
    Review.objects.select_for_update().filter(pk=review_id).first()
    held = get_held(actor, review_id)
    if not held.review.is_open:
        raise ReviewClosed
    return held


def _held(user: Subject, rows: object, review_id: UUID) -> Held:
    review = rows.filter(pk=review_id).first()  # type: ignore[attr-defined]
    if review is None:
        raise _refusal(user, review_id)
    return Held(review, scope_under(review.mandate_id))


def _refusal(user: Subject, review_id: UUID) -> Forbidden | NotFound:
    if Review.objects.visible_to(user).filter(pk=review_id).exists():
        return Forbidden(ONLY_REVIEWERS)
    return NotFound()


def lock_remark(actor: User, remark_id: UUID) -> Remark:
    """Return a remark the person may see, locked; NotFound otherwise.

    One waits first and looks afterwards, as in `lock_held`.
    """
    Remark.objects.select_for_update().filter(pk=remark_id).first()
    rows = Remark.objects.visible_to(actor).select_related(
        "review__assessment", "review__agency"
    )
    rows = rows.defer("review__assessment__scorecard")
    remark: Remark | None = rows.filter(pk=remark_id).first()
    if remark is None:
        raise NotFound
    return remark


def require_client(actor: User, remark: Remark) -> None:
    """Raise Forbidden unless the person answers for the enterprise."""
    if not may(actor, remark.review.assessment.enterprise_id, *ANSWERING_ROLES):
        raise Forbidden(ONLY_CLIENTS)


def require_agency(remark: Remark) -> None:
    """Raise Forbidden unless a mandate has just shown the remark."""
    if remark.mandate_id is None:
        raise Forbidden(ONLY_REVIEWERS)
