"""The data sheet in a browser: every page is accessible, and works without scripts."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Membership
from assessments.data_sheet_changes import SheetChanges, read_right, read_veto
from assessments.data_sheet_workbook import data_sheet_workbook
from assessments.data_sheets import last_complete_year
from assessments.models import DataSheet
from tests.assessments.data_sheets import save
from tests.browser.conftest import Site
from tests.browser.test_pages import complaints, look_at, overflow
from tests.engine.data_sheets import SOUND, sheet_of

YEAR = last_complete_year(timezone.localdate())
ODD = {
    "rd_staff": "351", "founded_on": "1979-01-01", "rd_cost": ("80", "90", "1700"),
    "cert_edition": "e2013", "cert_state": "valid", "ip_rules": "secrecy",
}  # fmt: skip
VETO = {"kind": "infringement", "finding_body": "某法院", "decided_on": "2024-05-06"}


@pytest.fixture
def filled(site: Site, owner: Membership) -> None:
    """Last year's sheet, and this year's with errors, warnings and carried values."""
    at = timezone.now()
    changes = SheetChanges(
        values=sheet_of({**SOUND, **ODD}, year=YEAR - 1).entries,
        add_rights=(read_right("patent", "95115608.X", "一种阀门"),),
        vetoes=(read_veto(VETO),),
    )
    save(owner, changes, year=YEAR - 1, at=at)
    sheet = sheet_of({"revenue": ("1500", "1650", "1800"), **ODD}, year=YEAR)
    save(owner, SheetChanges(values=sheet.entries), year=YEAR, at=at)


def path(name: str, *parts: str) -> str:
    return reverse(name, args=(YEAR, *parts))


PAGES = (
    ("data-sheet",), ("data-sheet-group", "basics"), ("data-sheet-group", "finance"),
    ("data-sheet-group", "rules"), ("data-sheet-group", "titles"),
    ("data-sheet-rights",), ("data-sheet-vetoes",), ("data-sheet-check",),
    ("data-sheet-whole",), ("data-sheet-upload",),
)  # fmt: skip


def test_every_page_is_accessible(site: Site, owner: Membership, filled: None):
    page = site.visitor(owner)
    found = look_at(page, reverse("data-sheets"))
    for name, *parts in PAGES:
        found += look_at(page, path(name, *parts))
    assert found == []


def test_errors_of_the_forms_are_accessible(
    site: Site, owner: Membership, filled: None
):
    page = site.visitor(owner)
    page.goto(path("data-sheet-group", "basics"))
    page.fill("#staff", "很多")
    page.click("main button[value=stay]")
    expect(page.locator(".error-summary")).to_contain_text("应为数字")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    found = [*complaints(page), *overflow(page)]
    page.goto(path("data-sheet-vetoes"))
    page.fill("#finding_body-1", "某局")
    page.click("main button[type=submit]")
    found += [*complaints(page), *overflow(page)]
    assert found == []


def test_a_sheet_is_filled_in_without_scripts(
    site: Site, owner: Membership, tmp_path: Path
):
    page = site.visitor(owner, java_script_enabled=False)
    page.goto(path("data-sheet-group", "finance"))
    page.fill("#revenue_y0", "18000000元")
    page.fill("#profit_y0", "无")
    page.click("main button[value=next]")
    expect(page.locator("main")).to_contain_text("已换算为 1800.00 万元")
    page.goto(path("data-sheet-rights"))
    page.fill("#lines", "ZL201310699744.2 一种阀门")
    page.click("main form:has(#lines) button[type=submit]")
    expect(page.locator("main table")).to_contain_text("201310699744.2")
    file = tmp_path / "表.xlsx"
    file.write_bytes(
        data_sheet_workbook(sheet_of({"staff": "350"}, year=YEAR), locale="zh")
    )
    page.goto(path("data-sheet-upload"))
    page.set_input_files("#file", str(file))
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("从业人员")
    page.click("text=确认导入")
    expect(page.locator("main")).to_contain_text("已导入 1 项")
    row = DataSheet.objects.get()
    assert set(row.values) == {"revenue_y0", "profit_y0", "staff"}
    assert [right["title"] for right in row.rights] == ["一种阀门"]


def test_the_dry_run_with_faults_is_accessible(
    site: Site, owner: Membership, filled: None, tmp_path: Path
):
    page = site.visitor(owner)
    file = tmp_path / "表.xlsx"
    other_year = sheet_of({"staff": "350"}, year=YEAR - 1)
    file.write_bytes(data_sheet_workbook(other_year, locale="zh"))
    page.goto(path("data-sheet-upload"))
    page.set_input_files("#file", str(file))
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("企业数据!D1")
    assert [*complaints(page), *overflow(page)] == []
    with page.expect_download() as download:
        page.click("text=下载标出问题的表格")
    assert download.value.suggested_filename.endswith(".xlsx")
