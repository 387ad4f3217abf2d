"""What rules may read of an enterprise's data sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import Organisation
from assessments.data_sheets import sheet_from_row
from assessments.evaluation import local_date
from assessments.models import DataSheet
from question_bank.engine.data_checks import check_sheet, doubtful_slots
from question_bank.engine.data_sheet import Fact, Veto, sheet_facts


@dataclass(frozen=True)
class FactSet:
    """The facts of one year by slot, the disqualifying matters, and whose save it was.

    `sheet_revision` is 0 when the enterprise has no sheet for the year.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    vetoes: tuple[Veto, ...] = ()
    sheet_revision: int = 0


def facts_of(enterprise: Organisation, *, year: int) -> FactSet:
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
        vetoes=sheet.vetoes,
        sheet_revision=row.revision,
    )
