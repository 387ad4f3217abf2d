"""The definition of the enterprise data sheet, read once per process."""

from functools import cache
from pathlib import Path

from question_bank.engine.data_fields import DataSheetDefinition, parse_definition
from question_bank.source import load_file

FIELDS = Path(__file__).parent / "fields.yaml"


@cache
def data_sheet_definition() -> DataSheetDefinition:
    """Return the groups and fields of the sheet."""
    data, _places = load_file(FIELDS, FIELDS.name)
    return parse_definition(data)
