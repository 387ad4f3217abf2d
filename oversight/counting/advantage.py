"""Counting advantage enterprises: who holds a title on a day, each enterprise once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from oversight.counting.facts import (
    Enterprise,
    Facts,
    Level,
    Recognition,
    ReviewResult,
    Stage,
    Title,
    TitleReview,
    Verification,
)
from oversight.counting.first_certifications import NO_SUCCESSORS, unverified
from oversight.counting.lines import Line, Tally, both_divisions, in_order
from oversight.counting.places import (
    Successors,
    enterprises_by_code,
    place_on,
    registered_on,
)
from oversight.counting.reasons import Flag, Reason


class Tier(StrEnum):
    """The exclusive split by the highest title, from high to low."""

    NATIONAL_DEMONSTRATION = "national_demonstration"
    NATIONAL_ADVANTAGE = "national_advantage"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"


@dataclass(frozen=True)
class AdvantageRule:
    """What the bureau has decided about titles.

    `grace_days` is how long a title counts after its term while the review's result
    is open; None means until the result document. `equivalents` says which titles
    with other names count, and as what.
    """

    grace_days: int | None = None
    equivalents: Mapping[str, Title] | None = None

    def title_of(self, recognition: Recognition) -> Title | None:
        """Return what a title counts as, None when it counts as nothing."""
        if recognition.title is not Title.OTHER:
            return recognition.title
        return (self.equivalents or {}).get(recognition.name)


@dataclass(frozen=True)
class Holding:
    """Whether one title holds on a day, with the reason and what to know beside."""

    reason: Reason
    flags: tuple[Flag, ...] = ()
    detail: str = ""


def count_advantage_enterprises(
    facts: Facts,
    day: date,
    rule: AdvantageRule | None = None,
    successors: Successors = NO_SUCCESSORS,
) -> Tally:
    """Return a line for every title; each enterprise is counted by its highest.

    `Tally.by_category` is the exclusive split by tier and adds up to the total.
    """
    rule = rule or AdvantageRule()
    enterprises = enterprises_by_code(facts)
    lines: list[Line] = []
    for code, titles in titles_by_holder(facts.recognitions).items():
        enterprise = enterprises.get(code)
        found = [(r, holding_on(r, enterprise, day, rule)) for r in titles]
        held = [r for r, holding in found if holds(holding)]
        best = min(held, key=lambda r: _rank(r, rule), default=None)
        for recognition, holding in found:
            shown = holding
            if holds(holding) and recognition is not best:
                shown = Holding(Reason.ALREADY_COUNTED, holding.flags, holding.detail)
            lines.append(
                title_line(recognition, enterprise, shown, day, rule, successors)
            )
    return in_order(lines)


def advantage_total(facts: Facts, day: date, rule: AdvantageRule) -> int:
    """Return how many `count_advantage_enterprises` counts, without a line of it."""
    enterprises = enterprises_by_code(facts)
    return len(
        {
            title.holder
            for title in facts.recognitions
            if holds(holding_on(title, enterprises.get(title.holder), day, rule))
        }
    )


def count_ever_recognised(
    facts: Facts,
    day: date,
    years: tuple[int, int],
    rule: AdvantageRule | None = None,
    successors: Successors = NO_SUCCESSORS,
) -> Tally:
    """Return the cumulative alternative: enterprises recognised in some years.

    `years` are the first and the last. Each counts once, by its earliest recognition
    there, whatever became of it later.
    """
    rule = rule or AdvantageRule()
    enterprises = enterprises_by_code(facts)
    lines: list[Line] = []
    for code, titles in titles_by_holder(facts.recognitions).items():
        enterprise = enterprises.get(code)
        found = [
            (r, _recognised_between(r, enterprise, (day, *years), rule)) for r in titles
        ]
        new = [r for r, reason in found if reason is Reason.NEW_TITLE]
        first = min(new, key=lambda r: (r.since, _rank(r, rule)), default=None)
        for recognition, found_reason in found:
            again = found_reason is Reason.NEW_TITLE and recognition is not first
            shown = Holding(Reason.ALREADY_COUNTED if again else found_reason)
            on = recognition.since
            lines.append(
                title_line(recognition, enterprise, shown, on, rule, successors)
            )
    return in_order(lines)


def holdings_by_tier(
    facts: Facts, day: date, rule: AdvantageRule | None = None
) -> dict[Tier, int]:
    """Return how many enterprises hold each tier; these overlap and don't add up."""
    rule = rule or AdvantageRule()
    enterprises = enterprises_by_code(facts)
    holders = {
        (recognition.holder, tier_of(recognition, rule))
        for recognition in facts.recognitions
        if holds(
            holding_on(recognition, enterprises.get(recognition.holder), day, rule)
        )
    }
    counts = Counter(tier for _holder, tier in holders)
    return {tier: counts[tier] for tier in Tier}


def holding_on(
    recognition: Recognition,
    enterprise: Enterprise | None,
    day: date,
    rule: AdvantageRule,
) -> Holding:
    """Return whether a title holds on a day."""
    bar = barred(recognition, rule) or bar_of_holder(enterprise, day)
    if recognition.since > day:
        bar = bar or Reason.NOT_YET
    if bar is not None:
        return Holding(bar)
    if recognition.ended_on is not None and recognition.ended_on <= day:
        return Holding(Reason.ENDED, detail=recognition.end_reason)
    return _holding_by_term(recognition, day, rule)


def holds(holding: Holding) -> bool:
    """Whether the title holds."""
    return holding.reason is Reason.HOLDS_TITLE


def barred(recognition: Recognition, rule: AdvantageRule) -> Reason | None:
    """Return why a title can never count, None when it can."""
    if recognition.verification is not Verification.VERIFIED:
        return unverified(recognition.verification)
    if recognition.level is Level.COUNTY:
        return Reason.COUNTY_LEVEL
    if recognition.stage is not Stage.RECOGNISED:
        return Reason.CULTIVATED
    return None if rule.title_of(recognition) else Reason.NOT_EQUIVALENT


def bar_of_holder(enterprise: Enterprise | None, day: date) -> Reason | None:
    """Return what the holder's state on a day says against counting it."""
    if enterprise is None:
        return Reason.UNKNOWN_HOLDER
    if not registered_on(enterprise, day):
        return Reason.DEREGISTERED
    place = place_on(enterprise, day)
    if place is None:
        return Reason.PLACE_UNKNOWN
    return None if place else Reason.OUTSIDE


def tier_of(recognition: Recognition, rule: AdvantageRule) -> Tier:
    """Return the tier of a title at city level or above."""
    if recognition.level is Level.NATIONAL:
        demonstration = rule.title_of(recognition) is Title.DEMONSTRATION
        return Tier.NATIONAL_DEMONSTRATION if demonstration else Tier.NATIONAL_ADVANTAGE
    provincial = recognition.level is Level.PROVINCIAL
    return Tier.PROVINCIAL if provincial else Tier.MUNICIPAL


def titles_by_holder(
    recognitions: Iterable[Recognition],
) -> dict[str, list[Recognition]]:
    """Return the titles of each holder."""
    held: dict[str, list[Recognition]] = defaultdict(list)
    for recognition in recognitions:
        held[recognition.holder].append(recognition)
    return dict(held)


def title_line(
    recognition: Recognition,
    enterprise: Enterprise | None,
    holding: Holding,
    day: date,
    rule: AdvantageRule,
    successors: Successors,
) -> Line:
    """Return the line of one title."""
    place = place_on(enterprise, day) if enterprise else None
    county = recognition.level is Level.COUNTY
    return Line(
        holder=recognition.holder,
        name=enterprise.name if enterprise else "",
        reason=holding.reason,
        rests_on=recognition.document,
        on=day,
        category="" if county else tier_of(recognition, rule).value,
        flags=holding.flags,
        detail=holding.detail,
        fact_id=recognition.id,
        **both_divisions(place, successors),
    )


def _holding_by_term(
    recognition: Recognition, day: date, rule: AdvantageRule
) -> Holding:
    """Return what reviews and the term say."""
    review = _last_review(recognition, day)
    if review is not None and review.result is not ReviewResult.PASSED:
        failed = review.result is ReviewResult.FAILED
        reason = Reason.REVIEW_FAILED if failed else Reason.REVIEW_MISSED
        return Holding(reason, detail=review.document)
    ends_on = review.term_ends_on if review else recognition.term_ends_on
    flags = _standing_flags(recognition, day)
    if ends_on is None or day <= ends_on:
        return Holding(Reason.HOLDS_TITLE, flags)
    if rule.grace_days is not None and day > ends_on + timedelta(rule.grace_days):
        return Holding(Reason.TERM_ENDED)
    return Holding(Reason.HOLDS_TITLE, (*flags, Flag.UNDER_REVIEW))


def _last_review(recognition: Recognition, day: date) -> TitleReview | None:
    known = [review for review in recognition.reviews if review.on <= day]
    return max(known, key=lambda review: review.on, default=None)


def _standing_flags(recognition: Recognition, day: date) -> tuple[Flag, ...]:
    vetoed = recognition.vetoed_on is not None and recognition.vetoed_on <= day
    found = {
        Flag.BY_EQUIVALENCE: recognition.title is Title.OTHER,
        Flag.VETO_ALERT: vetoed,
    }
    return tuple(flag for flag, applies in found.items() if applies)


def _recognised_between(
    recognition: Recognition,
    enterprise: Enterprise | None,
    asked: tuple[date, int, int],
    rule: AdvantageRule,
) -> Reason:
    day, first_year, last_year = asked
    bar = barred(recognition, rule) or bar_of_holder(enterprise, recognition.since)
    if bar is not None:
        return bar
    if recognition.since > day:
        return Reason.NOT_YET
    inside = first_year <= recognition.since.year <= last_year
    return Reason.NEW_TITLE if inside else Reason.OUTSIDE_PERIOD


def _rank(
    recognition: Recognition, rule: AdvantageRule
) -> tuple[int, date, str, str, str]:
    """Order titles from the highest tier down, older ones first."""
    return (
        _TIERS.index(tier_of(recognition, rule)),
        recognition.since,
        recognition.document,
        recognition.name,
        recognition.id,
    )


_TIERS: Final = tuple(Tier)
