"""Gates: what stands outside the score, and the earliest day to apply."""

from datetime import date

from question_bank.engine.answers import UNANSWERED, Answered, AnswerSheet
from question_bank.engine.branching import Applicability, compiled, effective_answer
from question_bank.engine.definition import Bank, Gate, Localized, Wait
from question_bank.engine.language import names
from question_bank.engine.months import add_months
from question_bank.engine.rating import (
    COUNTING_STATES,
    Rating,
    is_below_minimum,
    scheme_of,
)
from question_bank.engine.rules import UNKNOWN, Outcome
from question_bank.engine.scorecard import GateResult, GateState
from question_bank.engine.values import parse_iso_date
from question_bank.engine.vetoes import veto_results


def gate_results(
    bank: Bank,
    sheet: AnswerSheet,
    applicability: Applicability,
    ratings: list[Rating],
) -> tuple[GateResult, ...]:
    """Return the bank's prerequisites and vetoes, then mandatory items that apply."""
    prerequisites = [
        _prerequisite(bank, gate, rule(applicability.values), sheet)
        for gate, rule in compiled(bank).gates
    ]
    vetoes = veto_results(bank, sheet.vetoes, sheet.as_of)
    return (*prerequisites, *vetoes, *_mandatory_gates(bank, ratings))


def _prerequisite(
    bank: Bank, gate: Gate, outcome: Outcome, sheet: AnswerSheet
) -> GateResult:
    earliest = None
    if gate.wait and outcome is True:
        earliest = _end_of_wait(bank, gate.wait, sheet)
    if gate.wait and not _has_answer(bank, gate.wait.question_id, sheet):
        # `answered(system_start)` is false then, but nothing has been said yet.
        outcome = UNKNOWN
    state = _state(gate, outcome, earliest, sheet.as_of)
    asked = [name for name in names(gate.rule.tree) if bank.has_question(name)]
    if gate.wait:
        asked.append(gate.wait.question_id)
    return GateResult(
        id=gate.id,
        kind="prerequisite",
        state=state,
        questions=tuple(dict.fromkeys(asked)),
        earliest=earliest,
        reason=_reason(state, outcome, earliest),
    )


def _has_answer(bank: Bank, question_id: str, sheet: AnswerSheet) -> bool:
    if not bank.has_question(question_id):
        return False
    return effective_answer(bank.question(question_id), sheet) is not UNANSWERED


def _state(
    gate: Gate, outcome: Outcome, earliest: date | None, as_of: date
) -> GateState:
    if outcome is False:
        return "failed"
    if outcome is not True:
        return "open"
    if gate.wait is None:
        return "passed"
    return "passed" if earliest is not None and earliest <= as_of else "open"


def _reason(state: GateState, outcome: Outcome, earliest: date | None) -> Localized:
    if state == "passed":
        return {"zh": "已满足。", "en": "Met."}
    if state == "failed":
        return {"zh": "按现有回答不满足。", "en": "Not met, by the answers given."}
    if outcome is True and earliest is not None:
        return {
            "zh": f"等待期未满，{earliest.isoformat()} 起满足。",
            "en": f"The waiting period ends on {earliest.isoformat()}.",
        }
    return {
        "zh": "相关问题尚未答清。",
        "en": "The questions behind it are not settled yet.",
    }


def _end_of_wait(bank: Bank, wait: Wait, sheet: AnswerSheet) -> date | None:
    if not bank.has_question(wait.question_id):
        return None
    answer = effective_answer(bank.question(wait.question_id), sheet)
    if not isinstance(answer, Answered) or not isinstance(answer.value, str):
        return None
    start = parse_iso_date(answer.value)
    return None if start is None else add_months(start, wait.months)


def _mandatory_gates(bank: Bank, ratings: list[Rating]) -> list[GateResult]:
    scheme = scheme_of(bank)
    results = []
    for rating in ratings:
        if rating.question.mandatory is None or rating.state not in COUNTING_STATES:
            continue
        if rating.state == "unanswered":
            state: GateState = "open"
        else:
            state = "failed" if is_below_minimum(scheme, rating) else "passed"
        results.append(
            _mandatory_gate(rating, rating.question.mandatory.min_level, state)
        )
    return results


def _mandatory_gate(rating: Rating, minimum: int, state: GateState) -> GateResult:
    reasons: dict[GateState, Localized] = {
        "open": {
            "zh": f"关键题尚未作答，至少须达到等级 {minimum}。",
            "en": f"A critical item without an answer; level {minimum} is needed.",
        },
        "failed": {
            "zh": f"关键题低于等级 {minimum}。",
            "en": f"A critical item below level {minimum}.",
        },
        "passed": {
            "zh": f"关键题达到等级 {minimum}。",
            "en": f"A critical item at level {minimum} or above.",
        },
    }
    return GateResult(
        id=f"mandatory:{rating.question.id}",
        kind="mandatory",
        state=state,
        questions=(rating.question.id,),
        earliest=None,
        reason=reasons[state],
    )


def blocking(results: tuple[GateResult, ...]) -> tuple[GateResult, ...]:
    """Return the prerequisites and vetoes that keep the firm from applying.

    A veto whose appeal runs warns, but bars nobody.
    """
    return tuple(r for r in results if _bars(r))


def _bars(result: GateResult) -> bool:
    if result.kind == "veto":
        return result.state == "failed"
    return result.kind == "prerequisite" and result.state != "passed"


def blocked_until_done(results: tuple[GateResult, ...]) -> tuple[str, ...]:
    """Return the gates that time alone will not open."""
    return tuple(r.id for r in blocking(results) if r.earliest is None)


def earliest_application(
    bank: Bank, results: tuple[GateResult, ...], as_of: date
) -> date | None:
    """Return the first day on which no waiting period stands in the way.

    None when a wait has not begun, so that nothing can be said.
    """
    waits = {gate.id for gate in bank.gates if gate.wait}
    ends = [r.earliest for r in results if r.kind == "prerequisite" and r.id in waits]
    known = [end for end in ends if end is not None]
    return max([as_of, *known]) if len(known) == len(ends) else None
