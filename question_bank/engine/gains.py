"""What each indicator would bring: the next step of its scale, and the points there."""

from dataclasses import dataclass
from fractions import Fraction

from question_bank.engine.definition import Bank, Question
from question_bank.engine.scorecard import ItemScore, Scorecard

FIRST_GAINS = 8
"""So many are shown and planned first."""


@dataclass(frozen=True)
class Gain:
    """An indicator below its best: the figure to reach next and the points it adds.

    `target` is None where no figure leads there (an expert's judgement, a choice).
    `missing`: no figure is known yet.
    """

    question: str
    value: float | None
    target: Fraction | None
    points: Fraction
    missing: bool = False


def gains(bank: Bank, card: Scorecard) -> tuple[Gain, ...]:
    """Return what can still be gained, most points first, then in document order."""
    found = [
        gain
        for item in card.items
        if (gain := _gain(bank.question(item.question), item)) is not None
    ]
    return tuple(sorted(found, key=lambda gain: -gain.points))


def _gain(question: Question, item: ItemScore) -> Gain | None:
    if item.state not in ("counted", "unanswered") or item.points is None:
        return None
    if not question.scored or item.points >= 1:
        return None
    if item.state == "unanswered":
        return Gain(question.id, None, None, item.weight, missing=True)
    target, share = _next(question, item)
    return Gain(question.id, item.value, target, item.weight * (share - item.points))


def _next(question: Question, item: ItemScore) -> tuple[Fraction | None, Fraction]:
    """Return the next node with more points than now, and its share."""
    now = item.points or Fraction(0)
    better = [point for point in question.points if point.points > now]
    if not better:
        return None, Fraction(1)
    rising = question.points[-1].points >= question.points[0].points
    nearest = better[0] if rising else better[-1]
    return nearest.at, nearest.points
