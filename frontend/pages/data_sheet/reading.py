"""What an agency reads of a client's data sheet: all figures, nothing to change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.data_sheets import YearSheet, stored_sheet
from assessments.evaluation import local_date
from assessments.models import DataSheet
from assessments.services.access import get_data_sheet
from frontend.components import Link, SummaryRow
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.data_sheet.lists import PAGE_SIZE, in_kind_order
from frontend.pages.data_sheet.rows import group_rows, year_columns
from frontend.templatetags.texts import localized
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_sheet import (
    APPEAL_STATES,
    RIGHT_KINDS,
    VETO_KINDS,
    Veto,
)
from reviews.services.coaching import record_visit


@login_required
@never_cache
@require_safe
@answers_refusals
def client_data_sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Show a client's figures of a year; one's own are shown on one's own page."""
    who, now = person(request), timezone.now()
    row = get_data_sheet(who, sheet_id)
    if row.access_id is not None:
        return redirect("access-sheet", row.pk)
    if row.mandate_id is None:
        return redirect("data-sheet-whole", row.year)
    context = sheet_context(request, row, now) | {"crumbs": _crumbs(request, row)}
    record_visit(person=who, enterprise=row.enterprise_id, at=now)
    return render(request, "data_sheet/client.html", context)


def sheet_context(request: HttpRequest, row: DataSheet, at: datetime) -> dict[str, Any]:
    """Return what the page of somebody else's sheet shows: figures, rights, vetoes."""
    found = stored_sheet(row, as_of=local_date(at))
    rights = Paginator(in_kind_order(found.sheet.rights), PAGE_SIZE)
    page = rights.get_page(request.GET.get("page"))
    return {
        "enterprise": row.enterprise,
        "found": found,
        "groups": [
            (group, group_rows(found, group))
            for group in data_sheet_definition().groups
        ],
        "years": year_columns(row.year),
        "page": page,
        "rights": [(item, localized(RIGHT_KINDS[item.kind])) for item in page],
        "vetoes": [_veto(veto) for veto in found.sheet.vetoes],
        "remarks": list(_remarks(found)),
    }


def _crumbs(request: HttpRequest, row: DataSheet) -> tuple[Link, ...]:
    client = reverse("client", args=[row.mandate_id])
    here = _("%(year)s 年企业数据表") % {"year": row.year}
    return (
        Link(reverse("home"), _("工作台")),
        Link(client, row.enterprise.name),
        Link(request.path, here, current=True),
    )


def _veto(veto: Veto) -> tuple[SummaryRow, ...]:
    return (
        SummaryRow(_("类型"), localized(VETO_KINDS[veto.kind])),
        SummaryRow(_("认定机关"), veto.finding_body),
        SummaryRow(_("文号或案号"), veto.document or "–"),
        SummaryRow(_("认定日期"), veto.decided_on),
        SummaryRow(_("影响截止日期"), veto.effective_until or _("没有截止日期")),
        SummaryRow(_("申诉情况"), localized(APPEAL_STATES[veto.appeal])),
    )


def _remarks(found: YearSheet) -> Iterable[tuple[str, str]]:
    """Yield what the checks say about the figures, with the enterprise's word on it."""
    for problem in found.problems:
        if problem.severity in ("error", "warning") and problem.code != "required":
            note = found.sheet.notes.get(problem.key, "")
            text = localized(problem.message)
            if problem.year:
                text = _("%(year)s 年：%(text)s") % {"year": problem.year, "text": text}
            yield text, note or _("企业没有说明")
