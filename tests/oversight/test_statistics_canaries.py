"""Nothing confidential leaves: raw counts and a firm's values are marked and sought.

The marks stand where confidential numbers are kept. Every page, file and answer of the
statistics is then searched for them, and for the enterprise itself.
"""

import json
import zlib
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Organisation
from oversight.models import Snapshot, SnapshotLedger, SubmittedFigures
from tests.oversight.published import stored
from tests.oversight.registers import Bureau
from tests.oversight.test_statistics_pages import months_ago

pytestmark = pytest.mark.django_db

RAW = 7_654_321
POINTS = "87.13"
MARKS = (
    str(RAW),
    POINTS,
    "canary-gap",
    "canary-question",
    "金丝雀制造",
    "canary-about",
)
PLACES: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("home", ()),
    ("oversight", ()),
    ("oversight-plan", ("2016-2020",)),
    ("oversight-indicator", ("2016-2020", "P4")),
    ("oversight-units-file", ("2016-2020", "P4", "csv")),
    ("oversight-snapshots", ()),
    ("oversight-snapshot", (1,)),
    ("oversight-snapshot-file", (1, "json")),
    ("oversight-snapshot-file", (1, "csv")),
    ("oversight-method", ()),
    ("api-oversight-dashboard", ()),
    ("api-oversight-plan", ("2016-2020",)),
    ("api-oversight-units", ("2016-2020", "P4")),
    ("api-oversight-snapshots", ()),
    ("api-oversight-snapshot", (1,)),
)


def ledger_of(snapshot: Snapshot) -> None:
    """Keep raw counts beside a snapshot."""
    held = [[["band", "A"], 40, RAW, 1]]
    content = {"rules": "1", "snapshot": 1, "held": held, "proofs": []}
    SnapshotLedger.objects.create(
        snapshot=snapshot, content=zlib.compress(json.dumps(content).encode())
    )


@pytest.fixture
def marked(bureau: Bureau, submitted: Any, shipped_banks: None) -> Organisation:
    """An enterprise with marked figures, beside a published snapshot."""
    enterprise: Organisation = submitted.enterprise
    Organisation.objects.filter(pk=enterprise.pk).update(name="金丝雀制造有限公司")
    SubmittedFigures.objects.filter(assessment=submitted).delete()
    SubmittedFigures.objects.create(
        assessment=submitted,
        enterprise=enterprise,
        bank="gbt29490_2023",
        edition="GB/T 29490-2023",
        submitted_at=submitted.submitted_at,
        submitted_on=submitted.submitted_at.date(),
        band="A",
        points=Decimal(POINTS),
        gaps=["canary-gap"],
        levels={"canary-question": 1},
    )
    ledger_of(stored(1, months_ago(1)))
    return enterprise


@pytest.mark.parametrize(("name", "args"), PLACES, ids=str)
def test_no_mark_leaves(
    marked: Organisation, bureau: Bureau, signed_in: Any, name: str, args: Any
) -> None:
    answer = signed_in(bureau.second).get(reverse(name, args=args))
    assert answer.status_code == 200
    text = answer.content.decode()
    secrets = (*MARKS, str(marked.pk), marked.credit_code)
    assert [mark for mark in secrets if mark in text] == []


def test_the_marks_are_where_they_would_be_found(marked: Organisation) -> None:
    figures = SubmittedFigures.objects.get()
    assert str(figures.points) == POINTS
    assert Organisation.objects.get(pk=marked.pk).name.startswith(MARKS[4])
    ledger = json.loads(zlib.decompress(SnapshotLedger.objects.get().content))
    assert ledger["held"][0][2] == RAW
