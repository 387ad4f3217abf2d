"""Monthly snapshots: numbered, immutable, the only way statistics are shown."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from backend.errors import Forbidden, Invalid
from oversight.models import Snapshot, SnapshotLedger
from oversight.services.snapshots import (
    EarlierMonth,
    MonthNotOver,
    last_day_of,
    ledger_of,
    month_before,
    take_snapshot,
)
from oversight.tasks import take_monthly_snapshot
from tests.factories.accounts import OrganisationFactory
from tests.oversight.registers import Bureau

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 9, 3, 2, tzinfo=UTC)
AT = datetime(2026, 11, 1, 2, tzinfo=UTC)


@pytest.fixture
def enterprises() -> list[Any]:
    """Forty enterprises that registered in September."""
    return OrganisationFactory.create_batch(40, created_at=OPENED)


def test_a_month_is_published_with_the_next_number(enterprises: Any) -> None:
    first = take_snapshot(month="2026-09", actor=None, at=AT)
    second = take_snapshot(month="2026-10", actor=None, at=AT)
    assert (first.number, first.month, first.state) == (1, "2026-09", "published")
    assert (second.number, second.day) == (2, date(2026, 10, 31))
    shown = json.loads(first.document)
    assert shown["snapshot"] == 1
    stages = next(table for table in shown["tables"] if table["key"] == "stage")
    registered = stages["entries"][0]
    assert registered["row"] == ["registered"]
    assert registered["value"] % 5 == 0
    assert abs(registered["value"] - 40) <= 26


def test_a_published_month_stays_as_it_is(enterprises: Any) -> None:
    first = take_snapshot(month="2026-10", actor=None, at=AT)
    OrganisationFactory.create_batch(30, created_at=OPENED)
    again = take_snapshot(month="2026-10", actor=None, at=AT)
    assert (again.pk, again.sha256) == (first.pk, first.sha256)
    assert Snapshot.objects.count() == 1


def test_who_came_after_the_month_is_not_in_it(enterprises: Any) -> None:
    snapshot = take_snapshot(month="2026-08", actor=None, at=AT)
    held = ledger_of(snapshot).held
    assert held["all",].count == 0


def test_the_ledger_holds_the_count_and_the_snapshot_does_not(
    enterprises: Any,
) -> None:
    snapshot = take_snapshot(month="2026-10", actor=None, at=AT)
    assert ledger_of(snapshot).held["all",].count == 40
    assert "count" not in snapshot.document
    assert SnapshotLedger.objects.count() == 1


def test_a_month_that_is_not_over_is_refused() -> None:
    with pytest.raises(MonthNotOver):
        take_snapshot(month="2026-11", actor=None, at=AT)
    with pytest.raises(Invalid):
        take_snapshot(month="2026-13", actor=None, at=AT)


def test_no_gap_is_filled_later() -> None:
    take_snapshot(month="2026-10", actor=None, at=AT)
    with pytest.raises(EarlierMonth):
        take_snapshot(month="2026-09", actor=None, at=AT)


def test_only_who_reads_statistics_takes_one(bureau: Bureau, owner: Any) -> None:
    with pytest.raises(Forbidden):
        take_snapshot(month="2026-10", actor=owner.user, at=AT)
    taken = take_snapshot(month="2026-10", actor=bureau.first.user, at=AT)
    assert taken.taken_by == bureau.first.user
    assert AuditEvent.objects.filter(action="snapshot.published").count() == 1
    assert list(Snapshot.objects.visible_to(bureau.second.user)) == [taken]
    assert not Snapshot.objects.visible_to(owner.user).exists()


def test_snapshots_never_change() -> None:
    take_snapshot(month="2026-10", actor=None, at=AT)
    for rows in (Snapshot.objects.all(), SnapshotLedger.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.update(document="{}")


def test_the_task_takes_last_month_once() -> None:
    take_monthly_snapshot()
    take_monthly_snapshot()
    assert Snapshot.objects.count() == 1


def test_months() -> None:
    assert last_day_of("2024-02") == date(2024, 2, 29)
    assert last_day_of("2026-12") == date(2026, 12, 31)
    assert month_before(date(2026, 1, 15)) == "2025-12"
