"""Images of evidence, shown in the page."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.evidence_previews import evidence_preview
from assessments.services.access import get_evidence
from frontend.pages.answering.doors import answers_refusals, person


@login_required
@never_cache
@require_safe
@answers_refusals
def evidence_image(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Send an image drawn anew; other kinds of files are only ever downloaded."""
    found = evidence_preview(get_evidence(person(request), evidence_id))
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
