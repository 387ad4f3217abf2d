"""Two officials at the same moment: only PostgreSQL can get these wrong."""

import pytest
from django.utils import timezone

from oversight.models import (
    Certificate,
    CertificateRevision,
    ImportBatch,
    RegisteredUnit,
    Via,
)
from oversight.services.importing import apply_import, check_import
from oversight.services.undoing import undo_import
from oversight.services.verifying import verify_record
from tests.accounts.test_races import at_once
from tests.factories.accounts import MembershipFactory
from tests.oversight.registers import Bureau
from tests.oversight.workbooks import certificate_row, workbook
from tests.racing import queued_behind, races

pytestmark = races


def third(bureau: Bureau):
    """Return another official of the bureau."""
    office = bureau.first.organisation
    return MembershipFactory(organisation=office, role=bureau.second.role)


def verifying(certificate, who):
    return lambda: verify_record(
        model=Certificate,
        record_id=certificate.pk,
        seq=certificate.latest.seq,
        via=Via.FORM,
        actor=who.user,
        at=timezone.now(),
    )


def check(bureau: Bureau, data: bytes) -> ImportBatch:
    plan, batch = check_import(
        data=data,
        name="登记.xlsx",
        source="台账",
        actor=bureau.first.user,
        at=timezone.now(),
    )
    assert plan.faults == []
    return batch


def applying(batch: ImportBatch, who):
    return lambda: apply_import(batch_id=batch.pk, actor=who.user, at=timezone.now())


@pytest.mark.parametrize("_round", range(3))
def test_two_officials_verify_a_record_once(_round: int, bureau: Bureau):
    certificate, other = bureau.certificate(), third(bureau)
    outcomes = at_once(
        verifying(certificate, bureau.second), verifying(certificate, other)
    )
    assert outcomes == ["done", "stale_record"]
    changes = certificate.revisions.order_by("seq").values_list("change", flat=True)
    assert list(changes) == ["entered", "verified"]


def test_who_waited_for_the_record_is_told_that_it_changed(bureau: Bureau):
    """Not that there is none: a row that moved on must not fall out of the query."""
    certificate, other = bureau.certificate(), third(bureau)
    outcomes = queued_behind(
        certificate,
        verifying(certificate, bureau.second),
        verifying(certificate, other),
        meanwhile=lambda: None,
    )
    assert outcomes == ["done", "stale_record"]


@pytest.mark.parametrize("_round", range(3))
def test_the_same_workbook_twice_at_once_is_stored_once(_round: int, bureau: Bureau):
    data = workbook([certificate_row(number) for number in range(1, 40)])
    batches = [check(bureau, data), check(bureau, data)]
    outcomes = at_once(*(applying(batch, bureau.first) for batch in batches))
    assert outcomes == ["done", "not_as_checked"]
    states = ImportBatch.objects.values_list("state", flat=True)
    assert sorted(states) == ["applied", "checked"]
    counts = [
        model.objects.count()
        for model in (Certificate, CertificateRevision, RegisteredUnit)
    ]
    assert counts == [39, 39, 39]


@pytest.mark.parametrize("_round", range(3))
def test_two_workbooks_that_change_the_same_records_do_not_mix(
    _round: int, bureau: Bureau
):
    rows = [certificate_row(number) for number in range(1, 20)]
    applying(check(bureau, workbook(rows)), bureau.first)()
    data = [
        workbook([row | {"scope": scope} for row in rows]) for scope in ("研发", "生产")
    ]
    batches = [check(bureau, one) for one in data]
    outcomes = at_once(*(applying(batch, bureau.first) for batch in batches))
    assert outcomes in (["done", "done"], ["done", "not_as_checked"])
    scopes = CertificateRevision.objects.filter(
        pk__in=Certificate.objects.values("latest")
    ).values_list("scope", flat=True)
    assert len(set(scopes)) == 1


@pytest.mark.parametrize("_round", range(3))
def test_one_batch_is_applied_once(_round: int, bureau: Bureau):
    batch = check(bureau, workbook([certificate_row()]))
    outcomes = at_once(applying(batch, bureau.first), applying(batch, bureau.second))
    assert outcomes == ["batch_moved_on", "done"]
    assert Certificate.objects.count() == 1


def test_a_record_verified_while_its_import_is_undone_is_not_overlooked(
    bureau: Bureau,
):
    batch = check(bureau, workbook([certificate_row(1), certificate_row(2)]))
    applying(batch, bureau.first)()
    certificate = Certificate.objects.select_related("latest").get(
        number="165IP2500001R0M"
    )

    def undo() -> None:
        undo_import(
            batch_id=batch.pk,
            reason="弄错了",
            actor=bureau.first.user,
            at=timezone.now(),
        )

    outcomes = queued_behind(
        certificate,
        verifying(certificate, bureau.second),
        undo,
        meanwhile=lambda: None,
    )
    assert outcomes == ["done", "built_upon"]
    batch.refresh_from_db()
    assert batch.state == "applied"
