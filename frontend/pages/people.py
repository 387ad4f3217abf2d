"""Pages about people: the account, the members and the way in by invitation."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import mails, selectors, services
from accounts.forms import (
    EnterpriseForm,
    InvitationForm,
    JoinForm,
    NameForm,
    OrganisationForm,
    RoleForm,
    show_problem,
)
from accounts.models import Invitation, Membership, User
from accounts.rules import WHAT_ROLES_DO, Kind, Role
from backend.errors import ServiceError

INVITED = "invitation"
"""Under this name a session keeps the link with which somebody registers."""

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

EVENT_WORDS = {
    "enterprise.registered": gettext_lazy("注册了企业"),
    "organisation.changed": gettext_lazy("修改了单位信息"),
    "member.invited": gettext_lazy("发出了邀请"),
    "invitation.accepted": gettext_lazy("接受了邀请"),
    "invitation.revoked": gettext_lazy("撤销了邀请"),
    "member.role_changed": gettext_lazy("调整了成员角色"),
    "member.removed": gettext_lazy("移除了成员"),
    "downloads.unusual": gettext_lazy("一天内查看和下载的文件明显多于平时"),
    services.REPEATED: gettext_lazy("有人再次用本企业的代码注册，已拒绝"),
}


def _person(request: HttpRequest) -> User:
    # `login_required` has let only people pass.
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _data(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; an empty form was sent too."""
    return request.POST if request.method == "POST" else None


def _manager(request: HttpRequest) -> Membership:
    """Return the membership of a person who manages, or refuse with 403."""
    membership = selectors.home_membership(_person(request))
    if membership is None or not membership.manages:
        raise PermissionDenied
    return membership


def _save(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do `act` with a valid form's data; show what a service refuses."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ServiceError as error:
        show_problem(form, error)
        return False
    return True


# --- The account ------------------------------------------------------------------


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the person's own data and, without a membership, the ways to get one."""
    person = _person(request)
    address = EmailAddress.objects.filter(user=person, email=person.email).first()
    context = {
        "membership": selectors.home_membership(person),
        "email_verified": bool(address and address.verified),
        "two_factor": is_mfa_enabled(person),
    }
    return render(request, "people/account.html", context)


@login_required
@get_or_post
def account_name(request: HttpRequest) -> HttpResponse:
    """Change the person's name."""
    person = _person(request)
    form = NameForm(_data(request), initial={"name": person.name})
    if request.method == "POST" and _save(
        form,
        lambda data: services.change_name(
            user=person, name=data["name"], at=timezone.now()
        ),
    ):
        messages.success(request, _("姓名已修改。"))
        return redirect("account")
    return render(request, "people/name.html", {"form": form})


@login_required
@get_or_post
def organisation_edit(request: HttpRequest) -> HttpResponse:
    """Change name and district of the organisation the person manages."""
    organisation = _manager(request).organisation
    initial = {"name": organisation.name, "district": organisation.district}
    form = OrganisationForm(_data(request), initial=initial)
    if organisation.kind != Kind.ENTERPRISE:
        del form.fields["district"]
    if request.method == "POST" and _save(
        form,
        lambda data: services.change_organisation(
            organisation=organisation,
            actor=_person(request),
            changes=data,
            at=timezone.now(),
        ),
    ):
        messages.success(request, _("单位信息已修改。"))
        return redirect("account")
    context = {"form": form, "organisation": organisation}
    return render(request, "people/organisation.html", context)


@login_required
@get_or_post
def enterprise_register(request: HttpRequest) -> HttpResponse:
    """Register an enterprise for a person who belongs to none."""
    person = _person(request)
    if selectors.home_membership(person):
        return redirect("account")
    form = EnterpriseForm(_data(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            services.register_enterprise(
                enterprise=form.enterprise(), owner=person, at=now
            )
        except services.AlreadyRegistered as error:
            code = form.cleaned_data["credit_code"]
            services.report_repeated_registration(code=code, at=now)
            form.add_error("credit_code", str(error.message))
        except ServiceError as error:
            show_problem(form, error)
        else:
            messages.success(request, _("企业已注册。"))
            return redirect("home")
    return render(request, "people/enterprise.html", {"form": form})


# --- Members ----------------------------------------------------------------------


@login_required
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """List members and, for those who manage, invitations and recent changes."""
    person = _person(request)
    membership = selectors.home_membership(person)
    if membership is None:
        return redirect("account")
    organisation = membership.organisation
    context: dict[str, Any] = {
        "membership": membership,
        "members": selectors.members(person, organisation),
    }
    if membership.manages:
        now = timezone.now()
        context["invitations"] = selectors.open_invitations(person, organisation, now)
        context["events"] = [
            (event, EVENT_WORDS[event.action])
            for event in selectors.recent_events(person, organisation, EVENT_WORDS)
        ]
    return render(request, "people/members.html", context)


@login_required
@never_cache
@get_or_post
def member_invite(request: HttpRequest) -> HttpResponse:
    """Invite a member; the answer shows the link, which is not stored."""
    organisation = _manager(request).organisation
    form = InvitationForm(_data(request), kind=organisation.kind)
    made: list[services.Invited] = []
    if request.method == "POST" and _save(
        form,
        lambda data: made.append(
            services.invite_member(
                organisation=organisation,
                actor=_person(request),
                at=timezone.now(),
                **data,
            )
        ),
    ):
        return render(request, "people/invited.html", _invited(made[0]))
    context = {"form": form, "roles": _roles(form)}
    return render(request, "people/invite.html", context)


def _invited(invited: services.Invited) -> dict[str, Any]:
    return {
        "invitation": invited.invitation,
        "url": mails.invitation_url(invited.token),
    }


def _roles(form: forms.Form) -> list[tuple[str, str, str, bool]]:
    """Return the roles to choose from: value, name, what it allows, chosen."""
    chosen = form["role"].value()
    choices: Any = form.fields["role"]
    return [
        (value, label, str(WHAT_ROLES_DO[Role(value)]), value == chosen)
        for value, label in choices.choices
    ]


def _member(request: HttpRequest, membership_id: UUID) -> Membership:
    found = Membership.objects.visible_to(request.user).filter(pk=membership_id)
    member: Membership | None = found.select_related("user", "organisation").first()
    if member is None:
        raise Http404
    return member


@login_required
@get_or_post
def member_role(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Give a member another role."""
    _manager(request)
    member = _member(request, membership_id)
    kind = member.organisation.kind
    form = RoleForm(_data(request), kind=kind, initial={"role": member.role})
    if request.method == "POST" and _save(
        form,
        lambda data: services.change_role(
            membership=member,
            actor=_person(request),
            role=data["role"],
            at=timezone.now(),
        ),
    ):
        messages.success(request, _("%(name)s的角色已调整。") % {"name": member.user})
        return redirect("members")
    context = {"form": form, "member": member, "roles": _roles(form)}
    return render(request, "people/role.html", context)


@login_required
@get_or_post
def member_remove(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Ask, then end a membership."""
    _manager(request)
    member = _member(request, membership_id)
    name = str(member.user)
    form = forms.Form(_data(request))
    if request.method == "POST" and _save(
        form,
        lambda _answers: services.remove_member(
            membership=member, actor=_person(request), at=timezone.now()
        ),
    ):
        messages.success(request, _("已移除%(name)s。") % {"name": name})
        return redirect("members")
    return render(request, "people/remove.html", {"form": form, "member": member})


@login_required
@get_or_post
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Ask, then revoke an invitation."""
    found = Invitation.objects.visible_to(request.user).filter(pk=invitation_id)
    invitation: Invitation | None = found.select_related("organisation").first()
    if invitation is None:
        raise Http404
    if request.method == "POST":
        try:
            services.revoke_invitation(
                invitation=invitation, actor=_person(request), at=timezone.now()
            )
        except services.InvitationUnusable:
            messages.info(request, _("该邀请已被使用或已撤销。"))
        else:
            messages.success(request, _("邀请已撤销，链接不能再使用。"))
        return redirect("members")
    return render(request, "people/revoke.html", {"invitation": invitation})


# --- The way in by invitation -----------------------------------------------------


class JoinView(SignupView):  # type: ignore[misc]
    """Register with an invitation instead of an enterprise."""

    template_name = "people/join.html"

    def form_valid(self, form: forms.Form) -> HttpResponseBase:
        # Whoever has to confirm the address first comes back to the invitation.
        self.request.session[INVITED] = self.kwargs["token"]
        answer: HttpResponseBase = super().form_valid(form)
        return answer

    def get_form_class(self) -> type[JoinForm]:
        return JoinForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "invitation": self.kwargs["invitation"],
            "token": self.kwargs["token"],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["invitation"] = self.kwargs["invitation"]
        # allauth's `site` would hide the one of our frame.
        context.pop("site", None)
        return context


@never_cache
@get_or_post
def invitation_accept(request: HttpRequest, token: str) -> HttpResponseBase:
    """Join with a link: signed in by one button, otherwise by registering."""
    try:
        invitation = services.find_invitation(token=token, at=timezone.now())
        if not request.user.is_authenticated:
            answer: HttpResponseBase = JoinView.as_view()(
                request, invitation=invitation, token=token
            )
            return answer
        return _accept(request, invitation, token)
    except services.InvitationUnusable:
        return render(request, "people/invitation_unusable.html", status=404)


def _accept(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    person = _person(request)
    problem = _obstacle(person, invitation)
    if request.method == "POST":
        try:
            services.accept_invitation(token=token, user=person, at=timezone.now())
        except (services.AlreadyMember, services.WrongAddress) as error:
            problem = str(error.message)
        else:
            name = invitation.organisation.name
            messages.success(request, _("您已加入%(name)s。") % {"name": name})
            return redirect("home")
    context = {"invitation": invitation, "problem": problem}
    status = 409 if request.method == "POST" else 200
    return render(request, "people/accept.html", context, status=status)


def _obstacle(person: User, invitation: Invitation) -> str:
    """Return why this person can't accept, or an empty string."""
    if selectors.home_membership(person):
        return str(services.AlreadyMember.message)
    if invitation.email and invitation.email != person.email:
        return str(services.WrongAddress.message)
    return ""


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say which data are kept, why, for how long, and who sees them."""
    return render(request, "people/privacy.html")


urlpatterns = [
    path("account/", account, name="account"),
    path("account/name/", account_name, name="account-name"),
    path("account/organisation/", organisation_edit, name="organisation-edit"),
    path("account/enterprise/", enterprise_register, name="enterprise-register"),
    path("members/", members, name="members"),
    path("members/invite/", member_invite, name="member-invite"),
    path("members/<uuid:membership_id>/role/", member_role, name="member-role"),
    path("members/<uuid:membership_id>/remove/", member_remove, name="member-remove"),
    path(
        "invitations/<uuid:invitation_id>/revoke/",
        invitation_revoke,
        name="invitation-revoke",
    ),
    path("invitations/<str:token>/", invitation_accept, name="invitation-accept"),
    path("privacy/", privacy, name="privacy"),
]
