"""Write down what happened in a review, and tell the other side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts import audit
from accounts.models import Organisation, User
from question_bank.engine.definition import Question
from reviews.models import Remark, Review, ReviewEvent, ReviewMark
from reviews.telling import tell


@dataclass(frozen=True)
class Happening:
    """What happened: its kind, what it is about, and how it was and is."""

    kind: ReviewEvent.Kind
    question: str = ""
    section: str = ""
    remark: Remark | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def about(kind: ReviewEvent.Kind, question: Question, **more: Any) -> Happening:
    """Return a happening about one question."""
    return Happening(kind, question.id, question.section, **more)


def note(
    review: Review,
    what: Happening,
    *,
    side: Organisation,
    actor: User,
    at: datetime,
) -> None:
    """Add a line to the history and to the audit trail; tell the other side."""
    ReviewEvent.objects.create(
        review=review,
        kind=what.kind,
        question=what.question,
        section=what.section,
        remark=what.remark,
        before=dict(what.before),
        after=dict(what.after),
        actor=actor,
        organisation=side,
        at=at,
    )
    audit.record(
        action=f"review.{what.kind.value}",
        actor=actor,
        organisation=review.assessment.enterprise,
        subject=review,
        at=at,
        detail={"agency": str(review.agency_id)},
    )
    tell(review, what.kind, actor=actor, at=at)


def mark_facts(mark: ReviewMark) -> dict[str, Any]:
    """Return what a mark says, for the history."""
    return {
        "verdict": mark.verdict,
        "reason": mark.reason,
        "suggested_level": mark.suggested_level,
        "na": mark.na,
        "answer_revision": mark.answer_revision,
    }
