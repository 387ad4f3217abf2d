"""Published snapshots read back: the numbers that pages, exports and prints carry."""

import json
from dataclasses import dataclass
from datetime import date

from oversight.disclosure.durations import Duration
from oversight.disclosure.publish import RULES
from oversight.disclosure.tables import Average, Entry, Table
from oversight.models import Snapshot
from question_bank.engine.codec import decode


@dataclass(frozen=True)
class Shown:
    """What one published snapshot shows, and nothing else of it."""

    number: int
    month: str
    day: date
    sha256: str
    tables: tuple[Table, ...]
    average: Average | None
    durations: tuple[Duration, ...]

    def table(self, key: str) -> Table:
        """Return a table of the menu; KeyError when there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def values(self, key: str) -> dict[str, int | None]:
        """Return the shown numbers of a one-way table by category.

        Merged categories stand together, joined by "+".
        """
        return {"+".join(e.row): e.value for e in self.table(key).entries}

    def entry(self, key: str, row: str) -> Entry | None:
        """Return the entry of one category, None when it is merged or not shown."""
        found = (e for e in self.table(key).entries if e.row == (row,))
        return next(found, None)


def shown(snapshot: Snapshot) -> Shown:
    """Read a published snapshot; raise ValueError for one of another method."""
    data = json.loads(snapshot.document)
    if data["rules"]["version"] != RULES:
        raise ValueError("This snapshot belongs to another method.")
    return Shown(
        number=data["snapshot"],
        month=snapshot.month,
        day=snapshot.day,
        sha256=snapshot.sha256,
        tables=tuple(decode(Table, table) for table in data["tables"]),
        average=decode(Average, data["average"]) if data["average"] else None,
        durations=tuple(decode(Duration, one) for one in data["durations"]),
    )
