"""The reviews of an assessment, for the agency and for its client."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.services.access import get_assessment
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.reviews.words import assessment_crumbs, review_status
from reviews.selectors import reviews_of
from reviews.services import open_review
from reviews.services.reviewing import ReviewExists


@login_required
@never_cache
@require_safe
@answers_refusals
def assessment_reviews(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """List the reviews of an assessment; an agency sees its own alone."""
    assessment = get_assessment(person(request), assessment_id)
    rows = reviews_of(person(request), assessment)
    is_agency = assessment.mandate_id is not None
    context = {
        "assessment": assessment,
        "is_agency": is_agency,
        "may_open": is_agency and not any(row.is_open for row in rows),
        "rows": [(row, review_status(row)) for row in rows],
        "crumbs": (
            *assessment_crumbs(assessment, assessment.mandate_id),
            Link(request.path, _("评审意见"), current=True),
        ),
    }
    return render(request, "reviews/assessment.html", context)


@login_required
@require_POST
@answers_refusals
def review_open(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Begin a review, or go to where the one that is open is found."""
    try:
        review = open_review(
            assessment_id=assessment_id, actor=person(request), at=timezone.now()
        )
    except ReviewExists as error:
        messages.info(request, str(error.message))
        return redirect("assessment-reviews", assessment_id)
    return redirect("review-work", review.pk)
