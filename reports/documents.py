"""Which content and which template a sealed assessment has, by its bank's scheme."""

from datetime import datetime

from assessments.models import Assessment
from assessments.selectors import result
from reports.content import (
    Material,
    ReportContent,
    ResultContent,
    content_of,
    material,
    result_content,
)
from reports.indicators import (
    IndicatorContent,
    IndicatorReport,
    indicator_content,
    indicator_report,
)
from reports.models import Report

TEMPLATES = {
    "conformity": "reports/report.html",
    "points": "reports/indicator_report.html",
}


def result_of(assessment: Assessment) -> ResultContent | IndicatorContent:
    """Return what the result page of a submitted assessment shows."""
    record = material(result(assessment))
    if record.bank.scheme == "points":
        return indicator_content(record)
    return result_content(record)


def report_of(report: Report, *, at: datetime) -> ReportContent | IndicatorReport:
    """Return what a report says; `at` is the day of issue it bears."""
    record = material(result(report.assessment))
    return document_of(record, code=report.code, issued=at)


def document_of(
    record: Material, *, code: str, issued: datetime
) -> ReportContent | IndicatorReport:
    """Return the content of a record's PDF, with the code that verifies it."""
    if record.bank.scheme == "points":
        return indicator_report(record, code=code, issued=issued)
    return content_of(record, code=code, issued=issued)
