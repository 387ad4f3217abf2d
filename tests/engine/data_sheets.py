"""Short ways to write data sheets for tests."""

from datetime import date

from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_checks import check_sheet
from question_bank.engine.data_sheet import Sheet
from question_bank.engine.data_values import read_text

DEFINITION = data_sheet_definition()
AS_OF = date(2026, 11, 24)
YEAR = 2025

SOUND = {
    "founded_on": "2010-03-05", "registration_state": "active", "industry": "C3484",
    "staff": "350", "rd_staff": "40", "assets": "5000",
    "revenue": ("1500", "1650", "1800"), "rd_cost": ("80", "90", "100"),
    "profit": ("-5", "20", "40"), "patent_product_revenue": ("300", "500", "900"),
    "inventions_valid": "6", "utility_models_valid": "10", "designs_valid": "无",
    "ip_body": "independent", "ip_staff_full": "2",
}  # fmt: skip
"""Everything that must be filled in, without contradictions."""


def sheet_of(texts=None, *, year=YEAR, **more):
    """Return a sheet from what people would type; a tuple gives three years."""
    entries = {}
    for name, text in {**(texts or {})}.items():
        field = DEFINITION.fields[name]
        given = text if isinstance(text, tuple) else (text,)
        for slot, one in zip(field.slots, given, strict=True):
            if (entry := read_text(field, one).entry) is not None:
                entries[slot] = entry
    return Sheet(DEFINITION, year, entries, **more)


def problems_of(texts=None, *, as_of=AS_OF, severity=None, **more):
    """Return the problems of SOUND with changes, as {(severity, code, slot)}."""
    found = check_sheet(sheet_of({**SOUND, **(texts or {})}, **more), as_of=as_of)
    return {
        (p.severity, p.code, p.slot)
        for p in found
        if p.code != "optional_open" and severity in (None, p.severity)
    }
