"""What the scheduler runs for this app."""

from celery import shared_task
from django.utils import timezone

from assessments.orphans import clear_evidence_orphans


@shared_task
def clear_evidence() -> None:
    """Delete evidence files without a row; daily."""
    clear_evidence_orphans(timezone.now())
