"""The registers of the model can be counted as §5.2 and §5.3 of the rules say.

A short count of its own, not the product's: the model must hold what those rules
tell apart.
"""

from collections import Counter
from datetime import date

import pytest

from oversight.counting.facts import Facts, Level, Stage, Title, Verification

HIGHEST = (
    (Level.NATIONAL, Title.DEMONSTRATION),
    (Level.NATIONAL, Title.ADVANTAGE),
    (Level.PROVINCIAL, Title.ADVANTAGE),
    (Level.MUNICIPAL, Title.ADVANTAGE),
)


@pytest.fixture(scope="module")
def facts(city):
    return city.facts()


def first_certifications(facts: Facts):
    """Return the day of each first verified certificate not got by deceit."""
    first = {}
    for certificate in facts.certificates:
        honest = not any(state.fraud for state in certificate.states)
        checked = certificate.verification is Verification.VERIFIED
        if certificate.standard.for_enterprises and honest and checked:
            known = first.get(certificate.holder, date.max)
            first[certificate.holder] = min(known, certificate.first_issued_on)
    return first


def was_here(unit, day):
    return any(
        p.division
        and (p.since is None or p.since <= day)
        and (p.until is None or day < p.until)
        for p in unit.presences
    )


def holds(given, day):
    over = given.ended_on and given.ended_on <= day
    failed = any(r.result != "passed" and r.on <= day for r in given.reviews)
    recognised = given.stage is Stage.RECOGNISED and given.since <= day
    return recognised and not over and not failed


def test_every_year_has_first_certifications(facts):
    units = {unit.credit_code: unit for unit in facts.enterprises}
    flow = Counter(
        day.year
        for holder, day in first_certifications(facts).items()
        if was_here(units[holder], day)
    )
    assert all(flow[year] >= 10 for year in range(2015, 2027))


def test_a_certificate_brought_along_is_not_a_first_one_here(facts):
    units = {unit.credit_code: unit for unit in facts.enterprises}
    abroad = [
        holder
        for holder, day in first_certifications(facts).items()
        if not was_here(units[holder], day)
    ]
    assert len(abroad) >= 5


def test_first_certifications_are_fewer_than_certificates(facts):
    assert len(first_certifications(facts)) < 0.7 * len(facts.certificates)


def test_holders_of_titles_split_by_their_highest(facts):
    day = date(2025, 12, 31)
    held = {}
    for given in facts.recognitions:
        if holds(given, day) and (given.level, given.title) in HIGHEST:
            place = HIGHEST.index((given.level, given.title))
            held[given.holder] = min(held.get(given.holder, 9), place)
    tiers = Counter(held.values())
    assert set(tiers) == {0, 1, 2, 3}
    assert tiers[3] == max(tiers.values())
    assert tiers.total() < len(facts.recognitions)


def test_the_figures_of_a_city_that_ends_early_stop_before_that_year(facts, city):
    assert {v.period for v in facts.series} == {str(y) for y in range(2014, 2027)}
