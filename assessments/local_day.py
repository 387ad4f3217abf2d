"""Days where the enterprises are."""

from datetime import date, datetime

from django.utils import timezone


def local_date(at: datetime) -> date:
    """Return the calendar day of `at` in Asia/Shanghai."""
    return timezone.localtime(at).date()
