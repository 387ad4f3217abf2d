"""A plan on a day, as known on a day, and every unit behind its numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from oversight.counting.facts import Stage
from oversight.counting.figures import Measure
from oversight.counting.reasons import Outcome, Reason
from oversight.models import Certificate, Via
from oversight.plan_standing import (
    LineChoice,
    counted_lines,
    figures_behind,
    find_plan,
    indicator_standing,
    plan_standing,
)
from oversight.services.series import enter_figure
from oversight.services.verifying import void_record
from tests.oversight.published import issued
from tests.oversight.registers import FORM, NOON, Bureau, holder, series_entry

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
OUTLINE = find_plan("2016-2020")
P4 = OUTLINE.indicator("P4")


def certified(bureau: Bureau, number: int, day: date) -> Any:
    return bureau.verified_certificate(**issued(number, day))


def test_what_was_published_comes_out_again_after_a_correction(bureau: Bureau) -> None:
    certificate = certified(bureau, 1, date(2018, 5, 6))
    certified(bureau, 2, date(2018, 7, 6))
    later = datetime(2026, 4, 2, 4, tzinfo=UTC)
    void_record(
        model=Certificate,
        record_id=certificate.pk,
        seq=certificate.latest.seq,
        reason="录错了",
        via=Via.FORM,
        actor=bureau.first.user,
        at=later,
    )
    bureau.verify(Certificate.objects.get(pk=certificate.pk), at=later)

    def value(known_on: date) -> Fraction | None:
        standing = indicator_standing(OUTLINE, P4, DAY, known_on=known_on)
        return standing.count.judgement.value

    assert value(date(2026, 3, 2)) == 2
    assert value(date(2026, 4, 2)) == 1


def test_a_plan_that_is_over_compares_its_last_two_years(bureau: Bureau) -> None:
    for number, year in enumerate((2019, 2019, 2020, 2020, 2020), start=1):
        certified(bureau, number, date(year, 5, 6))
    found = indicator_standing(OUTLINE, P4, DAY, known_on=DAY).compared
    assert found is not None
    assert (found.year, found.day) == (2020, None)
    assert found.movement.percent == 50


def test_a_running_count_is_compared_with_the_same_day_a_year_before(
    bureau: Bureau,
) -> None:
    plan = find_plan("2025-2027")
    for number, day in enumerate(
        (date(2025, 2, 1), date(2025, 9, 1), date(2026, 2, 1), date(2026, 2, 9)),
        start=1,
    ):
        record = bureau.recognition(
            holder=holder(number), stage=Stage.CULTIVATED, since=day, term_ends_on=None
        )
        bureau.verify(record)
    (found,) = (
        one
        for one in plan_standing(plan, DAY, known_on=DAY)
        if one.count.indicator.id == "N25-cultivated"
    )
    assert found.compared is not None
    assert (found.compared.year, found.compared.day) == (2026, DAY)
    assert found.compared.movement.difference == 1


def test_shares_move_by_percentage_points(bureau: Bureau) -> None:
    for period, value in (("2018", Decimal(95)), ("2019", Decimal(97))):
        entry = series_entry(
            indicator="T4",
            period=period,
            value=value,
            numerator=None,
            denominator=None,
            denominator_of="",
        )
        enter_figure(entry=entry, actor=bureau.first.user, at=NOON, **FORM)
    indicator = OUTLINE.indicator("T4")
    found = indicator_standing(OUTLINE, indicator, DAY, known_on=DAY).compared
    assert found is not None
    assert (found.movement.measure, found.movement.told) == (Measure.POINTS, 2)
    assert [one.period for one in figures_behind(indicator, known_on=DAY)] == [
        "2018",
        "2019",
    ]
    assert counted_lines(OUTLINE, indicator, DAY, known_on=DAY) == ()


def test_lines_are_chosen_by_year_outcome_and_place(bureau: Bureau) -> None:
    certified(bureau, 1, date(2018, 5, 6))
    certified(bureau, 2, date(2019, 5, 6))
    bureau.certificate(**issued(9, date(2019, 6, 6)))
    lines = counted_lines(OUTLINE, P4, DAY, known_on=DAY)
    assert [line.reason for line in lines] == [
        Reason.FIRST,
        Reason.FIRST,
        Reason.UNVERIFIED,
    ]
    assert len(LineChoice(year=2019).of(lines)) == 2
    assert len(LineChoice(outcome=Outcome.TO_VERIFY).of(lines)) == 1
    assert LineChoice(division="370611").of(lines) == ()
    assert LineChoice(2019, Outcome.COUNTED, "370602").of(lines) == lines[1:2]
    assert LineChoice().of(lines) == lines


def test_a_plan_nobody_made_is_not_found() -> None:
    with pytest.raises(KeyError):
        find_plan("2030-2035")
