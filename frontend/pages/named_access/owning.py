"""The enterprise's owner decides: agrees, offers, takes away, ends, objects."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
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
from accounts.named_access import (
    Wanted,
    consent,
    end,
    narrow,
    object_to,
    offer,
    refuse,
)
from accounts.parties import find_officials
from accounts.rules import Kind
from assessments.mandate_preview import checked_scope
from backend.errors import Forbidden, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import member_of, posted
from frontend.pages.mandates.forms import (
    ALL,
    end_of_day,
    last_day,
    only_less,
    scope_initial,
)
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.named_access import doors
from frontend.pages.named_access.deciding import act_on
from frontend.pages.named_access.forms import (
    ConsentForm,
    ObjectionForm,
    OfferForm,
    ReasonForm,
    kept_or_new,
    usual_end,
)


@login_required
@never_cache
@get_or_post
@answers_refusals
def decide(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Agree to all or to less, or refuse; after a fresh proof of identity."""
    access = doors.own_access(request, access_id, manages=True)
    if access.is_on_ground:
        raise Forbidden
    answer: HttpResponse = _decide(request, access)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _decide(request: HttpRequest, access: NamedAccess) -> HttpResponse:
    refuses = request.POST.get("step") == "refuse"
    form = ReasonForm(request.POST) if refuses else _less(request, access)

    def act() -> str:
        who, now = person(request), timezone.now()
        if isinstance(form, ReasonForm):
            reason = form.cleaned_data["reason"]
            refuse(access=access, reason=reason, actor=who, at=now)
            return _("已拒绝。对方看不到任何内容。")
        consent(
            access=access,
            scope=checked_scope(access.enterprise, form.scope()),
            ends_at=kept_or_new(access, form.cleaned_data["ends_on"]),
            actor=who,
            at=now,
        )
        return _("已同意。随时可以缩小范围或撤销，立即生效。")

    return act_on(request, access, form, act, "named_access/consent.html", "own-access")


@login_required
@get_or_post
@answers_refusals
def narrow_it(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Show officials less, or end sooner; for what rests on consent."""
    access = doors.own_access(request, access_id, manages=True)
    if access.is_on_ground:
        raise Forbidden
    form = _less(request, access)

    def act() -> str:
        narrow(
            access=access,
            scope=checked_scope(access.enterprise, form.scope()),
            ends_at=kept_or_new(access, form.cleaned_data["ends_on"]),
            actor=person(request),
            at=timezone.now(),
        )
        return _("范围已缩小，立即生效。")

    return act_on(
        request, access, form, act, "named_access/own_narrow.html", "own-access"
    )


@login_required
@get_or_post
@answers_refusals
def revoke(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Ask once, then shut the door."""
    access = doors.own_access(request, access_id, manages=True)
    if access.is_on_ground or access.is_asked:
        raise Forbidden
    form = ReasonForm(posted(request))

    def act() -> str:
        end(
            access=access,
            reason=form.cleaned_data["reason"],
            actor=person(request),
            at=timezone.now(),
        )
        return _("已撤销，对方立即不能再查看。")

    return act_on(request, access, form, act, "named_access/end.html", "own-access")


@login_required
@get_or_post
@answers_refusals
def objection(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Put an objection to a ground on record."""
    access = doors.own_access(request, access_id, manages=True)
    if not access.is_on_ground:
        raise Forbidden
    form = ObjectionForm(posted(request))

    def act() -> str:
        text = form.cleaned_data["text"]
        object_to(access=access, text=text, actor=person(request), at=timezone.now())
        return _("异议已记录，主管部门已收到提醒。")

    return act_on(
        request, access, form, act, "named_access/objection.html", "own-access"
    )


@login_required
@never_cache
@get_or_post
@answers_refusals
def offer_it(request: HttpRequest) -> HttpResponse:
    """Let officials in unasked, after a fresh proof of identity."""
    enterprise = member_of(request, Kind.ENTERPRISE, manages=True).organisation
    answer: HttpResponse = _offer(request, enterprise)
    return answer


@reauthentication_required  # type: ignore[untyped-decorator]
def _offer(request: HttpRequest, enterprise: Organisation) -> HttpResponse:
    usual = {"which": ALL, "parts": ALL, "ends_on": usual_end()}
    form = OfferForm(posted(request), initial=usual, enterprise=enterprise)
    if request.method == "POST" and form.is_valid():
        try:
            access = offer(
                enterprise=enterprise,
                wanted=_offered(form, enterprise),
                actor=person(request),
                at=timezone.now(),
            )
        except Forbidden:
            raise
        except ServiceError as error:
            show_problem(form, error)
        else:
            messages.success(request, _("已开放查阅。随时可以缩小范围或撤销。"))
            return redirect("own-access", access.pk)
    context = {
        "form": form,
        "crumbs": (
            Link(reverse("mandates"), _("授权")),
            Link(request.path, _("开放查阅"), current=True),
        ),
    }
    return render(request, "named_access/offer.html", context)


def _offered(form: OfferForm, enterprise: Organisation) -> Wanted:
    return Wanted(
        scope=checked_scope(enterprise, form.scope()),
        purpose=form.cleaned_data["purpose"],
        ends_at=end_of_day(form.cleaned_data["ends_on"]),
        readers=find_officials(form.addresses()),
    )


def _less(request: HttpRequest, access: NamedAccess) -> ConsentForm:
    """Return the form with nothing on it that would show more than was asked for."""
    scope = access.scope
    form = ConsentForm(
        posted(request),
        initial=scope_initial(scope) | {"ends_on": last_day(access.ends_at)},
        enterprise=access.enterprise,
        within=scope,
    )
    only_less(form, scope)
    return form
