"""Reads for the reviewer's pages and the client's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import User
from accounts.querysets import Subject
from assessments.evaluation import Evaluation, evaluate, evaluate_stored
from assessments.local_day import local_date
from assessments.models import Answer, Assessment, Evidence
from backend.errors import NotFound
from question_bank.engine.definition import Bank, Question
from reviews.agency_score import AgencyScore, MarkedAs, agency_score
from reviews.models import Remark, Review, ReviewEvent, ReviewMark
from reviews.opinions import is_fresh, is_reviewed, must_be_marked
from reviews.services.access import Held, get_held

Verdict, Na = ReviewMark.Verdict, ReviewMark.Na


@dataclass(frozen=True)
class Row:
    """One question under review. `changed`: since the mark, or since one's last work.

    `counts` says that an acceptance needs a mark on it.
    """

    question: Question
    answer: Answer | None
    mark: ReviewMark | None
    files: tuple[Evidence, ...]
    counts: bool
    changed: bool

    @property
    def answer_revision(self) -> int:
        """The revision of the answer shown, 0 for none."""
        return self.answer.revision if self.answer else 0

    @property
    def is_done(self) -> bool:
        """Whether the answer as it stands is marked."""
        return self.mark is not None and not self.changed

    @property
    def is_open(self) -> bool:
        """Whether one has to look: it counts and is not marked, or it changed."""
        return self.changed or (self.counts and self.mark is None)


@dataclass(frozen=True)
class Board:
    """Everything a reviewer works on: the questions that apply, within the scope."""

    held: Held
    bank: Bank
    rows: tuple[Row, ...]
    last_work: datetime | None

    @property
    def review(self) -> Review:
        """The review itself."""
        return self.held.review

    @property
    def total(self) -> int:
        """How many questions count."""
        return sum(row.counts for row in self.rows)

    @property
    def done(self) -> int:
        """How many of those are marked as they stand."""
        return sum(row.counts and row.is_done for row in self.rows)

    @property
    def changed(self) -> tuple[Row, ...]:
        """What the client changed since."""
        return tuple(row for row in self.rows if row.changed)

    def row(self, question_id: str) -> Row | None:
        """Return a question's row, None when it is not part of the review."""
        found = (row for row in self.rows if row.question.id == question_id)
        return next(found, None)

    def next_open(self, question_id: str = "") -> Row | None:
        """Return the next question to look at after one, around the end if need be."""
        return next((row for row in self._after(question_id) if row.is_open), None)

    def previous_open(self, question_id: str) -> Row | None:
        """Return the question to look at before one, around the start if need be."""
        before = list(self._after(question_id))[::-1]
        return next((row for row in before if row.is_open), None)

    def _after(self, question_id: str) -> list[Row]:
        """Return the other rows in order, beginning after a question."""
        ids = [row.question.id for row in self.rows]
        if question_id not in ids:
            return list(self.rows)
        at = ids.index(question_id)
        return [*self.rows[at + 1 :], *self.rows[:at]]


def board_of(user: User, review_id: UUID, *, at: datetime) -> Board:
    """Return what the person works on; NotFound or Forbidden for others."""
    held = get_held(user, review_id)
    review, assessment = held.review, held.review.assessment
    answers = {
        row.question: row for row in Answer.objects.filter(assessment=assessment)
    }
    files = list(Evidence.objects.filter(assessment=assessment).in_order())
    evaluation = evaluate(
        assessment,
        answers.values(),
        as_of=local_date(at),
        attached=[file.question for file in files],
    )
    shown = files if held.scope.evidence else []
    told = ReviewMark.objects.filter(review=review).select_related("by")
    marks = {row.question: row for row in told}
    worked = ReviewEvent.objects.filter(review=review, actor=user).order_by("-at")
    last = worked.values_list("at", flat=True).first()
    rows = (
        _row(
            evaluation.bank,
            question,
            answers.get(question.id),
            marks.get(question.id),
            tuple(file for file in shown if file.question == question.id),
            last,
        )
        for question in _questions(evaluation, held)
    )
    return Board(held, evaluation.bank, tuple(rows), last)


def _questions(evaluation: Evaluation, held: Held) -> Iterable[Question]:
    """Yield what can be marked: it applies and lies within the scope."""
    for question in evaluation.bank.questions:
        applies = evaluation.applicability.state(question.id) == "applies"
        if applies and is_reviewed(question) and held.scope.shows(question.section):
            yield question


def _row(
    bank: Bank,
    question: Question,
    answer: Answer | None,
    mark: ReviewMark | None,
    files: tuple[Evidence, ...],
    last_work: datetime | None,
) -> Row:
    return Row(
        question=question,
        answer=answer,
        mark=mark,
        files=files,
        counts=must_be_marked(bank, question),
        changed=_changed(answer, mark, files, last_work),
    )


def _changed(
    answer: Answer | None,
    mark: ReviewMark | None,
    files: tuple[Evidence, ...],
    last_work: datetime | None,
) -> bool:
    if mark is not None:
        newest = max((file.uploaded_at for file in files), default=None)
        return not is_fresh(
            mark,
            answer_revision=answer.revision if answer else 0,
            newest_file=newest,
        )
    if last_work is None or answer is None:
        return False
    return answer.updated_at > last_work


# --- What was said -----------------------------------------------------------------


def remarks_of(user: Subject, review: Review) -> list[Remark]:
    """Return the remarks the person sees, with what was said."""
    return list(Remark.objects.visible_to(user).filter(review=review).in_order())


def remarks_on(held: Held, question_id: str) -> list[Remark]:
    """Return the remarks about a question within the scope of what is held."""
    question = held.question(question_id)
    rows = Remark.objects.filter(review=held.review, question=question.id)
    return list(rows.in_order())


def marks_of(user: Subject, review: Review) -> list[ReviewMark]:
    """Return the marks the person sees, in the order of the bank."""
    rows = ReviewMark.objects.visible_to(user).filter(review=review)
    return list(rows.select_related("by"))


def history_of(user: Subject, review: Review) -> list[ReviewEvent]:
    """Return what happened, the latest first."""
    return list(ReviewEvent.objects.visible_to(user).filter(review=review).in_order())


def reviews_of(user: Subject, assessment: Assessment) -> list[Review]:
    """Return the reviews of an assessment the person sees, the latest first.

    `waiting` is how many remarks wait for the client's answer. NotFound through a
    named access: what agencies think is no part of it.
    """
    if assessment.access_id is not None:
        raise NotFound
    rows = Review.objects.visible_to(user).filter(assessment=assessment)
    waiting = Count("remarks", filter=Q(remarks__state=Remark.State.OPEN))
    return list(rows.for_page().annotate(waiting=waiting).newest_first())


def is_reviewed_for(user: Subject, assessment: Assessment) -> bool:
    """Tell whether there are reviews of the assessment the person may see."""
    return Review.objects.visible_to(user).filter(assessment=assessment).exists()


def score_beside(
    held: Held, marks: Iterable[ReviewMark], *, at: datetime
) -> AgencyScore:
    """Return both scores; marks of earlier answers are left out."""
    assessment = held.review.assessment
    evaluation = evaluate_stored(assessment, at=at)
    revisions = dict(
        Answer.objects.filter(assessment=assessment).values_list("question", "revision")
    )
    return agency_score(
        evaluation.bank,
        evaluation.sheet,
        {
            mark.question: _marked_as(mark)
            for mark in marks
            if mark.answer_revision == revisions.get(mark.question, 0)
        },
        own=evaluation.scorecard,
        scope=held.scope,
    )


def _marked_as(mark: ReviewMark) -> MarkedAs:
    return MarkedAs(
        suggested_level=mark.suggested_level,
        evidence_insufficient=mark.verdict == Verdict.INSUFFICIENT,
        na_rejected=mark.na == Na.REJECTED,
    )
