"""What an official reads through an access in force: submitted answers, read-only."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.evaluation import bank_of
from assessments.models import Assessment, DataSheet
from assessments.scopes import scope_of
from assessments.services.access import get_assessment
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.data_sheet.reading import sheet_context
from frontend.pages.mandates.reading import read_sections
from frontend.pages.named_access.doors import official, opened_access
from frontend.pages.named_access.words import access_facts
from reports.models import Report
from reports.selectors import reports_of


@login_required
@never_cache
@require_safe
def firm(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Show what may be read of the enterprise now; 404 once the access is over."""
    official(request)
    access, who = opened_access(request, access_id), person(request)
    rows = Assessment.objects.visible_to(who).filter(enterprise=access.enterprise)
    rows = rows.light().select_related("bank_version").submitted()
    sheets = DataSheet.objects.visible_to(who).filter(enterprise=access.enterprise)
    context = {
        "access": access,
        "facts": access_facts(access),
        "whole": access.scope.is_whole,
        "assessments": list(rows.defer("scorecard", "bank_version__document")),
        "sheets": list(sheets.newest_first()),
        "crumbs": _crumbs(request, access.enterprise.name),
    }
    return render(request, "named_access/firm.html", context)


@login_required
@never_cache
@require_safe
@answers_refusals
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the answers within the scope; nothing here can be changed."""
    who = person(request)
    official(request)
    found = get_assessment(who, assessment_id)
    if found.access_id is None:
        raise Http404
    scope = scope_of(who, found)
    ready = [row for row in reports_of(found) if row.state == Report.State.READY]
    context = {
        "assessment": found,
        "bank": bank_of(found),
        "sections": read_sections(found, scope),
        "shows_result": scope.is_whole,
        "reports": ready if scope.report else [],
        "crumbs": _crumbs(
            request,
            _("自评的回答"),
            Link(reverse("access-firm", args=[found.access_id]), found.enterprise.name),
        ),
    }
    return render(request, "named_access/assessment.html", context)


@login_required
@never_cache
@require_safe
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Show a data sheet to read."""
    official(request)
    rows = DataSheet.objects.visible_to(person(request)).select_related("enterprise")
    row: DataSheet | None = rows.filter(pk=sheet_id).first()
    if row is None or row.access_id is None:
        raise Http404
    here = _("%(year)s 年企业数据表") % {"year": row.year}
    firm = Link(reverse("access-firm", args=[row.access_id]), row.enterprise.name)
    context = sheet_context(request, row, timezone.now())
    context["crumbs"] = _crumbs(request, here, firm)
    return render(request, "data_sheet/client.html", context)


def _crumbs(request: HttpRequest, here: str, *between: Link) -> tuple[Link, ...]:
    first = Link(reverse("accesses"), _("具名查阅"))
    return first, *between, Link(request.path, here, current=True)
