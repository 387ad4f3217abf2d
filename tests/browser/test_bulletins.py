"""Bulletins and open data in a browser: accessible pages, also without scripts."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from oversight.models import Bulletin
from oversight.services.bulletins import issue_bulletin, make_bulletin
from tests.browser.conftest import Site
from tests.browser.test_pages import look_at
from tests.oversight.bulletin_world import fill_registers, publish_snapshot
from tests.oversight.registers import Bureau, make_bureau


@pytest.fixture
def bureau(site: Site) -> Bureau:
    """A bureau with filled registers and a snapshot."""
    made = make_bureau()
    fill_registers(made)
    publish_snapshot()
    return made


def drafted(bureau: Bureau, period: str) -> Bulletin:
    at, actor = timezone.now(), bureau.second.user
    return make_bulletin(kind="monthly", period=period, actor=actor, at=at)


def test_every_page_is_accessible(site: Site, bureau: Bureau):
    issued = drafted(bureau, "2026-09")
    issue_bulletin(
        bulletin_id=issued.pk,
        digest=issued.sha256,
        actor=bureau.second.user,
        at=timezone.now(),
    )
    draft = drafted(bureau, "2026-10")
    page = site.visitor(bureau.second)
    found = look_at(page, reverse("bulletins"))
    for address in (
        reverse("bulletin-new"),
        reverse("bulletin", args=[draft.pk]),
        reverse("bulletin", args=[issued.pk]),
        reverse("open-data"),
    ):
        found += look_at(page, address)
    assert found == []


def test_a_bulletin_is_made_and_issued_without_scripts(site: Site, bureau: Bureau):
    page = site.visitor(bureau.second, java_script_enabled=False)
    page.goto(reverse("bulletin-new"))
    page.select_option("#id_kind", "monthly")
    page.fill("#id_period", "2026-10")
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_contain_text("2026年10月")
    page.get_by_role("button", name="签发").click()
    expect(page.locator("main")).to_contain_text("总第1期")
    assert Bulletin.objects.get().is_issued
