"""Problems of a data sheet as values, and the words their messages share."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from question_bank.engine.data_fields import DataField, FieldKind, year_of
from question_bank.engine.data_sheet import Sheet
from question_bank.engine.definition import Localized

Severity: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class SheetProblem:
    """One thing to mend, explain or know.

    `slot` is where it shows: a slot, `rights/<number>` or `vetoes/<index>`; `related`
    are the other slots it concerns; `year` is set for yearly fields.
    """

    severity: Severity
    code: str
    slot: str
    field: str
    message: Localized
    year: int | None = None
    related: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which a note explains this problem."""
        return f"{self.code}:{self.slot}"


def slot_problem(
    sheet: Sheet,
    severity: Severity,
    code: str,
    slot: str,
    message: Localized,
    related: tuple[str, ...] = (),
) -> SheetProblem:
    """Return a problem of one slot, with its field and year."""
    item = sheet.definition.slots[slot]
    year = year_of(slot, item, sheet.year)
    return SheetProblem(severity, code, slot, item.id, message, year, related)


def number_text(value: Fraction, item: DataField) -> str:
    """Return a number as the sheet shows it: whole, 万元 with cents, or percent."""
    if item.kind is FieldKind.COUNT:
        return str(int(value))
    scaled = value * 100 if item.kind is FieldKind.SHARE else value
    amount = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    text = f"{amount:.2f}"
    return f"{text}%" if item.kind is FieldKind.SHARE else text


def ending(message: Localized, zh: str, en: str) -> Localized:
    """Return a message with more words at its end."""
    return {"zh": f"{message['zh']}{zh}", "en": f"{message['en']}{en}"}
