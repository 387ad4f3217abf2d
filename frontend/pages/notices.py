"""The inbox: what happened, where to look, and how one wants to be told."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import Notice
from accounts.notice_words import channels_for, kinds_for, notice_text
from accounts.notices import channels_of, choose_channels, mark_read
from accounts.selectors import home_membership
from frontend.components import Link
from frontend.pages.answering.doors import person

NOTICES_A_PAGE = 30


@dataclass(frozen=True)
class InboxLine:
    """One notice in words."""

    notice: Notice
    text: str


class ChannelForm(forms.Form):
    """How to be told of each kind that a role knows."""

    def __init__(self, *args: object, kinds: tuple[Notice.Kind, ...]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        for kind in kinds:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=channels_for(kind),
                widget=forms.Select,
                error_messages={"required": _("请选择提醒方式。")},
            )


@login_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the person's notices, the latest first."""
    rows = Notice.objects.visible_to(person(request)).newest_first()
    page = Paginator(rows, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    lines = [InboxLine(row, notice_text(row.text, row.parameters)) for row in page]
    unread = any(line.notice.read_at is None for line in lines)
    context = {"page_obj": page, "lines": lines, "has_unread": unread}
    return render(request, "notices/notices.html", context)


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all notices read."""
    mark_read(user=person(request), at=timezone.now())
    messages.success(request, _("消息已全部标为已读。"))
    return redirect("notices")


@login_required
@require_POST
def notice_read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one notice read and stay in the inbox."""
    notice = _own(request, notice_id)
    mark_read(user=person(request), notice=notice, at=timezone.now())
    return redirect("notices")


@login_required
@require_POST
def notice_open(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one notice read and go where it leads: a path of this service."""
    notice = _own(request, notice_id)
    mark_read(user=person(request), notice=notice, at=timezone.now())
    return redirect(notice.url)


def _own(request: HttpRequest, notice_id: UUID) -> Notice:
    rows = Notice.objects.visible_to(person(request)).filter(pk=notice_id)
    if (found := rows.first()) is None:
        raise Http404
    notice: Notice = found
    return notice


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """Choose how to be told of each kind."""
    who = person(request)
    membership = home_membership(who)
    kinds = kinds_for(membership.role) if membership else ()
    form = ChannelForm(
        request.POST if request.method == "POST" else channels_of(who, kinds),
        kinds=kinds,
    )
    if request.method == "POST" and form.is_valid():
        choose_channels(user=who, channels=form.cleaned_data)
        messages.success(request, _("消息设置已保存。"))
        return redirect("notice-settings")
    context = {
        "form": form,
        "crumbs": (
            Link(reverse("notices"), _("消息")),
            Link(request.path, _("消息设置"), current=True),
        ),
    }
    return render(request, "notices/settings.html", context)


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", notices_read, name="notices-read"),
    path("notices/settings/", notice_settings, name="notice-settings"),
    path("notices/<uuid:notice_id>/read/", notice_read, name="notice-read"),
    path("notices/<uuid:notice_id>/open/", notice_open, name="notice-open"),
]
