"""What each counting rule of a plan counts, and the figures that come of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from oversight.counting.advantage import (
    AdvantageRule,
    advantage_total,
    count_advantage_enterprises,
    count_ever_recognised,
)
from oversight.counting.facts import Facts, Stage, Standard
from oversight.counting.figures import Figure, figures_of
from oversight.counting.first_certifications import (
    ENTERPRISE_STANDARDS,
    NO_SUCCESSORS,
    CertificationRule,
    count_first_certifications,
)
from oversight.counting.lines import Tally
from oversight.counting.periods import year_period
from oversight.counting.places import Successors
from oversight.counting.plans import Indicator, Kind, Reading, Rule
from oversight.counting.title_flow import count_title_flow

_Count: TypeAlias = Callable[[Indicator, Facts, date, Successors], Tally]


class Counts:
    """Counts of the same facts, each made once however often it is asked for.

    Several indicators ask for the same count, and a stock for one of every year.
    """

    def __init__(self, facts: Facts, successors: Successors = NO_SUCCESSORS) -> None:
        self.facts = facts
        self._successors = successors
        self._made: dict[object, Tally] = {}

    def tally(self, indicator: Indicator, day: date) -> Tally:
        """Return the lines of a counted indicator on a day; none for a series.

        Of a flow these are the lines of the indicator's years.
        """
        if not indicator.rule.counts:
            return Tally(())
        tally = self._whole(indicator, day)
        if indicator.kind is Kind.STOCK:
            return tally
        return tally.between(indicator.first_year, indicator.last_year)

    def figures(self, indicator: Indicator, day: date) -> tuple[Figure, ...]:
        """Return an indicator's figures up to a day, counted or handed in.

        A counted stock comes with the end of the year before the window, its baseline.
        """
        if not indicator.rule.counts:
            return figures_of(self.facts.series, indicator.series_name, day)
        last = min(indicator.last_year, day.year)
        if indicator.kind is Kind.STOCK:
            years = range(indicator.first_year - 1, last + 1)
            days = {year: min(year_period(year).last_day, day) for year in years}
            return tuple(
                _figure(year, self._total(indicator, on), day)
                for year, on in days.items()
            )
        by_year = self.tally(indicator, day).by_year()
        return tuple(
            _figure(year, by_year.get(year, 0), day)
            for year in range(indicator.first_year, last + 1)
        )

    def _whole(self, indicator: Indicator, day: date) -> Tally:
        key = _what_is_counted(indicator), day
        if key not in self._made:
            count = _COUNTS[indicator.rule]
            self._made[key] = count(indicator, self.facts, day, self._successors)
        return self._made[key]

    def _total(self, indicator: Indicator, day: date) -> int:
        """Return how many a stock counts on a day; of titles without their lines."""
        if indicator.rule is Rule.ADVANTAGE_STOCK:
            return advantage_total(self.facts, day, _advantage_rule(indicator))
        return self._whole(indicator, day).total


def count_indicator(
    indicator: Indicator,
    facts: Facts,
    day: date,
    successors: Successors = NO_SUCCESSORS,
) -> Tally:
    """Return `Counts.tally` of facts nothing else is asked of."""
    return Counts(facts, successors).tally(indicator, day)


def figures_for(
    indicator: Indicator,
    facts: Facts,
    day: date,
    successors: Successors = NO_SUCCESSORS,
) -> tuple[Figure, ...]:
    """Return `Counts.figures` of facts nothing else is asked of."""
    return Counts(facts, successors).figures(indicator, day)


def _what_is_counted(indicator: Indicator) -> tuple[object, ...]:
    """Return what a count depends on beside facts and day."""
    options = indicator.options
    years = indicator.first_year, indicator.last_year
    return (
        indicator.rule,
        options.cooperatives,
        options.group_members,
        options.grace_days,
        tuple(sorted(options.equivalents.items())),
        years if indicator.rule is Rule.EVER_RECOGNISED else None,
    )


def _figure(year: int, value: int, day: date) -> Figure:
    period = year_period(year)
    return Figure(period, Fraction(value), min(period.last_day, day))


def count_reading(
    indicator: Indicator,
    reading: Reading,
    facts: Facts,
    day: date,
    successors: Successors = NO_SUCCESSORS,
) -> Tally | None:
    """Return the count under another reading, None when it has no rule of its own."""
    if reading.rule is None:
        return None
    other = replace(indicator, rule=reading.rule)
    return count_indicator(other, facts, day, successors)


def _first(
    indicator: Indicator, facts: Facts, day: date, successors: Successors
) -> Tally:
    rule = CertificationRule(
        standards=ENTERPRISE_STANDARDS,
        cooperatives=indicator.options.cooperatives,
        group_members=indicator.options.group_members,
    )
    return count_first_certifications(facts, day, rule, successors)


def _subjects(
    indicator: Indicator, facts: Facts, day: date, successors: Successors
) -> Tally:
    """Count 贯标主体: whoever is certified to a management standard of IP."""
    rule = CertificationRule(
        standards=_SUBJECT_STANDARDS,
        enterprises_only=False,
        group_members=indicator.options.group_members,
    )
    return count_first_certifications(facts, day, rule, successors)


def _advantage(
    indicator: Indicator, facts: Facts, day: date, successors: Successors
) -> Tally:
    rule = _advantage_rule(indicator)
    return count_advantage_enterprises(facts, day, rule, successors)


def _ever(
    indicator: Indicator, facts: Facts, day: date, successors: Successors
) -> Tally:
    years = (indicator.first_year, indicator.last_year)
    rule = _advantage_rule(indicator)
    return count_ever_recognised(facts, day, years, rule, successors)


def _recognised(
    _indicator: Indicator, facts: Facts, day: date, successors: Successors
) -> Tally:
    return count_title_flow(facts, day, Stage.RECOGNISED, successors)


def _cultivated(
    _indicator: Indicator, facts: Facts, day: date, successors: Successors
) -> Tally:
    return count_title_flow(facts, day, Stage.CULTIVATED, successors)


def _advantage_rule(indicator: Indicator) -> AdvantageRule:
    return AdvantageRule(indicator.options.grace_days, indicator.options.equivalents)


_SUBJECT_STANDARDS: Final = ENTERPRISE_STANDARDS | {
    Standard.RESEARCH_2016,
    Standard.UNIVERSITY_2016,
}
_COUNTS: Final[Mapping[Rule, _Count]] = {
    Rule.FIRST_CERTIFICATIONS: _first,
    Rule.CERTIFIED_SUBJECTS: _subjects,
    Rule.ADVANTAGE_STOCK: _advantage,
    Rule.EVER_RECOGNISED: _ever,
    Rule.MUNICIPAL_RECOGNISED: _recognised,
    Rule.MUNICIPAL_CULTIVATED: _cultivated,
}
