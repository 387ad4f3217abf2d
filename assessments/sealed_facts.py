"""The figures of the data sheet as they were when the answers were sealed."""

from collections.abc import Mapping
from typing import Any

from assessments.data_sheet_facts import FactSet
from question_bank.engine.answers import AnswerSheet
from question_bank.engine.codec import decode, encode
from question_bank.engine.veto_records import VetoRecord


def facts_to_json(sheet: AnswerSheet) -> dict[str, Any] | None:
    """Return the facts and vetoes that a sheet was scored with, None without any."""
    if not sheet.facts and not sheet.vetoes:
        return None
    return {"facts": dict(sheet.facts), "vetoes": encode(sheet.vetoes)}


def facts_from_json(data: Mapping[str, Any] | None) -> FactSet:
    """Read `facts_to_json` data back; nothing stored is no facts."""
    if data is None:
        return FactSet()
    vetoes = tuple(decode(VetoRecord, one) for one in data["vetoes"])
    return FactSet(facts=data["facts"], vetoes=vetoes)
