"""What one answer is worth: level, points, conformity, item by item.

Points and weights are whole numbers here, multiples of a unit common to the bank, so
that sums are exact and quick; a `Fraction` appears only where an indicator's value
falls between two nodes of its scale.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, TypeAlias

from question_bank.engine.answers import (
    Answered,
    AnswerSheet,
    DontKnow,
    NotApplicable,
    NotOccurred,
)
from question_bank.engine.branching import Applicability, effective_answer
from question_bank.engine.definition import Bank, Kind, Point, Question
from question_bank.engine.scorecard import Conformity, ItemState

Exact: TypeAlias = int | Fraction

NO_EVIDENCE = "said"


class Units(NamedTuple):
    """How many units make one point, and how many one weight."""

    point: int
    weight: int


class Spec(NamedTuple):
    """A question with its weight in units; `scored` counts its section's weight too."""

    question: Question
    scored: bool
    weight: int
    half_weight: int


class Rating(NamedTuple):
    """A question as rated. `points`, `evidenced` and `weight` are in units."""

    question: Question
    state: ItemState
    level: int | None = None
    points: Exact = 0
    evidenced: Exact = 0
    weight: int = 0
    conformity: Conformity | None = None
    strength: str | None = None
    value: float | None = None


class Scheme(NamedTuple):
    """The bank's scale in units, and its questions ready to be rated."""

    units: Units
    points: tuple[int, ...]
    caps: dict[str, int]
    conforming: int
    partial: int
    specs: tuple[Spec, ...]


def scheme_of(bank: Bank) -> Scheme:
    """Return the bank's scheme; it is kept with the bank."""
    return bank.memo("rating scheme", _build_scheme)


def _build_scheme(bank: Bank) -> Scheme:
    scale = bank.scale
    point = _common_denominator([*scale.points, *scale.evidence_caps.values()])
    # Twice the common denominator, so that half a weight is whole.
    weight = 2 * _common_denominator(question.weight for question in bank.questions)
    points = tuple(int(value * point) for value in scale.points)
    return Scheme(
        units=Units(point, weight),
        points=points,
        caps={name: int(cap * point) for name, cap in scale.evidence_caps.items()},
        conforming=points[scale.conforming_level],
        partial=points[scale.nonconforming_below],
        specs=tuple(_spec(bank, question, weight) for question in bank.questions),
    )


def _common_denominator(values: Iterable[Fraction]) -> int:
    return lcm(1, *(value.denominator for value in values))


def _spec(bank: Bank, question: Question, unit: int) -> Spec:
    scored = question.scored and bank.section(question.section).weight > 0
    weight = int(question.weight * unit) if scored else 0
    return Spec(question, scored, weight, weight // 2)


def rate(bank: Bank, sheet: AnswerSheet, applicability: Applicability) -> list[Rating]:
    """Return a rating for every question of the bank, in document order."""
    scheme, states = scheme_of(bank), applicability.states
    ratings = []
    for spec in scheme.specs:
        question = spec.question
        state = states[question.id]
        if state == "applies":
            ratings.append(_rate_one(scheme, spec, sheet, applicability))
        elif state == "hidden":
            ratings.append(Rating(question, "hidden"))
        else:
            ratings.append(Rating(question, "unknown", weight=spec.weight))
    return ratings


def _rate_one(
    scheme: Scheme, spec: Spec, sheet: AnswerSheet, applicability: Applicability
) -> Rating:
    question = spec.question
    if not spec.scored:
        return _rate_unscored(scheme, question, sheet)
    if question.expert:
        return Rating(question, "unjudged", weight=spec.weight)
    if question.type is Kind.CALCULATED:
        value = applicability.values.get(question.id)
        return _rate_value(scheme, spec, value, "counted", spec.weight, NO_EVIDENCE)
    return _rate_answer(scheme, spec, sheet)


def _rate_answer(scheme: Scheme, spec: Spec, sheet: AnswerSheet) -> Rating:
    question = spec.question
    answer = effective_answer(question, sheet)
    strength: str = sheet.strengths.get(question.id, NO_EVIDENCE)
    if strength not in scheme.caps:
        strength = NO_EVIDENCE
    match answer:
        case Answered(value):
            return _rate_value(scheme, spec, value, "counted", spec.weight, strength)
        case NotApplicable():
            return Rating(question, "na")
        case NotOccurred(value):
            half = spec.half_weight
            return _rate_value(scheme, spec, value, "not_occurred", half, strength)
        case DontKnow():
            return _nothing(question, "counted", spec.weight)
    return _nothing(question, "unanswered", spec.weight)


def _nothing(question: Question, state: ItemState, weight: int) -> Rating:
    level = 0 if question.type is Kind.LEVEL else None
    return Rating(question, state, level, 0, 0, weight, "nonconforming")


def _rate_value(
    scheme: Scheme,
    spec: Spec,
    value: Any,
    state: ItemState,
    weight: int,
    strength: str,
) -> Rating:
    """Rate a value; one that does not fit the question counts as unanswered."""
    question = spec.question
    level = _level(scheme, value) if question.type is Kind.LEVEL else None
    points: Exact | None
    if level is not None:
        points = scheme.points[level]
    elif question.type is Kind.LEVEL:
        points = None
    else:
        points = _points(scheme, question, value)
    if points is None:
        return _nothing(question, "unanswered", weight)
    evidenced = min(points, scheme.caps[strength])
    conformity = _conformity(scheme, points)
    figure = float(value) if isinstance(value, int | float) and level is None else None
    return Rating(
        question, state, level, points, evidenced, weight, conformity, strength, figure
    )


def _level(scheme: Scheme, value: Any) -> int | None:
    if type(value) is int and 0 <= value < len(scheme.points):
        return value
    return None


def _conformity(scheme: Scheme, points: Exact) -> Conformity:
    if points >= scheme.conforming:
        return "conforming"
    return "nonconforming" if points < scheme.partial else "partial"


def _points(scheme: Scheme, question: Question, value: Any) -> Exact | None:
    """Return the points (in units) of a value that is not a level, None if unfit."""
    share = _share(question, value)
    if share is None:
        return None
    return max(Fraction(0), min(Fraction(1), share)) * scheme.units.point


def _share(question: Question, value: Any) -> Fraction | None:
    if question.choices:
        chosen = value if isinstance(value, list | tuple) else [value]
        worth = {choice.id: choice.points for choice in question.choices}
        if not all(isinstance(one, str) and one in worth for one in chosen):
            return None
        return sum((worth[one] or Fraction(0) for one in chosen), Fraction(0))
    if not isinstance(value, bool | int | float):
        return None
    if question.type is Kind.CALCULATED or question.stepped:
        at = Fraction(str(round(value, _DIGITS)))
        return (
            stepped(question.points, at)
            if question.stepped
            else (piecewise(question.points, at))
        )
    return piecewise(question.points, Fraction(value))


_DIGITS = 9
"""Computed figures are doubles: (0.1 + 0.2 + 0.15) / 3 must reach a step at 0.15."""


def stepped(points: tuple[Point, ...], at: Fraction) -> Fraction:
    """Return the share of the last step reached; the first step's below all."""
    reached = points[0]
    for point in points[1:]:
        if at >= point.at:
            reached = point
    return reached.points


def piecewise(points: tuple[Point, ...], at: Fraction) -> Fraction:
    """Return the share that a piecewise-linear scale gives; flat beyond its ends."""
    below = points[0]
    if at <= below.at:
        return below.points
    for above in points[1:]:
        if at <= above.at:
            run = (at - below.at) / (above.at - below.at)
            return below.points + run * (above.points - below.points)
        below = above
    return below.points


def _rate_unscored(scheme: Scheme, question: Question, sheet: AnswerSheet) -> Rating:
    """Optional items keep their level, prohibited acts their verdict; no points."""
    answer = effective_answer(question, sheet)
    value = getattr(answer, "value", None)
    strength = sheet.strengths.get(question.id)
    if question.prohibited and value is True:
        return Rating(question, "unscored", conformity="nonconforming")
    level = _level(scheme, value)
    if question.type is not Kind.LEVEL or level is None:
        return Rating(question, "unscored", strength=strength)
    conformity = _conformity(scheme, scheme.points[level])
    return Rating(question, "unscored", level, conformity=conformity, strength=strength)


def is_below_minimum(scheme: Scheme, rating: Rating) -> bool:
    """Whether a mandatory item that counts is below the level it must reach."""
    mandatory = rating.question.mandatory
    if mandatory is None or rating.state not in COUNTING_STATES:
        return False
    if rating.level is not None:
        return rating.level < mandatory.min_level
    return rating.points < scheme.points[mandatory.min_level]


COUNTING_STATES: frozenset[ItemState] = frozenset(
    ("counted", "not_occurred", "unanswered")
)
"""The states in which an item is part of the official score."""
