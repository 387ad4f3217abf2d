"""What holds for every enterprise of the model, whatever chance did."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from accounts.credit_code import find_problem
from oversight.city.assessments import Pattern
from oversight.city.certificates import EDITION_2023
from oversight.city.credit_codes import AGENCY, credit_code
from oversight.city.journey import ORDER, PathStage, month_end
from oversight.city.mixes import DISTRICTS, Size, floors_of
from oversight.counting.facts import (
    CertificateState,
    Issue,
    Level,
    Stage,
    Standard,
    Title,
)


def test_credit_codes_have_right_check_characters(city):
    made = [enterprise.credit_code for enterprise in city.profiles()]
    made += [o.credit_code for o in (*city.agencies, *city.bodies)]
    assert not [code for code in made if find_problem(code)]


def test_credit_codes_differ_and_show_what_they_are(city):
    made = [enterprise.credit_code for enterprise in city.profiles()]
    assert len(set(made)) == city.enterprises
    assert all(code[8:10] == "XX" and code[10:16].isdigit() for code in made)


def test_an_agency_never_has_the_code_of_an_enterprise():
    assert credit_code(7, AGENCY) != credit_code(7)


def test_a_number_without_a_code_is_refused():
    with pytest.raises(ValueError, match="999999"):
        credit_code(1_000_000)


def test_names_say_that_they_are_a_model(city):
    assert all(e.unit.name.startswith("示例城市企业 ") for e in city.profiles())


def test_presences_follow_one_another(city):
    for enterprise in city.profiles():
        stays = enterprise.unit.presences
        assert stays[0].since == enterprise.founded_on
        assert stays[-1].until is None
        assert all(a.until == b.since for a, b in pairwise(stays))
        assert all(p.since < p.until for p in stays if p.until)


def test_dissolved_districts_hold_nobody_after_the_change(city):
    dissolved = {district.code for district in DISTRICTS if district.successor}
    stays = [p for e in city.profiles() for p in e.unit.presences]
    late = [p for p in stays if (p.until or date.max) > date(2020, 6, 5)]
    assert not dissolved & {p.division for p in late}


def test_staff_and_revenue_make_the_size_class(city):
    classes = list(Size)
    for enterprise in city.profiles():
        floors = floors_of(enterprise.industry)
        reached = sum(
            enterprise.staff >= staff and enterprise.revenue >= revenue
            for staff, revenue in floors
        )
        assert classes[reached] is enterprise.size


def test_who_was_taken_over_names_one_that_lives_on(city):
    units = {e.credit_code: e.unit for e in city.profiles()}
    heirs = [units[u.merged_into] for u in units.values() if u.merged_into]
    assert heirs
    assert not [heir for heir in heirs if heir.deregistered_on]


def test_stages_are_entered_in_order_without_a_gap(histories):
    for history in histories:
        entries = history.journey.entries
        assert tuple(e.stage for e in entries) == ORDER[: len(entries)]
        assert all(a.on <= b.on for a, b in pairwise(entries))


def test_the_system_runs_three_months_before_the_application(histories):
    for history in histories:
        running = history.journey.day_of(PathStage.RUNNING)
        applied = history.journey.day_of(PathStage.APPLIED)
        assert not applied or applied - running >= timedelta(days=92)


def test_months_tell_the_stage_at_their_end(histories):
    journey = next(h.journey for h in histories if len(h.journey.entries) == 8)
    months = list(journey.months(date(2026, 12, 31)))
    first = journey.entries[0]
    assert months[0] == (
        f"{first.on:%Y-%m}",
        journey.stage_at(month_end(first.on)),
    )
    assert months[-1] == ("2026-12", PathStage.CERTIFIED)


def test_who_dropped_out_has_no_stage_from_then_on(histories):
    journey = next(h.journey for h in histories if h.journey.dropped_on)
    dropped = journey.dropped_on
    assert journey.stage_at(dropped) is None
    assert journey.stage_at(dropped - timedelta(days=1)) is journey.entries[-1].stage


def test_certificates_have_days_in_order(histories):
    for certificate in (c for h in histories for c in h.certificates):
        assert certificate.first_issued_on <= certificate.issued_on
        assert certificate.issued_on <= certificate.expires_on
        days = [certificate.issued_on, *(state.on for state in certificate.states)]
        assert days == sorted(days)
        assert days[-1] <= date(2026, 12, 31)


def test_certificate_numbers_and_ids_are_unique(histories):
    certificates = [c for h in histories for c in h.certificates]
    shape = re.compile(r"[0-9A-Z][0-9A-Z\-/]{7,29}")
    assert all(shape.fullmatch(c.number) for c in certificates)
    assert len({c.number for c in certificates}) == len(certificates)
    assert len({c.id for c in certificates}) == len(certificates)


def test_nobody_issues_an_edition_before_it_was_there(histories):
    early = [
        c.standard
        for h in histories
        for c in h.certificates
        if c.issued_on < EDITION_2023
    ]
    assert Standard.ENTERPRISE_2023 not in early


def test_an_upgrade_keeps_first_issue_and_expiry_and_ends_the_old_one(histories):
    for history in histories:
        for old, new in pairwise(history.certificates):
            if new.issue is Issue.UPGRADE:
                assert new.expires_on == old.expires_on
                assert new.first_issued_on == old.first_issued_on
                assert old.states[-1].state is CertificateState.CANCELLED
                assert old.states[-1].on == new.issued_on


def test_two_certificates_of_the_standard_are_never_in_force_for_long(histories):
    for history in histories:
        own = [c for c in history.certificates if c.standard.for_enterprises]
        for old, new in pairwise(own):
            ended = [
                s.on for s in old.states if s.state is not CertificateState.SUSPENDED
            ]
            end = min([old.expires_on, *ended])
            assert end - new.issued_on <= timedelta(days=60)


def test_nobody_is_certified_or_titled_after_the_end(histories):
    for history in histories:
        closed = history.enterprise.unit.deregistered_on
        if closed:
            days = [c.issued_on for c in history.certificates]
            days += [r.since for r in history.recognitions]
            assert all(day <= closed for day in days)
            assert all(r.ended_on for r in history.recognitions)


def test_the_ladder_is_climbed_in_order(histories):
    for history in histories:
        steps = [
            r
            for r in history.recognitions
            if r.level is Level.MUNICIPAL and r.title is Title.ADVANTAGE
        ]
        assert [r.stage for r in steps] in (
            [],
            [Stage.CULTIVATED],
            [Stage.CULTIVATED, Stage.RECOGNISED],
        )
        higher = [r.since for r in history.recognitions if r.level is Level.NATIONAL]
        assert higher == sorted(higher)
        assert not higher or steps[-1].since < higher[0]


def test_a_review_follows_the_term_and_a_pass_begins_another(histories):
    for given in (r for h in histories for r in h.recognitions):
        for review in given.reviews:
            assert review.on > given.since
            assert (review.term_ends_on is not None) == (review.result == "passed")


def test_scores_follow_from_the_answers(submitted):
    for given in submitted:
        share = 100 * sum(given.levels) / (4 * len(given.levels))
        assert given.score == round(share, 1)
        assert len(given.levels) == len(given.questionnaire.questions)
        assert given.evidenced <= given.score


def test_gaps_are_the_clauses_answered_below_level_two(submitted):
    given = next(a for a in submitted if a.gaps)
    weak = {
        question.clause
        for question, level in zip(
            given.questionnaire.questions, given.levels, strict=True
        )
        if level < 2
    }
    assert set(given.gaps) == weak


def test_all_top_comes_within_two_minutes(submitted):
    quick = [a for a in submitted if a.pattern is Pattern.ALL_TOP]
    assert quick
    assert all(a.score == 100 and a.seconds < 120 for a in quick)
    assert all(a.minutes < 2 for a in quick)


def test_assessments_come_by_day_and_with_ids_of_their_own(submitted):
    assert len({a.id for a in submitted}) == len(submitted)
    for before, after in pairwise(submitted):
        if before.holder == after.holder:
            assert before.submitted_on < after.submitted_on
