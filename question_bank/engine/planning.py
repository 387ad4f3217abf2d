"""What to fix first: the cheapest way to a band, in order, with a calendar.

The plan keeps applicability as it is, takes every open question as not in place, and
counts an item as done when it conforms and its evidence is attached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from question_bank.engine.answers import AnswerSheet
from question_bank.engine.branching import resolve
from question_bank.engine.definition import Band, Bank, Effort, Localized
from question_bank.engine.gates import blocking, earliest_application, gate_results
from question_bank.engine.months import add_months
from question_bank.engine.plan_optimum import applied, cheapest, item_weights
from question_bank.engine.plan_options import (
    Option,
    options,
    weeks_in_months,
    with_gains,
)
from question_bank.engine.rating import Rating, rate, scheme_of
from question_bank.engine.scorecard import GateResult
from question_bank.engine.scoring import band_of

QUICK_WEEKS = 2
DAYS_A_WEEK = 5
"""Person-days that a department gives to the work each week: a product decision."""


@dataclass(frozen=True)
class Action:
    """One thing to do. Levels are None for gates and for types without levels.

    `gain` and `evidenced_gain` are points of 100. `gate` marks what no application
    succeeds without; `essential` what the target band needs. Weeks count from the
    reference date; `start_week` 0 is the first.
    """

    question: str
    from_level: int | None
    to_level: int | None
    reason: Localized
    gate: bool
    gain: Fraction
    evidenced_gain: Fraction
    effort: Effort
    days: int
    weeks: int
    owner: str
    after: tuple[str, ...]
    quick_win: bool
    essential: bool
    start_week: int
    rank: int
    clause: str | None


@dataclass(frozen=True)
class Plan:
    """Ranked actions: first what the target needs, then what else is useful.

    `reaches` is the band once the essential actions are done; `attainable` says
    whether that is the target or better. `total_days` and `weeks` are of the essential
    actions. `apply_from` is the first day to apply by this calendar.
    """

    target: str
    reaches: str | None
    attainable: bool
    actions: tuple[Action, ...]
    total_days: int
    weeks: int
    apply_from: date | None

    @property
    def essential(self) -> tuple[Action, ...]:
        """The actions that the target band needs."""
        return tuple(action for action in self.actions if action.essential)


def plan(bank: Bank, sheet: AnswerSheet, target_band_id: str | None = None) -> Plan:
    """Return the plan that reaches a band (the best one by default) at least cost.

    KeyError when the bank has no such band. When no set of improvements reaches it,
    all of them are essential and `attainable` is false.
    """
    target = _target(bank, target_band_id)
    if bank.scheme == "points":
        return _without_levels(bank, sheet, target)
    applicability = resolve(bank, sheet)
    ratings = rate(bank, sheet, applicability)
    choices = with_gains(
        options(bank, ratings), item_weights(bank, ratings), scheme_of(bank).units.point
    )
    chosen = cheapest(bank, ratings, choices, target)
    attainable = chosen is not None
    essential = choices if chosen is None else chosen
    gates = blocking(gate_results(bank, sheet, applicability, ratings))
    opening = _gate_actions(bank, gates, sheet.as_of)
    work = _schedule(essential, choices, len(opening))
    actions = [*opening, *work]
    needed = [action for action in actions if action.essential]
    return Plan(
        target=target.id,
        reaches=band_of(bank, applied(ratings, essential)),
        attainable=attainable,
        actions=tuple(actions),
        total_days=sum(action.days for action in needed),
        weeks=_weeks(needed),
        apply_from=_apply_from(bank, sheet, ratings, _weeks(work)),
    )


def _without_levels(bank: Bank, sheet: AnswerSheet, target: Band) -> Plan:
    """Return the plan of an indicator bank: only what opens its gates.

    Figures are no levels to raise; `gains.py` says what each would bring.
    """
    applicability = resolve(bank, sheet)
    ratings = rate(bank, sheet, applicability)
    shut = blocking(gate_results(bank, sheet, applicability, ratings))
    actions = _gate_actions(bank, shut, sheet.as_of)
    return Plan(
        target=target.id,
        reaches=None,
        attainable=False,
        actions=tuple(actions),
        total_days=sum(action.days for action in actions),
        weeks=_weeks(actions),
        apply_from=None,
    )


def _weeks(actions: Sequence[Action]) -> int:
    """Return when the last essential action ends, in weeks from now."""
    ends = [a.start_week + a.weeks for a in actions if a.essential]
    return max(ends, default=0)


def _target(bank: Bank, band_id: str | None) -> Band:
    if band_id is None:
        return bank.bands[0]
    for band in bank.bands:
        if band.id == band_id:
            return band
    raise KeyError(band_id)


def _apply_from(
    bank: Bank, sheet: AnswerSheet, ratings: list[Rating], weeks: int
) -> date | None:
    """Return when work and waiting are both over; a wait not begun begins now."""
    results = gate_results(bank, sheet, resolve(bank, sheet), ratings)
    waited = earliest_application(bank, results, sheet.as_of)
    if waited is None:
        months = max(gate.wait.months for gate in bank.gates if gate.wait)
        waited = add_months(sheet.as_of, months)
    return max(waited, sheet.as_of + timedelta(weeks=weeks))


def _gate_actions(
    bank: Bank, gates: tuple[GateResult, ...], as_of: date
) -> list[Action]:
    by_id = {gate.id: gate for gate in bank.gates}
    actions: list[Action] = []
    for result in gates:
        # A veto ends by time or appeal: there is nothing to plan.
        gate = by_id.get(result.id)
        if gate is None:
            continue
        weeks = 1
        if result.earliest is not None:
            weeks = max(1, -(-(result.earliest - as_of).days // 7))
        elif gate.wait is not None:
            weeks = weeks_in_months(gate.wait.months)
        question = bank.question(result.questions[0]) if result.questions else None
        owner = question.departments[0] if question and question.departments else ""
        actions.append(
            Action(
                question=question.id if question else "",
                from_level=None,
                to_level=None,
                reason=gate.guidance or gate.title,
                gate=True,
                gain=Fraction(0),
                evidenced_gain=Fraction(0),
                effort="S",
                days=0,
                weeks=weeks,
                owner=owner,
                after=(),
                quick_win=False,
                essential=True,
                start_week=0,
                rank=len(actions) + 1,
                clause=gate.clauses[0] if gate.clauses else None,
            )
        )
    return actions


def _schedule(
    essential: Sequence[Option], choices: Sequence[Option], ranked: int
) -> list[Action]:
    """Rank the actions after those `ranked` already, within each owner's capacity.

    An action begins when those before it have ended and its owner has worked off the
    person-days of everything ranked higher; it may then run beside the next ones.
    """
    chosen = {option.question.id for option in essential}
    rest = [option for option in choices if option.question.id not in chosen]
    actions: list[Action] = []
    ends: dict[str, int] = {}
    booked: dict[str, int] = {}
    for option in [*_ordered(essential), *_ordered(rest)]:
        name = option.question.id
        waited = [ends[before] for before in option.after if before in ends]
        earlier = booked.get(option.owner, 0)
        start = max([earlier // DAYS_A_WEEK, *waited])
        ends[name] = start + option.weeks
        booked[option.owner] = earlier + option.days
        actions.append(
            _action(option, name in chosen, start, ranked + len(actions) + 1)
        )
    return actions


def _ordered(found: Sequence[Option]) -> list[Option]:
    """Return the options by urgency and worth, each after those it comes after."""
    waiting = sorted(found, key=_urgency)
    inside = {option.question.id for option in waiting}
    done: set[str] = set()
    ordered = []
    while waiting:
        ready = [
            option
            for option in waiting
            if all(name in done or name not in inside for name in option.after)
        ]
        # A cycle is refused when the bank is written; never hang on one all the same.
        following = ready[0] if ready else waiting[0]
        waiting.remove(following)
        done.add(following.question.id)
        ordered.append(following)
    return ordered


def _urgency(option: Option) -> tuple[bool, bool, Fraction, int]:
    worth = (option.gain + option.evidenced_gain) / max(option.days, 1)
    return (not option.forced, not _is_quick(option), -worth, option.index)


def _is_quick(option: Option) -> bool:
    return option.effort == "S" and option.weeks <= QUICK_WEEKS and not option.after


def _action(option: Option, essential: bool, start: int, rank: int) -> Action:  # noqa: FBT001
    return Action(
        question=option.question.id,
        from_level=option.rating.level,
        to_level=option.result.level,
        reason=option.reason,
        gate=option.forced,
        gain=option.gain,
        evidenced_gain=option.evidenced_gain,
        effort=option.effort,
        days=option.days,
        weeks=option.weeks,
        owner=option.owner,
        after=option.after,
        quick_win=_is_quick(option),
        essential=essential,
        start_week=start,
        rank=rank,
        clause=option.question.clause,
    )
