"""Start the next assessment from what the plan has done."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assessments.moving import renewal
from assessments.services.lifecycle import DraftExists
from assessments.services.moving import NotOffered
from backend.errors import Conflict
from frontend.pages.answering.doors import answers_refusals, person, problem_text
from frontend.pages.plans.board import read_or_post
from frontend.pages.plans.doors import frame, plan_and_hand
from frontend.templatetags.texts import localized
from reviews.access import require_member
from reviews.models import ImprovementPlan
from reviews.services import start_next
from reviews.services.plans import AlreadyFollowed, offered_for, reopened_questions


@login_required
@never_cache
@read_or_post
@answers_refusals
def following(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Tell what the next assessment opens anew, or start it."""
    plan, hand = plan_and_hand(request, assessment_id)
    require_member(hand)
    if plan.next_assessment_id is not None:
        return redirect("assessment", plan.next_assessment_id)
    try:
        if request.method == "POST":
            return _start(request, assessment_id)
        context = frame(plan, hand, title=_("开始下一次自评")) | _outlook(plan)
    except (AlreadyFollowed, DraftExists, NotOffered) as error:
        return _led_away(request, assessment_id, error)
    return render(request, "plans/next.html", context)


def _start(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    made = start_next(
        assessment_id=assessment_id, actor=person(request), at=timezone.now()
    )
    messages.success(request, _("下一次自评已建立。先确认沿用的回答，再回答打开的题。"))
    return redirect("moved", made.pk)


def _led_away(
    request: HttpRequest, assessment_id: UUID, error: Conflict
) -> HttpResponse:
    messages.info(request, problem_text(error))
    if "assessment" in error.extra:
        return redirect("assessment", error.extra["assessment"])
    return redirect("plan", assessment_id)


def _outlook(plan: ImprovementPlan) -> dict[str, object]:
    """Return what would be opened and carried."""
    target = offered_for(plan)
    found = renewal(
        plan.assessment, target, reopened_questions(plan), at=timezone.now()
    )
    bank = found.bank_to
    return {
        "target": target,
        "carried": len(found.carried.to_confirm),
        "reopened": [localized(bank.question(q).text) for q in found.carried.helped],
        "new": [localized(bank.question(q).text) for q in found.carried.new],
    }
