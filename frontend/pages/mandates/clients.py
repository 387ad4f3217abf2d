"""The agency's side: whom it works for, and asking for a mandate."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import show_problem
from accounts.mails import mandate_request_url
from accounts.mandates import RequestUnusable, request_mandate, withdraw_request
from accounts.models import Mandate, MandateInvitation
from accounts.rules import Kind
from assessments.models import Assessment, DataSheet
from backend.errors import ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.changes import news
from frontend.pages.mandates.doors import client_or_404, member_of, posted
from frontend.pages.mandates.forms import RequestForm
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.mandates.words import (
    facts,
    period_words,
    purpose_words,
    scope_words,
    state_of,
)
from frontend.pages.workbench.projects import project_part
from reviews.changes import Shown, changes_since
from reviews.services.coaching import record_listing


@login_required
@never_cache
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """List the enterprises that let this agency in, and those that did."""
    membership, now = member_of(request, Kind.AGENCY), timezone.now()
    rows = Mandate.objects.visible_to(person(request)).for_list()
    asked = MandateInvitation.objects.visible_to(person(request)).open(now)
    context = {
        "membership": membership,
        "running": client_lines(rows.running(now).order_by("ends_at", "pk"), now),
        "over": client_lines(rows.over(now), now),
        "requests": asked.select_related("created_by"),
    }
    return render(request, "mandates/clients.html", context)


def client_lines(rows: Iterable[Mandate], at: datetime) -> list[dict[str, object]]:
    """Return mandates as the agency's lists show them: no data, only the scope."""
    return [
        {
            "mandate": row,
            "status": state_of(row, at),
            "opens": row.is_active(at),
            "scope": scope_words(row.scope),
            "purpose": purpose_words(row),
            "period": period_words(row),
        }
        for row in rows
    ]


@login_required
@never_cache
@require_safe
def client(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Show what a client lets this agency see now; 404 once the mandate is over."""
    membership, who = member_of(request, Kind.AGENCY), person(request)
    mandate, now = client_or_404(request, mandate_id), timezone.now()
    rows = Assessment.objects.visible_to(who).filter(enterprise=mandate.enterprise)
    rows = rows.select_related("bank_version").newest_first()
    rows = rows.defer("scorecard", "bank_version__document")
    sheets = DataSheet.objects.visible_to(who).filter(enterprise=mandate.enterprise)
    shown = Shown(who, mandate, tuple(rows), tuple(sheets.newest_first()))
    since = record_listing(person=who, enterprise=mandate.enterprise_id, at=now)
    context = {
        "mandate": mandate,
        "news": news(changes_since(shown, since) if since else (), since),
        "facts": facts(mandate),
        "whole": mandate.scope.is_whole,
        "part": project_part(who, mandate),
        "manages": membership.manages,
        "assessments": shown.assessments,
        "sheets": shown.sheets,
        "crumbs": (
            Link(reverse("home"), _("工作台")),
            Link(request.path, mandate.enterprise.name, current=True),
        ),
    }
    return render(request, "mandates/client.html", context)


@login_required
@never_cache
@get_or_post
@answers_refusals
def request_new(request: HttpRequest) -> HttpResponse:
    """Make a link for an enterprise's owner; the answer alone shows it."""
    agency = member_of(request, Kind.AGENCY, manages=True).organisation
    form = RequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = request_mandate(
                agency=agency,
                email=form.cleaned_data["email"],
                actor=person(request),
                at=timezone.now(),
            )
        except ServiceError as error:
            show_problem(form, error)
        else:
            url = mandate_request_url(asked.token)
            context = {"invitation": asked.invitation, "url": url}
            return render(request, "mandates/requested.html", context)
    return render(request, "mandates/request.html", {"form": form})


@login_required
@require_http_methods(["POST"])
@answers_refusals
def request_withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Make an open request unusable."""
    found = MandateInvitation.objects.visible_to(person(request)).filter(pk=request_id)
    if (invitation := found.first()) is None:
        raise Http404
    try:
        withdraw_request(
            invitation=invitation, actor=person(request), at=timezone.now()
        )
    except RequestUnusable:
        messages.info(request, _("该申请已被使用或已撤回。"))
    else:
        messages.success(request, _("申请已撤回，链接不能再使用。"))
    return redirect("clients")
