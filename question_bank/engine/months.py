"""Months on the calendar."""

from calendar import monthrange
from datetime import date


def add_months(start: date, months: int) -> date:
    """Return the same day some months on, or the month's last day if there is none."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
