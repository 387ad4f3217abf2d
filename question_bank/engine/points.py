"""Adding up points: how indicator systems score, where conformity does not.

Points are of 100. Nothing is redistributed: an indicator without a figure gives none
and widens the interval, and what an expert decides is told apart. Of a best-of group
the best counts, once; a bonus section adds on top, up to its weight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from question_bank.engine.definition import Bank, Section
from question_bank.engine.rating import Rating, Scheme, scheme_of
from question_bank.engine.scorecard import ItemState, SectionScore
from question_bank.engine.totals import Totals

_OPEN: frozenset[ItemState] = frozenset(("unanswered", "unknown"))


@dataclass(frozen=True)
class _Worth:
    """What an indicator or a group gives, in points: now, surely and at most."""

    earned: Fraction = Fraction(0)
    evidenced: Fraction = Fraction(0)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    unjudged: Fraction = Fraction(0)


def with_outdone(bank: Bank, ratings: list[Rating]) -> list[Rating]:
    """Mark the members of best-of groups that a better one outdoes."""
    scheme = scheme_of(bank)
    best: dict[str, Rating] = {}
    for rating in ratings:
        group = rating.question.best_of
        if group and rating.state == "counted":
            held = best.get(group)
            if held is None or _earned(scheme, rating) > _earned(scheme, held):
                best[group] = rating
    return [
        rating._replace(state="outdone") if _is_outdone(rating, best) else rating
        for rating in ratings
    ]


def _is_outdone(rating: Rating, best: dict[str, Rating]) -> bool:
    group = rating.question.best_of
    if not group or rating.state != "counted":
        return False
    return best[group].question.id != rating.question.id


def _earned(scheme: Scheme, rating: Rating) -> Fraction:
    units = scheme.units
    return Fraction(rating.points) * rating.weight / (units.point * units.weight)


def section_points(bank: Bank, ratings: list[Rating]) -> tuple[SectionScore, ...]:
    """Return the points of every section; its scores are percent of its weight."""
    return tuple(
        _section(bank, section, _of(bank, section, ratings))
        for section in bank.sections
        if section.weight > 0
    )


def _of(bank: Bank, section: Section, ratings: list[Rating]) -> list[Rating]:
    specs = scheme_of(bank).specs
    return [
        rating
        for spec, rating in zip(specs, ratings, strict=True)
        if spec.scored and spec.question.section == section.id
    ]


def _section(bank: Bank, section: Section, ratings: list[Rating]) -> SectionScore:
    worth = _capped(_sum(_worths(scheme_of(bank), ratings)), section.weight)
    asked = [rating for rating in ratings if rating.state != "hidden"]
    share = Fraction(100) / section.weight
    return SectionScore(
        id=section.id,
        self_score=worth.earned * share,
        evidenced_score=worth.evidenced * share,
        maturity=None,
        low=worth.low * share,
        high=worth.high * share,
        weight=section.weight,
        items=len(asked),
        done=sum(rating.state not in _OPEN for rating in asked),
        na=0,
        not_occurred=0,
        na_share=Fraction(0),
        earned=worth.earned,
        unjudged=worth.unjudged,
    )


def _worths(scheme: Scheme, ratings: list[Rating]) -> list[_Worth]:
    groups: dict[str, list[_Worth]] = {}
    for rating in ratings:
        key = rating.question.best_of or f"question:{rating.question.id}"
        groups.setdefault(key, []).append(_worth(scheme, rating))
    return [_best(group) for group in groups.values()]


def _worth(scheme: Scheme, rating: Rating) -> _Worth:
    most = Fraction(rating.weight, scheme.units.weight)
    if rating.state == "unjudged":
        return _Worth(high=most, unjudged=most)
    if rating.state in _OPEN:
        return _Worth(high=most)
    if rating.state not in ("counted", "outdone"):
        return _Worth()
    earned = _earned(scheme, rating)
    units = scheme.units
    evidenced = (
        Fraction(rating.evidenced) * rating.weight / (units.point * units.weight)
    )
    return _Worth(earned, evidenced, earned, earned)


def _best(group: list[_Worth]) -> _Worth:
    return _Worth(
        earned=max(worth.earned for worth in group),
        evidenced=max(worth.evidenced for worth in group),
        low=max(worth.low for worth in group),
        high=max(worth.high for worth in group),
        unjudged=max(worth.unjudged for worth in group),
    )


def _sum(worths: Iterable[_Worth]) -> _Worth:
    found = list(worths)
    zero = Fraction(0)
    return _Worth(
        earned=sum((worth.earned for worth in found), zero),
        evidenced=sum((worth.evidenced for worth in found), zero),
        low=sum((worth.low for worth in found), zero),
        high=sum((worth.high for worth in found), zero),
        unjudged=sum((worth.unjudged for worth in found), zero),
    )


def _capped(worth: _Worth, most: Fraction) -> _Worth:
    return _Worth(
        earned=min(worth.earned, most),
        evidenced=min(worth.evidenced, most),
        low=min(worth.low, most),
        high=min(worth.high, most),
        unjudged=min(worth.unjudged, most),
    )


def total_points(sections: tuple[SectionScore, ...]) -> Totals:
    """Return the totals: plain sums of points, the bonus included."""
    earned = _points(sections, [section.self_score for section in sections])
    evidenced = _points(sections, [section.evidenced_score for section in sections])
    return Totals(
        self_raw=earned,
        evidenced_raw=evidenced,
        self_score=earned,
        evidenced_score=evidenced,
        low=_points(sections, [section.low for section in sections]),
        high=_points(sections, [section.high for section in sections]),
        maturity=None,
        capped_by=(),
    )


def _points(
    sections: tuple[SectionScore, ...], percents: list[Fraction | None]
) -> Fraction:
    total = Fraction(0)
    for section, percent in zip(sections, percents, strict=True):
        total += section.weight * (percent or 0) / 100
    return total


def bonus_points(bank: Bank, sections: tuple[SectionScore, ...]) -> Fraction:
    """Return the points of the bonus sections."""
    return sum(
        (s.earned or Fraction(0) for s in sections if bank.section(s.id).bonus),
        Fraction(0),
    )


def unjudged_points(sections: tuple[SectionScore, ...]) -> Fraction:
    """Return the points that experts decide on."""
    return sum((section.unjudged or Fraction(0) for section in sections), Fraction(0))
