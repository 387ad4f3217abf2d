"""Celery tasks: load by id, call one worker function; may run twice."""

import logging

from celery import shared_task
from django.utils import timezone

from assessments.local_day import local_date
from oversight.models import Snapshot
from oversight.services.snapshots import month_before, take_snapshot

logger = logging.getLogger(__name__)


@shared_task
def take_monthly_snapshot() -> None:
    """Take last month's snapshot unless somebody has; a refused one is not repeated."""
    now = timezone.now()
    month = month_before(local_date(now))
    if Snapshot.objects.filter(month=month).exists():
        return
    snapshot = take_snapshot(month=month, actor=None, at=now)
    if not snapshot.is_published:
        logger.warning("snapshot of %s refused: %s", month, snapshot.reason)
