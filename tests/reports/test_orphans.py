"""Report files that no row names are removed by the command."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from reports.services import clear_report_orphans


def test_a_file_without_a_row_is_removed_after_a_day(db):
    orphan = default_storage.save("reports/orphan.pdf", ContentFile(b"x"))
    call_command("clear_orphans")
    assert default_storage.exists(orphan)
    clear_report_orphans(timezone.now() + timedelta(days=2))
    assert not default_storage.exists(orphan)
