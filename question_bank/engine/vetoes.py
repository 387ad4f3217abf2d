"""Findings on record that bar an application while they are in force."""

from datetime import date

from question_bank.engine.definition import Bank, Localized, Veto
from question_bank.engine.months import add_months
from question_bank.engine.scorecard import GateResult, GateState
from question_bank.engine.veto_records import VetoRecord


def veto_results(
    bank: Bank, records: tuple[VetoRecord, ...], as_of: date
) -> tuple[GateResult, ...]:
    """Return each veto of the bank: passed, failed, or open while an appeal runs."""
    return tuple(_result(veto, records, as_of) for veto in bank.vetoes)


def last_day(veto: Veto, record: VetoRecord) -> date:
    """Return the last day on which a record bars."""
    if record.effective_until is not None:
        return record.effective_until
    return add_months(record.decided_on, veto.months)


def in_force(veto: Veto, record: VetoRecord, as_of: date) -> bool:
    """Whether a record counts for a veto on a day, its appeal aside."""
    if record.kind not in veto.kinds or record.appeal == "succeeded":
        return False
    return record.decided_on <= as_of <= last_day(veto, record)


def _result(veto: Veto, records: tuple[VetoRecord, ...], as_of: date) -> GateResult:
    found = [record for record in records if in_force(veto, record, as_of)]
    barring = [r for r in found if r.appeal != "pending" or veto.pending == "blocks"]
    if barring:
        last = max(barring, key=lambda record: last_day(veto, record))
        return _gate(veto, "failed", _barred(veto, last))
    if found:
        return _gate(veto, "open", _PENDING)
    return _gate(veto, "passed", _CLEAR)


def _gate(veto: Veto, state: GateState, reason: Localized) -> GateResult:
    return GateResult(
        id=veto.id,
        kind="veto",
        state=state,
        questions=(),
        earliest=None,
        reason=reason,
    )


def _barred(veto: Veto, record: VetoRecord) -> Localized:
    decided, until = record.decided_on.isoformat(), last_day(veto, record).isoformat()
    name = record.document or record.finding_body
    return {
        "zh": f"{record.finding_body}于 {decided} 作出的认定（{name}）"
        f"有效至 {until}，期满前不能申报。",
        "en": f"The finding of {decided} by {record.finding_body} ({name}) bars an "
        f"application until {until}.",
    }


_CLEAR = {"zh": "没有在有效期内的记录。", "en": "No record is in force."}
_PENDING = {
    "zh": "有记录正在申诉，结果未定；申报前请确认。",
    "en": "A record is under appeal; settle it before applying.",
}
