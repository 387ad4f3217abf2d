"""Celery tasks: load by id, call one worker function; may run twice."""

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from reports.bulletin_prints import (
    clear_print_orphans,
    give_up_print,
    publish_print,
    request_missing_prints,
    take_print,
)
from reports.bulletins import render_bulletin
from reports.models import BulletinPrint, Report
from reports.rendering import render
from reports.services import (
    clear_report_orphans,
    give_up_report,
    is_wanted,
    publish_report,
    request_missing_reports,
    take_report,
    withdraw_report,
)

logger = logging.getLogger(__name__)

RING_SECONDS = 60
"""After that a message means nothing: the sweep has rung again."""


@shared_task(expires=RING_SECONDS)
def render_report(report_id: str) -> None:
    """Render one report if nobody else has it."""
    report = take_report(report_id=UUID(report_id), at=timezone.now())
    if report is None:
        return
    if not is_wanted(report):
        withdraw_report(report=report)
        return
    try:
        rendered = render(report)
    except Exception as error:
        logger.exception("report %s attempt %s", report.pk, report.attempt)
        give_up_report(report=report, error=type(error).__name__)
        return
    if is_wanted(report):
        publish_report(report=report, rendered=rendered, at=timezone.now())
    else:
        withdraw_report(report=report)


@shared_task(expires=RING_SECONDS)
def print_bulletin(print_id: str) -> None:
    """Print one bulletin if nobody else has it."""
    printed = take_print(print_id=UUID(print_id), at=timezone.now())
    if printed is None:
        return
    try:
        rendered = render_bulletin(printed)
    except Exception as error:
        logger.exception("bulletin %s attempt %s", printed.pk, printed.attempt)
        give_up_print(printed=printed, error=type(error).__name__)
        return
    publish_print(printed=printed, rendered=rendered, at=timezone.now())


@shared_task
def sweep_reports() -> None:
    """Ring again for every report and bulletin that no living worker has in hand."""
    now = timezone.now()
    request_missing_reports(at=now)
    for report_id in Report.objects.due(now).values_list("pk", flat=True):
        render_report.delay(str(report_id))
    request_missing_prints(at=now)
    for print_id in BulletinPrint.objects.due(now).values_list("pk", flat=True):
        print_bulletin.delay(str(print_id))


@shared_task
def clear_reports() -> None:
    """Delete files of reports and bulletins without a row; daily."""
    clear_report_orphans(timezone.now())
    clear_print_orphans(timezone.now())
