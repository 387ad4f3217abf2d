"""Celery tasks: load by id, call one worker function; may run twice."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from assessments.local_day import local_date
from assessments.orphans import clear_orphans
from oversight.count_book import book_for
from oversight.models import ImportBatch, RegisterFile, Snapshot
from oversight.services import filing, importing
from oversight.services.snapshots import month_before, take_snapshot

logger = logging.getLogger(__name__)

KEEP_CHECKED = timedelta(days=7)
SNAPSHOT_SECONDS = 900
"""A snapshot of a large city with its audit takes a minute on a quiet machine."""


@shared_task(time_limit=SNAPSHOT_SECONDS, soft_time_limit=SNAPSHOT_SECONDS - 10)
def take_monthly_snapshot() -> None:
    """Take last month's snapshot unless somebody has; a refused one is not repeated."""
    now = timezone.now()
    month = month_before(local_date(now))
    if Snapshot.objects.filter(month=month).exists():
        return
    snapshot = take_snapshot(month=month, actor=None, at=now)
    if not snapshot.is_published:
        logger.warning("snapshot of %s refused: %s", month, snapshot.reason)


@shared_task
def make_count_book() -> None:
    """Count today's book if anything was recorded, before a reader has to wait."""
    today = local_date(timezone.now())
    book_for(today, known_on=today)


@shared_task
def clear_register_files() -> None:
    """Delete checked workbooks nobody applied for a week, and lost files; daily."""
    clear(timezone.now())


def clear(at: datetime) -> None:
    """Delete what is only waiting to be forgotten; may run twice."""
    old = ImportBatch.objects.filter(state="checked", created_at__lt=at - KEEP_CHECKED)
    old.delete()
    files = RegisterFile.objects.values_list("key", flat=True)
    clear_orphans(filing.FOLDER, files.iterator(), at)
    workbooks = ImportBatch.objects.values_list("key", flat=True)
    clear_orphans(importing.FOLDER, workbooks.iterator(), at)
