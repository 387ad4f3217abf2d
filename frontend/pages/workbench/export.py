"""The chosen clients as a workbook: what the mandates allow, each row recorded."""

import io
from urllib.parse import quote

import xlsxwriter
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.mandated_reads import as_lists
from accounts.rules import Kind
from frontend.pages.answering.doors import person
from frontend.pages.data_sheet.workbook import XLSX
from frontend.pages.mandates.doors import member_of
from frontend.pages.mandates.forms import last_day
from frontend.pages.mandates.words import purpose_words, scope_words
from frontend.templatetags.texts import short_date
from reviews.choosing import chosen, wanted_of
from reviews.workbench import Client, clients_of

WIDTHS = (30, 22, 16, 36, 12, 12, 12, 14, 20, 28, 14, 14)
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@login_required
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Send the clients chosen on the workbench; the enterprises see that it was."""
    membership = member_of(request, Kind.AGENCY)
    who, now = person(request), timezone.now()
    clients = clients_of(who, at=now)
    wanted = wanted_of(request.GET, membership, clients)
    clients = chosen(clients, wanted, who.pk)
    prefetch_related_objects([client.mandate for client in clients], "assessments")
    with as_lists([client.mandate.pk for client in clients]):
        data = workbook(clients)
    response = HttpResponse(data, content_type=XLSX)
    name = _("客户清单%(day)s.xlsx") % {"day": short_date(now)}
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=utf-8''{quote(name)}"
    )
    return response


def workbook(clients: list[Client]) -> bytes:
    """Return the clients as a workbook of one sheet; every cell is a text."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet(_("客户清单"))
        sheet.freeze_panes(1, 1)
        bold = book.add_format({"bold": True, "text_wrap": True})
        for column, (title, width) in enumerate(zip(titles(), WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, bold)
        for row, client in enumerate(clients, start=1):
            for column, text in enumerate(cells(client)):
                sheet.write_string(row, column, text)
    return target.getvalue()


def titles() -> tuple[str, ...]:
    """Return the titles of the columns."""
    return (
        _("企业名称"),
        _("统一社会信用代码"),
        _("授权用途"),
        _("授权范围"),
        _("授权至"),
        _("阶段"),
        _("阶段期限"),
        _("主办人"),
        _("协办人"),
        _("今天要办"),
        _("最近提交"),
        _("下次审核"),
    )


def cells(client: Client) -> tuple[str, ...]:
    """Return the texts of one row."""
    enterprise, dates = client.mandate.enterprise, client.dates
    return (
        enterprise.name,
        enterprise.credit_code,
        purpose_words(client.mandate),
        scope_words(client.mandate.scope),
        short_date(last_day(dates.ends_at)),
        str(client.stage.label) if client.stage else "",
        short_date(dates.stage_due) if dates.stage_due else "",
        client.responsible.name if client.responsible else "",
        _("、").join(worker.name for worker in client.helpers),
        _("、").join(str(need.label) for need in client.needs),
        short_date(dates.submitted_at) if dates.submitted_at else "",
        short_date(client.next_audit) if client.next_audit else "",
    )
