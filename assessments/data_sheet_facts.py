"""What rules may read of an enterprise's data sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast
from uuid import UUID

from accounts.models import Organisation
from assessments.data_sheets import sheet_from_row
from assessments.local_day import local_date
from assessments.models import DataSheet
from question_bank.engine.data_checks import check_sheet, doubtful_slots
from question_bank.engine.data_sheet import Fact, Veto, sheet_facts
from question_bank.engine.veto_records import Appeal, VetoRecord


@dataclass(frozen=True)
class FactSet:
    """The facts of one year by slot, the disqualifying matters, and whose save it was.

    `sheet_revision` is 0 when the enterprise has no sheet for the year.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    vetoes: tuple[VetoRecord, ...] = ()
    sheet_revision: int = 0


def facts_of(enterprise: Organisation | UUID, *, year: int) -> FactSet:
    """Return the facts of the sheet of `year`; one query.

    Values carried over and not confirmed, values that contradict each other and
    whatever is computed from them are left out. Disqualifying matters always count,
    confirmed or not. Checks are made as of the day of the last save, so the same
    revision always gives the same facts. Callers have checked who asks.
    """
    row: DataSheet | None = DataSheet.objects.filter(
        enterprise=enterprise, year=year
    ).first()
    if row is None:
        return FactSet()
    sheet = sheet_from_row(row)
    problems = check_sheet(sheet, as_of=local_date(row.updated_at))
    return FactSet(
        facts=sheet_facts(sheet, doubtful_slots(problems)),
        vetoes=tuple(_record(veto) for veto in sheet.vetoes),
        sheet_revision=row.revision,
    )


def _record(veto: Veto) -> VetoRecord:
    until = date.fromisoformat(veto.effective_until) if veto.effective_until else None
    return VetoRecord(
        kind=veto.kind,
        finding_body=veto.finding_body,
        document=veto.document,
        decided_on=date.fromisoformat(veto.decided_on),
        effective_until=until,
        appeal=cast("Appeal", veto.appeal),
    )
