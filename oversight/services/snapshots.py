"""Take the monthly snapshot: the only act by which statistics become visible."""

import json
import re
import zlib
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from assessments.local_day import local_date
from backend.errors import Conflict, Forbidden, Invalid
from backend.long_statements import long_statements
from oversight.disclosure.publish import Ledger, Prepared, Refused, prepare
from oversight.models import Snapshot, SnapshotLedger
from oversight.rules import may_keep
from oversight.services.calibration import calibrated_on, store_calibration
from oversight.services.figures import note_missing_figures
from oversight.snapshot_records import records_of, scheme
from oversight.standing import standings_on
from oversight.telling import tell_refused


class MonthNotOver(Invalid):
    """Snapshots speak of whole months."""


class EarlierMonth(Conflict):
    """A later month has been published: the chain of snapshots has no gaps to fill."""

    code = "earlier_month"
    message = _("已发布更晚月份的快照，不能再补此前的月份。")


def last_day_of(month: str) -> date:
    """Return the last day of "2026-10"; raise Invalid for what is not a month."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or month < "2000-01":
        raise Invalid(_("请填写月份，例如 2026-10。"), code="month")
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return following - timedelta(days=1)


def month_before(day: date) -> str:
    """Return the month that was over when the day's month began."""
    return (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def take_snapshot(*, month: str, actor: User | None, at: datetime) -> Snapshot:
    """Publish a month's statistics, or keep why they may not be published.

    `actor` is None for the monthly task. A month that was published stays as it is
    and is returned. Raises Forbidden, Invalid, MonthNotOver or EarlierMonth.
    """
    if actor is not None and not may_keep(actor):
        raise Forbidden
    day = last_day_of(month)
    if day >= local_date(at):
        raise MonthNotOver(_("该月尚未结束。"), code="month_not_over")
    before = Snapshot.objects.published().select_related("ledger").first()
    if before is not None and before.month >= month:
        return _published_before(month)
    note_missing_figures()
    number = 1 if before is None or before.number is None else before.number + 1
    with long_statements():
        outcome = _prepared(day, number, before)
        refused = isinstance(outcome, Refused)
        calibration = None if refused else calibrated_on(day, number)
    try:
        with transaction.atomic():
            snapshot = _store(outcome, month, day, actor, at)
            if calibration is not None:
                store_calibration(calibration, snapshot, at)
            return snapshot
    except IntegrityError:
        # Another process published the month meanwhile.
        return _published_before(month)


def _published_before(month: str) -> Snapshot:
    found: Snapshot | None = Snapshot.objects.published().filter(month=month).first()
    if found is None:
        raise EarlierMonth
    return found


def _prepared(day: date, number: int, before: Snapshot | None) -> Prepared | Refused:
    among = scheme()
    secret = settings.DISCLOSURE_SECRET.encode()
    return prepare(
        records=records_of(standings_on(day), day=day, among=among, secret=secret),
        previous=ledger_of(before) if before else None,
        snapshot=number,
        scheme=among,
        secret=secret,
    )


def ledger_of(snapshot: Snapshot) -> Ledger:
    """Return what the next snapshot has to know. Confidential: never shown."""
    return Ledger.from_plain(json.loads(zlib.decompress(snapshot.ledger.content)))


def _store(
    outcome: Prepared | Refused,
    month: str,
    day: date,
    actor: User | None,
    at: datetime,
) -> Snapshot:
    snapshot = Snapshot(month=month, day=day, taken_at=at, taken_by=actor)
    if isinstance(outcome, Refused):
        snapshot.state = Snapshot.State.REFUSED
        snapshot.reason, snapshot.about = outcome.reason.value, outcome.about[:200]
        snapshot.save()
        tell_refused(at)
    else:
        published = outcome.published
        snapshot.state = Snapshot.State.PUBLISHED
        snapshot.number = published.snapshot
        snapshot.document = published.canonical.decode()
        snapshot.sha256 = published.sha256
        snapshot.save()
        ledger = json.dumps(outcome.ledger.to_plain(), ensure_ascii=False)
        SnapshotLedger.objects.create(
            snapshot=snapshot, content=zlib.compress(ledger.encode())
        )
    record(
        action=f"snapshot.{snapshot.state}",
        actor=actor,
        organisation=None,
        subject=snapshot,
        at=at,
        detail={"month": month},
    )
    return snapshot
