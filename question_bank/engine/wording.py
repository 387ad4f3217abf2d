"""Whether two versions of a bank differ in words alone.

Such a version may take the place of the other under an assessment that is being
answered: no answer, score, gate or finding can come out differently.
"""

from collections.abc import Mapping
from typing import Any

from question_bank.engine.definition import Bank

_LOCALES = frozenset({"zh", "en"})
_OF_BANK = frozenset(
    {"version", "edition", "locales", "reviewed_by", "reviewed_on", "changelog"}
)
"""What names, dates and explains a version."""

_EDITORIAL = frozenset({"number", "number_status", "certainty", "laws", "source"})
"""How sure a reference is and what it is called: shown, never computed with."""


def differs_in_words_alone(old: Bank, new: Bank) -> bool:
    """Whether everything the engine reads is the same in both banks.

    Types, choices, weights, points, rules, gates, caps, bands and the order of
    questions must be equal; texts, clause numbers and the marks of verification may
    differ.
    """
    return _substance(old) == _substance(new)


def _substance(bank: Bank) -> dict[str, Any]:
    data = bank.to_json()
    return {key: _bare(value) for key, value in data.items() if key not in _OF_BANK}


def _bare(value: Any) -> Any:
    """Return data without its texts; a rule is its tree, however it is written."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if _LOCALES.issuperset(value):
        return "text"
    if set(value) == {"text", "tree"}:
        return value["tree"]
    return {key: _bare(part) for key, part in value.items() if key not in _EDITORIAL}
