"""What the scheduler runs for this app."""

from celery import shared_task
from django.utils import timezone

from reviews import reminding


@shared_task
def remind_plans() -> None:
    """Remind of tasks that are due within a week or overdue; daily."""
    reminding.remind(timezone.now())
