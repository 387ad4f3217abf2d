"""Reviews in words: where they stand, what was said, what the figures are."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mandate_scope import OWN
from assessments.models import Assessment
from frontend.components import Event, Link, State, Status
from frontend.templatetags.texts import localized, score, short_time
from question_bank.engine.definition import Bank
from reviews.agency_score import Beside, PartScores
from reviews.models import Remark, Review, ReviewEvent, ReviewMark
from reviews.selectors import Row
from reviews.services.access import Held

Kind = ReviewEvent.Kind


def review_status(review: Review) -> Status:
    """Return where a review stands, in a word."""
    return {
        "open": Status(State.DOING, _("评审中")),
        "returned": Status(State.ATTENTION, _("已退回")),
        "accepted": Status(State.DONE, _("已认可")),
    }[review.state]


def remark_status(remark: Remark) -> Status:
    """Return where a remark stands, in a word."""
    return {
        "open": Status(State.TODO, _("待答复")),
        "accepted": Status(State.DONE, _("企业已接受")),
        "argued": Status(State.ATTENTION, _("企业有不同看法")),
        "settled": Status(State.NONE, _("已了结")),
    }[remark.state]


def row_status(row: Row) -> Status:
    """Return where a question stands in a review, in a word."""
    if row.changed:
        return Status(State.ATTENTION, _("有变化"))
    if row.mark is not None:
        return mark_status(row.mark)
    word = _("未评审") if row.counts else _("选评")
    return Status(State.TODO if row.counts else State.NONE, word)


def mark_status(mark: ReviewMark) -> Status:
    """Return what a mark says, in a word."""
    state = {
        "agree": State.DONE,
        "partly": State.ATTENTION,
        "disagree": State.PROBLEM,
        "evidence_insufficient": State.ATTENTION,
    }[mark.verdict]
    return Status(state, mark.get_na_display() or mark.get_verdict_display())


def question_title(bank: Bank, question_id: str) -> str:
    """Return the text of a question, or what a remark about the whole is called."""
    if not question_id:
        return _("整体意见")
    return localized(bank.question(question_id).text)


@dataclass(frozen=True)
class Thread:
    """A remark as a page shows it."""

    remark: Remark
    title: str
    status: Status
    messages: tuple[Any, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more can be said."""
        return self.remark.state == Remark.State.SETTLED


def threads(bank: Bank, remarks: Iterable[Remark]) -> tuple[Thread, ...]:
    """Return remarks with their titles and messages."""
    return tuple(
        Thread(
            remark,
            question_title(bank, remark.question),
            remark_status(remark),
            tuple(remark.messages.all()),
        )
        for remark in remarks
    )


@dataclass(frozen=True)
class FigureRow:
    """A part with both scores and both differences, ready to show."""

    title: str
    own: str
    agency: str
    difference: str
    evidenced: str
    agency_evidenced: str
    evidenced_difference: str


def figure_row(title: str, part: PartScores) -> FigureRow:
    """Return a part's figures in words."""
    return FigureRow(
        title,
        score(part.score.self_score, 1),
        score(part.score.agency_score, 1),
        signed(part.score),
        score(part.evidenced.self_score, 1),
        score(part.evidenced.agency_score, 1),
        signed(part.evidenced),
    )


def signed(figures: Beside) -> str:
    """Return agency minus self with its sign, a dash where there is none."""
    difference = figures.difference
    if difference is None:
        return "–"
    words = score(abs(difference), 1)
    if Fraction(words) == 0:
        return words
    return f"+{words}" if difference > 0 else f"−{words}"


def history(bank: Bank, events: Iterable[ReviewEvent]) -> tuple[Event, ...]:
    """Return what happened as a timeline."""
    return tuple(_event(bank, event) for event in events)


def _event(bank: Bank, event: ReviewEvent) -> Event:
    title = _("%(kind)s（%(organisation)s %(who)s）") % {
        "kind": event.get_kind_display(),
        "organisation": event.organisation.name,
        "who": str(event.actor),
    }
    parts = [question_title(bank, event.question)] if event.question else []
    parts += _said(event)
    bad = event.kind in (Kind.RETURNED, Kind.ARGUED)
    return Event(
        title=title,
        when=short_time(event.at),
        date=event.at.isoformat(),
        text=" · ".join(part for part in parts if part),
        state="problem" if bad else "done",
    )


def _said(event: ReviewEvent) -> list[str]:
    facts = event.after or event.before
    if event.kind not in (Kind.MARKED, Kind.UNMARKED):
        return [facts.get("text") or facts.get("note") or ""]
    words = str(ReviewMark.Verdict(facts["verdict"]).label)
    if facts["na"]:
        words = str(ReviewMark.Na(facts["na"]).label)
    if facts["suggested_level"] is not None:
        level = {"level": facts["suggested_level"]}
        words = _("%(verdict)s，建议等级 %(level)s") % {"verdict": words, **level}
    return [words, facts["reason"]]


def crumbs(held: Held, *more: Link) -> tuple[Link, ...]:
    """Return the way to a review, for either side."""
    assessment, inner = held.review.assessment, bool(more)
    here = Link(reverse("review", args=[held.review.pk]), _("评审"), current=not inner)
    first = assessment_crumbs(assessment, held.review.mandate_id)
    reviews = Link(reverse("assessment-reviews", args=[assessment.pk]), _("评审意见"))
    return (*first, reviews, here, *more)


def assessment_crumbs(assessment: Assessment, mandate_id: Any) -> tuple[Link, ...]:
    """Return the way to what is reviewed: the client's page, or one's own result."""
    if mandate_id is not None:
        client = reverse("client", args=[mandate_id])
        return (
            Link(reverse("clients"), _("客户企业")),
            Link(client, assessment.enterprise.name),
        )
    name = "assessment" if assessment.is_draft else "result"
    word = _("自评") if assessment.is_draft else _("自评结果")
    return (
        Link(reverse("home"), _("工作台")),
        Link(reverse(name, args=[assessment.pk]), word),
    )


def is_client(held: Held) -> bool:
    """Whether the enterprise itself looks at the review."""
    return held.scope is OWN
