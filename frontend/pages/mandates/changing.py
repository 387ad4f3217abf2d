"""Extend, narrow and revoke a mandate."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.forms import show_problem
from accounts.mandates import (
    MandateOver,
    extend_mandate,
    narrow_mandate,
    revoke_mandate,
)
from accounts.models import Mandate
from assessments.mandate_preview import checked_scope
from backend.errors import Forbidden, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import own_mandate, posted
from frontend.pages.mandates.forms import (
    ExtendForm,
    RevokeForm,
    ScopeForm,
    end_of_day,
    last_day,
    only_less,
    scope_initial,
)
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.mandates.words import facts


@login_required
@get_or_post
@answers_refusals
def extend(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Let a mandate end later, after a fresh proof of identity."""
    answer: HttpResponse = _extend(request, own_mandate(request, mandate_id))
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _extend(request: HttpRequest, mandate: Mandate) -> HttpResponse:
    form = ExtendForm(posted(request), initial={"ends_on": last_day(mandate.ends_at)})
    if request.method == "POST" and form.is_valid():
        try:
            extend_mandate(
                mandate=mandate,
                ends_at=end_of_day(form.cleaned_data["ends_on"]),
                actor=person(request),
                at=timezone.now(),
            )
        except ServiceError as error:
            return _refused(request, "mandates/extend.html", mandate, form, error)
        messages.success(request, _("授权已延期。"))
        return redirect("mandate", mandate.pk)
    return render(request, "mandates/extend.html", _context(request, mandate, form))


@login_required
@get_or_post
@answers_refusals
def narrow(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Show an agency less; only what it may see now can be taken away."""
    mandate = own_mandate(request, mandate_id)
    form = _narrowing(request, mandate)
    if request.method == "POST" and form.is_valid():
        try:
            narrow_mandate(
                mandate=mandate,
                scope=checked_scope(mandate.enterprise, form.scope()),
                actor=person(request),
                at=timezone.now(),
            )
        except ServiceError as error:
            return _refused(request, "mandates/narrow.html", mandate, form, error)
        messages.success(request, _("范围已缩小，立即生效。"))
        return redirect("mandate", mandate.pk)
    return render(request, "mandates/narrow.html", _context(request, mandate, form))


def _narrowing(request: HttpRequest, mandate: Mandate) -> ScopeForm:
    """Return the form with nothing on it that would show more."""
    scope = mandate.scope
    form = ScopeForm(
        posted(request),
        initial=scope_initial(scope),
        enterprise=mandate.enterprise,
        within=scope,
    )
    only_less(form, scope)
    return form


@login_required
@get_or_post
@answers_refusals
def revoke(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Ask once, then shut the door."""
    mandate = own_mandate(request, mandate_id)
    form = RevokeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            revoke_mandate(
                mandate=mandate,
                reason=form.cleaned_data["reason"],
                actor=person(request),
                at=timezone.now(),
            )
        except MandateOver as error:
            messages.info(request, str(error.message))
        else:
            messages.success(request, _("授权已撤销，对方立即不能再查看。"))
        return redirect("mandate", mandate.pk)
    return render(request, "mandates/revoke.html", _context(request, mandate, form))


def _refused(
    request: HttpRequest,
    template: str,
    mandate: Mandate,
    form: forms.Form,
    error: ServiceError,
) -> HttpResponse:
    if isinstance(error, Forbidden):
        raise error
    if isinstance(error, MandateOver):
        messages.info(request, str(error.message))
        return redirect("mandate", mandate.pk)
    if "ends_at" in error.fields:
        form.add_error("ends_on", str(error.fields["ends_at"]))
    else:
        show_problem(form, error)
    return render(request, template, _context(request, mandate, form))


def _context(
    request: HttpRequest, mandate: Mandate, form: forms.Form
) -> dict[str, object]:
    return {
        "mandate": mandate,
        "form": form,
        "facts": facts(mandate),
        "crumbs": (
            Link(reverse("mandates"), _("授权")),
            Link(reverse("mandate", args=[mandate.pk]), mandate.agency.name),
            Link(request.path, _("更改"), current=True),
        ),
    }
