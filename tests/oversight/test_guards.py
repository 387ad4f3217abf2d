"""What the database itself refuses, whatever a service does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from oversight.models import (
    Certificate,
    CertificateRevision,
    ImportBatch,
    RecognitionRevision,
    RegisteredUnit,
    TitleEquivalence,
    UnitRevision,
)
from oversight.services.reference import keep_equivalence
from tests.oversight.registers import NOON


@pytest.fixture
def certificate(bureau):
    """A verified certificate; its unit and a title are registered too."""
    bureau.recognition()
    return bureau.verified_certificate()


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "model", [CertificateRevision, RecognitionRevision, UnitRevision]
)
def test_a_revision_is_never_changed_or_deleted(certificate, model):
    rows = model.objects.all()
    assert refused(lambda: rows.update(reason="anders"))
    assert refused(lambda: rows._raw_delete(rows.db))


def test_a_record_is_never_deleted(certificate):
    rows = Certificate.objects.all()
    assert refused(lambda: rows._raw_delete(rows.db))


def test_a_unit_keeps_its_credit_code(certificate):
    code = "91370611165000017Y"
    assert refused(lambda: RegisteredUnit.objects.update(credit_code=code))


def copy(revision, **changes) -> CertificateRevision:
    values = {
        field.attname: getattr(revision, field.attname)
        for field in revision._meta.fields
        if field.name != "id"
    }
    return CertificateRevision(**values | changes)


def test_who_entered_a_revision_does_not_verify_it(bureau):
    entered = bureau.certificate().latest
    own = copy(entered, seq=2, verification="verified")
    other = copy(own, recorded_by_id=bureau.second.user_id)
    assert refused(lambda: own.save(force_insert=True))
    assert not refused(lambda: other.save(force_insert=True))


def test_a_first_revision_is_never_verified_by_a_person(bureau):
    entered = bureau.certificate().latest
    first = copy(entered, seq=1, verification="verified")
    assert refused(lambda: first.save(force_insert=True))


def test_a_history_has_no_gap_and_never_runs_backwards(bureau):
    latest = bureau.certificate().latest
    gap = copy(latest, seq=3)
    earlier = copy(latest, seq=2, recorded_at=NOON - timedelta(seconds=1))
    assert refused(lambda: gap.save(force_insert=True))
    assert refused(lambda: earlier.save(force_insert=True))


def test_equivalents_are_only_added(bureau):
    keep_equivalence(
        name="贯标示范",
        counts_as="demonstration",
        source="批复",
        actor=bureau.first.user,
        at=NOON,
    )
    assert refused(lambda: TitleEquivalence.objects.update(counts_as="other"))


def test_an_applied_import_stays_applied_until_it_is_undone(bureau):
    batch = ImportBatch.objects.create(
        name="x", sha256="0" * 64, key="imports/x", source="台账",
        created_by=bureau.first.user, created_at=NOON,
    )  # fmt: skip
    rows = ImportBatch.objects.filter(pk=batch.pk)
    rows.update(state="applied", applied_at=NOON, applied_by=bureau.first.user)
    assert refused(lambda: rows.update(state="checked", applied_at=None))
    assert refused(lambda: rows._raw_delete(rows.db))
