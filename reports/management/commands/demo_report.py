"""Print the report of a demo enterprise without browser or worker."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.models import Assessment
from reports.models import Report
from reports.rendering import render
from reports.selectors import open_file
from reports.services import request_report
from reports.tasks import render_report


class Command(BaseCommand):
    """Migrate, publish the banks and seed the demo where needed, then print."""

    help = "Write the PDF of a demo enterprise's submitted assessment to build/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--output", type=Path, default=settings.BASE_DIR / "build/demo-report.pdf"
        )
        parser.add_argument(
            "--locale", choices=Report.Locale.values, default=Report.Locale.CHINESE
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        assessment = self._submitted() or self._seeded()
        report = request_report(
            assessment=assessment,
            locale=options["locale"],
            actor=None,
            at=timezone.now(),
        )
        content = _printed(report)
        output: Path = options["output"]
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(content)
        self.stdout.write(f"{output}  {len(content) // 1024} KB")

    def _submitted(self) -> Assessment | None:
        call_command("migrate", verbosity=0)
        demo = Assessment.objects.submitted().filter(
            created_by__email__endswith="@demo.example"
        )
        found: Assessment | None = demo.select_related("enterprise").first()
        return found

    def _seeded(self) -> Assessment:
        call_command("publish_banks", verbosity=0)
        call_command("seed_demo", without_city=True)
        assessment = self._submitted()
        if assessment is None:
            raise CommandError(
                "The database holds people but no demo: nothing was seeded. "
                "Set DATA_DIR to an empty folder for a demo report."
            )
        return assessment


def _printed(report: Report) -> bytes:
    """Return the PDF as a worker would publish it, so that its code verifies.

    When a worker has the report in hand, or rendering fails, it is rendered here
    once more: the error then comes out.
    """
    render_report(str(report.pk))
    report.refresh_from_db()
    if report.state != Report.State.READY:
        return render(report).content
    with open_file(report) as file:
        content: bytes = file.read()
    return content
