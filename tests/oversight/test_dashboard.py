"""The dashboard's numbers: public facts exact, everything else as published."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.rules import Kind, Role
from oversight.counting.facts import Level, Standard
from oversight.counting.judging import Status
from oversight.counting.pipeline import PipelineStage
from oversight.counting.wording import pace_words
from oversight.dashboard import Dashboard, current_plan, dashboard
from oversight.disclosure.tables import Note, NoteCode, Table
from oversight.models import Certificate
from oversight.waiting import Work, waiting
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
)
from tests.oversight.published import by_days, one_way, refused, stored
from tests.oversight.registers import Bureau, holder

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
MOST_QUERIES = 15


def board(bureau: Bureau, at: datetime = AT) -> Dashboard:
    return dashboard(bureau.first.user, at=at)


def certified(bureau: Bureau, number: int, day: date, **changes: Any) -> None:
    """Let an enterprise hold a verified certificate first issued on a day."""
    bureau.verified_certificate(
        at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
        number=f"165IP{day:%y}{number:04d}R0M",
        holder=holder(number),
        first_issued_on=day,
        issued_on=day,
        expires_on=day + timedelta(days=1095),
        **changes,
    )


def test_first_certifications_of_the_running_year_go_by_the_outlines_rule(
    bureau: Bureau,
) -> None:
    certified(bureau, 1, date(2025, 12, 31))
    certified(bureau, 2, date(2026, 1, 5))
    certified(bureau, 3, date(2026, 10, 8))
    count = board(bureau).certified
    assert count.by_year == {2025: 1, 2026: 2}
    assert count.judgement.value == 2
    assert count.judgement.status is Status.BEHIND
    # 20 November is day 324 of 365.
    assert count.judgement.even_pace_today == Fraction(10 * 324, 365)
    assert pace_words(count.judgement)["zh"] == "2/10，按进度应为 8.9"


def test_advantage_enterprises_are_those_of_today_and_not_capped(
    bureau: Bureau,
) -> None:
    for number in range(1, 4):
        bureau.verify(bureau.recognition(holder=holder(number)))
    bureau.verify(bureau.recognition(holder=holder(4), level=Level.COUNTY))
    count = board(bureau).advantage
    assert count.judgement.value == 3
    assert count.by_category == {"municipal": 3}
    assert count.judgement.even_pace_today is None


def test_more_than_the_target_is_more_than_a_hundred_per_cent(bureau: Bureau) -> None:
    for number in range(1, 12):
        certified(bureau, number, date(2026, 2, 2))
    judged = board(bureau).certified.judgement
    assert judged.percent_done == 110
    assert judged.status is Status.MET


def test_without_a_snapshot_only_public_facts_are_there(bureau: Bureau) -> None:
    certified(bureau, 1, date(2026, 1, 5))
    found = board(bureau)
    assert (found.snapshot, found.before, found.gaps) == (None, None, ())
    assert found.pipeline.stages == ()
    assert found.table("band") is None
    assert sum(sum(d.holders) for d in found.districts) == 1
    assert {d.submitted for d in found.districts} == {None}
    assert found.growth.outlook is None
    assert [p.total for p in found.growth.points] == [1] * 11
    assert found.needs.missing_month == "2026-10"


def test_stages_come_from_the_last_snapshot_with_waits_and_medians(
    bureau: Bureau,
) -> None:
    waits = {("improving", "183"): 15, ("improving", "731"): 5}
    stored(1, "2026-10", wait=by_days("wait", waits, of=1))
    found = board(bureau).pipeline
    line = found.stages[3]
    assert line.stage is PipelineStage.IMPROVING
    assert (line.now.value if line.now else None) == 20
    assert (line.median_days, line.moved, line.waiting_long) == (40, 30, 20)
    assert found.stalled == line


def test_nobody_stalls_where_nobody_waits_long(bureau: Bureau) -> None:
    stored(1, "2026-10", wait=by_days("wait", {("improving", "0"): 15}, of=1))
    assert board(bureau).pipeline.stalled is None


def test_districts_stand_with_exact_holders_beside_published_submissions(
    bureau: Bureau,
) -> None:
    certified(bureau, 1, date(2026, 1, 5))
    merged = one_way("district", {"370602": 25, "370611+370612": 10}, of=1)
    stored(1, "2026-10", district=merged)
    first, second = board(bureau).districts
    assert (first.codes, first.holders) == (("370602",), (1,))
    assert first.submitted is not None
    assert first.submitted.value == 25
    assert (second.codes, second.holders) == (("370611", "370612"), (0, 0))


def test_holders_in_no_district_listed_are_told_apart(bureau: Bureau) -> None:
    certified(bureau, 1, date(2026, 1, 5))
    stored(1, "2026-10", district=one_way("district", {"370611": 25}, of=1))
    assert board(bureau).elsewhere == 1


def test_a_certificate_that_ended_leaves_the_holders(bureau: Bureau) -> None:
    day = date(2023, 5, 5)
    certified(bureau, 1, day, standard=Standard.ENTERPRISE_2013)
    found = board(bureau).book.holders
    assert (found.total, found.by_edition) == (0, {})


def test_changes_compare_two_months_and_two_snapshots(bureau: Bureau) -> None:
    certified(bureau, 1, date(2026, 9, 5))
    certified(bureau, 2, date(2026, 10, 5))
    certified(bureau, 3, date(2026, 10, 6))
    certified(bureau, 4, date(2026, 11, 6))
    stored(1, "2026-09")
    stored(2, "2026-10", band=one_way("band", {"A": 55, "B": 100}, of=2, total=155))
    changes = board(bureau).changes
    assert str(changes.month) == "2026-10"
    assert (changes.certified, changes.certified_before) == (2, 1)
    assert (changes.submitted.now, changes.submitted.before) == (155, 160)
    assert (changes.ready.now, changes.ready.before) == (55, 40)


def test_a_hidden_number_is_no_change(bureau: Bureau) -> None:
    stored(1, "2026-09")
    stored(2, "2026-10", band=one_way("band", {"A": None, "B": 100}, of=2))
    changes = board(bureau).changes
    assert not changes.ready.known
    assert not changes.submitted.known


def test_a_refused_month_leaves_the_last_snapshot_and_asks_for_somebody(
    bureau: Bureau,
) -> None:
    stored(1, "2026-09")
    kept = refused("2026-10")
    found = board(bureau)
    assert found.snapshot is not None
    assert found.snapshot.month == "2026-09"
    assert found.needs.refused == kept
    assert found.needs.missing_month == ""


def test_a_refusal_that_was_made_good_is_forgotten(bureau: Bureau) -> None:
    refused("2026-10")
    stored(1, "2026-10")
    needs = board(bureau).needs
    assert (needs.refused, needs.missing_month) == (None, "")


def test_what_waits_is_counted_by_kind(bureau: Bureau) -> None:
    bureau.certificate(number="165IP250009R0M")
    bureau.recognition()
    certified(bureau, 2, date(2026, 1, 5))
    day = AT.date()
    bureau.verified_certificate(
        number="165IP240001R0M",
        holder=holder(5),
        first_issued_on=date(2024, 3, 1),
        issued_on=date(2024, 3, 1),
        expires_on=day + timedelta(days=90),
    )
    OrganisationFactory(claim="pending")
    work = dashboard(bureau.second.user, at=AT).needs.work
    assert work == {
        Work.CERTIFICATES: 1,
        Work.TITLES: 1,
        Work.IMPORTS: 0,
        Work.CLAIMS: 1,
        Work.ACCESSES: 0,
        Work.EXPIRING: 1,
    }
    analyst = board(bureau).needs.work
    assert (analyst[Work.CLAIMS], analyst[Work.CERTIFICATES]) == (0, 1)


def test_nobody_else_sees_a_snapshot(bureau: Bureau, owner: Any) -> None:
    stored(1, "2026-10")
    office = bureau.first.organisation
    operator = MembershipFactory(organisation=office, role=Role.OPERATOR)
    agency = MembershipFactory(organisation=OrganisationFactory(kind=Kind.AGENCY))
    for person in (owner, operator, agency):
        assert dashboard(person.user, at=AT).snapshot is None
    assert board(bureau).snapshot is not None


def test_the_forecast_is_silent_on_few_steps_and_lists_what_is_under_way(
    bureau: Bureau,
) -> None:
    certified(bureau, 1, date(2026, 3, 5))
    stored(1, "2026-10", stay=by_days("stay", {}, of=1))
    found = board(bureau).growth
    assert found.outlook is not None
    assert found.outlook.forecast.silent
    assert found.fan == ()
    assert [p.total for p in found.points] == [0, 0] + [1] * 9


def test_the_fan_begins_where_the_snapshot_ends(bureau: Bureau) -> None:
    certified(bureau, 1, date(2026, 10, 5))
    certified(bureau, 2, date(2026, 11, 5))
    stored(1, "2026-10")
    found = board(bureau).growth
    assert [str(p.month) for p in found.points][-1] == "2026-10"
    assert found.points[-1].total == 1
    assert [str(f.month) for f in found.fan] == ["2026-11", "2026-12"]
    assert all(1 <= f.low <= f.middle <= f.high for f in found.fan)
    assert found.outlook is not None
    assert found.outlook.forecast.needed == 9


def test_a_snapshot_of_another_year_gives_no_forecast(bureau: Bureau) -> None:
    stored(1, "2025-06")
    assert board(bureau).growth.outlook is None


def test_last_decembers_snapshot_stands_for_the_beginning_of_the_year(
    bureau: Bureau,
) -> None:
    certified(bureau, 1, date(2025, 12, 5))
    stored(1, "2025-12")
    found = board(bureau, datetime(2026, 1, 10, 2, tzinfo=UTC)).growth
    assert found.points == ()
    assert len(found.fan) == 12


def test_the_plan_in_force_is_the_one_that_covers_the_day() -> None:
    assert current_plan(date(2018, 5, 5)).id == "2016-2020"
    assert current_plan(date(2021, 5, 5)).id == "2016-2020"
    assert current_plan(date(2026, 5, 5)).id == "2025-2027"
    assert current_plan(date(2015, 5, 5)).id == "2025-2027"


def test_the_page_takes_few_queries_however_much_there_is(
    bureau: Bureau, signed_in: Any, shipped_banks: None
) -> None:
    client = signed_in(bureau.second)
    month = date.today().replace(day=1)  # noqa: DTZ011 - any month of the past
    for number in (1, 2):
        month -= timedelta(days=1)
        stored(3 - number, f"{month:%Y-%m}")
        month = month.replace(day=1)
    asked(client)  # the banks of the standard are compiled once in a process
    for number in range(1, 7):
        certified(bureau, number, date(2026, 1, 5))
    counted_anew = asked(client)
    kept = asked(client)
    assert counted_anew <= MOST_QUERIES
    assert kept <= 10


def asked(client: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("oversight")).status_code == 200
    return len(queries)


def test_only_those_who_keep_the_registers_have_something_waiting(
    bureau: Bureau,
) -> None:
    """An enterprise sees its own certificate, and yet there is no work for it."""
    certificate = bureau.certificate()
    enterprise = OrganisationFactory(credit_code=holder().credit_code)
    owner = MembershipFactory(organisation=enterprise, role=Role.OWNER).user
    assert list(Certificate.objects.visible_to(owner)) == [certificate]
    assert list(Certificate.objects.kept_by(owner)) == []
    assert list(Certificate.objects.kept_by(bureau.first.user)) == [certificate]
    assert sum(waiting(owner, date(2026, 1, 1)).values()) == 0


def test_a_two_way_table_waits_for_enterprises(bureau: Bureau) -> None:
    stored(1, "2026-10")
    shown = board(bureau).table("zone_industry")
    assert shown is not None
    assert shown.notes == (Note(NoteCode.SHOWN_FROM, 150),)
    assert isinstance(shown, Table)
