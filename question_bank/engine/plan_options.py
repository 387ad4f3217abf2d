"""What could be improved: one option for every item that is not yet safe.

A weak item is raised to conforming, with the evidence attached; a conforming item with
weak evidence gets its evidence. Applicability is taken as it is now.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from question_bank.engine.definition import (
    Bank,
    Effort,
    Guidance,
    Kind,
    Localized,
    Question,
)
from question_bank.engine.rating import (
    COUNTING_STATES,
    Rating,
    Scheme,
    is_below_minimum,
    scheme_of,
)

GOAL_STRENGTH = "attached"
EVIDENCE_DAYS, EVIDENCE_WEEKS = 1, 1
DEFAULT_DAYS, DEFAULT_WEEKS = 5, 2
"""Person-days and calendar weeks where the bank says nothing: product decisions."""


@dataclass(frozen=True)
class Option:
    """One possible improvement and the rating it would lead to.

    `forced`: no band can be reached without it (a critical item, a prohibited act).
    `gain` and `evidenced_gain` are points of 100 in the two totals.
    """

    index: int
    question: Question
    rating: Rating
    result: Rating
    forced: bool
    weak: bool
    reason: Localized
    effort: Effort
    days: int
    weeks: int
    owner: str
    after: tuple[str, ...]
    gain: Fraction = Fraction(0)
    evidenced_gain: Fraction = Fraction(0)


def options(bank: Bank, ratings: list[Rating]) -> list[Option]:
    """Return an option for every rating that can be improved, in document order."""
    scheme = scheme_of(bank)
    found = []
    for index, rating in enumerate(ratings):
        option = _option(bank, scheme, index, rating)
        if option is not None:
            found.append(option)
    weak = {option.question.id for option in found if option.weak}
    return [_with_known_predecessors(option, weak) for option in found]


def _option(bank: Bank, scheme: Scheme, index: int, rating: Rating) -> Option | None:
    question = rating.question
    if question.prohibited and rating.conformity == "nonconforming":
        return _raise(bank, index, rating, Rating(question, "unscored"), forced=True)
    if rating.state not in COUNTING_STATES or not scheme.specs[index].scored:
        return None
    if rating.conformity == "conforming":
        return _evidence(scheme, index, rating)
    better = _raised(bank, scheme, rating)
    if better is None:
        return None
    forced = is_below_minimum(scheme, rating)
    return _raise(bank, index, rating, better, forced=forced)


def _raised(bank: Bank, scheme: Scheme, rating: Rating) -> Rating | None:
    """Return the rating once the item conforms, None for types that cannot be set."""
    question = rating.question
    if question.type is Kind.LEVEL:
        level = target_level(bank, question)
        points = scheme.points[level]
    elif question.type is Kind.YESNO:
        level, points = None, scheme.units.point
    else:
        return None
    strength = _stronger(scheme, rating.strength)
    state = "counted" if rating.state == "unanswered" else rating.state
    return rating._replace(
        state=state,
        level=level,
        points=points,
        evidenced=min(points, scheme.caps[strength]),
        conformity="conforming",
        strength=strength,
    )


def target_level(bank: Bank, question: Question) -> int:
    """Return the level to aim at: conforming, or the item's own minimum if higher."""
    minimum = question.mandatory.min_level if question.mandatory else 0
    return max(bank.scale.conforming_level, minimum)


def _stronger(scheme: Scheme, strength: str | None) -> str:
    if strength is None or scheme.caps[strength] < scheme.caps[GOAL_STRENGTH]:
        return GOAL_STRENGTH
    return strength


def _evidence(scheme: Scheme, index: int, rating: Rating) -> Option | None:
    strength = _stronger(scheme, rating.strength)
    evidenced = min(rating.points, scheme.caps[strength])
    if evidenced <= rating.evidenced:
        return None
    question = rating.question
    return Option(
        index=index,
        question=question,
        rating=rating,
        result=rating._replace(strength=strength, evidenced=evidenced),
        forced=False,
        weak=False,
        reason=_evidence_text(question, rating.level),
        effort="S",
        days=EVIDENCE_DAYS,
        weeks=EVIDENCE_WEEKS,
        owner=_owner(question),
        after=(),
    )


def _evidence_text(question: Question, level: int | None) -> Localized:
    due = [
        item.text
        for item in question.evidence
        if level is None or item.required_from <= level
    ]
    if not due:
        return {"zh": "附上能证明的文件或记录。", "en": "Attach documents or records."}
    zh = "、".join(text["zh"] for text in due)
    en = "; ".join(text.get("en", text["zh"]) for text in due)
    return {"zh": f"附上证据：{zh}。", "en": f"Attach the evidence: {en}."}


def _raise(
    bank: Bank, index: int, rating: Rating, result: Rating, *, forced: bool
) -> Option:
    question = rating.question
    advice = _advice(question, rating.level or 0)
    return Option(
        index=index,
        question=question,
        rating=rating,
        result=result,
        forced=forced,
        weak=True,
        reason=advice.text if advice else _aim(bank, question),
        effort=advice.effort if advice else "M",
        days=advice.days if advice else DEFAULT_DAYS,
        weeks=max(1, advice.weeks) if advice else DEFAULT_WEEKS,
        owner=advice.owner if advice else _owner(question),
        after=question.after,
    )


def _advice(question: Question, level: int) -> Guidance | None:
    for advice in question.guidance:
        if advice.first <= level <= advice.last:
            return advice
    return None


def _aim(bank: Bank, question: Question) -> Localized:
    if question.prohibited:
        return {
            "zh": "立即停止，保留处置记录。",
            "en": "Stop it at once and keep a record of what was done.",
        }
    wanted = target_level(bank, question)
    for anchor in question.levels:
        if anchor.value == wanted:
            return anchor.text
    return {"zh": "达到符合。", "en": "Make it conform."}


def _owner(question: Question) -> str:
    return question.departments[0] if question.departments else ""


def _with_known_predecessors(option: Option, weak: set[str]) -> Option:
    after = tuple(name for name in option.after if name in weak)
    return _replaced(option, after=after)


def _replaced(option: Option, **changes: object) -> Option:
    return Option(**{**option.__dict__, **changes})


def with_gains(
    chosen: list[Option], weights: dict[int, Fraction], point: int
) -> list[Option]:
    """Return the options with their gains; `weights` is each item's share of 100."""
    return [
        _replaced(
            option,
            gain=_gain(option.result.points - option.rating.points, option, weights)
            / point,
            evidenced_gain=_gain(
                option.result.evidenced - option.rating.evidenced, option, weights
            )
            / point,
        )
        for option in chosen
    ]


def _gain(
    difference: int | Fraction, option: Option, weights: dict[int, Fraction]
) -> Fraction:
    return Fraction(difference) * weights.get(option.index, Fraction(0))


def weeks_in_months(months: int) -> int:
    """Return how many weeks to reckon for a wait of some months."""
    return ceil(Fraction(months * 52, 12))
