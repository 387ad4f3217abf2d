"""Evidence files: download, and removal with a question before."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.api.views import evidence_download
from assessments.evaluation import bank_of
from assessments.models import Evidence
from assessments.services import remove_evidence
from assessments.services.access import (
    AlreadySubmitted,
    get_evidence,
    get_own_evidence,
)
from frontend.pages.answering.doors import answers_errors, person
from question_bank.paging import layout


@login_required
@require_safe
@answers_errors
def evidence_file(request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
    """Send the content as a download."""
    return evidence_download(get_evidence(person(request), evidence_id))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_errors
def evidence_remove(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Ask, then remove a file from a draft."""
    found = get_own_evidence(person(request), evidence_id)
    if not found.assessment.is_draft:
        raise AlreadySubmitted
    back = question_url(found)
    if request.method == "POST":
        remove_evidence(
            evidence_id=evidence_id, actor=person(request), at=timezone.now()
        )
        messages.success(request, _("已删除“%(name)s”。") % {"name": found.name})
        return redirect(back)
    context = {"evidence": found, "back_url": back}
    return render(request, "answering/evidence_remove.html", context)


def question_url(evidence: Evidence) -> str:
    """Return the address of the question the file belongs to."""
    key = layout(bank_of(evidence.assessment)).page_of[evidence.question]
    url = reverse("answer-page", args=(evidence.assessment_id, key))
    return f"{url}#q-{evidence.question}"
