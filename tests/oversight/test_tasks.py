"""What the daily task deletes: forgotten workbooks and files that no row names."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from oversight import tasks
from oversight.models import Certificate, ImportBatch
from oversight.services import filing, importing
from oversight.services.filing import attach_file
from oversight.services.importing import apply_import, check_import
from tests.oversight.workbooks import certificate_row, workbook

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MOMENT = timedelta(seconds=1)


def checked(bureau, at, number=1) -> ImportBatch:
    plan, batch = check_import(
        data=workbook([certificate_row(number)]),
        name="登记.xlsx",
        source="台账",
        actor=bureau.first.user,
        at=at,
    )
    assert plan.faults == []
    return batch


def test_a_checked_workbook_is_forgotten_after_a_week(bureau):
    now = timezone.now()
    batch = checked(bureau, now)
    tasks.clear(now + tasks.KEEP_CHECKED)
    assert ImportBatch.objects.get() == batch
    assert default_storage.exists(batch.key)
    tasks.clear(now + tasks.KEEP_CHECKED + MOMENT)
    assert ImportBatch.objects.count() == 0
    assert not default_storage.exists(batch.key)


def test_an_applied_workbook_is_kept(bureau):
    now = timezone.now()
    batch = checked(bureau, now)
    apply_import(batch_id=batch.pk, actor=bureau.first.user, at=now)
    tasks.clear(now + 10 * tasks.KEEP_CHECKED)
    assert ImportBatch.objects.get() == batch
    assert default_storage.exists(batch.key)


@pytest.mark.parametrize("folder", [filing.FOLDER, importing.FOLDER])
def test_a_file_no_row_names_is_deleted_after_a_day(folder, bureau):
    key = default_storage.save(f"{folder}/lost", ContentFile(b"lost"))
    now = timezone.now()
    tasks.clear(now)
    assert default_storage.exists(key)
    tasks.clear(now + timedelta(days=2))
    assert not default_storage.exists(key)


def test_a_scan_a_record_names_is_kept(bureau):
    now = timezone.now()
    file = attach_file(
        model=Certificate,
        record_id=bureau.certificate().pk,
        file=ContentFile(PDF, "证书.pdf"),
        name="证书.pdf",
        actor=bureau.first.user,
        at=now,
    )
    tasks.clear(now + timedelta(days=400))
    assert default_storage.exists(file.key)


def test_clearing_twice_does_no_more_than_once(bureau):
    now = timezone.now()
    checked(bureau, now)
    kept = checked(bureau, now + tasks.KEEP_CHECKED, number=2)
    for _time in range(2):
        tasks.clear(now + tasks.KEEP_CHECKED + MOMENT)
        assert ImportBatch.objects.get() == kept


def test_the_task_clears_what_is_old_by_now(bureau):
    checked(bureau, timezone.now() - tasks.KEEP_CHECKED - timedelta(minutes=1))
    tasks.clear_register_files()
    assert ImportBatch.objects.count() == 0
