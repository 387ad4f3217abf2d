"""Reads of enterprise data sheets: stored rows as the engine's sheets, by year."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from accounts.models import Organisation
from accounts.querysets import Subject
from assessments.models import DataSheet, DataSheetEvent
from assessments.models.data_sheet import FIRST_YEAR
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_checks import check_sheet
from question_bank.engine.data_fields import FieldGroup
from question_bank.engine.data_problems import SheetProblem
from question_bank.engine.data_sheet import (
    GroupProgress,
    RightItem,
    Sheet,
    Veto,
    group_progress,
    shifted,
)
from question_bank.engine.data_values import InvalidEntry, entry_from_json

YEARS_BACK = 5
"""How many years before the last complete one may still be filled in."""


def last_complete_year(day: date) -> int:
    """Return the calendar year that had ended by `day`: Y of a sheet filled in then."""
    return day.year - 1


def is_open_year(year: int, day: date) -> bool:
    """Tell whether the sheet of `year` may be filled in on `day`."""
    last = last_complete_year(day)
    return max(FIRST_YEAR, last - YEARS_BACK) <= year <= last


@dataclass(frozen=True)
class YearSheet:
    """The sheet of one year as it stands, stored or carried over from the last.

    `revision` is 0 and `row` None while nothing has been saved for the year.
    """

    year: int
    revision: int
    sheet: Sheet
    row: DataSheet | None
    as_of: date

    @cached_property
    def problems(self) -> tuple[SheetProblem, ...]:
        """Everything wrong or odd on the day of asking."""
        return check_sheet(self.sheet, as_of=self.as_of)

    @property
    def errors(self) -> tuple[SheetProblem, ...]:
        """What keeps the sheet from being confirmed, with what isn't filled in."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def open_warnings(self) -> tuple[SheetProblem, ...]:
        """The warnings nobody has explained."""
        notes = self.sheet.notes
        return tuple(
            p for p in self.problems if p.severity == "warning" and p.key not in notes
        )

    @property
    def can_be_confirmed(self) -> bool:
        """Whether nothing is in the way of confirming the sheet."""
        waiting = self.errors or self.open_warnings or self.sheet.unconfirmed
        return self.revision > 0 and not waiting

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has confirmed the sheet as it stands."""
        return self.row is not None and self.row.confirmed_at is not None

    def progress(self, group: FieldGroup) -> GroupProgress:
        """Return how far a group is."""
        return group_progress(self.sheet, group)


@dataclass(frozen=True)
class YearRow:
    """One year in the list of sheets."""

    year: int
    started: bool
    confirmed: bool
    updated_at: datetime | None = None


def sheet_from_row(row: DataSheet) -> Sheet:
    """Return a stored sheet; entries the definition no longer knows are left out."""
    definition = data_sheet_definition()
    entries = {}
    for slot, item in definition.typed_slots.items():
        try:
            entry = entry_from_json(item, row.values.get(slot))
        except InvalidEntry:
            # The definition has become stricter since: the value is asked for anew.
            entry = None
        if entry is not None:
            entries[slot] = entry
    return Sheet(
        definition=definition,
        year=row.year,
        entries=entries,
        rights=tuple(RightItem(**item) for item in row.rights),
        vetoes=tuple(Veto(**item) for item in row.vetoes),
        notes=dict(row.notes),
        unconfirmed=frozenset(row.unconfirmed) & entries.keys(),
    )


def sheet_columns(sheet: Sheet) -> dict[str, Any]:
    """Return the columns in which a sheet is stored."""
    return {
        "values": {slot: entry.to_json() for slot, entry in sheet.entries.items()},
        "rights": [asdict(item) for item in sheet.rights],
        "vetoes": [asdict(veto) for veto in sheet.vetoes],
        "notes": dict(sheet.notes),
        "unconfirmed": sorted(sheet.unconfirmed),
    }


def empty_or_carried(rows: Iterable[DataSheet], year: int) -> Sheet:
    """Return the sheet a year starts from: carried over from the year before, if any.

    `rows` are stored sheets of the enterprise, among which the last year's is looked
    for.
    """
    last = next((row for row in rows if row.year == year - 1), None)
    if last is None:
        return Sheet(data_sheet_definition(), year)
    return shifted(sheet_from_row(last), year)


def year_sheet(
    user: Subject, enterprise: Organisation, year: int, *, as_of: date
) -> YearSheet:
    """Return the sheet of a year that the person may see; one query."""
    rows = list(
        DataSheet.objects.visible_to(user).filter(
            enterprise=enterprise, year__in=(year, year - 1)
        )
    )
    row = next((row for row in rows if row.year == year), None)
    sheet = sheet_from_row(row) if row else empty_or_carried(rows, year)
    return YearSheet(year, row.revision if row else 0, sheet, row, as_of)


def stored_sheet(row: DataSheet, *, as_of: date) -> YearSheet:
    """Return a sheet that was fetched visibly, as it is stored."""
    return YearSheet(row.year, row.revision, sheet_from_row(row), row, as_of)


def entries_at(row: DataSheet, revision: int) -> dict[str, Any]:
    """Return the values by slot, in JSON, as they were at an earlier revision.

    One query: later events are undone, the last one first.
    """
    values: dict[str, Any] = dict(row.values)
    later = DataSheetEvent.objects.filter(sheet=row, revision__gt=revision)
    slots = data_sheet_definition().typed_slots
    for event in later.order_by("-revision"):
        for slot in event.changes.keys() & slots.keys():
            values[slot] = event.changes[slot][0]
    return values


def sheet_years(
    user: Subject, enterprise: Organisation, *, as_of: date
) -> list[YearRow]:
    """Return the years to choose from, the latest first.

    The last complete year, the two before it, and every year that has a sheet.
    """
    rows = {
        row.year: row
        for row in DataSheet.objects.visible_to(user)
        .filter(enterprise=enterprise)
        .defer("values", "rights", "vetoes", "notes", "unconfirmed")
    }
    last = last_complete_year(as_of)
    years = sorted({*rows, last, last - 1, last - 2}, reverse=True)
    return [
        YearRow(
            year,
            started=year in rows,
            confirmed=year in rows and rows[year].confirmed_at is not None,
            updated_at=rows[year].updated_at if year in rows else None,
        )
        for year in years
    ]
