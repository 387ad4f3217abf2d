"""Remind of tasks of improvement plans that are due soon or late."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reviews.reminding import remind


class Command(BaseCommand):
    """Send each reminder once; may run as often as one likes."""

    help = "Remind of tasks of improvement plans that are due within a week or late."

    def handle(self, *args: Any, **options: Any) -> None:
        told = remind(timezone.now())
        self.stdout.write(f"{told} reminders sent.")
