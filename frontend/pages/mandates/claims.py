"""The bureau's pages for claims: who registered which enterprise, and no answers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.claims import approve_claim, refuse_claim
from accounts.forms import show_problem
from accounts.models import EnterpriseClaim
from accounts.rules import Kind, Role
from backend.errors import ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import member_of, posted
from frontend.pages.mandates.forms import ClaimForm
from frontend.pages.mandates.granting import get_or_post

CLAIMS_A_PAGE = 50


def _require_bureau_manager(request: HttpRequest) -> None:
    if member_of(request, Kind.BUREAU).role != Role.BUREAU_MANAGER:
        raise PermissionDenied


@login_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """List what waits for a decision, the oldest first."""
    _require_bureau_manager(request)
    rows = EnterpriseClaim.objects.visible_to(person(request)).undecided().for_list()
    page = Paginator(rows, CLAIMS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "mandates/claims.html", {"page_obj": page})


@login_required
@get_or_post
@answers_refusals
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Approve or refuse one claim."""
    _require_bureau_manager(request)
    rows = EnterpriseClaim.objects.visible_to(person(request)).for_list()
    if (found := rows.filter(pk=claim_id).first()) is None:
        raise Http404
    form = ClaimForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, found, form)
        except ServiceError as error:
            show_problem(form, error)
        else:
            return redirect("claims")
    context = {
        "claim": found,
        "form": form,
        "crumbs": (
            Link(reverse("claims"), _("企业认领")),
            Link(request.path, found.enterprise.name, current=True),
        ),
    }
    return render(request, "mandates/claim.html", context)


def _decide(request: HttpRequest, found: EnterpriseClaim, form: ClaimForm) -> None:
    data, now = form.cleaned_data, timezone.now()
    if data["decision"] == "approve":
        approve_claim(
            claim=found,
            proof=data["proof"],
            reason=data["reason"],
            actor=person(request),
            at=now,
        )
        messages.success(request, _("已通过认领。"))
    else:
        refuse_claim(claim=found, reason=data["reason"], actor=person(request), at=now)
        messages.success(request, _("已退回认领，理由已告知企业。"))
