"""Make the calibration of a snapshot; `take_snapshot` alone does."""

import json
import zlib
from datetime import date, datetime

from django.conf import settings

from oversight.calibrating import forms, pairs_on, sheets_on
from oversight.calibration.publish import Ledger, Prepared, prepare
from oversight.disclosure.publish import Refused
from oversight.models import CalibrationLedger, CalibrationReport, Snapshot

Outcome = Prepared | Refused


def calibrated_on(day: date, number: int) -> Outcome:
    """Return what may be said of calibration in a snapshot, or why nothing."""
    before = CalibrationReport.objects.published().select_related("ledger").first()
    secret = settings.DISCLOSURE_SECRET.encode()
    return prepare(
        forms=forms(),
        pairs=pairs_on(day, secret=secret),
        sheets=sheets_on(day, secret=secret),
        previous=ledger_of(before) if before else None,
        snapshot=number,
        secret=secret,
    )


def ledger_of(report: CalibrationReport) -> Ledger:
    """Return what the next report has to know. Confidential: never shown."""
    return Ledger.from_plain(json.loads(zlib.decompress(report.ledger.content)))


def store_calibration(outcome: Outcome, snapshot: Snapshot, at: datetime) -> None:
    """Keep what was said, in the transaction of its snapshot."""
    if isinstance(outcome, Refused):
        CalibrationReport.objects.create(
            snapshot=snapshot,
            state=CalibrationReport.State.REFUSED,
            reason=outcome.reason.value,
            about=outcome.about[:200],
            made_at=at,
        )
        return
    report = CalibrationReport.objects.create(
        snapshot=snapshot,
        state=CalibrationReport.State.PUBLISHED,
        document=outcome.published.canonical.decode(),
        sha256=outcome.published.sha256,
        made_at=at,
    )
    ledger = json.dumps(outcome.ledger.to_plain(), ensure_ascii=False)
    CalibrationLedger.objects.create(
        report=report, content=zlib.compress(ledger.encode())
    )
