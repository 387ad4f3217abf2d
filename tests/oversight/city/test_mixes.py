"""The shares of the model come out, and every planted history occurs."""

from collections import Counter
from datetime import date
from statistics import mean, median

import pytest

from oversight.city.assessments import Band, Pattern
from oversight.city.journey import PathStage
from oversight.city.mixes import DISTRICTS, INDUSTRIES, SIZES
from oversight.city.profile import BLOCK, LARGE_GROUP
from oversight.city.scenarios import Scenario, scenario_of
from oversight.counting.facts import (
    CertificateState,
    Issue,
    Level,
    ReviewResult,
    Stage,
    Standard,
    Title,
    Verification,
)


def shares(things):
    counts = Counter(things)
    return {thing: count / counts.total() for thing, count in counts.items()}


def wanted(parts):
    total = sum(share for _thing, share in parts)
    return {thing: share / total for thing, share in parts}


def test_sizes_have_their_shares(city):
    found = shares(e.size for e in city.profiles())
    assert found == pytest.approx(wanted(SIZES.parts), abs=0.04)


def test_industries_have_their_shares(city):
    found = shares(e.industry for e in city.profiles())
    assert found == pytest.approx(wanted(INDUSTRIES.parts), abs=0.02)


def test_districts_have_their_shares(city):
    """Two blocks of the city hold a large group, which bends the shares a little."""
    found = shares(
        next(
            p.division
            for p in e.unit.presences
            if p.division or len(e.unit.presences) == 1
        )
        for e in city.profiles()
        if e.founded_on < date(2014, 1, 1)
    )
    for code, share in wanted([(d.code, d.share) for d in DISTRICTS]).items():
        assert found[code] == pytest.approx(share, abs=0.03)


def test_about_half_have_an_agency_and_the_first_has_most(city):
    clients = Counter(e.agency for e in city.profiles())
    assert clients[""] / city.enterprises == pytest.approx(0.45, abs=0.05)
    del clients[""]
    assert clients.most_common(1)[0][0] == city.agencies[0].credit_code


def test_there_are_groups_of_a_few_and_of_many(city):
    groups = Counter(e.group for e in city.profiles() if e.group)
    heads = {e.credit_code for e in city.profiles()}
    assert set(groups) <= heads
    assert max(groups.values()) == LARGE_GROUP
    assert 2 <= min(groups.values()) < 8
    assert 0.05 < groups.total() / city.enterprises < 0.15
    assert LARGE_GROUP <= BLOCK


def test_a_certificate_takes_about_ten_months(histories):
    times = [
        (certified - h.journey.day_of(PathStage.REGISTERED)).days
        for h in histories
        if (certified := h.journey.day_of(PathStage.CERTIFIED))
        and scenario_of(h.enterprise.number) is None
    ]
    assert 270 < median(times) < 420


def test_of_those_with_time_enough_about_a_third_are_certified(histories):
    early = [
        h.journey
        for h in histories
        if h.journey.entries
        and h.journey.entries[0].on < date(2024, 1, 1)
        and scenario_of(h.enterprise.number) is None
    ]
    certified = [j for j in early if j.day_of(PathStage.CERTIFIED)]
    assert len(certified) / len(early) == pytest.approx(0.28, abs=0.06)


def test_the_mean_number_of_assessments_is_what_was_asked_for(submitted):
    counts = Counter(a.holder for a in submitted)
    assert mean(counts.values()) == pytest.approx(4, abs=0.5)


def test_every_band_and_both_editions_occur(submitted):
    assert {a.band for a in submitted} == set(Band)
    assert {a.standard for a in submitted} == {
        Standard.ENTERPRISE_2013,
        Standard.ENTERPRISE_2023,
    }


def test_answer_patterns_have_their_shares(submitted):
    found = shares(a.pattern for a in submitted)
    assert found[Pattern.HONEST] == pytest.approx(0.95, abs=0.02)
    assert set(found) == set(Pattern)


def test_the_able_are_certified_more_often(histories):
    certified, others = [], []
    for history in histories:
        if scenario_of(history.enterprise.number) is None:
            done = history.journey.day_of(PathStage.CERTIFIED)
            (certified if done else others).append(history.enterprise.ability)
    assert mean(certified) > mean(others) + 0.3


def test_figures_say_that_they_are_a_model(city):
    assert {v.source for v in city.series()} == {"模型城市，非统计数据"}


def test_a_ratio_carries_its_denominator(city):
    ratios = [v for v in city.series() if v.indicator == "P2"]
    assert len(ratios) == 13
    assert all(v.value == 10_000 * v.numerator / v.denominator for v in ratios)
    assert ratios[-1].denominator_of == "2025-12-31"


# --- Planted histories --------------------------------------------------------

COUNTED = (Standard.ENTERPRISE_2013, Standard.ENTERPRISE_2023)


def living(histories, scenario):
    return [h for h in histories if scenario_of(h.enterprise.number) is scenario]


def own(history):
    return [c for c in history.certificates if c.standard in COUNTED]


def states(history):
    return [s.state for c in own(history) for s in c.states]


def issues(history):
    return [c.issue for c in own(history)]


def titles(history):
    return [(r.level, r.title, r.stage) for r in history.recognitions]


def results(history):
    return [r.result for t in history.recognitions for r in t.reviews]


def divisions(history):
    return [p.division for p in history.enterprise.unit.presences]


RECOGNISED = (Level.MUNICIPAL, Title.ADVANTAGE, Stage.RECOGNISED)
NATIONAL = (Level.NATIONAL, Title.ADVANTAGE, Stage.RECOGNISED)
DEMONSTRATION = (Level.NATIONAL, Title.DEMONSTRATION, Stage.RECOGNISED)

HAPPENS = {
    Scenario.MOVES_IN_CERTIFIED: lambda h: (
        divisions(h)[0] == ""
        and own(h)[0].issued_on < h.enterprise.unit.presences[0].until
    ),
    Scenario.MOVES_OUT_CERTIFIED: lambda h: (
        divisions(h)[-1] == ""
        and own(h)[0].issued_on < h.enterprise.unit.presences[-1].since
    ),
    Scenario.MOVES_BETWEEN_DISTRICTS: lambda h: (
        len(set(divisions(h)) - {"", "370614"}) >= 2 or "370614" in divisions(h)
    ),
    Scenario.RENAMED: lambda h: h.enterprise.former_names,
    Scenario.MERGED: lambda h: h.enterprise.unit.merged_into and own(h),
    Scenario.TAKES_OVER: own,
    Scenario.DEREGISTERED_WITH_TITLE: lambda h: (
        not h.enterprise.unit.merged_into
        and "企业注销" in [r.end_reason for r in h.recognitions]
    ),
    Scenario.BOUNDARIES_CHANGE: lambda h: (
        divisions(h)[-1] == "370614" and divisions(h)[0] in ("370684", "370634")
    ),
    Scenario.RECERTIFIED: lambda h: issues(h).count(Issue.RECERTIFICATION) >= 2,
    Scenario.UPGRADED: lambda h: Issue.UPGRADE in issues(h),
    Scenario.NOT_UPGRADED: lambda h: (
        own(h)[-1].states[-1].state is CertificateState.WITHDRAWN
        and own(h)[-1].states[-1].on > date(2025, 12, 31)
    ),
    Scenario.NOT_UPGRADED_STILL_VALID: lambda h: (
        own(h)[-1].standard is Standard.ENTERPRISE_2013
        and own(h)[-1].expires_on > date(2025, 12, 31)
        and not own(h)[-1].states
    ),
    Scenario.CHANGES_BODY: lambda h: (
        issues(h)[1] is Issue.CHANGE_OF_BODY and own(h)[0].body != own(h)[1].body
    ),
    Scenario.SUSPENDED: lambda h: states(h)[:2] == ["suspended", "valid"],
    Scenario.WITHDRAWN: lambda h: states(h)[0] is CertificateState.WITHDRAWN,
    Scenario.FRAUD: lambda h: own(h)[0].states[-1].fraud,
    Scenario.REGAINED: lambda h: (
        issues(h)[:2] == [Issue.INITIAL, Issue.INITIAL]
        and own(h)[0].expires_on < own(h)[1].first_issued_on
    ),
    Scenario.UNVERIFIED: lambda h: own(h)[0].verification is Verification.PENDING,
    Scenario.OTHER_STANDARD: lambda h: len(own(h)) < len(h.certificates),
    Scenario.GROUP_CERTIFICATE: lambda h: own(h)[0].group_holder,
    Scenario.ONLY_CULTIVATED: lambda h: RECOGNISED not in titles(h) and titles(h),
    Scenario.ALL_LEVELS: lambda h: (
        {r.level for r in h.recognitions if r.stage is Stage.RECOGNISED}
        >= {Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL}
    ),
    Scenario.PROMOTED: lambda h: (
        {NATIONAL, DEMONSTRATION} <= set(titles(h))
        and "晋升为国家知识产权示范企业" in [r.end_reason for r in h.recognitions]
    ),
    Scenario.REVIEW_FAILED: lambda h: ReviewResult.FAILED in results(h),
    Scenario.REVIEW_MISSED: lambda h: ReviewResult.MISSED in results(h),
    Scenario.REVIEW_PENDING: lambda h: [
        r
        for r in h.recognitions
        if r.stage is Stage.RECOGNISED
        and not r.ended_on
        and (r.reviews[-1].term_ends_on if r.reviews else r.term_ends_on)
        < date(2026, 12, 31)
    ],
    Scenario.COUNTY_TITLE: lambda h: Level.COUNTY in [t[0] for t in titles(h)],
    Scenario.OTHER_TITLE: lambda h: Title.OTHER in [t[1] for t in titles(h)],
    Scenario.VETOED: lambda h: any(r.vetoed_on for r in h.recognitions),
    Scenario.DROPS_OUT: lambda h: h.journey.dropped_on,
}
ANSWERED = {
    Scenario.ALL_TOP: Pattern.ALL_TOP,
    Scenario.STRAIGHT_LINE: Pattern.STRAIGHT_LINE,
    Scenario.HURRIED: Pattern.HURRIED,
}


def test_every_scenario_is_looked_for():
    assert set(HAPPENS) | set(ANSWERED) == set(Scenario)


@pytest.mark.parametrize("scenario", HAPPENS)
def test_a_planted_history_occurs(histories, scenario):
    assert any(HAPPENS[scenario](h) for h in living(histories, scenario))


@pytest.mark.parametrize("scenario", HAPPENS)
def test_a_planted_history_befalls_all_it_was_planted_for(histories, scenario):
    lives = living(histories, scenario)
    assert len(lives) >= 5
    missed = [h.enterprise.number for h in lives if not HAPPENS[scenario](h)]
    assert len(missed) <= 2


@pytest.mark.parametrize("scenario", ANSWERED)
def test_a_planted_pattern_occurs(submitted, histories, scenario):
    holders = {h.enterprise.credit_code for h in living(histories, scenario)}
    found = {a.pattern for a in submitted if a.holder in holders}
    assert ANSWERED[scenario] in found
