"""A review as a whole: both scores, what was said, what happened, giving it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Mandate
from assessments.evaluation import bank_of
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.reviews.words import (
    crumbs,
    figure_row,
    history,
    is_client,
    mark_status,
    question_title,
    review_status,
    signed,
    threads,
)
from frontend.templatetags.texts import joined, localized, score
from question_bank.engine.definition import Bank, Localized
from reports.charts import ProfileRow, ProfileWords, profile_bars
from reviews.agency_score import AgencyScore, PartScores
from reviews.models import ReviewMark
from reviews.selectors import (
    board_of,
    history_of,
    marks_of,
    remarks_of,
    score_beside,
)
from reviews.services.access import Held, get_review

NARROW = 340


@login_required
@never_cache
@require_safe
@answers_refusals
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Show a review to the agency that makes it, or to its client."""
    who, now = person(request), timezone.now()
    held = get_review(who, review_id)
    bank = bank_of(held.review.assessment)
    client = is_client(held)
    marks = marks_of(who, held.review)
    context: dict[str, object] = {
        "held": held,
        "review": held.review,
        "bank": bank,
        "is_client": client,
        "status": review_status(held.review),
        "parts": joined(_parts(bank, held.review.opened_under)),
        "threads": threads(bank, remarks_of(who, held.review)),
        "marks": _marks(bank, marks),
        "events": history(bank, history_of(who, held.review)),
        "crumbs": crumbs(held),
    }
    if not client:
        context["board"] = board_of(who, review_id, at=now)
    if not (client and held.review.is_open):
        context |= _scores(bank, held, marks, now)
    return render(request, "reviews/review.html", context)


def _parts(bank: Bank, mandate: Mandate) -> list[Localized]:
    """Return the titles of the sections the review is about, empty for all."""
    if mandate.all_sections:
        return []
    return [s.title for s in bank.sections if s.id in mandate.sections]


def _marks(bank: Bank, marks: list[ReviewMark]) -> list[tuple[str, Any, Any]]:
    """Return what the agency did not simply agree with, in the bank's order."""
    order = {question.id: at for at, question in enumerate(bank.questions)}
    told = [mark for mark in marks if mark.verdict != "agree" or mark.na]
    told.sort(key=lambda mark: order[mark.question])
    return [(question_title(bank, m.question), mark_status(m), m) for m in told]


def _scores(
    bank: Bank, held: Held, marks: list[ReviewMark], at: datetime
) -> dict[str, object]:
    found = score_beside(held, marks, at=at)
    return {
        "figures": _figures(found.total) if found.total else (),
        "sections": [
            figure_row(localized(bank.section(part.id).title), part)
            for part in found.sections
        ],
        "clauses": [
            figure_row(_clause_title(bank, part.id), part) for part in found.clauses
        ],
        "charts": _charts(bank, found),
    }


def _clause_title(bank: Bank, key: str) -> str:
    clause = bank.clause(key)
    return " ".join(filter(None, (clause.number, localized(clause.title))))


def _figures(total: PartScores) -> tuple[tuple[str, str, str, str], ...]:
    unit = _("分")
    own, agency = _("自评 %(score)s"), _("与自评相差 %(difference)s")
    return (
        (_("评审得分"), score(total.score.agency_score, 1), unit,
         agency % {"difference": signed(total.score)}),
        (_("自评得分"), score(total.score.self_score, 1), unit, _("企业自己填写")),
        (_("评审可证得分"), score(total.evidenced.agency_score, 1), unit,
         own % {"score": score(total.evidenced.self_score, 1)}),
    )  # fmt: skip


def _charts(bank: Bank, found: AgencyScore) -> tuple[str, ...]:
    """Return the profile, wide and narrow; points of indicators fit no scale of 100."""
    if bank.scheme == "points":
        return ()
    words = ProfileWords(_("自评"), _("评审"), "", "", _("未计分"))
    rows = [
        ProfileRow(
            localized(bank.section(part.id).title),
            _number(part.score.self_score),
            _number(part.score.agency_score),
        )
        for part in found.sections
    ]
    title = _("自评得分与评审得分")
    return (
        profile_bars(rows, title=title, words=words),
        profile_bars(rows, title=title, words=words, width=NARROW),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
