"""Short ways to save data sheets in tests."""

from assessments.data_sheet_changes import SheetChanges, read_slot
from assessments.services import save_data_sheet
from question_bank.data_sheet import data_sheet_definition
from tests.engine.data_sheets import SOUND, sheet_of
from tests.fixtures_assessments import AT

YEAR = 2025


def typed(**texts):
    """Return changes of values as a person would type them, by slot."""
    slots = data_sheet_definition().typed_slots
    return SheetChanges(
        values={
            slot: read_slot(slots[slot], text).entry for slot, text in texts.items()
        }
    )


def save(member, changes, *, year=YEAR, revision=0, at=AT):
    """Save changes as that member."""
    return save_data_sheet(
        enterprise=member.organisation,
        year=year,
        changes=changes,
        revision=revision,
        actor=member.user,
        at=at,
    )


def save_sound(member, *, year=YEAR, more=None):
    """Save a sheet that can be confirmed."""
    sheet = sheet_of({**SOUND, **(more or {})}, year=year)
    return save(member, SheetChanges(values=sheet.entries), year=year)
