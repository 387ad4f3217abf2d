"""What holds of every count, over random registers."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings, strategies as st

from oversight.counting.advantage import (
    AdvantageRule,
    count_advantage_enterprises,
    count_ever_recognised,
    holdings_by_tier,
)
from oversight.counting.as_known import Revision, facts_as_known
from oversight.counting.counting_rules import count_indicator, figures_for
from oversight.counting.facts import Enterprise, Issue, Stage, Title, Verification
from oversight.counting.first_certifications import count_first_certifications
from oversight.counting.judging import judge
from oversight.counting.reasons import FLAG_WORDS, WORDS, Flag, Outcome, Reason
from oversight.counting.title_flow import count_title_flow
from oversight.counting.valid_stock import count_valid_stock
from oversight.plan_files import shipped_plans
from tests.counting.builders import SUCCESSORS
from tests.counting.strategies import (
    DIVISIONS,
    a_certificate,
    a_history,
    a_recognition,
    days,
    dice,
    mixed,
    registers,
)

RULE = AdvantageRule(180, {"专利明星": Title.ADVANTAGE})
COUNTS = {
    "first certifications": lambda f, d: count_first_certifications(
        f, d, successors=SUCCESSORS
    ),
    "valid stock": lambda f, d: count_valid_stock(f, d, SUCCESSORS),
    "advantage": lambda f, d: count_advantage_enterprises(f, d, RULE, SUCCESSORS),
    "ever recognised": lambda f, d: count_ever_recognised(
        f, d, (2016, 2020), RULE, SUCCESSORS
    ),
    "recognised": lambda f, d: count_title_flow(f, d, Stage.RECOGNISED, SUCCESSORS),
    "cultivated": lambda f, d: count_title_flow(f, d, Stage.CULTIVATED, SUCCESSORS),
}
law = settings(max_examples=50, deadline=None, database=None)
every_count = pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)


@every_count
@law
@given(known=registers, day=days)
def test_the_total_is_the_sum_of_counted_units(count, known, day):
    tally = count(known, day)

    assert tally.total == sum(line.counted for line in tally.lines)
    assert tally.total == sum(tally.by_year().values())
    assert tally.total == sum(tally.by_category().values())
    assert tally.total == len({line.holder for line in tally.counted})


@every_count
@law
@given(known=registers, day=days)
def test_every_certificate_or_title_has_exactly_one_line(count, known, day):
    lines = Counter(line.fact_id for line in count(known, day).lines)
    of_titles = {r.id: 1 for r in known.recognitions}
    of_certificates = {c.id: 1 for c in known.certificates}

    assert dict(lines) in (of_titles, of_certificates)


@every_count
@law
@given(known=registers, day=days, roll=dice)
def test_the_order_of_facts_is_irrelevant(count, known, day, roll):
    assert count(mixed(roll, known), day) == count(known, day)


@every_count
@law
@given(known=registers, day=days)
def test_current_boundaries_move_units_and_lose_none(count, known, day):
    tally = count(known, day)
    then, now = tally.by_division(current=False), tally.by_division(current=True)

    assert sum(then.values()) == sum(now.values()) == tally.total
    assert not {"370634", "370684", ""} & set(now)
    assert now.get("370614", 0) == sum(
        then.get(code, 0) for code in ("370614", "370634", "370684")
    )


@law
@given(known=registers, day=days)
def test_every_line_has_its_reason_in_both_languages(known, day):
    for count in COUNTS.values():
        for line in count(known, day).lines:
            assert line.reason.words["zh"][:2] in ("计入", "未计", "待核")
            assert line.reason.words["en"]


def test_every_reason_and_flag_has_words():
    assert set(WORDS) == set(Reason)
    assert set(FLAG_WORDS) == set(Flag)
    assert len({words["zh"] for words in WORDS.values()}) == len(Reason)
    assert all(set(words) == {"zh", "en"} for words in WORDS.values())
    assert {r.outcome for r in Reason} == set(Outcome)


@law
@given(known=registers, day=days, more=st.integers(1, 1200), roll=dice)
def test_a_renewal_never_changes_the_first_certifications(known, day, more, roll):
    """Whoever has a verified certificate of their own gets another round of it."""
    verified = [
        c
        for c in known.certificates
        if c.verification is Verification.VERIFIED
        and not c.group_holder
        and not any(change.fraud for change in c.states)
    ]
    assume(verified)
    old = roll.choice(verified)
    renewal = replace(
        old,
        number=f"{old.number}R1",
        issue=roll.choice([i for i in Issue if i is not Issue.INITIAL]),
        issued_on=old.issued_on + timedelta(more),
        states=(),
        id="renewal",
    )
    wider = replace(known, certificates=(*known.certificates, renewal))

    before = count_first_certifications(known, day).by_year()
    assert count_first_certifications(wider, day).by_year() == before


@law
@given(known=registers, day=days, roll=dice)
def test_another_certificate_adds_at_most_its_holder(known, day, roll):
    extra = a_certificate(roll, 99)
    before = {x.holder for x in count_first_certifications(known, day).counted}
    wider = replace(known, certificates=(*known.certificates, extra))
    after = {x.holder for x in count_first_certifications(wider, day).counted}

    assert after - before <= {extra.holder}


@law
@given(known=registers, day=days, later=st.integers(0, 900))
def test_a_year_that_is_over_keeps_its_first_certifications(known, day, later):
    """The same facts asked about on a later day give the same past years."""
    now = count_first_certifications(known, day).by_year()
    then = count_first_certifications(known, day + timedelta(later)).by_year()

    past = range(2014, day.year)
    assert [now.get(y, 0) for y in past] == [then.get(y, 0) for y in past]


@law
@given(known=registers, day=days, roll=dice)
def test_another_title_adds_at_most_its_holder(known, day, roll):
    extra = a_recognition(roll, 99)
    wider = replace(known, recognitions=(*known.recognitions, extra))
    before = count_advantage_enterprises(known, day, RULE)
    after = count_advantage_enterprises(wider, day, RULE)

    assert {x.holder for x in after.counted} - {x.holder for x in before.counted} <= {
        extra.holder
    }


@law
@given(known=registers, day=days)
def test_exclusive_tiers_never_exceed_holdings(known, day):
    exclusive = count_advantage_enterprises(known, day, RULE).by_category()
    holdings = holdings_by_tier(known, day, RULE)

    assert all(holdings[tier] >= count for tier, count in exclusive.items())


@law
@given(known=registers, day=days)
def test_the_cultivated_never_count_as_recognised(known, day):
    cultivated = replace(
        known,
        recognitions=tuple(
            replace(r, stage=Stage.CULTIVATED) for r in known.recognitions
        ),
    )

    assert count_advantage_enterprises(cultivated, day, RULE).total == 0


def correction(roll, revision, recorded_on, order):
    """A later word on the same thing: taken back, or verified otherwise."""
    fact = revision.fact
    if roll.random() < 0.3 or not hasattr(fact, "verification"):
        return Revision(revision.key, recorded_on, None, order)
    other = replace(fact, verification=roll.choice([*Verification]))
    return Revision(revision.key, recorded_on, other, order)


def bulletin(known, day):
    plan = shipped_plans()[0]
    indicators = [plan.indicator(name) for name in ("P4", "P5")]
    return [
        (
            count_indicator(indicator, known, day, SUCCESSORS),
            judge(indicator, figures_for(indicator, known, day), day),
        )
        for indicator in indicators
    ]


@law
@given(roll=dice, day=days)
def test_last_years_bulletin_stays_what_it_was(roll, day):
    """Judged by what was known on a day, later corrections change nothing."""
    revisions = a_history(roll)
    printed = bulletin(facts_as_known(revisions, day), day)
    later = [
        correction(roll, revision, day + timedelta(1 + n), 1000 + n)
        for n, revision in enumerate(roll.sample(revisions, 8))
    ]

    assert bulletin(facts_as_known([*later, *revisions], day), day) == printed


def test_a_correction_is_known_from_its_day_on():
    holder = Enterprise("91", "A")
    renamed = Enterprise("91", "B")
    revisions = [
        Revision("a", date(2018, 5, 1), renamed, 2),
        Revision("a", date(2018, 5, 1), holder, 1),
        Revision("a", date(2018, 5, 3), None, 3),
    ]
    known = [facts_as_known(revisions, date(2018, 4, 29 + n)) for n in (1,)]
    known += [facts_as_known(revisions, date(2018, 5, n)) for n in (1, 2, 3)]

    assert [facts.enterprises for facts in known] == [(), (renamed,), (renamed,), ()]


def test_the_strategies_hold_the_divisions_that_were_merged():
    assert set(SUCCESSORS) < set(DIVISIONS)
