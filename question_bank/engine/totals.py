"""Sums over items: sections, clauses, totals, caps and the interval of open items."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from question_bank.engine.branching import clauses_above
from question_bank.engine.definition import Bank, Section
from question_bank.engine.rating import (
    COUNTING_STATES,
    Exact,
    Rating,
    Scheme,
    Units,
    is_below_minimum,
    scheme_of,
)
from question_bank.engine.scorecard import ClauseScore, SectionScore

Figure: TypeAlias = Callable[[SectionScore], Fraction | None]


@dataclass
class _Sums:
    """Running sums of a section or clause, in units."""

    weight: int = 0
    open_weight: int = 0
    unknown_weight: int = 0
    points: Exact = 0
    evidenced: Exact = 0
    level_weight: int = 0
    levels: int = 0
    items: int = 0
    done: int = 0
    na: int = 0
    not_occurred: int = 0
    weakest: int | None = None

    def add(self, rating: Rating) -> None:
        """Count one scored item."""
        state = rating.state
        if state == "unknown":
            self.unknown_weight += rating.weight
            return
        self.items += 1
        if state == "na":
            self.na += 1
            self.done += 1
            return
        weight = rating.weight
        self.weight += weight
        self.points += weight * rating.points
        self.evidenced += weight * rating.evidenced
        self._add_level(rating.level, weight)
        if state == "unanswered":
            self.open_weight += weight
        else:
            self.done += 1
            self.not_occurred += state == "not_occurred"

    def _add_level(self, level: int | None, weight: int) -> None:
        if level is not None:
            self.level_weight += weight
            self.levels += weight * level
            if self.weakest is None or level < self.weakest:
                self.weakest = level


def section_scores(bank: Bank, ratings: list[Rating]) -> tuple[SectionScore, ...]:
    """Return the result of every section that carries weight."""
    scheme = scheme_of(bank)
    sums = {section.id: _Sums() for section in bank.sections if section.weight > 0}
    for spec, rating in zip(scheme.specs, ratings, strict=True):
        if spec.scored and rating.state != "hidden":
            sums[spec.question.section].add(rating)
    return tuple(
        _section_score(section, sums[section.id], scheme.units)
        for section in bank.sections
        if section.weight > 0
    )


def _section_score(section: Section, sums: _Sums, units: Units) -> SectionScore:
    possible = sums.weight + sums.unknown_weight
    uncertain = (sums.open_weight + sums.unknown_weight) * units.point
    return SectionScore(
        id=section.id,
        self_score=_percent(sums.points, sums.weight, units),
        evidenced_score=_percent(sums.evidenced, sums.weight, units),
        maturity=_quotient(sums.levels, sums.level_weight),
        low=_percent(sums.points, possible, units),
        high=_percent(sums.points + uncertain, possible, units),
        weight=section.weight,
        items=sums.items,
        done=sums.done,
        na=sums.na,
        not_occurred=sums.not_occurred,
        na_share=_quotient(sums.na, sums.items) or Fraction(0),
    )


def _percent(points: Exact, weight: int, units: Units) -> Fraction | None:
    return _quotient(100 * points, weight * units.point)


def _quotient(part: Exact, whole: int) -> Fraction | None:
    """Return an exact quotient, None when nothing is counted."""
    return Fraction(part) / whole if whole else None


def total_of(sections: Iterable[SectionScore], figure: Figure) -> Fraction | None:
    """Return the mean of a figure by section weight; sections without one drop out."""
    total, weights = Fraction(0), Fraction(0)
    for section in sections:
        value = figure(section)
        if value is not None:
            total += section.weight * value
            weights += section.weight
    return total / weights if weights else None


@dataclass(frozen=True)
class Totals:
    """The totals of a bank, before and after caps; points of 100."""

    self_raw: Fraction | None
    evidenced_raw: Fraction | None
    self_score: Fraction | None
    evidenced_score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    maturity: Fraction | None
    capped_by: tuple[str, ...]


def totals(
    bank: Bank, ratings: list[Rating], sections: tuple[SectionScore, ...]
) -> Totals:
    """Return the totals; a cap bounds a total, it never replaces a smaller one."""
    caps = unmet_caps(scheme_of(bank), ratings)
    answered = [(i, cap) for i, cap, state in caps if state in _ANSWERED]
    counted = [(i, cap) for i, cap, state in caps if state != "unknown"]
    self_raw = total_of(sections, lambda section: section.self_score)
    evidenced_raw = total_of(sections, lambda section: section.evidenced_score)
    low = total_of(sections, lambda section: section.low)
    high = total_of(sections, lambda section: section.high)
    return Totals(
        self_raw=self_raw,
        evidenced_raw=evidenced_raw,
        self_score=_capped(self_raw, (cap for _, cap in counted)),
        evidenced_score=_capped(evidenced_raw, (cap for _, cap in counted)),
        low=_capped(low, (cap for _, cap, _ in caps)),
        high=_capped(high, (cap for _, cap in answered)),
        maturity=total_of(sections, lambda section: section.maturity),
        capped_by=tuple(i for i, cap in counted if self_raw and cap < self_raw),
    )


_ANSWERED = ("counted", "not_occurred")


def unmet_caps(
    scheme: Scheme, ratings: list[Rating]
) -> list[tuple[str, Fraction, str]]:
    """Return (question, cap, state) of mandatory items that are or may be too low."""
    found: list[tuple[str, Fraction, str]] = []
    for rating in ratings:
        mandatory = rating.question.mandatory
        if mandatory is None or mandatory.cap is None:
            continue
        if rating.state == "unknown" or is_below_minimum(scheme, rating):
            found.append((rating.question.id, mandatory.cap, rating.state))
    return found


def _capped(total: Fraction | None, caps: Iterable[Fraction]) -> Fraction | None:
    return None if total is None else min([total, *caps])


def clause_scores(bank: Bank, ratings: list[Rating]) -> tuple[ClauseScore, ...]:
    """Return a result for every clause of the tree, clauses below it included."""
    scheme = scheme_of(bank)
    sums = {clause.key: _Sums() for clause in bank.clauses}
    for spec, rating in zip(scheme.specs, ratings, strict=True):
        if spec.scored and rating.state in COUNTING_STATES:
            for key in clauses_above(bank, spec.question):
                sums[key].add(rating)
    return tuple(
        ClauseScore(
            key=key,
            self_score=_percent(found.points, found.weight, scheme.units),
            evidenced_score=_percent(found.evidenced, found.weight, scheme.units),
            items=found.items,
            weakest_level=found.weakest,
        )
        for key, found in sums.items()
    )
