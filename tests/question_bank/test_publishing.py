"""Publishing: what is stored, that it never changes, and who is offered what."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from question_bank.engine.definition import Bank
from question_bank.models import BankVersion
from question_bank.publishing import VersionTaken, bank_folders, publish
from question_bank.selectors import compiled_bank, offered_version, pinned_sha256
from tests.fixtures_assessments import AT

pytestmark = pytest.mark.django_db


def renumbered(bank: Bank, version: str) -> Bank:
    return replace(bank, version=version)


def test_a_published_version_holds_the_canonical_document(small_version, small_bank):
    assert small_version.sha256 == small_bank.sha256
    assert small_version.document.encode() == small_bank.canonical_bytes()
    assert (small_version.status, small_version.published_at) == ("published", AT)


def test_the_stored_document_gives_the_very_same_bank(small_version, small_bank):
    compiled_bank.cache_clear()
    stored = compiled_bank(small_version.sha256)
    assert stored == small_bank
    assert stored.sha256 == small_bank.sha256


def test_publishing_the_same_content_again_changes_nothing(small_version, small_bank):
    assert publish(bank=small_bank, at=AT) == small_version
    assert BankVersion.objects.count() == 1


def test_a_version_number_stands_for_one_content(small_version, small_bank):
    other = replace(small_bank, edition="TEST-2")
    with pytest.raises(VersionTaken):
        publish(bank=other, at=AT)
    assert BankVersion.objects.get().edition == "TEST-1"


def test_a_newer_version_retires_the_older_one(small_version, small_bank):
    newer = publish(bank=renumbered(small_bank, "1.1.0"), at=AT)
    small_version.refresh_from_db()
    assert (small_version.status, newer.status) == ("retired", "published")


def test_a_version_of_another_bank_retires_nothing(small_version, small_bank):
    publish(bank=replace(small_bank, id="another"), at=AT)
    small_version.refresh_from_db()
    assert small_version.status == "published"


def test_new_assessments_use_the_newest_version(small_version, small_bank):
    newer = publish(bank=renumbered(small_bank, "1.1.0"), at=AT)
    assert offered_version("small") == newer


def test_a_retired_version_stays_readable_for_ever(small_version, small_bank):
    publish(bank=renumbered(small_bank, "1.1.0"), at=AT)
    assert small_version in BankVersion.objects.open()
    assert compiled_bank(small_version.sha256).version == "1.0.0"


def test_nothing_is_offered_before_anything_is_published(db):
    with pytest.raises(BankVersion.DoesNotExist):
        offered_version("small")


def test_a_draft_is_neither_open_nor_offered(small_bank):
    draft = BankVersion.objects.create(
        bank="small", edition="E", version="9", document="{}", sha256="f" * 64
    )
    assert not BankVersion.objects.open().filter(pk=draft.pk).exists()
    assert not BankVersion.objects.offered().filter(pk=draft.pk).exists()


def test_the_compiled_bank_costs_no_query_the_second_time(
    small_version, django_assert_num_queries
):
    compiled_bank.cache_clear()
    pinned_sha256.cache_clear()
    compiled_bank(pinned_sha256(small_version.pk))
    with django_assert_num_queries(0):
        compiled_bank(pinned_sha256(small_version.pk))


FROZEN = {
    "document": "{}",
    "sha256": "0" * 64,
    "bank": "other",
    "version": "9.9.9",
    "status": "draft",
}


@pytest.mark.parametrize(("field", "value"), FROZEN.items())
def test_the_database_refuses_to_change_a_published_version(
    small_version: Any, field: str, value: str
):
    row = BankVersion.objects.filter(pk=small_version.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(**{field: value})
    small_version.refresh_from_db()
    assert getattr(small_version, field) != value


def test_the_database_refuses_to_delete_a_published_version(small_version):
    with pytest.raises(DatabaseError), transaction.atomic():
        small_version.delete()
    assert BankVersion.objects.filter(pk=small_version.pk).exists()


def test_a_draft_may_still_change_and_go(db):
    draft = BankVersion.objects.create(
        bank="small", edition="E", version="9", document="{}", sha256="f" * 64
    )
    BankVersion.objects.filter(pk=draft.pk).update(document='{"a": 1}')
    draft.delete()
    assert not BankVersion.objects.exists()


def test_a_published_version_has_its_time(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        BankVersion.objects.create(
            bank="b", edition="E", version="1", document="{}", sha256="1" * 64,
            status="published",
        )  # fmt: skip


def test_the_service_ships_the_bank_that_is_offered_by_default():
    assert "gbt29490_2023" in {folder.name for folder in bank_folders()}
