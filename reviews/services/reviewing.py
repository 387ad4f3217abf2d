"""What a reviewer does: open a review, mark answers, give it back."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, User
from assessments.evaluation import evaluate_stored
from assessments.models import Answer, Assessment, Evidence
from assessments.services.access import get_assessment
from backend.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from question_bank.engine.definition import Question
from reviews.history import Happening, about, mark_facts, note
from reviews.models import Remark, Review, ReviewEvent, ReviewMark
from reviews.opinions import (
    Opinion,
    checked,
    is_fresh,
    is_reviewed,
    must_be_marked,
    said,
)
from reviews.services.access import ONLY_REVIEWERS, Held, lock_held

Kind = ReviewEvent.Kind


class ReviewExists(Conflict):
    """The agency has not given back its last review of this assessment."""

    code = "review_exists"
    message = _("本机构对这次自评已有一次进行中的评审。")


class StaleMark(PreconditionFailed):
    """A colleague marked this answer first."""

    code = "stale_mark"
    message = _("同事刚刚改过这道题的评审。请看过最新内容后再保存。")


class AnswerChanged(PreconditionFailed):
    """The client changed the answer while the reviewer looked at it."""

    code = "answer_changed"
    message = _("企业刚刚改过这道题的回答。请看过最新回答后再保存。")


class NothingToReturn(Conflict):
    """A review is returned for reasons, and there is none yet."""

    code = "nothing_to_return"
    message = _("退回要有理由：请至少提出一条意见，或对一道题表示不认可。")


class NotAllMarked(Conflict):
    """Answers that count have no mark, or changed since; `extra` names them."""

    code = "not_all_marked"
    message = _("还有计分的题没有评审，或评审后回答又改过。全部评审后才能认可。")


def open_review(*, assessment_id: UUID, actor: User, at: datetime) -> Review:
    """Begin a review; raises NotFound, Forbidden (own members) or ReviewExists."""
    with transaction.atomic():
        assessment = get_assessment(actor, assessment_id)
        if assessment.mandate_id is None:
            raise Forbidden(ONLY_REVIEWERS)
        mandate = Mandate.objects.select_related("agency").get(pk=assessment.mandate_id)
        review = _new_review(assessment, mandate, actor, at)
        note(review, Happening(Kind.OPENED), side=mandate.agency, actor=actor, at=at)
    return review


def _new_review(
    assessment: Assessment, mandate: Mandate, actor: User, at: datetime
) -> Review:
    try:
        with transaction.atomic():
            return Review.objects.create(
                assessment=assessment,
                agency=mandate.agency,
                opened_under=mandate,
                opened_by=actor,
                opened_at=at,
                answers_sha256=assessment.answers_sha256,
                record_sha256=assessment.record_sha256,
            )
    except IntegrityError as error:
        raise ReviewExists from error


def mark_question(
    *,
    review_id: UUID,
    question_id: str,
    opinion: Opinion,
    revision: int,
    answer_revision: int,
    actor: User,
    at: datetime,
) -> ReviewMark:
    """Say what the agency thinks of one answer; the answer itself stays untouched.

    `revision` is the mark's and `answer_revision` the answer's that the reviewer saw,
    0 for none. Raises NotFound, Forbidden, ReviewClosed, Invalid, StaleMark or
    AnswerChanged.
    """
    with transaction.atomic():
        held = lock_held(actor, review_id)
        question = _reviewed_question(held, question_id)
        answer = _answer(held.review, question_id)
        columns = checked(opinion, question, answer)
        mark = _current(held.review, question, revision)
        current = answer.revision if answer else 0
        if current != answer_revision:
            raise AnswerChanged
        before = mark_facts(mark) if mark.pk else {}
        for name, value in columns.items():
            setattr(mark, name, value)
        mark.answer_revision, mark.by, mark.at = current, actor, at
        mark.revision += 1
        mark.save()
        facts = mark_facts(mark)
        what = about(Kind.MARKED, question, before=before, after=facts)
        note(held.review, what, side=held.review.agency, actor=actor, at=at)
    return mark


def remove_mark(
    *, review_id: UUID, question_id: str, revision: int, actor: User, at: datetime
) -> None:
    """Take a mark back; what it said stays in the history.

    Raises NotFound, Forbidden, ReviewClosed or StaleMark.
    """
    with transaction.atomic():
        held = lock_held(actor, review_id)
        question = _reviewed_question(held, question_id)
        mark = _current(held.review, question, revision)
        if mark.pk is None:
            raise NotFound
        what = about(Kind.UNMARKED, question, before=mark_facts(mark))
        mark.delete()
        note(held.review, what, side=held.review.agency, actor=actor, at=at)


def return_review(
    *, review_id: UUID, text: str = "", actor: User, at: datetime
) -> Review:
    """Give the review back with its reasons: a remark or an answer disagreed with.

    Raises NotFound, Forbidden, ReviewClosed, Invalid or NothingToReturn.
    """
    with transaction.atomic():
        held = lock_held(actor, review_id)
        marks = ReviewMark.objects.filter(review=held.review)
        disagreed = marks.filter(verdict=ReviewMark.Verdict.DISAGREE)
        remarks = Remark.objects.filter(review=held.review)
        if not (disagreed.exists() or remarks.exists()):
            raise NothingToReturn
        return _close(held.review, Review.State.RETURNED, text, actor, at)


def accept_review(
    *, review_id: UUID, text: str = "", actor: User, at: datetime
) -> Review:
    """Close the review as accepted once every answer that counts is marked.

    Raises NotFound, Forbidden, ReviewClosed, Invalid or NotAllMarked.
    """
    with transaction.atomic():
        held = lock_held(actor, review_id)
        if missing := unmarked(held, at=at):
            raise NotAllMarked(extra={"questions": list(missing)})
        return _close(held.review, Review.State.ACCEPTED, text, actor, at)


def unmarked(held: Held, *, at: datetime) -> tuple[str, ...]:
    """Return the questions in scope that count and lack a mark of today's answer."""
    assessment = held.review.assessment
    evaluation = evaluate_stored(assessment, at=at)
    revisions = dict(
        Answer.objects.filter(assessment=assessment).values_list("question", "revision")
    )
    newest = _newest_files(held)
    fresh = {
        mark.question
        for mark in ReviewMark.objects.filter(review=held.review)
        if is_fresh(
            mark,
            answer_revision=revisions.get(mark.question, 0),
            newest_file=newest.get(mark.question),
        )
    }
    return tuple(
        q.id
        for q in evaluation.bank.questions
        if must_be_marked(evaluation.bank, q)
        and held.scope.shows(q.section)
        and evaluation.applicability.state(q.id) == "applies"
        and q.id not in fresh
    )


def _newest_files(held: Held) -> dict[str, datetime]:
    """Return when the last file of each question came, as far as files are shown."""
    if not held.scope.evidence:
        return {}
    rows = Evidence.objects.filter(assessment=held.review.assessment)
    newest = rows.values("question").annotate(at=Max("uploaded_at"))
    return dict(newest.values_list("question", "at"))


def _close(
    review: Review, state: Review.State, text: str, actor: User, at: datetime
) -> Review:
    """Close it, pinned to what is sealed by now."""
    review.note = said(text, field="text", required=False)
    review.state, review.closed_by, review.closed_at = state, actor, at
    review.answers_sha256 = review.assessment.answers_sha256
    review.record_sha256 = review.assessment.record_sha256
    review.save(
        update_fields=[
            "note", "state", "closed_by", "closed_at",
            "answers_sha256", "record_sha256",
        ]
    )  # fmt: skip
    what = Happening(Kind(state.value), after={"note": review.note})
    note(review, what, side=review.agency, actor=actor, at=at)
    return review


def _reviewed_question(held: Held, question_id: str) -> Question:
    question = held.question(question_id)
    if not is_reviewed(question):
        raise NotFound
    return question


def _answer(review: Review, question_id: str) -> Answer | None:
    rows = Answer.objects.filter(assessment=review.assessment_id, question=question_id)
    return rows.first()


def _current(review: Review, question: Question, revision: int) -> ReviewMark:
    """Return the mark as it stands or a new one; StaleMark when it moved on."""
    rows = ReviewMark.objects.filter(review=review, question=question.id)
    mark = rows.first() or ReviewMark(
        review=review, question=question.id, section=question.section, revision=0
    )
    if mark.revision != revision:
        raise StaleMark
    return mark
