"""A submitted assessment gets its report, an issued bulletin its print."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from kombu.exceptions import KombuError

from assessments.models import Assessment
from assessments.signals import assessment_submitted
from oversight.models import Bulletin
from oversight.signals import bulletin_issued
from reports.bulletin_prints import request_print
from reports.models import BulletinPrint, Report
from reports.services import request_report
from reports.tasks import print_bulletin, render_report

logger = logging.getLogger(__name__)


@receiver(assessment_submitted)
def report_submitted_assessment(
    assessment_id: UUID, locale: str, at: datetime, **_kwargs: Any
) -> None:
    """Ask for the report in the language the assessment was submitted in."""
    assessment = Assessment.objects.select_related("enterprise").get(pk=assessment_id)
    ring(request_report(assessment=assessment, locale=locale, actor=None, at=at))


def ring(report: Report) -> None:
    """Tell a worker; when the broker is away the sweep will do it later."""
    if report.state != Report.State.PENDING:
        return
    try:
        render_report.delay(str(report.pk))
    except (KombuError, OSError) as error:
        logger.warning("report %s waits for the sweep: %s", report.pk, error)


@receiver(bulletin_issued)
def print_issued_bulletin(bulletin_id: UUID, at: datetime, **_kwargs: Any) -> None:
    """Ask for the print of a bulletin that was just issued."""
    bulletin = Bulletin.objects.light().get(pk=bulletin_id)
    ring_print(request_print(bulletin=bulletin, at=at))


def ring_print(printed: BulletinPrint) -> None:
    """Tell a worker; when the broker is away the sweep will do it later."""
    if printed.state != BulletinPrint.State.PENDING:
        return
    try:
        print_bulletin.delay(str(printed.pk))
    except (KombuError, OSError) as error:
        logger.warning("bulletin %s waits for the sweep: %s", printed.pk, error)
