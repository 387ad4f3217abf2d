"""Delete files no row names; the scheduler does the same once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.orphans import clear_evidence_orphans
from reports.services import clear_report_orphans


class Command(BaseCommand):
    """Prints how many files of each kind were deleted."""

    help = "Delete evidence and report files that no row names, older than a day."

    def handle(self, **_options: Any) -> None:
        """Run."""
        now = timezone.now()
        evidence, reports = clear_evidence_orphans(now), clear_report_orphans(now)
        self.stdout.write(f"evidence {evidence}, reports {reports}")
