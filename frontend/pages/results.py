"""Pages after submitting: the result, its reports, and checking a paper."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.mandate_scope import OWN, Scope
from assessments.models import Assessment
from assessments.scopes import scope_of, whole_assessment
from backend.errors import Forbidden, NotFound
from frontend.components import Field, Link, State, Status
from frontend.pages.answering.doors import person
from frontend.pages.answering.offers import offers
from reports.api.views import report_download
from reports.documents import result_of
from reports.indicators import IndicatorContent
from reports.models import Report
from reports.receivers import ring
from reports.selectors import (
    NotReady,
    get_report,
    reports_of,
    waiting_before,
)
from reports.services import NothingToReport, request_report
from reports.verification import (
    VERIFY_PATH,
    Verified,
    VerifyThrottle,
    cleaned_code,
    verify,
)
from reports.wording import code_words, hash_words
from reviews.models import ImprovementPlan
from reviews.selectors import is_reviewed_for

FIRST_ACTIONS = 12

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class ReportLine:
    """One report, or one that can be asked for, as the result page lists it."""

    language: str
    locale: str
    status: Status | None
    url: str
    file_url: str
    pages: int
    size: int


def _foreign_is_missing(view: View) -> View:
    """Answer 404 for what the person may not see, as for what does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error

    return guarded


def _submitted_or_task_list(
    request: HttpRequest, assessment_id: UUID
) -> Assessment | HttpResponseRedirect:
    """Return the assessment, or where a draft's answers are given."""
    assessment = whole_assessment(person(request), assessment_id)
    if assessment.is_draft:
        # Who answers goes on answering; an agency reads on a page of its own.
        own = scope_of(person(request), assessment) is OWN
        page = "assessment" if own else "client-assessment"
        return HttpResponseRedirect(reverse(page, args=[assessment.pk]))
    return assessment


# --- The result -------------------------------------------------------------------


@login_required
@never_cache
@require_safe
@_foreign_is_missing
def result(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show verdict, gates, findings, scores and what to do first."""
    assessment = _submitted_or_task_list(request, assessment_id)
    if isinstance(assessment, HttpResponse):
        return assessment
    scope = scope_of(person(request), assessment)
    content = result_of(assessment)
    context: dict[str, object] = {
        "assessment": assessment,
        "content": content,
        "reports": tuple(_lines(assessment)) if scope.report else (),
        "may_ask": assessment.access_id is None,
        "plan_url": _plan_url(request, assessment, scope),
        "is_reviewed": is_reviewed_for(person(request), assessment),
        "crumbs": (
            Link(reverse("home"), _("工作台")),
            Link(request.path, _("自评结果"), current=True),
        ),
    }
    if isinstance(content, IndicatorContent):
        context["figures"] = _points_figures(content)
        return render(request, "results/indicators.html", context)
    actions = content.repairs.essential
    context |= {
        "figures": _figures(content),
        "first_actions": actions[:FIRST_ACTIONS],
        "offers": offers(assessment) if assessment.access_id is None else (),
        "more_actions": actions[FIRST_ACTIONS:],
    }
    return render(request, "results/result.html", context)


def _plan_url(request: HttpRequest, assessment: Assessment, scope: Scope) -> str:
    """Return where the improvement plan is, or is made; "" where one sees none."""
    seen = ImprovementPlan.objects.visible_to(person(request))
    if scope is OWN or seen.filter(pk=assessment.pk).exists():
        return reverse("plan", args=[assessment.pk])
    return ""


def _points_figures(content: IndicatorContent) -> tuple[tuple[str, str, str, str], ...]:
    interval = ""
    if content.interval:
        interval = _("区间 %(interval)s") % {"interval": content.interval}
    return (
        (_("按数据得分"), content.score, _("分"), interval),
        (_("其中加分"), content.bonus, _("分"), _("加分另计并封顶")),
        (_("专家评定"), content.unjudged, _("分"), _("评定前不计零分也不计满分")),
        (_("缺数据"), str(content.missing), _("项"), _("补齐后重新计算")),
    )


def _figures(content: Any) -> tuple[tuple[str, str, str, str], ...]:
    verdict = content.verdict
    interval = ""
    if verdict.interval:
        interval = _("答完后的区间 %(interval)s") % {"interval": verdict.interval}
    found = _("一般 %(minors)s 项，观察 %(observations)s 条") % {
        "minors": verdict.minors,
        "observations": verdict.observations,
    }
    planned = _("%(actions)s 项行动，排期 %(weeks)s 周") % {
        "actions": verdict.actions,
        "weeks": verdict.weeks,
    }
    return (
        (_("自评得分"), verdict.self_score, _("分"), interval),
        (_("可证得分"), verdict.evidenced_score, _("分"), _("有文件或记录支持")),
        (_("严重问题"), str(verdict.majors), _("项"), found),
        (_("必要投入"), str(verdict.days), _("人日"), planned),
    )


def _lines(assessment: Assessment) -> list[ReportLine]:
    """Return a line for each language: the report there is, or the one to ask for."""
    found = {report.locale: report for report in reports_of(assessment)}
    return [
        _line(str(label), locale, found.get(locale))
        for locale, label in Report.Locale.choices
    ]


def _line(language: str, locale: str, report: Report | None) -> ReportLine:
    if report is None:
        return ReportLine(language, locale, None, "", "", 0, 0)
    ready = report.state == Report.State.READY
    return ReportLine(
        language=language,
        locale=locale,
        status=report_status(report),
        url=reverse("report-status", args=[report.pk]),
        file_url=reverse("report-file", args=[report.pk]) if ready else "",
        pages=report.pages,
        size=report.size,
    )


def report_status(report: Report) -> Status:
    """Return where a report stands, in a word."""
    return {
        "pending": Status(State.TODO, _("排队中")),
        "rendering": Status(State.DOING, _("正在生成")),
        "ready": Status(State.DONE, _("已生成")),
        "failed": Status(State.PROBLEM, _("生成失败")),
    }[report.state]


# --- Reports ----------------------------------------------------------------------


@login_required
@require_POST
@_foreign_is_missing
def report_request(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Ask for the report in a language, or again after a failure."""
    locale = request.POST.get("locale", "")
    if locale not in Report.Locale.values:
        locale = Report.Locale.CHINESE
    actor = person(request)
    try:
        report = request_report(
            assessment=whole_assessment(actor, assessment_id, report=True),
            locale=locale,
            actor=actor,
            at=timezone.now(),
        )
    except NothingToReport:
        return redirect("assessment", assessment_id)
    except Forbidden as error:
        raise PermissionDenied from error
    ring(report)
    return redirect("report-status", report.pk)


@login_required
@never_cache
@require_safe
@_foreign_is_missing
def report_page(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show honestly where a report stands; the page renews itself until it is done."""
    report = get_report(person(request), report_id)
    waits = report.state in (Report.State.PENDING, Report.State.RENDERING)
    return render(
        request,
        "results/report.html",
        {
            "report": report,
            "status": report_status(report),
            "waits": waits,
            "before": waiting_before(report, at=timezone.now()) if waits else 0,
            "written_in": Report.Locale(report.locale).label,
            "hash": hash_words(report.sha256),
            "code": code_words(report.code),
            "crumbs": (
                Link(reverse("home"), _("工作台")),
                Link(reverse("result", args=[report.assessment_id]), _("自评结果")),
                Link(request.path, _("PDF 报告"), current=True),
            ),
        },
    )


@login_required
@require_safe
@_foreign_is_missing
def report_file(request: HttpRequest, report_id: UUID) -> HttpResponseBase:
    """Download the PDF; before it is ready, show where it stands."""
    report = get_report(person(request), report_id)
    try:
        return report_download(report)
    except NotReady:
        return redirect("report-status", report.pk)


# --- Checking a paper -------------------------------------------------------------


@never_cache
@require_safe
def verify_form(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a code that was typed leads to its own address."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return _verification(request, "", None)
    code = cleaned_code(typed)
    if code is None:
        return _verification(request, typed[:64], None, status=404)
    return redirect("verify", code)


@never_cache
@require_safe
def verify_page(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a report is genuine; never whose it is or how good."""
    throttle = VerifyThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        answer = render(request, "429.html", status=429)
        answer["Retry-After"] = str(int(throttle.wait() or 1) + 1)
        return answer
    found = verify(code)
    return _verification(request, code[:64], found, status=200 if found else 404)


def _verification(
    request: HttpRequest, typed: str, found: Verified | None, status: int = 200
) -> HttpResponse:
    unknown = bool(typed) and found is None
    field = Field(
        id="code",
        name="code",
        label=_("核验码"),
        value="" if found else typed,
        hint=_("印在报告封面上，26 个字母和数字，空格可有可无。"),
        error=_("查无此码。请核对报告封面上的核验码。") if unknown else "",
    )
    context: dict[str, object] = {
        "field": field,
        "has_errors": unknown,
        "found": found,
    }
    if found is not None:
        context |= {
            "code": code_words(found.code),
            "hash": hash_words(found.sha256),
            "written_in": Report.Locale(found.locale).label,
        }
    return render(request, "results/verify.html", context, status=status)


urlpatterns = [
    path("assessments/<uuid:assessment_id>/result/", result, name="result"),
    path(
        "assessments/<uuid:assessment_id>/reports/",
        report_request,
        name="report-request",
    ),
    path("reports/<uuid:report_id>/", report_page, name="report-status"),
    path("reports/<uuid:report_id>/file/", report_file, name="report-file"),
    path(VERIFY_PATH, verify_form, name="verify"),
    path(f"{VERIFY_PATH}<str:code>/", verify_page, name="verify"),
]
