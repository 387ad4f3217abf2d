"""What the scheduler runs for this app."""

from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from assessments.orphans import clear_orphans
from oversight.models import ImportBatch, RegisterFile
from oversight.services import filing, importing

KEEP_CHECKED = timedelta(days=7)


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
