"""The definition of the enterprise data sheet, read once per process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from question_bank.engine.data_fields import (
    DataField,
    DataSheetDefinition,
    FieldKind,
    column_of,
    parse_definition,
)
from question_bank.engine.definition import Choice, Fact, Kind, Localized
from question_bank.yaml_reading import load_file

FIELDS = Path(__file__).parent / "fields.yaml"

_KINDS: Mapping[FieldKind, Kind] = {
    FieldKind.CHOICE: Kind.CHOICE,
    FieldKind.CHOICES: Kind.CHOICES,
    FieldKind.YESNO: Kind.YESNO,
    FieldKind.DATE: Kind.DATE,
    FieldKind.TEXT: Kind.TEXT,
}
_YEARS: Mapping[str, Localized] = {
    "y2": {"zh": "（Y-2 年）", "en": " (year Y-2)"},
    "y1": {"zh": "（Y-1 年）", "en": " (year Y-1)"},
    "y0": {"zh": "（Y 年）", "en": " (year Y)"},
}


@cache
def data_sheet_definition() -> DataSheetDefinition:
    """Return the groups and fields of the sheet."""
    data, _places = load_file(FIELDS, FIELDS.name)
    return parse_definition(data)


@cache
def known_facts() -> Mapping[str, Fact]:
    """Return every figure of the sheet as a fact that a bank may name by its slot."""
    slots = data_sheet_definition().slots
    return {slot: _fact(slot, field) for slot, field in slots.items()}


def _fact(slot: str, field: DataField) -> Fact:
    year = _YEARS.get(column_of(slot, field), {})
    return Fact(
        id=slot,
        type=_KINDS.get(field.kind, Kind.NUMBER),
        title={locale: t + year.get(locale, "") for locale, t in field.title.items()},
        # A share has no unit: 0.15 is told as 15 %, here and in rules as 0.15.
        unit=None if field.kind is FieldKind.SHARE else field.unit,
        choices=tuple(Choice(choice.id, choice.text) for choice in field.choices),
    )
