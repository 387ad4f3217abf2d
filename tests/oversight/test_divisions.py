"""Divisions: days, successors, and what people may choose today."""

from datetime import date
from itertools import pairwise

import pytest
from django.utils import translation

from accounts.districts import DISTRICTS
from oversight.divisions import (
    all_places,
    current_division,
    divisions,
    places_on,
    reporting_units,
    reporting_years,
)

TODAY = date(2026, 11, 27)


def test_what_people_may_choose_is_what_exists_today():
    assert {item.code for item in places_on(TODAY)} == {d.code for d in DISTRICTS}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_places_have_the_names_people_choose_by(language):
    with translation.override(language):
        names = {item.code: item.name for item in places_on(TODAY)}
        assert names == {d.code: str(d.name) for d in DISTRICTS}


def test_the_merger_of_2020_has_both_sides():
    before = {item.code for item in places_on(date(2020, 6, 4))}
    after = {item.code for item in places_on(date(2020, 6, 5))}
    assert before - after == {"370634", "370684"}
    assert after - before == {"370614"}


@pytest.mark.parametrize(
    ("code", "now"), [("370684", "370614"), ("370634", "370614"), ("370602", "370602")]
)
def test_abolished_places_lead_to_their_successor(code, now):
    assert current_division(code) == now


def test_successors_exist_from_the_day_on():
    for item in divisions().values():
        if item.successor:
            assert divisions()[item.successor].exists_on(item.until)


@pytest.mark.parametrize("year", range(2016, 2027))
def test_who_reports_in_a_year_existed_in_it(year):
    for unit in reporting_units(year):
        days = (date(year, 1, 1), date(year, 12, 31))
        assert any(unit.exists_on(day) for day in days), unit.code


def test_the_lists_of_reporting_units_leave_no_year_out():
    spans = [(years.first, years.last) for years in reporting_years()]
    for (_first, last), (first, _last) in pairwise(spans):
        assert first == last + 1
    assert reporting_units(2015) == ()


def test_overlays_are_no_places():
    assert {"ftz", "sino_korean", "370600"}.isdisjoint(i.code for i in all_places())
