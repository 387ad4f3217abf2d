"""Counting in less time gives the same counts, and they are made before one asks."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from assessments.local_day import local_date
from oversight.count_book import book_for
from oversight.counting.advantage import (
    AdvantageRule,
    advantage_total,
    count_advantage_enterprises as with_lines,
)
from oversight.counting.counting_rules import Counts, count_indicator, figures_for
from oversight.known import counted_facts_known_on, facts_known_on
from oversight.plan_files import shipped_plans
from oversight.tasks import make_count_book
from tests.fixtures_city import LoadedCity
from tests.oversight.registers import Bureau

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
DAYS = (date(2017, 6, 30), date(2020, 12, 31), TODAY)


def test_counting_rests_on_holders_alone(model_city: LoadedCity) -> None:
    for known_on in DAYS:
        every, holders = facts_known_on(known_on), counted_facts_known_on(known_on)
        assert len(holders.enterprises) < len(every.enterprises)
        assert holders.certificates == every.certificates
        assert holders.recognitions == every.recognitions
        room = Counts(holders, {"370634": "370614", "370684": "370614"})
        for plan in shipped_plans():
            for indicator in plan.indicators:
                asked = indicator, every, known_on, room._successors
                assert room.tally(indicator, known_on) == count_indicator(*asked)
                assert room.figures(indicator, known_on) == figures_for(*asked)


def test_the_total_of_titles_is_that_of_the_lines(model_city: LoadedCity) -> None:
    facts = facts_known_on(TODAY)
    rules = (AdvantageRule(), AdvantageRule(grace_days=180))
    for day in DAYS:
        for rule in rules:
            whole = with_lines(facts, day, rule).total
            assert advantage_total(facts, day, rule) == whole
    assert advantage_total(facts, TODAY, rules[0]) > 0


def test_the_task_makes_the_book_readers_ask_for(
    bureau: Bureau, django_assert_num_queries: Any
) -> None:
    bureau.verified_certificate()
    make_count_book()
    today = local_date(timezone.now())
    with django_assert_num_queries(1):
        book = book_for(today, known_on=today)
    assert book.certified.by_year == {2025: 1}
