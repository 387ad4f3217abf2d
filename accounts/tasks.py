"""What the scheduler runs for this app."""

from celery import shared_task
from django.utils import timezone

from accounts import ending, expiry


@shared_task
def clear_expired() -> None:
    """Delete expired sessions, lock-outs, sign-in records and links; daily."""
    expiry.clear(timezone.now())


@shared_task
def remind_ending_mandates() -> None:
    """Tell both sides of mandates that end within two weeks; daily."""
    ending.remind(timezone.now())
