"""Reads of reports."""

from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _, gettext_lazy, override

from accounts.querysets import Subject
from assessments.models import Assessment
from backend.errors import Conflict, NotFound
from reports.content import report_number
from reports.models import Report


class NotReady(Conflict):
    """The file does not exist yet."""

    code = "report_not_ready"
    message = gettext_lazy("报告还没有生成，请稍后再下载。")


def get_report(user: Subject, report_id: UUID) -> Report:
    """Return the report with its assessment and enterprise; NotFound if not visible."""
    found = Report.objects.visible_to(user).select_related(
        "assessment__enterprise", "assessment__bank_version"
    )
    try:
        report: Report = found.defer("assessment__bank_version__document").get(
            pk=report_id
        )
    except Report.DoesNotExist as error:
        raise NotFound from error
    return report


def reports_of(assessment: Assessment) -> list[Report]:
    """Return the reports of an assessment the caller may see, oldest first."""
    return list(Report.objects.filter(assessment=assessment).in_order())


def open_file(report: Report) -> "File[bytes]":
    """Return the stored PDF; NotReady while there is none, NotFound when it is lost."""
    if report.state != Report.State.READY:
        raise NotReady
    try:
        return default_storage.open(report.key)
    except FileNotFoundError as error:
        raise NotFound(_("文件已丢失，请联系管理员。"), code="file_missing") from error


def file_name(report: Report) -> str:
    """Return the name a report is downloaded under, in the report's language."""
    with override(report.locale):
        title = _("认证就绪度自评指导报告")
    number = report_number(report.assessment)
    return f"{report.assessment.enterprise.name}-{title}-{number}.pdf"


def waiting_before(report: Report, *, at: datetime) -> int:
    """Return how many reports a worker will take before this one."""
    return int(
        Report.objects.due(at).filter(requested_at__lt=report.requested_at).count()
    )
