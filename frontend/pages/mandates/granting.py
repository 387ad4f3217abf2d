"""Grant a mandate: decide, look at exactly what it shows, confirm."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.agencies import closeness, find_agency
from accounts.claims import claim_of
from accounts.forms import show_problem
from accounts.mandates import (
    RequestUnusable,
    Terms,
    accept_request,
    find_request,
    grant_mandate,
)
from accounts.models import Mandate, Organisation
from accounts.rules import Kind
from assessments.mandate_preview import checked_scope, preview
from backend.errors import Invalid, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import member_of, posted
from frontend.pages.mandates.forms import GrantForm, TermsForm

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
FindAgency = Callable[[TermsForm], Organisation]
Grant = Callable[[Organisation, Terms], Mandate]


@login_required
@never_cache
@get_or_post
@answers_refusals
def grant(request: HttpRequest) -> HttpResponse:
    """Let an agency in that the owner names, after a fresh proof of identity."""
    enterprise = member_of(request, Kind.ENTERPRISE, manages=True).organisation
    answer: HttpResponse = _grant(request, enterprise)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _grant(request: HttpRequest, enterprise: Organisation) -> HttpResponse:
    form = GrantForm(posted(request), initial=GrantForm.usual(), enterprise=enterprise)

    def give(agency: Organisation, terms: Terms) -> Mandate:
        return grant_mandate(
            enterprise=enterprise,
            agency=agency,
            terms=terms,
            actor=person(request),
            at=timezone.now(),
        )

    def named(form: TermsForm) -> Organisation:
        return find_agency(form.cleaned_data["agency"])

    return _steps(request, enterprise, form, named, give)


@login_required
@never_cache
@get_or_post
@answers_refusals
def request_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show an agency's request; the owner grants it on terms of their own."""
    enterprise = member_of(request, Kind.ENTERPRISE, manages=True).organisation
    try:
        found = find_request(token=token, user=person(request), at=timezone.now())
    except RequestUnusable:
        return render(request, "mandates/request_unusable.html", status=404)
    answer: HttpResponse = _accept(request, enterprise, token, found.agency)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _accept(
    request: HttpRequest, enterprise: Organisation, token: str, agency: Organisation
) -> HttpResponse:
    form = TermsForm(posted(request), initial=TermsForm.usual(), enterprise=enterprise)

    def give(_agency: Organisation, terms: Terms) -> Mandate:
        return accept_request(
            token=token,
            enterprise=enterprise,
            terms=terms,
            actor=person(request),
            at=timezone.now(),
        )

    return _steps(request, enterprise, form, lambda _form: agency, give, agency)


def _steps(
    request: HttpRequest,
    enterprise: Organisation,
    form: TermsForm,
    find: FindAgency,
    give: Grant,
    asked_by: Organisation | None = None,
) -> HttpResponse:
    """Show the form, then what would be seen, then grant."""
    claim = claim_of(enterprise)
    context: dict[str, object] = {
        "form": form,
        "asked_by": asked_by,
        "claim": claim,
        "is_proven": claim is not None and claim.is_proven,
        "crumbs": (
            Link(reverse("mandates"), _("授权")),
            Link(request.path, _("新的授权"), current=True),
        ),
    }
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "edit" or not form.is_valid():
        return render(request, "mandates/grant.html", context)
    try:
        agency, terms = find(form), form.terms()
        checked_scope(enterprise, terms.scope)
        if step == "grant":
            return _granted(request, give(agency, terms))
    except (Invalid, ServiceError) as error:
        show_problem(form, error)
        return render(request, "mandates/grant.html", context)
    context |= {
        "agency": agency,
        "terms": terms,
        "warning": closeness(enterprise, agency),
        "preview": preview(enterprise, terms.scope),
        "hidden": _hidden(request),
        "replaces": _running(enterprise, agency),
    }
    return render(request, "mandates/preview.html", context)


def _granted(request: HttpRequest, mandate: Mandate) -> HttpResponse:
    name = mandate.agency.name
    messages.success(
        request, _("已授权%(name)s。随时可以缩小范围或撤销。") % {"name": name}
    )
    return redirect("mandate", mandate.pk)


def _running(enterprise: Organisation, agency: Organisation) -> bool:
    rows = enterprise.mandates_given.filter(agency=agency, is_current=True)
    return bool(rows.running(timezone.now()).exists())


def _hidden(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was filled in, to be sent again with the confirmation."""
    left_out = ("csrfmiddlewaretoken", "step")
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]
