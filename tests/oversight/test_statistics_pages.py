"""The bureau's pages of statistics: what they say, download and refuse."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.rules import Role
from oversight.models import Certificate, Snapshot
from tests.factories.accounts import MembershipFactory
from tests.oversight.published import issued, one_way, refused, stored, table
from tests.oversight.registers import Bureau, holder

pytestmark = pytest.mark.django_db


def months_ago(count: int) -> str:
    """Return the month that was over so many months ago."""
    day = date.today()  # noqa: DTZ011 - any month of the past
    for _place in range(count):
        day = day.replace(day=1) - timedelta(days=1)
    return f"{day:%Y-%m}"


@pytest.fixture
def client(bureau: Bureau, signed_in: Any) -> Any:
    """A client of the bureau's manager."""
    return signed_in(bureau.second)


def page(client: Any, name: str, *args: Any, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    text: str = answer.text
    return text


def cells_of(workbook: bytes) -> list[list[Any]]:
    """Return the cells of the first sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return book.get_sheet_by_index(0).to_python()


def certified(bureau: Bureau, number: int, day: date) -> Certificate:
    return bureau.verified_certificate(**issued(number, day))


def test_an_empty_service_says_what_is_missing(client: Any) -> None:
    shown = page(client, "oversight")
    assert "今年新增获证 0 家，比按进度应有的少" in shown
    assert "优势企业 0 家，距 50 家还差 50 家" in shown
    assert "还没有快照" in shown
    assert f"{months_ago(1)} 的快照还没有生成" in shown
    assert "还没有有效持证企业" in shown


def test_two_snapshots_fill_the_dashboard(client: Any, shipped_banks: None) -> None:
    stored(1, months_ago(2))
    cells = {
        (("central",), ("light",)): 80,
        (("central",), ("materials",)): None,
        (("north",), ("light",)): 40,
        (("north",), ("materials",)): 40,
    }
    stored(
        2,
        months_ago(1),
        band=one_way(
            "band", dict(zip("ABCDX", (55, 30, 30, 30, 15), strict=True)), of=2
        ),
        zone_industry=table("zone_industry", cells, of=2),
    )
    shown = page(client, "oversight")
    assert "“可申请”的企业比上一期多 15 家，现有 55 家" in shown
    assert "中心城区的食品轻纺最多，80 家已提交自评" in shown
    assert "heat-hidden" in shown
    assert "是最常见的短板" in shown
    assert "快照第 2 期" in shown


def test_a_two_way_table_says_from_when_on_it_is_shown(
    client: Any, shipped_banks: None
) -> None:
    stored(1, months_ago(1))
    assert "满 150 家后显示。" in page(client, "oversight")


def test_the_home_of_the_bureau_shows_the_core(
    client: Any, bureau: Bureau, signed_in: Any
) -> None:
    assert "今年新增获证 0 家" in page(client, "home")
    office = bureau.first.organisation
    operator = MembershipFactory(organisation=office, role=Role.OPERATOR)
    assert "今年新增获证" not in page(signed_in(operator), "home")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("oversight", ()),
        ("oversight-plan", ("2016-2020",)),
        ("oversight-indicator", ("2016-2020", "P4")),
        ("oversight-units-file", ("2016-2020", "P4", "csv")),
        ("oversight-snapshots", ()),
        ("oversight-snapshot", (1,)),
        ("oversight-snapshot-file", (1, "json")),
        ("oversight-method", ()),
    ],
)
def test_only_who_keeps_the_registers_sees_them(
    bureau: Bureau, signed_in: Any, owner: Any, name: str, args: tuple[Any, ...]
) -> None:
    stored(1, months_ago(1))
    url = reverse(name, args=args)
    office = bureau.first.organisation
    operator = MembershipFactory(organisation=office, role=Role.OPERATOR)
    assert signed_in(bureau.first).get(url).status_code == 200
    assert signed_in(operator).get(url).status_code == 403
    assert signed_in(owner).get(url).status_code == 403


def test_a_plan_shows_targets_changes_and_open_readings(client: Any) -> None:
    shown = page(client, "oversight-plan", "2016-2020")
    assert "年均 ≥ 10 家" in shown
    assert "2018年1月1日起停止统计（待核）" in shown
    assert "另一种读法" in shown
    assert page(client, "oversight-plan", "2025-2027").count("待核") > 2
    assert client.get(reverse("oversight-plan", args=["2030"])).status_code == 404


def test_another_day_is_asked_for_and_said(client: Any) -> None:
    shown = page(
        client, "oversight-plan", "2016-2020", day="2020-12-31", known_on="2021-03-31"
    )
    assert "统计到 2020年12月31日，按 2021年3月31日 所知" in shown
    assert "?day=2020-12-31&amp;known_on=2021-03-31" in shown
    wrong = page(client, "oversight-plan", "2016-2020", day="2999-01-01")
    assert "请填写 2000-01-01 至今天之间的日期。" in wrong


def test_every_unit_is_shown_with_its_reason_and_its_certificate(
    client: Any, bureau: Bureau
) -> None:
    kept = certified(bureau, 1, date(2018, 5, 6))
    bureau.certificate(**issued(9, date(2018, 6, 6)))
    shown = page(client, "oversight-indicator", "2016-2020", "P4")
    assert "首次获证" in shown
    assert "尚未核验" in shown
    assert reverse("register-certificate", args=[kept.pk]) in shown
    chosen = page(client, "oversight-indicator", "2016-2020", "P4", outcome="to_verify")
    assert "165IP180009R0M" in chosen
    assert kept.number not in chosen
    wrong = page(
        client, "oversight-indicator", "2016-2020", "P4", outcome="x", year="y"
    )
    assert kept.number in wrong


def test_the_files_of_units_hold_exactly_what_was_chosen(
    client: Any, bureau: Bureau
) -> None:
    certified(bureau, 1, date(2018, 5, 6))
    certified(bureau, 2, date(2019, 5, 6))

    def file(form: str) -> bytes:
        url = reverse("oversight-units-file", args=["2016-2020", "P4", form])
        content: bytes = client.get(url, {"year": "2019"}).content
        return content

    rows = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig"))))
    assert [row[8] for row in rows[1:]] == ["165IP190002R0M"]
    assert cells_of(file("xlsx")) == rows
    gone = reverse("oversight-units-file", args=["2016-2020", "P4", "exe"])
    assert client.get(gone).status_code == 404
    series = reverse("oversight-units-file", args=["2016-2020", "P1", "csv"])
    assert client.get(series).status_code == 404


def test_a_name_that_looks_like_a_formula_is_a_text(
    client: Any, bureau: Bureau
) -> None:
    named = replace(holder(1), name='=HYPERLINK("x")')
    entry = issued(1, date(2018, 5, 6)) | {"holder": named}
    bureau.verified_certificate(**entry)
    url = reverse("oversight-units-file", args=["2016-2020", "P4", "csv"])
    assert "'=HYPERLINK" in client.get(url).text


def test_a_refused_month_is_listed_with_its_reason_in_words(client: Any) -> None:
    stored(1, months_ago(2))
    refused(months_ago(1))
    shown = page(client, "oversight-snapshots")
    assert "未通过披露审核" in shown
    assert "中企业的情况可被确定" in shown
    assert f"{months_ago(1)} 的快照未通过披露审核" in page(client, "oversight")


def test_a_snapshot_is_taken_by_a_button(client: Any, bureau: Bureau) -> None:
    url = reverse("oversight-snapshots")
    answer = client.post(url, {"month": months_ago(1)}, follow=True)
    assert "已发布，第 1 期" in answer.text
    assert Snapshot.objects.get().taken_by == bureau.second.user
    assert "上月的快照已经发布" in answer.text
    again = client.post(url, {"month": months_ago(0)}, follow=True)
    assert "该月尚未结束" in again.text
    assert Snapshot.objects.count() == 1


def test_the_files_of_a_snapshot_are_what_was_published(
    client: Any, shipped_banks: None
) -> None:
    one = stored(1, months_ago(1))

    def file(form: str) -> bytes:
        url = reverse("oversight-snapshot-file", args=[1, form])
        content: bytes = client.get(url).content
        return content

    assert hashlib.sha256(file("json")).hexdigest() == one.sha256
    numbers = [
        entry["value"]
        for shown in json.loads(one.document)["tables"]
        for entry in shown["entries"]
    ]
    rows = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig"))))[1:]
    assert [int(row[6]) if row[6] else None for row in rows] == numbers
    written = [row[6] for row in cells_of(file("xlsx"))[1:]]
    assert [None if number == "" else int(number) for number in written] == numbers
    shown = page(client, "oversight-snapshot", 1)
    assert one.sha256 in shown
    assert "走完各阶段用了多久" in shown


def test_gaps_are_of_those_who_submitted_and_add_up_to_nothing(
    client: Any, shipped_banks: None
) -> None:
    stored(1, months_ago(1))
    text = page(client, "oversight-snapshot", 1)
    gaps = text[text.index("GB/T 29490-2023）") :]
    assert gaps.index("已提交的企业") < gaps.index("服务机构的客户")
    assert "合计" not in gaps[: gaps.index("服务机构的客户")]


def test_a_snapshot_that_was_not_published_has_no_page(client: Any) -> None:
    refused(months_ago(1))
    url = reverse("oversight-snapshot", args=[1])
    assert client.get(url).status_code == 404
    file = reverse("oversight-snapshot-file", args=[1, "json"])
    assert client.get(file).status_code == 404
