"""The owner's side: the mandates given, one mandate, and who looked at what."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.claims import claim_of
from accounts.models import AccessRecord, Mandate, MandateEvent, Organisation
from accounts.rules import Kind
from assessments.models import DataSheet
from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.mandates.doors import mandate_or_404, member_of
from frontend.pages.mandates.titles import Titles, titles_of
from frontend.pages.mandates.words import (
    facts,
    history,
    period_words,
    purpose_words,
    read_words,
    scope_words,
    state_of,
)
from frontend.pages.named_access.listing import access_lines, own_accesses

RECORDS_A_PAGE = 50


@login_required
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """List what the enterprise has granted: what runs and what is over."""
    membership = member_of(request, Kind.ENTERPRISE)
    enterprise, now = membership.organisation, timezone.now()
    rows = Mandate.objects.visible_to(person(request)).for_list()
    titles = titles_of(enterprise)
    context = {
        "membership": membership,
        "claim": claim_of(enterprise),
        "running": [_line(row, now, titles) for row in rows.running(now)],
        "over": [_line(row, now, titles) for row in rows.over(now)],
        "accesses": access_lines(own_accesses(request), now),
    }
    return render(request, "mandates/mandates.html", context)


def _line(
    mandate: Mandate, at: Any, titles: tuple[Titles, Titles]
) -> dict[str, object]:
    return {
        "mandate": mandate,
        "status": state_of(mandate, at),
        "scope": scope_words(mandate.scope, *titles),
        "purpose": purpose_words(mandate),
        "period": period_words(mandate),
    }


@login_required
@require_safe
def mandate(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Show one mandate and its history to either side."""
    found, now = mandate_or_404(request, mandate_id), timezone.now()
    membership = member_of(request, _side(request, found))
    gives = membership.organisation_id == found.enterprise_id
    titles = titles_of(found.enterprise) if gives else ({}, {})
    events = MandateEvent.objects.visible_to(person(request)).filter(mandate=found)
    running = found.state(now) in ("active", "planned")
    back = ("mandates", _("授权")) if gives else ("clients", _("客户企业"))
    context = {
        "mandate": found,
        "gives": gives,
        "may_change": gives and membership.manages and running,
        "opens": not gives and found.is_active(now),
        "status": state_of(found, now),
        "facts": facts(found, *titles),
        "events": history(list(events.in_order())),
        "crumbs": _crumbs(request, *back, _("授权详情")),
    }
    return render(request, "mandates/mandate.html", context)


def _side(request: HttpRequest, found: Mandate) -> Kind:
    membership = person(request).membership
    gives = membership.organisation_id == found.enterprise_id
    return Kind.ENTERPRISE if gives else Kind.AGENCY


def _crumbs(request: HttpRequest, name: str, text: str, here: str) -> tuple[Link, ...]:
    return (Link(reverse(name), text), Link(request.path, here, current=True))


@login_required
@require_safe
def access_records(request: HttpRequest) -> HttpResponse:
    """Show who looked at what, the latest first; by agency and kind if wished."""
    membership = member_of(request, Kind.ENTERPRISE)
    rows = AccessRecord.objects.visible_to(person(request)).newest_first()
    side, what = request.GET.get("agency", ""), request.GET.get("what", "")
    sides = _sides(membership.organisation)
    if side in {key for key, _name in sides}:
        rows = rows.filter(Q(mandate__agency=side) | Q(access__bureau=side))
    if what in AccessRecord.What.values:
        rows = rows.filter(what=what)
    page = Paginator(rows, RECORDS_A_PAGE).get_page(request.GET.get("page"))
    titles, _sections = titles_of(membership.organisation)
    titles |= _sheet_titles(request)
    context = {
        "page_obj": page,
        "rows": [(row, read_words(row), titles.get(row.object_id, "")) for row in page],
        "agencies": sides,
        "kinds": AccessRecord.What.choices,
        "agency": side,
        "what": what,
        "crumbs": _crumbs(request, "mandates", _("授权"), _("谁看过我的资料")),
    }
    return render(request, "mandates/access_records.html", context)


def _sheet_titles(request: HttpRequest) -> Titles:
    rows = DataSheet.objects.visible_to(person(request)).values_list("pk", "year")
    return {str(pk): _("%(year)s 年") % {"year": year} for pk, year in rows}


def _sides(enterprise: Organisation) -> list[tuple[str, str]]:
    """Return the agencies and bureaus that were ever let in, by name."""
    held = Organisation.objects.filter(
        Q(mandates_held__enterprise=enterprise)
        | Q(
            named_accesses_held__enterprise=enterprise,
            named_accesses_held__state="open",
        )
    )
    pairs = held.distinct().order_by("name", "pk").values_list("pk", "name")
    return [(str(key), name) for key, name in pairs]
