"""The bureau asks: an owner for consent, or a second official on a ground in law."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.forms import show_problem
from accounts.models import NamedAccess, Organisation
from accounts.named_access import ask_consent, ask_on_ground
from accounts.parties import find_enterprise, officials_of
from backend.errors import Forbidden, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import posted
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.named_access.doors import official
from frontend.pages.named_access.forms import AskForm, GroundForm

Asks = Callable[[Organisation], NamedAccess]


@login_required
@never_cache
@get_or_post
@answers_refusals
def ask(request: HttpRequest) -> HttpResponse:
    """Ask an enterprise's owner for consent; opens nothing."""
    form = AskForm(
        posted(request), officials=officials_of(official(request).organisation)
    )

    def asks(enterprise: Organisation) -> NamedAccess:
        return ask_consent(
            enterprise=enterprise,
            wanted=form.wanted(),
            actor=person(request),
            at=timezone.now(),
        )

    done = _("申请已发给企业负责人。对方同意之前，看不到任何内容。")
    return _answer(request, form, asks, _("申请企业同意"), done)


@login_required
@never_cache
@get_or_post
@answers_refusals
def ground(request: HttpRequest) -> HttpResponse:
    """Enter a ground in law and its document; another official approves it."""
    form = GroundForm(
        posted(request), officials=officials_of(official(request).organisation)
    )

    def asks(enterprise: Organisation) -> NamedAccess:
        return ask_on_ground(
            enterprise=enterprise,
            wanted=form.wanted(),
            ground=form.the_ground(),
            actor=person(request),
            at=timezone.now(),
        )

    done = _("已提交审批。另一位主管批准之前，看不到任何内容。")
    return _answer(request, form, asks, _("依法定依据查阅"), done)


def _answer(
    request: HttpRequest, form: AskForm, asks: Asks, title: str, done: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            access = asks(find_enterprise(form.cleaned_data["enterprise"]))
        except Forbidden:
            raise
        except ServiceError as error:
            show_problem(form, error)
        else:
            messages.success(request, done)
            return redirect("access", access.pk)
    context = {
        "form": form,
        "title": title,
        "on_ground": isinstance(form, GroundForm),
        "crumbs": (
            Link(reverse("accesses"), _("具名查阅")),
            Link(request.path, title, current=True),
        ),
    }
    return render(request, "named_access/ask.html", context)
