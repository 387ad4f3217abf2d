"""Published snapshots made of chosen numbers, and certificates of chosen days."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.districts import DISTRICTS
from oversight.counting.facts import Standard
from oversight.counting.pipeline import STAGES
from oversight.disclosure.durations import Duration
from oversight.disclosure.publish import Published
from oversight.disclosure.scheme import SCORES, STAYS
from oversight.disclosure.tables import Average, Entry, Note, NoteCode, Table
from oversight.models import Snapshot
from oversight.services.snapshots import last_day_of
from tests.oversight.registers import holder

BANDS = ("A", "B", "C", "D", "X")
Line = tuple[str, ...]
Numbers = Mapping[tuple[Line, Line], int | None]


def table(
    key: str,
    cells: Numbers,
    *,
    of: int,
    total: int | None = None,
    notes: Sequence[Note] = (),
) -> Table:
    """Return a table with these numbers; None is hidden."""
    rows = tuple(dict.fromkeys(row for row, _column in cells))
    columns = tuple(dict.fromkeys(column for _row, column in cells if column))
    whole = sum(value or 0 for value in cells.values())
    entries = tuple(
        Entry(
            row,
            column,
            value,
            None if value is None or column else round(100 * value / (whole or 1)),
            of,
            held=False,
        )
        for (row, column), value in cells.items()
    )
    return Table(key, rows, columns, entries, total, tuple(notes))


def one_way(key: str, numbers: Mapping[str, int | None], **more: Any) -> Table:
    """Return a one-way table; "a+b" are merged categories, "" the others."""
    cells: Numbers = {
        (tuple(filter(None, names.split("+"))), ()): value
        for names, value in numbers.items()
    }
    return table(key, cells, **more)


def by_days(key: str, numbers: Mapping[tuple[str, str], int], *, of: int) -> Table:
    """Return a table of stages by days; what is not given is hidden."""
    cells: Numbers = {
        ((stage.value,), (low,)): numbers.get((stage.value, low))
        for stage in STAGES[:-1]
        for low in STAYS
    }
    return table(key, cells, of=of)


def published(number: int, **changes: Table) -> Published:
    """Return what a snapshot shows; `changes` replace tables by key."""
    few = (Note(NoteCode.SHOWN_FROM, 150),)
    stages = dict.fromkeys((stage.value for stage in STAGES), 20)
    days: Numbers = {
        ((stage.value,), (low,)): 5 for stage in STAGES[:-1] for low in STAYS
    }
    tables = {
        "stage": one_way("stage", stages, of=number, total=160),
        "stay": table("stay", days, of=number),
        "wait": table("wait", days, of=number),
        "district": one_way(
            "district", dict.fromkeys((d.code for d in DISTRICTS), 10), of=number
        ),
        "industry": one_way("industry", {"light": 80, "materials": 80}, of=number),
        "size": one_way("size", {"small": 160}, of=number, total=160),
        "band": one_way(
            "band", dict(zip(BANDS, (40, 30, 30, 40, 20), strict=True)),
            of=number, total=160,
        ),
        "score": one_way("score", dict.fromkeys(SCORES, 15), of=number, total=160),
        "edition": one_way("edition", {"gbt29490_2023": 160}, of=number, total=160),
        "zone_industry": Table("zone_industry", (), (), (), None, few),
        "zone_band": Table("zone_band", (), (), (), None, few),
        "gaps:gbt29490_2023": one_way(
            "gaps:gbt29490_2023", {"SUP-AWA": 60, "CTX-OBL": 40}, of=number, total=160
        ),
        "gaps:gbt29490_2013": Table(
            "gaps:gbt29490_2013", (), (), (), None, (Note(NoteCode.SHOWN_FROM, 20),)
        ),
        "agency": one_way("agency", {"": 30}, of=number, total=30),
        "agency_certified": one_way(
            "agency_certified", {"": 15}, of=number, total=15
        ),
    }  # fmt: skip
    tables |= {one.key: one for one in changes.values()}
    return Published(
        number,
        tuple(tables.values()),
        Average(50, 35, 52, 70, 150, ()),
        tuple(Duration(stage.value, 40, 30) for stage in STAGES[:-1]),
    )


def stored(number: int, month: str, **changes: Table) -> Snapshot:
    """Store a published snapshot of a month."""
    made = published(number, **changes)
    day = last_day_of(month)
    taken = datetime.combine(day + timedelta(days=1), time(1), tzinfo=UTC)
    return Snapshot.objects.create(
        number=number,
        month=month,
        day=day,
        state="published",
        document=made.canonical.decode(),
        sha256=made.sha256,
        taken_at=taken,
    )


def issued(number: int, day: date) -> dict[str, Any]:
    """Return what a first certificate of a day says, of another holder each."""
    new = day >= date(2024, 1, 1)
    return {
        "number": f"165IP{day:%y}{number:04d}R0M",
        "holder": holder(number),
        "standard": Standard.ENTERPRISE_2023 if new else Standard.ENTERPRISE_2013,
        "first_issued_on": day,
        "issued_on": day,
        "expires_on": day + timedelta(days=1090),
    }


def refused(
    month: str, *, reason: str = "determined", about: str = "band/X"
) -> Snapshot:
    """Store a month that was refused."""
    day = last_day_of(month)
    taken = datetime.combine(day + timedelta(days=1), time(1), tzinfo=UTC)
    return Snapshot.objects.create(
        month=month,
        day=day,
        state="refused",
        reason=reason,
        about=about,
        taken_at=taken,
    )
