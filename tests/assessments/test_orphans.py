"""Files that no row names are removed, but not before their day is over."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from assessments.orphans import clear_evidence_orphans
from assessments.services import add_evidence
from tests.assessments.test_evidence import pdf
from tests.fixtures_assessments import AT


@pytest.fixture
def attached(draft, owner):
    return add_evidence(
        assessment_id=draft.pk, question_id="level_one", file=ContentFile(pdf()),
        name="a.pdf", actor=owner.user, at=AT,
    )  # fmt: skip


def test_an_old_file_without_a_row_is_removed_and_a_named_one_stays(attached):
    orphan = default_storage.save("evidence/orphan", ContentFile(b"x"))
    later = timezone.now() + timedelta(days=2)
    clear_evidence_orphans(later)
    assert not default_storage.exists(orphan)
    assert default_storage.exists(attached.key)


def test_a_young_file_may_belong_to_an_open_transaction(db):
    orphan = default_storage.save("evidence/young", ContentFile(b"x"))
    clear_evidence_orphans(timezone.now())
    assert default_storage.exists(orphan)
    default_storage.delete(orphan)
