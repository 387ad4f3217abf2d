"""Imports: template, dry run, applying, verifying as a whole, undoing."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.errors import Conflict, Forbidden, ServiceError
from backend.workbooks import MAX_BYTES
from frontend.components import Field, FileDrop, Link, Problem
from frontend.pages.answering.doors import person, problem_text
from frontend.pages.data_sheet.workbook import XLSX
from frontend.pages.oversight.doors import (
    found_or_404,
    keeper_door,
    posting_door,
    reading_door,
)
from frontend.pages.oversight.forms import ReasonForm
from frontend.pages.oversight.tables import Line, Listing, Tag, Whole, page_of
from frontend.templatetags.texts import localized, short_time, text_locale
from oversight.importing.plan import Plan
from oversight.importing.sheets import CERTIFICATES, RECOGNITIONS, SERIES, UNITS
from oversight.importing.template import register_template
from oversight.models import CertificationBody, ImportBatch
from oversight.services.importing import apply_import, check_import
from oversight.services.undoing import BuiltUpon, undo_import
from oversight.services.verifying import verify_batch

_TONES = {"checked": "amber", "applied": "green", "undone": "plain"}


@reading_door
def imports(request: HttpRequest) -> HttpResponse:
    """List imports, the latest first."""
    rows = ImportBatch.objects.visible_to(person(request))
    page = page_of(request, rows.select_related("created_by").newest_first())
    listing = Listing(
        title=_("导入批次"),
        lede=_("一个表格是一批：先检查，全部无误才导入，导入后可以整批撤销。"),
        headers=(_("文件"), _("来源"), _("上传人"), _("上传时间"), _("情况")),
        lines=[
            Line(
                title=batch.name,
                url=reverse("register-import", args=[batch.pk]),
                cells=(
                    batch.source,
                    str(batch.created_by),
                    Whole(short_time(batch.created_at)),
                    _state(batch),
                ),
            )
            for batch in page
        ],
        page=page,
        actions=(
            Link(reverse("register-import-new"), _("上传表格")),
            Link(reverse("register-template"), _("下载模板（XLSX）")),
        ),
        crumbs=_crumbs(),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


@reading_door
def template(request: HttpRequest) -> HttpResponse:
    """Send the empty workbook, with the lists to choose from."""
    rows = CertificationBody.objects.visible_to(person(request)).order_by("name")
    names = rows.filter(is_active=True).values_list("name", flat=True)
    data = register_template(names, locale=text_locale())
    response = HttpResponse(data, content_type=XLSX)
    name = _("登记库导入模板.xlsx")
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=utf-8''{quote(name)}"
    )
    return response


@keeper_door
def upload(request: HttpRequest) -> HttpResponse:
    """Ask for a workbook and check it; nothing is stored in the registers."""
    if request.method != "POST":
        return _form(request)
    file, source = request.FILES.get("file"), request.POST.get("source", "")
    if file is None:
        return _form(request, file_error=_("请选择要上传的文件。"))
    if (file.size or 0) > MAX_BYTES:
        return _form(request, file_error=_("文件超过 5 MB，请拆成几个表格。"))
    try:
        plan, batch = check_import(
            data=file.read(),
            name=file.name or "",
            source=source,
            actor=person(request),
            at=timezone.now(),
        )
    except Forbidden:
        raise
    except ServiceError as error:
        if "source" in error.fields:
            return _form(request, source_error=str(error.fields["source"]))
        return _form(request, file_error=problem_text(error))
    if batch is None:
        return _faults(request, plan, file.name or "")
    return redirect("register-import", batch.pk)


def _form(
    request: HttpRequest, *, file_error: str = "", source_error: str = ""
) -> HttpResponse:
    drop = FileDrop(
        "file",
        "file",
        _("填好的表格"),
        limits=_("XLSX 格式，不超过 5 MB。"),
        accept=f".xlsx,{XLSX}",
        error=file_error,
    )
    problems = [
        Problem(field, text)
        for field, text in (("source", source_error), ("file", file_error))
        if text
    ]
    context = {
        "drop": drop,
        "source": Field(
            "source",
            "source",
            _("这批数据的来源"),
            value=request.POST.get("source", ""),
            hint=_("如：市局台账（2026年10月）、认证机构名单。"),
            error=source_error,
            max_length=200,
        ),
        "problems": problems,
        "crumbs": _crumbs(_("上传表格")),
    }
    return render(request, "oversight/import_form.html", context)


def _faults(request: HttpRequest, plan: Plan, name: str) -> HttpResponse:
    context = {
        "name": name,
        "faults": plan.faults,
        "more": plan.more_faults,
        "total": len(plan.faults) + plan.more_faults,
        "crumbs": _crumbs(_("检查结果")),
    }
    return render(request, "oversight/import_faults.html", context)


@reading_door
def show(
    request: HttpRequest, batch_id: UUID, blocked: BuiltUpon | None = None
) -> HttpResponse:
    """Show what a batch adds and changes, and what can be done with it."""
    rows = ImportBatch.objects.visible_to(person(request))
    links = ("created_by", "applied_by", "undone_by")
    batch = found_or_404(rows.select_related(*links), batch_id)
    return _page(request, batch, ReasonForm(), blocked)


def _page(
    request: HttpRequest, batch: Any, form: ReasonForm, blocked: BuiltUpon | None
) -> HttpResponse:
    titles = _titles()
    lines = [
        (line, [(titles.get(key, key), old, new) for key, old, new in line["changes"]])
        for line in batch.preview.get("lines", [])
    ]
    context = {
        "batch": batch,
        "state": _state(batch),
        "counts": [
            (name, counts["added"], counts["changed"], counts["same"])
            for key, name in _names().items()
            if (counts := batch.counts.get(key))
        ],
        "lines": lines,
        "warnings": batch.preview.get("warnings", []),
        "more_warnings": batch.preview.get("more_warnings", 0),
        "may_verify": batch.applied_by_id != request.user.pk,
        "form": form,
        "blocked": blocked,
        "crumbs": _crumbs(batch.name),
    }
    return render(request, "oversight/import.html", context)


@posting_door
def act(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Apply, verify or undo a batch."""
    rows = ImportBatch.objects.visible_to(person(request))
    batch = found_or_404(rows, batch_id)
    back = redirect("register-import", batch.pk)
    common: dict[str, Any] = {
        "batch_id": batch.pk, "actor": person(request), "at": timezone.now(),
    }  # fmt: skip
    do = request.POST.get("do", "")
    try:
        if do == "apply":
            apply_import(**common)
            messages.success(request, _("已导入，证书和称号待另一位工作人员核实。"))
        elif do == "verify":
            number = verify_batch(**common)
            messages.success(request, _("已核实 %(number)s 条。") % {"number": number})
        elif do == "undo":
            return _undo(request, batch, common)
    except Conflict as error:
        messages.error(request, str(error.message))
    return back


def _undo(
    request: HttpRequest, batch: ImportBatch, common: dict[str, Any]
) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, form, None)
    try:
        undo_import(**common, reason=form.cleaned_data["reason"])
    except BuiltUpon as error:
        return _page(request, batch, form, error)
    messages.success(request, _("已整批撤销，历史保留。"))
    return redirect("register-import", batch.pk)


def _state(batch: ImportBatch) -> Tag:
    word = ImportBatch.State(batch.state).label
    return Tag(str(word), _TONES[batch.state])  # type: ignore[arg-type]


def _names() -> dict[str, str]:
    return {
        "registeredunit": localized(UNITS.title),
        "certificate": localized(CERTIFICATES.title),
        "recognition": localized(RECOGNITIONS.title),
        "seriesfigure": localized(SERIES.title),
    }


def _titles() -> dict[str, str]:
    """Return the titles of what can differ, by field."""
    sheets = (UNITS, SERIES, RECOGNITIONS, CERTIFICATES)
    found = {c.key: localized(c.title) for s in sheets for c in s.columns}
    return found | {
        "body_id": found["body"],
        "holder": found["credit_code"],
        "states": _("状态变化"),
        "former_names": _("曾用名"),
        "presences": _("所在地"),
        "groups": _("控制集团"),
    }


def _crumbs(*titles: str) -> tuple[Link, ...]:
    return (
        Link(reverse("registers"), _("登记库")),
        Link(reverse("register-imports"), _("导入批次")),
        *(Link("", title) for title in titles),
    )
