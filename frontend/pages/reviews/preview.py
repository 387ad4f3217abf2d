"""Evidence shown in the page: images, and PDFs page by page, as pictures."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.selectors import home_membership
from assessments.evidence_previews import evidence_preview
from assessments.pdf_pages import CannotBeDrawn, Problem
from assessments.services.access import get_evidence
from backend.errors import NotFound
from backend.middleware import busy_page
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.reviews.files import page_of
from frontend.templatetags.texts import short_time


@login_required
@never_cache
@require_safe
@answers_refusals
def evidence_image(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Send an image or a page of a PDF drawn anew; other kinds are only downloaded."""
    who = person(request)
    evidence = get_evidence(who, evidence_id)
    mark = viewer_mark(who, timezone.now())
    try:
        found = evidence_preview(evidence, mark=mark, page=page_of(request))
    except CannotBeDrawn as error:
        if error.problem is Problem.BUSY:
            return busy_page()
        raise NotFound from error
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def viewer_mark(user: User, at: datetime) -> tuple[str, ...]:
    """Return what is written across a picture: who looks, for whom, and when."""
    membership = home_membership(user)
    organisation = str(membership.organisation) if membership else ""
    return tuple(filter(None, (str(user), organisation, short_time(at))))
