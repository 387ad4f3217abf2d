"""Who may review, mark, remark and answer, and what becomes of it."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import narrow_mandate, revoke_mandate
from accounts.models import Mandate, Membership, Notice
from assessments.models import Answer, Assessment
from assessments.services import save_answer
from backend.errors import Forbidden, Invalid, NotFound
from reviews.models import Remark, RemarkMessage, Review, ReviewEvent, ReviewMark
from reviews.needs import Need
from reviews.opinions import Opinion
from reviews.services import (
    accept_remark,
    accept_review,
    add_remark,
    argue_remark,
    mark_question,
    open_review,
    remove_mark,
    reply_remark,
    return_review,
    settle_remark,
)
from reviews.services.access import ReviewClosed
from reviews.services.remarks import RemarkSettled
from reviews.services.reviewing import (
    AnswerChanged,
    NotAllMarked,
    NothingToReturn,
    ReviewExists,
    StaleMark,
)
from reviews.workbench import clients_of
from tests.fixtures_assessments import AT
from tests.fixtures_mandates import EVERYTHING

SCORED = ("level_one", "level_event", "level_two")
ONE_ONLY = replace(EVERYTHING, report=False, sections=frozenset({"ONE"}))


def revoke(owner: Membership) -> None:
    mandate = Mandate.objects.get(is_current=True, enterprise=owner.organisation)
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())


def kinds(review: Review) -> list[str]:
    rows = ReviewEvent.objects.filter(review=review).order_by("pk")
    return [event.kind for event in rows]


# --- Opening ----------------------------------------------------------------------


def test_a_review_is_pinned_to_what_was_sealed(review: Review, submitted: Any):
    assert review.answers_sha256 == submitted.answers_sha256
    assert review.record_sha256 == submitted.record_sha256
    assert kinds(review) == ["opened"]


def test_one_open_review_an_agency(review: Review, reviewer: Membership):
    with pytest.raises(ReviewExists):
        open_review(assessment_id=review.assessment_id, actor=reviewer.user, at=AT)
    assert Review.objects.count() == 1


def test_another_agency_reviews_beside_it(review: Review, other_reviewer: Membership):
    other = open_review(
        assessment_id=review.assessment_id, actor=other_reviewer.user, at=AT
    )
    assert other.agency_id != review.agency_id


def test_without_a_mandate_there_is_nothing_to_review(
    submitted: Any, reviewer: Membership, stranger: Membership
):
    for person in (reviewer, stranger):
        with pytest.raises(NotFound):
            open_review(assessment_id=submitted.pk, actor=person.user, at=AT)


def test_a_client_does_not_review_itself(submitted: Any, owner: Membership):
    with pytest.raises(Forbidden):
        open_review(assessment_id=submitted.pk, actor=owner.user, at=AT)


def test_a_draft_is_reviewed_only_under_a_mandate_with_drafts(
    draft: Any, grant: Any, reviewer: Membership
):
    grant(replace(EVERYTHING, drafts=False))
    with pytest.raises(NotFound):
        open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    assert review.answers_sha256 == ""
    grant(replace(EVERYTHING, drafts=False))
    assert not Review.objects.held_by(reviewer.user).exists()


# --- Marks ------------------------------------------------------------------------


def test_a_mark_stands_beside_the_answer(review: Review, mark: Any, reviewer: Any):
    before = list(Answer.objects.values())
    made = mark(review, "level_one", "partly", level=2)
    assert (made.verdict, made.suggested_level, made.answer_revision) == (
        "partly",
        2,
        1,
    )
    assert (made.section, made.revision, made.by) == ("ONE", 1, reviewer.user)
    assert list(Answer.objects.values()) == before
    assert kinds(review) == ["opened", "marked"]


def test_a_review_never_alters_the_self_score(review: Review, mark: Any):
    """Invariant 29: what was sealed stays what it is, whatever a reviewer thinks."""
    before = Assessment.objects.values().get(pk=review.assessment_id)
    for question in SCORED:
        mark(review, question, "disagree", level=0)
    return_review(review_id=review.pk, actor=review.opened_by, at=AT)
    assert Assessment.objects.values().get(pk=review.assessment_id) == before


def test_a_mark_that_moved_on_is_not_overwritten(review: Review, mark: Any):
    mark(review, "level_one")
    with pytest.raises(StaleMark):
        mark(review, "level_one", "disagree")
    assert mark(review, "level_one", "disagree", revision=1).revision == 2
    event = ReviewEvent.objects.filter(review=review).order_by("pk").last()
    assert event is not None
    assert event.before["verdict"] == "agree"
    assert event.after["verdict"] == "disagree"


def test_an_answer_that_changed_meanwhile_is_not_marked(review: Review, mark: Any):
    with pytest.raises(AnswerChanged):
        mark(review, "level_one", answer_revision=0)
    assert not ReviewMark.objects.exists()


def test_a_removed_mark_stays_in_the_history(
    review: Review, mark: Any, reviewer: Membership
):
    mark(review, "level_one", "disagree")
    args = {"review_id": review.pk, "question_id": "level_one", "at": AT}
    with pytest.raises(StaleMark):
        remove_mark(**args, revision=0, actor=reviewer.user)
    remove_mark(**args, revision=1, actor=reviewer.user)
    assert not ReviewMark.objects.exists()
    assert kinds(review) == ["opened", "marked", "unmarked"]


@pytest.mark.parametrize(
    ("opinion", "field"),
    [
        (Opinion(""), "verdict"),
        (Opinion("disagree"), "reason"),
        (Opinion("partly", "好" * 2001), "reason"),
        (Opinion("partly", "a\u202eb"), "reason"),
        (Opinion("agree", suggested_level=2), "suggested_level"),
        (Opinion("partly", "缺记录。", 5), "suggested_level"),
    ],
)
def test_what_is_no_opinion_is_refused(
    review: Review, reviewer: Membership, opinion: Opinion, field: str
):
    with pytest.raises(Invalid) as refused:
        mark_question(
            review_id=review.pk,
            question_id="level_one",
            opinion=opinion,
            revision=0,
            answer_revision=1,
            actor=reviewer.user,
            at=AT,
        )
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("verdict", "na"), [("agree", "confirmed"), ("disagree", "rejected")]
)
def test_not_applicable_is_confirmed_or_rejected(
    draft: Any, fill: Any, grant: Any, reviewer: Membership, mark: Any, verdict: str,
    na: str,
):  # fmt: skip
    fill(draft, {"level_two": {"state": "not_applicable", "reason": "没有此项业务"}})
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    with pytest.raises(Invalid):
        mark(review, "level_two", "partly")
    assert mark(review, "level_two", verdict).na == na


def test_outside_the_sections_of_the_mandate_nothing_is_marked(
    submitted: Any, grant: Any, reviewer: Membership, mark: Any
):
    grant(ONE_ONLY)
    review = open_review(assessment_id=submitted.pk, actor=reviewer.user, at=AT)
    mark(review, "level_one")
    with pytest.raises(NotFound):
        mark(review, "level_two")
    with pytest.raises(NotFound):
        add_remark(
            review_id=review.pk, question_id="level_two", text="看不到的。",
            actor=reviewer.user, at=AT,
        )  # fmt: skip


def test_the_client_and_others_do_not_mark(
    review: Review, mark: Any, owner: Membership, other_reviewer: Membership,
    stranger: Membership, bureau_manager: Membership,
):  # fmt: skip
    with pytest.raises(Forbidden):
        mark(review, "level_one", actor=owner.user)
    for person in (other_reviewer, stranger, bureau_manager):
        with pytest.raises(NotFound):
            mark(review, "level_one", actor=person.user)
    assert not ReviewMark.objects.exists()


def test_after_revocation_nothing_is_marked_or_said(
    review: Review, mark: Any, remark: Remark, owner: Membership, reviewer: Membership
):
    revoke(owner)
    with pytest.raises(NotFound):
        mark(review, "level_one")
    for service in (reply_remark, settle_remark):
        with pytest.raises(NotFound):
            service(remark_id=remark.pk, text="再说。", actor=reviewer.user, at=AT)
    with pytest.raises(NotFound):
        return_review(review_id=review.pk, actor=reviewer.user, at=AT)


# --- Remarks ----------------------------------------------------------------------


def test_a_conversation(
    review: Review, remark: Remark, owner: Membership, reviewer: Membership
):
    client, agency = owner.user, reviewer.user
    say = {"remark_id": remark.pk, "at": AT}
    assert argue_remark(text="已在附件。", actor=client, **say).state == "argued"
    assert reply_remark(text="缺签发页。", actor=agency, **say).state == "open"
    assert accept_remark(actor=client, **say).state == "accepted"
    assert settle_remark(actor=agency, **say).state == "settled"
    sides = RemarkMessage.objects.order_by("pk").values_list("side", flat=True)
    assert list(sides) == ["agency", "enterprise", "agency"]
    assert kinds(review) == [
        "opened", "remarked", "argued", "replied", "accepted_remark", "settled",
    ]  # fmt: skip
    with pytest.raises(RemarkSettled):
        argue_remark(text="还有话。", actor=client, **say)


def test_each_side_says_its_own(
    remark: Remark, owner: Membership, reviewer: Membership, other_reviewer: Membership
):
    for service in (accept_remark, argue_remark):
        with pytest.raises(Forbidden):
            service(remark_id=remark.pk, text="好。", actor=reviewer.user, at=AT)
    for service in (reply_remark, settle_remark):
        with pytest.raises(Forbidden):
            service(remark_id=remark.pk, text="好。", actor=owner.user, at=AT)
    for service in (accept_remark, argue_remark, reply_remark, settle_remark):
        with pytest.raises(NotFound):
            service(remark_id=remark.pk, text="好。", actor=other_reviewer.user, at=AT)


def test_arguing_needs_words(remark: Remark, owner: Membership):
    with pytest.raises(Invalid):
        argue_remark(remark_id=remark.pk, text="  ", actor=owner.user, at=AT)


# --- Giving back ------------------------------------------------------------------


def test_a_review_is_not_returned_without_a_reason(
    review: Review, mark: Any, reviewer: Membership
):
    mark(review, "level_one")
    with pytest.raises(NothingToReturn):
        return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    mark(review, "level_one", "disagree", revision=1)
    returned = return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert (returned.state, returned.closed_by) == ("returned", reviewer.user)
    with pytest.raises(ReviewClosed):
        mark(review, "level_two")
    again = open_review(assessment_id=review.assessment_id, actor=reviewer.user, at=AT)
    assert again.is_open


def test_a_remark_is_reason_enough(
    review: Review, remark: Remark, reviewer: Membership, owner: Membership
):
    return_review(review_id=review.pk, text="请补。", actor=reviewer.user, at=AT)
    assert kinds(review)[-1] == "returned"
    answered = argue_remark(
        remark_id=remark.pk, text="补好了。", actor=owner.user, at=AT
    )
    assert answered.state == "argued"


def test_everything_that_counts_is_marked_before_accepting(
    review: Review, mark: Any, reviewer: Membership
):
    mark(review, "level_one")
    with pytest.raises(NotAllMarked) as refused:
        accept_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert refused.value.extra["questions"] == ["level_event", "level_two"]
    mark(review, "level_event")
    mark(review, "level_two", "partly")
    accepted = accept_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert accepted.state == "accepted"


def test_of_single_sections_only_those_must_be_marked(
    submitted: Any, grant: Any, reviewer: Membership, mark: Any
):
    grant(ONE_ONLY)
    review = open_review(assessment_id=submitted.pk, actor=reviewer.user, at=AT)
    mark(review, "level_one")
    mark(review, "level_event")
    accept_review(review_id=review.pk, actor=reviewer.user, at=AT)


def test_a_mark_of_an_older_answer_does_not_count(
    draft: Any,
    fill: Any,
    grant: Any,
    reviewer: Membership,
    owner: Membership,
    mark: Any,
):
    fill(draft, {name: {"state": "answered", "value": 3} for name in SCORED})
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    for name in SCORED:
        mark(review, name)
    save_answer(
        assessment_id=draft.pk, question_id="level_two",
        data={"state": "answered", "value": 4}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    with pytest.raises(NotAllMarked) as refused:
        accept_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert refused.value.extra["questions"] == ["level_two"]


def test_only_the_agency_gives_back(
    review: Review, remark: Remark, owner: Membership, other_reviewer: Membership
):
    for service in (return_review, accept_review):
        with pytest.raises(Forbidden):
            service(review_id=review.pk, actor=owner.user, at=AT)
        with pytest.raises(NotFound):
            service(review_id=review.pk, actor=other_reviewer.user, at=AT)


def told(person: Membership) -> list[str]:
    """Return the kinds of what waits in somebody's inbox."""
    rows = Notice.objects.visible_to(person.user).filter(url__startswith="/reviews/")
    return sorted(rows.values_list("kind", flat=True))


def test_the_client_is_told_of_remarks_and_of_what_is_given_back(
    review: Review, reviewer: Membership, owner: Membership, contributor: Membership,
    stranger: Membership, other_reviewer: Membership, mark: Any,
):  # fmt: skip
    mark(review, "level_one")
    assert told(owner) == []
    add_remark(
        review_id=review.pk, question_id="", text="总体不错。",
        actor=reviewer.user, at=AT,
    )  # fmt: skip
    assert told(owner) == told(contributor) == ["remark"]
    return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert told(owner) == ["remark", "review_returned"]
    assert told(reviewer) == told(stranger) == told(other_reviewer) == []


def test_who_works_for_the_client_is_told_of_its_answers(
    review: Review, remark: Remark, owner: Membership, agency_manager: Membership,
    reviewer: Membership, other_reviewer: Membership,
):  # fmt: skip
    argue_remark(remark_id=remark.pk, text="文件已附。", actor=owner.user, at=AT)
    assert told(agency_manager) == ["remark"]
    assert told(reviewer) == told(other_reviewer) == []


def test_nobody_is_told_of_an_answer_after_the_mandate(
    review: Review, remark: Remark, owner: Membership, agency_manager: Membership
):
    revoke(owner)
    argue_remark(remark_id=remark.pk, text="文件已附。", actor=owner.user, at=AT)
    assert told(agency_manager) == []


# --- Who sees what ----------------------------------------------------------------


def seen(person: Membership) -> tuple[int, int, int]:
    models = (Review, Remark, ReviewMark)
    return tuple(m.objects.visible_to(person.user).count() for m in models)  # type: ignore[return-value]


def test_nobody_of_another_agency_or_enterprise_sees_a_word(
    review: Review, remark: Remark, mark: Any, other_reviewer: Membership,
    stranger: Membership, bureau_manager: Membership,
):  # fmt: skip
    mark(review, "level_one")
    for person in (other_reviewer, stranger, bureau_manager):
        assert seen(person) == (0, 0, 0)
        assert not ReviewEvent.objects.visible_to(person.user).exists()


def test_the_whole_agency_sees_its_review_and_the_client_its_marks_once_given_back(
    review: Review, remark: Remark, mark: Any, agency_manager: Membership,
    reviewer: Membership, owner: Membership, contributor: Membership,
):  # fmt: skip
    mark(review, "level_one")
    assert seen(agency_manager) == seen(reviewer) == (1, 1, 1)
    assert seen(owner) == seen(contributor) == (1, 1, 0)
    shown = ReviewEvent.objects.visible_to(owner.user)
    assert {event.kind for event in shown} == {"opened", "remarked"}
    return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    assert seen(owner) == seen(contributor) == (1, 1, 1)


def test_after_revocation_the_client_alone_keeps_the_opinions(
    review: Review, remark: Remark, mark: Any, reviewer: Membership, owner: Membership
):
    mark(review, "level_one")
    return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    revoke(owner)
    assert seen(reviewer) == (0, 0, 0)
    assert not ReviewEvent.objects.visible_to(reviewer.user).exists()
    assert seen(owner) == (1, 1, 1)


def test_of_a_narrowed_mandate_only_its_sections_are_seen(
    review: Review, remark: Remark, reviewer: Membership, owner: Membership
):
    for question in ("", "level_two"):
        add_remark(
            review_id=review.pk, question_id=question, text="请说明。",
            actor=reviewer.user, at=AT,
        )  # fmt: skip
    mandate = Mandate.objects.get(is_current=True)
    scope = Scope(evidence=True, drafts=True, sections=frozenset({"ONE"}))
    narrow_mandate(mandate=mandate, scope=scope, actor=owner.user, at=timezone.now())
    shown = Remark.objects.visible_to(reviewer.user)
    assert {remark.question for remark in shown} == {"", "level_one"}
    assert Remark.objects.visible_to(owner.user).count() == 3


# --- What the database keeps ------------------------------------------------------


def test_the_database_keeps_what_was_given_back(
    review: Review, remark: Remark, mark: Any, reviewer: Membership
):
    made = mark(review, "level_one")
    return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    changes = [
        lambda: Review.objects.filter(pk=review.pk).update(note="x"),
        lambda: Review.objects.filter(pk=review.pk).delete(),
        lambda: ReviewMark.objects.filter(pk=made.pk).update(reason="x"),
        lambda: ReviewMark.objects.filter(pk=made.pk).delete(),
        lambda: Remark.objects.filter(pk=remark.pk).update(question="level_two"),
        lambda: RemarkMessage.objects.update(text="x"),
        lambda: RemarkMessage.objects.all().delete(),
        lambda: ReviewEvent.objects.update(kind="x"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_knows_one_open_review(review: Review):
    review.pk, review._state.adding = None, True
    from uuid import uuid4

    review.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save(force_insert=True)


def test_an_answer_waits_for_the_agency_until_the_remark_is_settled(
    review: Review, remark: Remark, owner: Membership, reviewer: Membership,
    other_reviewer: Membership,
):  # fmt: skip
    def waiting(person: Membership) -> list[bool]:
        found = clients_of(person.user, at=timezone.now())
        return [Need.ANSWERED in client.needs for client in found]

    assert waiting(reviewer) == [False]
    accept_remark(remark_id=remark.pk, actor=owner.user, at=AT)
    assert (waiting(reviewer), waiting(other_reviewer)) == ([True], [False])
    settle_remark(remark_id=remark.pk, actor=reviewer.user, at=AT)
    assert waiting(reviewer) == [False]


def test_a_mandate_for_sections_does_not_tell_of_answers_elsewhere(
    review: Review, remark: Remark, owner: Membership, reviewer: Membership
):
    accept_remark(remark_id=remark.pk, actor=owner.user, at=AT)
    narrow_mandate(
        mandate=review.opened_under,
        scope=replace(ONE_ONLY, sections=frozenset({"TWO"})),
        actor=owner.user,
        at=timezone.now(),
    )
    [client] = clients_of(reviewer.user, at=timezone.now())
    assert client.dates.answered_at is None
