"""What the agency's people take away: for its manager."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.downloads import (
    ALARM_LEAST,
    ALARM_TIMES,
    EXPORTS_A_DAY,
    FILES_A_DAY,
    WINDOW,
    Habits,
    Takings,
    habits_in_agency,
)
from accounts.rules import Kind
from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.mandates.doors import member_of
from reviews.workbench import colleagues


@dataclass(frozen=True)
class DownloadLine:
    """One person's day and habits."""

    name: str
    files: int
    exports: int
    usual: str
    most: int
    unusual: bool


@login_required
@never_cache
@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """Show what each of the agency's people took today, and usually."""
    if not member_of(request, Kind.AGENCY).manages:
        raise PermissionDenied
    who = person(request)
    found = habits_in_agency(who, timezone.localdate())
    nothing = Habits(Takings(), ())
    context = {
        "lines": [_line(name, found.get(pk, nothing)) for pk, name in colleagues(who)],
        "files_a_day": FILES_A_DAY,
        "exports_a_day": EXPORTS_A_DAY,
        "times": ALARM_TIMES,
        "least": ALARM_LEAST,
        "days": WINDOW.days,
        "crumbs": (
            Link(reverse("home"), _("工作台")),
            Link(request.path, _("查看和下载量"), current=True),
        ),
    }
    return render(request, "workbench/downloads.html", context)


def _line(name: str, found: Habits) -> DownloadLine:
    return DownloadLine(
        name=name,
        files=found.today.files,
        exports=found.today.exports,
        usual=f"{found.usual:g}" if found.before else "–",
        most=max(found.before, default=0),
        unusual=found.is_unusual,
    )
