"""Ring again for reports no living worker has in hand: `manage.py sweep_reports`."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.tasks import sweep_reports


class Command(BaseCommand):
    """Do once what the scheduler does every few seconds."""

    help = "Ask for missing reports and ring for those without a living worker."

    def handle(self, *_args: Any, **_options: Any) -> None:
        sweep_reports()
