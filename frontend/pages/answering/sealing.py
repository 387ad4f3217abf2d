"""Looking through the answers, declaring them true, and what happens then."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import may
from accounts.selectors import members
from assessments.checking import check
from assessments.models import Assessment
from assessments.rules import SUBMITTING_ROLES
from assessments.selectors import whole_tally
from assessments.services import Declaration, submit_assessment
from assessments.services.lifecycle import NotReadyToSubmit
from backend.errors import ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import (
    answers_errors,
    assessment_or_404,
    person,
    sealed_redirect,
)
from frontend.pages.answering.reading import read_sheet, sections
from frontend.pages.answering.remarks import remark_groups
from frontend.pages.answering.words import url_if_any
from reports.models import Report


@login_required
@require_safe
def check_page(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show what is open, contradictory or weak, and every answer."""
    assessment = assessment_or_404(request, assessment_id)
    if not assessment.is_draft:
        return sealed_redirect(assessment_id)
    sheet = read_sheet(assessment)
    found = check(assessment, sheet.evaluation)
    groups = tuple(remark_groups(assessment, found))
    context = {
        "assessment": assessment,
        "crumbs": _crumbs(assessment, _("检查")),
        "tally": whole_tally(sheet.evaluation),
        "blockers": tuple(group for group in groups if group.blocks),
        "groups": tuple(group for group in groups if not group.blocks),
        "open": len(found.of("open")),
        "questions": [item.questions[0].id for item in found.of("to_confirm")],
        "sections": tuple(sections(sheet)),
        "may_submit": _may_submit(request, assessment),
        "owners": _owners(request, assessment),
    }
    return render(request, "answering/check.html", context)


def _crumbs(assessment: Assessment, title: str) -> tuple[Link, ...]:
    return (
        Link(reverse("home"), _("工作台")),
        Link(reverse("assessment", args=(assessment.pk,)), _("自评")),
        Link("", title),
    )


def _may_submit(request: HttpRequest, assessment: Assessment) -> bool:
    return may(person(request), assessment.enterprise, *SUBMITTING_ROLES)


def _owners(request: HttpRequest, assessment: Assessment) -> list[str]:
    rows = members(person(request), assessment.enterprise)
    return [row.name or row.email for row in rows if row.role in SUBMITTING_ROLES]


class DeclarationForm(forms.Form):
    """Who declares the answers true."""

    name = forms.CharField(
        label=gettext_lazy("声明人姓名"),
        max_length=64,
        error_messages={"required": gettext_lazy("请填写声明人姓名。")},
    )
    position = forms.CharField(
        label=gettext_lazy("职务"),
        max_length=64,
        help_text=gettext_lazy("例如总经理、管理者代表。"),
        error_messages={"required": gettext_lazy("请填写声明人职务。")},
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("我代表本企业声明：以上回答属实，由我提交"),
        error_messages={"required": gettext_lazy("请勾选声明后再提交。")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_errors
def submit_page(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Ask for the declaration, then seal the answers."""
    assessment = assessment_or_404(request, assessment_id)
    if not assessment.is_draft:
        return redirect("submitted", assessment_id)
    may_submit = _may_submit(request, assessment)
    form = DeclarationForm(request.POST or None, initial={"name": person(request).name})
    if request.method == "POST":
        if not may_submit:
            raise PermissionDenied
        if form.is_valid() and (answer := _submit(request, assessment, form)):
            return answer
    sheet = read_sheet(assessment)
    if check(assessment, sheet.evaluation).blockers:
        messages.info(request, str(NotReadyToSubmit.message))
        return redirect("check", assessment_id)
    context: dict[str, Any] = {
        "assessment": assessment,
        "bank": sheet.evaluation.bank,
        "crumbs": _crumbs(assessment, _("提交")),
        "form": form,
        "tally": whole_tally(sheet.evaluation),
        "files": sum(sheet.files.values()),
        "may_submit": may_submit,
        "owners": _owners(request, assessment),
    }
    return render(request, "answering/submit.html", context)


def _submit(
    request: HttpRequest, assessment: Assessment, form: DeclarationForm
) -> HttpResponse | None:
    """Seal; None when the form has to be shown again with what is wrong."""
    try:
        submit_assessment(
            assessment_id=assessment.pk,
            declaration=Declaration(**form.cleaned_data),
            actor=person(request),
            at=timezone.now(),
            locale=get_language() or "zh-hans",
        )
    except NotReadyToSubmit as error:
        messages.info(request, str(error.message))
        return redirect("check", assessment.pk)
    except ServiceError as error:
        if error.status != 400:
            raise
        for name, text in error.fields.items():
            form.add_error(name if name in form.fields else None, str(text))
        if not error.fields:
            form.add_error(None, str(error.message))
        return None
    return redirect("submitted", assessment.pk)


@login_required
@require_safe
def submitted_page(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Confirm the submission: reference, time, seal, what happens next."""
    assessment = assessment_or_404(request, assessment_id)
    if assessment.is_draft:
        return redirect("assessment", assessment_id)
    sheet = read_sheet(assessment)
    reports = Report.objects.visible_to(person(request)).in_order()
    report = reports.filter(assessment=assessment).first()
    context = {
        "assessment": assessment,
        "bank": sheet.evaluation.bank,
        "reference": reference(assessment),
        "sections": tuple(sections(sheet)),
        "result_url": url_if_any("result", assessment.pk),
        "report": report,
        "report_url": url_if_any("report-status", report.pk) if report else "",
        "crumbs": (Link(reverse("home"), _("工作台")), Link("", _("已提交"))),
    }
    return render(request, "answering/submitted.html", context)


def reference(assessment: Assessment) -> str:
    """Return a short number to name a submission by, such as 20261124-1A2B3C4D."""
    day = f"{assessment.reference_date:%Y%m%d}" if assessment.reference_date else ""
    return f"{day}-{assessment.pk.hex[:8].upper()}"
