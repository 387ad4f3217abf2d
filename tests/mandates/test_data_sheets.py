"""An agency reads its client's data sheet, as far as the mandate shows it."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import narrow_mandate, revoke_mandate
from accounts.models import AccessRecord, Membership
from assessments.data_sheet_changes import SheetChanges
from assessments.models import DataSheet
from question_bank.engine.data_sheet import RightItem, Veto
from tests.assessments.data_sheets import YEAR, save, save_sound, typed
from tests.fixtures_mandates import EVERYTHING


@pytest.fixture
def sheet(owner: Membership) -> DataSheet:
    """A sheet with figures, a number and a disqualifying matter."""
    found = save_sound(owner)
    lists = SheetChanges(
        add_rights=(RightItem("software", "2025SR1234567", "台账软件"),),
        vetoes=(
            Veto("dishonesty_list", "市场监管局", "烟市监罚〔2025〕1号", "2025-03-01"),
        ),
    )
    return save(owner, lists, revision=found.revision)


@pytest.fixture
def agency(reviewer: Membership, signed_in: Any) -> Client:
    return signed_in(reviewer)


def address(sheet: DataSheet) -> str:
    return reverse("client-data-sheet", args=[sheet.pk])


def test_every_figure_and_both_lists_are_shown(
    sheet: DataSheet, grant: Any, agency: Client
):
    grant()
    page = agency.get(address(sheet)).text
    assert f"{YEAR} 年企业数据表" in page
    assert "企业尚未确认" in page
    assert "台账软件" in page
    assert "烟市监罚〔2025〕1号" in page
    staff = sheet.values["staff"]["value"]
    assert f'<td class="">{staff}</td>' in page
    assert '<form method="post"' not in page.split("<main")[1].split("</main")[0]


def test_the_clients_page_leads_there(sheet: DataSheet, grant: Any, agency: Client):
    mandate = grant()
    assert address(sheet) in agency.get(reverse("client", args=[mandate.pk])).text


def test_a_read_is_recorded_and_the_owner_sees_which_year(
    sheet: DataSheet, grant: Any, agency: Client, owner: Membership, signed_in: Any
):
    grant()
    agency.get(address(sheet))
    record = AccessRecord.objects.get(door="client-data-sheet")
    assert (record.what, record.object_id) == ("data_sheet", str(sheet.pk))
    page = signed_in(owner).get(reverse("access-records")).text
    assert "查看了企业数据表" in page
    assert f"{YEAR} 年" in page


@pytest.mark.parametrize("door", ["client-data-sheet", "api-data-sheet"])
def test_it_is_shown_as_long_as_the_mandate_says_so(
    sheet: DataSheet, grant: Any, agency: Client, owner: Membership, door: str
):
    path = reverse(door, args=[sheet.pk])
    assert agency.get(path).status_code == 404
    grant(Scope(evidence=True, report=True, drafts=True))
    assert agency.get(path).status_code == 404
    mandate = grant()
    assert agency.get(path).status_code == 200
    narrow_mandate(
        mandate=mandate, scope=replace(EVERYTHING, data_sheet=False),
        actor=owner.user, at=timezone.now(),
    )  # fmt: skip
    assert agency.get(path).status_code == 404
    mandate = grant(Scope(data_sheet=True, sections=frozenset({"ONE"})))
    assert agency.get(path).status_code == 200
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    assert agency.get(path).status_code == 404


def test_nobody_else_sees_it(
    sheet: DataSheet, grant: Any, owner: Membership, stranger: Membership,
    signed_in: Any,
):  # fmt: skip
    grant()
    assert signed_in(stranger).get(address(sheet)).status_code == 404
    own = signed_in(owner).get(address(sheet))
    assert own.url == reverse("data-sheet-whole", args=[YEAR])


def test_an_agency_changes_nothing(sheet: DataSheet, grant: Any, agency: Client):
    grant()
    answer = agency.patch(
        reverse("api-data-sheet", args=[sheet.pk]),
        {"values": {"staff": {"state": "none"}}},
        content_type="application/json",
        headers={"If-Match": f'"{sheet.revision}"'},
    )
    assert answer.status_code == 403
    assert DataSheet.objects.get().values == sheet.values


def test_the_list_of_the_interface_says_whose_they_are(
    sheet: DataSheet, grant: Any, agency: Client
):
    grant()
    [row] = agency.get(reverse("api-data-sheets")).json()["results"]
    assert row["enterprise"] == str(sheet.enterprise_id)


def test_a_page_of_many_years_and_numbers_needs_few_queries(
    sheet: DataSheet, grant: Any, agency: Client, owner: Membership,
    django_assert_max_num_queries: Any,
):  # fmt: skip
    grant()
    save(owner, typed(staff="12"), year=YEAR - 1)
    agency.get(address(sheet))
    with django_assert_max_num_queries(12):
        agency.get(address(sheet))
