"""The bureau decides: a second manager on a ground, and how an access ends."""

from collections.abc import Callable
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
from django.views.decorators.cache import never_cache

from accounts.forms import show_problem
from accounts.models import NamedAccess
from accounts.named_access import approve, end, narrow, refuse
from assessments.mandate_preview import section_choices
from backend.errors import Forbidden, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import posted
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.named_access import doors
from frontend.pages.named_access.forms import DecisionForm, NarrowGroundForm, ReasonForm
from frontend.pages.named_access.words import access_facts
from frontend.templatetags.texts import localized


@login_required
@never_cache
@get_or_post
@answers_refusals
def decide(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Approve or refuse a ground another official entered, with a fresh proof."""
    access = doors.managed_access(request, access_id)
    if not access.is_on_ground:
        raise Forbidden
    answer: HttpResponse = _decide(request, access)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _decide(request: HttpRequest, access: NamedAccess) -> HttpResponse:
    form = DecisionForm(posted(request))

    def act() -> str:
        who, now = person(request), timezone.now()
        if form.cleaned_data["decision"] == "approve":
            approve(access=access, actor=who, at=now)
            return _("已批准，查阅人现在可以看。企业已同时收到通知。")
        reason = form.cleaned_data["reason"]
        refuse(access=access, reason=reason, actor=who, at=now)
        return _("已记录为不批准。")

    return act_on(request, access, form, act, "named_access/decide.html", "access")


@login_required
@get_or_post
@answers_refusals
def narrow_ground(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Show less on a ground, or end sooner."""
    access = doors.managed_access(request, access_id)
    if not access.is_on_ground:
        raise Forbidden
    form = NarrowGroundForm(posted(request), access=access)

    def act() -> str:
        narrow(
            access=access,
            scope=form.scope(),
            ends_at=form.ends_at(),
            actor=person(request),
            at=timezone.now(),
        )
        return _("范围已缩小，立即生效。")

    return act_on(request, access, form, act, "named_access/narrow.html", "access")


@login_required
@get_or_post
@answers_refusals
def end_it(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Give an access up, or take a request back."""
    access = doors.bureaus_access(request, access_id)
    form = ReasonForm(posted(request))

    def act() -> str:
        end(
            access=access,
            reason=form.cleaned_data["reason"],
            actor=person(request),
            at=timezone.now(),
        )
        return _("已终止，立即不能再查看。")

    return act_on(request, access, form, act, "named_access/end.html", "access")


def act_on(
    request: HttpRequest,
    access: NamedAccess,
    form: forms.Form,
    act: Callable[[], str],
    template: str,
    page: str,
) -> HttpResponse:
    """Show a form about an access; do what a valid one says and go back to `page`."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except Forbidden:
            raise
        except ServiceError as error:
            _place(form, error)
        else:
            messages.success(request, done)
            return redirect(page, access.pk)
    own = page == "own-access"
    choices = section_choices(access.enterprise) if own else ()
    sections = {key: localized(title) for key, title in choices}
    first = ("mandates", _("授权")) if own else ("accesses", _("具名查阅"))
    context = {
        "access": access,
        "form": form,
        "back": reverse(page, args=[access.pk]),
        "facts": access_facts(access, None, sections),
        "crumbs": (
            Link(reverse(first[0]), first[1]),
            Link(
                reverse(page, args=[access.pk]),
                _("具名查阅") if own else access.enterprise.name,
            ),
            Link(request.path, _("办理"), current=True),
        ),
    }
    return render(request, template, context)


def _place(form: forms.Form, error: ServiceError) -> None:
    if "ends_at" in error.fields and "ends_on" in form.fields:
        form.add_error("ends_on", str(error.fields["ends_at"]))
    else:
        show_problem(form, error)
