"""Calibration in the database: who speaks, what is kept, and who may read it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.rules import Kind, Role
from assessments.models import Assessment
from oversight.calibrating import forms, months_later, pairs_on, sheets_on
from oversight.calibration.findings import Questions
from oversight.calibration_shown import editions_of
from oversight.entries import Holder
from oversight.models import CalibrationLedger, CalibrationReport, SubmittedFigures
from oversight.services.snapshots import take_snapshot
from oversight.standing import STANDARD_BANKS
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_city import LOADED_AT, LoadedCity, load_model_city
from tests.oversight.registers import Bureau

pytestmark = pytest.mark.django_db

SECRET = b"a secret key for tests, 32 bytes"
DAY = date(2026, 10, 31)
BANK = STANDARD_BANKS[0]


@pytest.fixture
def asks(small_version: Any) -> Any:
    """Return a function that lets an enterprise submit figures on a day."""

    def submit(enterprise: Any, on: date, **values: Any) -> SubmittedFigures:
        at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
        person = MembershipFactory(organisation=enterprise).user
        assessment = Assessment.objects.create(
            enterprise=enterprise,
            bank_version=small_version,
            created_by=person,
            created_at=at,
            status=Assessment.Status.SUBMITTED,
            submitted_by=person,
            submitted_at=at,
            reference_date=on,
            declared_name="声明人",
            answers_sha256="0" * 64,
            record_sha256="0" * 64,
            bank_sha256=small_version.sha256,
            scorer_version="1",
            band="B",
            scorecard={},
        )
        given: dict[str, Any] = {"band": "B", "points": Decimal(70), **values}
        return SubmittedFigures.objects.create(
            assessment=assessment,
            enterprise=enterprise,
            bank=BANK,
            edition="2023",
            submitted_at=at,
            submitted_on=on,
            **given,
        )

    return submit


def firm() -> Any:
    return OrganisationFactory(kind=Kind.ENTERPRISE)


def certify(bureau: Bureau, enterprise: Any, on: date) -> None:
    code = enterprise.credit_code
    bureau.verified_certificate(
        holder=Holder(code, "示例企业", "370602"),
        number=f"165IP{code[-6:]}R0M",
        first_issued_on=on,
        issued_on=on,
        expires_on=date(on.year + 3, 1, 1),
    )


def outcomes() -> dict[str, bool]:
    return {pair.group: pair.certified for pair in pairs_on(DAY, secret=SECRET)}


def test_a_certificate_counts_until_twelve_months_after(
    bureau: Bureau, asks: Any
) -> None:
    in_time, late, never = firm(), firm(), firm()
    for one in (in_time, late, never):
        asks(one, date(2024, 3, 15))
    certify(bureau, in_time, date(2025, 3, 15))
    certify(bureau, late, date(2025, 3, 16))
    assert outcomes() == {
        in_time.credit_code: True,
        late.credit_code: False,
        never.credit_code: False,
    }


def test_who_was_certified_or_whose_year_is_not_over_is_left_out(
    bureau: Bureau, asks: Any
) -> None:
    before, same_day, open_year = firm(), firm(), firm()
    asks(before, date(2024, 3, 15))
    certify(bureau, before, date(2024, 3, 14))
    asks(same_day, date(2024, 3, 15))
    certify(bureau, same_day, date(2024, 3, 15))
    asks(open_year, date(2025, 11, 1))
    assert outcomes() == {}


def test_a_year_that_ends_on_the_day_is_over(asks: Any) -> None:
    one = firm()
    asks(one, date(2025, 10, 31))
    assert outcomes() == {one.credit_code: False}


def test_only_verified_certificates_count(bureau: Bureau, asks: Any) -> None:
    one = firm()
    asks(one, date(2024, 3, 15))
    bureau.certificate(
        holder=Holder(one.credit_code, "示例企业", "370602"),
        first_issued_on=date(2024, 9, 1),
        issued_on=date(2024, 9, 1),
        expires_on=date(2027, 9, 1),
    )
    assert outcomes() == {one.credit_code: False}


def test_the_first_submission_speaks_for_outcomes_and_the_newest_for_answers(
    asks: Any,
) -> None:
    one = firm()
    asks(one, date(2024, 1, 5), points=Decimal(40), levels={"a": 1})
    asks(one, date(2024, 6, 5), points=Decimal(90), levels={"a": 4})
    (pair,) = pairs_on(DAY, secret=SECRET)
    (sheet,) = sheets_on(DAY, secret=SECRET)
    assert (pair.score, sheet.levels) == (40, {"a": 4})


def test_what_came_after_the_day_is_not_looked_at(asks: Any) -> None:
    one = firm()
    asks(one, date(2024, 1, 5), levels={"a": 1})
    asks(one, date(2026, 11, 1), levels={"a": 4})
    (sheet,) = sheets_on(DAY, secret=SECRET)
    assert sheet.levels == {"a": 1}


def test_months_later() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2024, 12, 31), 12) == date(2025, 12, 31)


def test_a_form_asks_the_scored_questions_of_all_versions(shipped_banks: None) -> None:
    asked = {form.bank: form for form in forms()}
    assert set(asked) == set(STANDARD_BANKS)
    assert asked[BANK].bands == ("A", "B", "C", "D", "X")
    assert len(asked[BANK].questions) == len(set(asked[BANK].questions)) > 50


# --- A model city -------------------------------------------------------------


@pytest.fixture
def city(shipped_banks: None) -> LoadedCity:
    """Three hundred model enterprises."""
    return load_model_city(300)


@pytest.fixture
def report(city: LoadedCity) -> CalibrationReport:
    """The calibration of October."""
    return taken("2026-10")


def taken(month: str) -> CalibrationReport:
    snapshot = take_snapshot(month=month, actor=None, at=LOADED_AT)
    found: CalibrationReport = snapshot.calibration
    return found


def questions_of(report: CalibrationReport, bank: str) -> Questions:
    (found,) = (e for e in editions_of(report) if e.bank == bank)
    return found.questions


def test_useless_questions_of_the_city_come_first(
    city: LoadedCity, report: CalibrationReport
) -> None:
    bank = STANDARD_BANKS[1]
    (asked,) = (
        q for q in city.city.questionnaires if q.standard.value.endswith("2013")
    )
    useless = {q.id for q in asked.questions if not q.discrimination}
    found = questions_of(report, bank)
    worst = {one.question for one in found.weakest[: len(useless)]}
    assert useless
    assert worst == useless
    assert all(one.is_weak for one in found.weakest[: len(useless)])


def test_a_group_of_the_city_speaks_once(city: LoadedCity) -> None:
    for given in (pairs_on(DAY, secret=SECRET), sheets_on(DAY, secret=SECRET)):
        spoken = [(one.bank, one.group) for one in given]
        assert len(spoken) == len(set(spoken)) > 100


def test_a_report_holds_no_name_no_code_and_no_count(
    city: LoadedCity, report: CalibrationReport
) -> None:
    codes = {profile.credit_code for profile in city.city.profiles()}
    assert not any(code in report.document for code in codes)
    assert "count" not in report.document
    assert CalibrationLedger.objects.filter(report=report).exists()


def test_reports_never_change(report: CalibrationReport) -> None:
    for rows in (CalibrationReport.objects.all(), CalibrationLedger.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        CalibrationReport.objects.update(document="{}")


def test_a_month_taken_again_leaves_its_report(report: CalibrationReport) -> None:
    assert taken("2026-10").sha256 == report.sha256
    assert CalibrationReport.objects.count() == 1


def test_the_next_month_holds_what_hardly_changed(city: LoadedCity) -> None:
    first, second = taken("2026-09"), taken("2026-10")
    assert (first.snapshot.number, second.snapshot.number) == (1, 2)
    assert all(edition.held for edition in editions_of(second))


# --- Doors --------------------------------------------------------------------


def test_experts_read_the_page_and_its_files_say_the_same(
    report: CalibrationReport, bureau: Bureau, signed_in: Any
) -> None:
    client = signed_in(bureau.first)
    page = client.get(reverse("calibration"))
    lines = list(
        csv.reader(
            io.StringIO(
                client.get(reverse("calibration-csv", args=[1])).content.decode(
                    "utf-8-sig"
                )
            )
        )
    )
    answer = client.get(reverse("calibration-xlsx", args=[1]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = {
        name: {
            tuple(filter(None, row)) for row in book.get_sheet_by_name(name).to_python()
        }
        for name in book.sheet_names
    }
    told = 0
    for edition in page.context["editions"]:
        for block in edition.blocks:
            for row in block.rows:
                told += 1
                assert [edition.title, block.title, *row.cells] in lines
                assert row.cells in cells[edition.bank]
    assert told > 40


def test_the_api_says_the_numbers_of_the_document(
    report: CalibrationReport, bureau: Bureau, signed_in: Any
) -> None:
    import json

    client = signed_in(bureau.first)
    listed = client.get(reverse("api-calibrations")).json()["results"]
    assert [one["number"] for one in listed] == [1]
    shown = client.get(reverse("api-calibration", args=[1])).json()
    assert shown["editions"] == json.loads(report.document)["editions"]
    assert client.get(reverse("api-calibration", args=[2])).status_code == 404


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.ENTERPRISE, Role.OWNER),
        (Kind.AGENCY, Role.AGENCY_MANAGER),
        (Kind.BUREAU, Role.OPERATOR),
    ],
)
def test_nobody_else_reads_it(
    kind: Kind, role: Role, published: CalibrationReport, signed_in: Any
) -> None:
    office = OrganisationFactory(kind=kind)
    member = MembershipFactory(organisation=office, role=role)
    client = signed_in(member)
    for name in ("calibration-issue", "calibration-csv", "calibration-xlsx"):
        assert client.get(reverse(name, args=[1])).status_code == 403
    assert client.get(reverse("calibration")).status_code == 403
    assert client.get(reverse("api-calibration", args=[1])).status_code == 404
    assert not CalibrationReport.objects.visible_to(member.user).exists()


@pytest.fixture
def published(shipped_banks: None) -> CalibrationReport:
    """A report of a city without enterprises."""
    return taken("2026-10")


def test_with_too_few_every_table_says_from_when_it_speaks(
    published: CalibrationReport, bureau: Bureau, signed_in: Any
) -> None:
    page = signed_in(bureau.second).get(reverse("calibration"))
    assert page.text.count("满 100 家后显示。") == 12
    assert '<svg class="chart' not in page.text


def test_before_the_first_report_the_page_says_so(
    bureau: Bureau, signed_in: Any
) -> None:
    page = signed_in(bureau.second).get(reverse("calibration"))
    assert "还没有校准结果" in page.text


def test_a_refused_report_is_named_and_the_last_one_stays(
    published: CalibrationReport, bureau: Bureau, signed_in: Any
) -> None:
    from oversight.models import Snapshot

    later = Snapshot.objects.create(
        number=2, month="2026-11", day=date(2026, 11, 30), state="published",
        document="{}", sha256="0", taken_at=LOADED_AT + timedelta(days=20),
    )  # fmt: skip
    CalibrationReport.objects.create(
        snapshot=later, state="refused", reason="at_edge", made_at=later.taken_at
    )
    client = signed_in(bureau.first)
    page = client.get(reverse("calibration"))
    assert page.context["report"] == published
    assert '第 2 期（2026-11） <span class="caption">未通过披露审核' in page.text
    assert client.get(reverse("calibration-issue", args=[2])).status_code == 404


def test_the_page_takes_few_queries(
    published: CalibrationReport,
    bureau: Bureau,
    signed_in: Any,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(bureau.first)
    client.get(reverse("calibration"))
    with django_assert_max_num_queries(10):
        client.get(reverse("calibration"))
