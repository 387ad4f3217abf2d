"""The lists of named accesses and one of them, for either side; no answers here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import NamedAccess, NamedAccessEvent
from accounts.rules import Role
from assessments.mandate_preview import offered_sections
from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.mandates.titles import titles_of
from frontend.pages.named_access import doors
from frontend.pages.named_access.words import (
    access_facts,
    basis_words,
    happened,
    period_words,
    standing,
)
from frontend.templatetags.texts import localized

ACCESSES_A_PAGE = 50


@login_required
@never_cache
@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    """List what waits, what one may read now, and what is over."""
    membership, who, now = doors.official(request), person(request), timezone.now()
    rows = NamedAccess.objects.visible_to(who).for_list()
    over = Paginator(rows.over(now), ACCESSES_A_PAGE)
    page = over.get_page(request.GET.get("page"))
    mine = set(rows.opening_to(who.pk).values_list("pk", flat=True))
    context = {
        "is_manager": membership.role == Role.BUREAU_MANAGER,
        "waiting": access_lines(rows.undecided(now), now),
        "running": access_lines(rows.running(now), now, mine),
        "over": access_lines(page, now),
        "page_obj": page,
    }
    return render(request, "named_access/accesses.html", context)


def own_accesses(request: HttpRequest) -> Iterable[NamedAccess]:
    """Return what officials asked of one's enterprise or were let in to; one query."""
    rows = NamedAccess.objects.visible_to(person(request))
    return rows.select_related("enterprise", "bureau").order_by("-asked_at", "pk")


def access_lines(
    rows: Iterable[NamedAccess], at: datetime, mine: Iterable[UUID] = ()
) -> list[dict[str, object]]:
    """Return accesses as the lists of both sides show them."""
    opened = set(mine)
    return [
        {
            "access": row,
            "status": standing(row, at),
            "basis": basis_words(row),
            "period": period_words(row),
            "opens": row.pk in opened,
        }
        for row in rows
    ]


@login_required
@never_cache
@require_safe
def access(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Show one access and its history to the bureau."""
    found, now = doors.bureaus_access(request, access_id), timezone.now()
    who = person(request)
    role = doors.official(request).role
    manages = role == Role.BUREAU_MANAGER
    reads = any(row.person_id == who.pk for row in found.readers.all())
    asked = found.asked_by_id == who.pk
    state = found.standing(now)
    sections = {key: localized(title) for key, title in offered_sections()}
    context = _context(request, found, now) | {
        "facts": access_facts(found, None, sections),
        "opens": reads and state == "active",
        "may_decide": manages
        and found.is_on_ground
        and state == "asked"
        and not (asked or reads),
        "needs_another": found.is_on_ground and state == "asked" and (asked or reads),
        "may_end": state in ("active", "asked") and (manages or reads or asked),
        "may_narrow": manages and found.is_on_ground and state == "active",
        "crumbs": (
            Link(reverse("accesses"), _("具名查阅")),
            Link(request.path, found.enterprise.name, current=True),
        ),
    }
    return render(request, "named_access/access.html", context)


@login_required
@require_safe
def own_access(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Show one access, its ground and its history to the enterprise."""
    found, now = doors.own_access(request, access_id), timezone.now()
    state, manages = found.standing(now), person(request).membership.manages
    on_ground = found.is_on_ground
    context = _context(request, found, now) | {
        "facts": access_facts(found, *titles_of(found.enterprise)),
        "may_decide": manages and state == "asked",
        "may_change": manages and state == "active" and not on_ground,
        "may_object": manages and on_ground,
        "crumbs": (
            Link(reverse("mandates"), _("授权")),
            Link(request.path, _("具名查阅"), current=True),
        ),
    }
    return render(request, "named_access/own_access.html", context)


def _context(
    request: HttpRequest, found: NamedAccess, at: datetime
) -> dict[str, object]:
    events = NamedAccessEvent.objects.visible_to(person(request)).filter(access=found)
    return {
        "access": found,
        "status": standing(found, at),
        "events": happened(list(events.in_order())),
    }
