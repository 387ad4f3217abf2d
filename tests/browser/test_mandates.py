"""Mandates in a real browser: granting, reading, shutting the door; axe on the way."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.mandates import request_mandate
from accounts.models import AccessRecord, Mandate, Membership
from tests.browser.conftest import Site
from tests.browser.test_pages import (
    complaints,
    look_at,
    overflow,
    small_targets,
    tenant,
)
from tests.factories.accounts import PASSWORD, OrganisationFactory

__all__ = ["tenant"]


@pytest.fixture
def _asked(agency_manager: Membership) -> None:
    from django.utils import timezone

    request_mandate(
        agency=agency_manager.organisation,
        email="somebody.with.a.long.address@a-rather-long-domain.example.com",
        actor=agency_manager.user,
        at=timezone.now(),
    )


def test_from_granting_to_revoking(
    site: Site,
    owner: Membership,
    agency_manager: Membership,
    reviewer: Membership,
    tenant: dict[str, Any],
):
    """The owner proves who they are, previews, grants; the agency reads; the end."""
    page, agency = site.visitor(owner), site.visitor(reviewer)
    found: list[str] = []

    def look() -> None:
        found.extend([*complaints(page), *overflow(page), *small_targets(page)])
        page.set_viewport_size({"width": 1280, "height": 900})

    page.goto(reverse("mandates"))
    look()
    page.get_by_role("link", name="授权服务机构").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(site.url + reverse("mandate-grant"))
    look()
    page.get_by_role("button", name="预览对方能看到什么").click()
    expect(page.locator(".error-summary")).to_be_visible()
    look()
    page.locator("#id_agency").fill(agency_manager.organisation.name)
    page.locator("#id_evidence").check()
    page.get_by_role("button", name="预览对方能看到什么").click()
    look()
    page.get_by_role("button", name="确认授权").click()
    expect(page.locator("h1")).to_have_text(agency_manager.organisation.name)
    look()

    sealed = tenant["sealed"].pk
    answers = reverse("client-assessment", args=[sealed])
    assert agency.goto(answers).status == 200  # type: ignore[union-attr]

    page.goto(reverse("access-records"))
    expect(page.get_by_role("cell", name=reviewer.user.name)).to_be_visible()
    look()

    mandate = Mandate.objects.get()
    for name in ("mandate-extend", "mandate-narrow", "mandate-revoke"):
        page.goto(reverse(name, args=[mandate.pk]))
        look()
    page.get_by_role("button", name="撤销授权").click()
    expect(page.locator("main")).to_contain_text("授权已撤销")
    look()
    page.goto(reverse("mandates"))
    look()
    site.faults.clear()
    assert agency.reload().status == 404  # type: ignore[union-attr]
    # The browser itself notes the 404 that is wanted here.
    site.faults[:] = [fault for fault in site.faults if "404" not in fault]
    assert found == []
    assert AccessRecord.objects.count() == 1


@pytest.mark.usefixtures("_asked")
def test_the_pages_of_an_agency(
    site: Site,
    grant: Any,
    agency_manager: Membership,
    tenant: dict[str, Any],
):
    mandate, page = grant(), site.visitor(agency_manager)
    paths = [
        reverse("home"),
        reverse("clients"),
        reverse("client-request"),
        reverse("mandate", args=[mandate.pk]),
        reverse("client", args=[mandate.pk]),
        reverse("client-assessment", args=[tenant["sealed"].pk]),
        reverse("client-assessment", args=[tenant["draft"].pk]),
        reverse("result", args=[tenant["sealed"].pk]),
        reverse("report-status", args=[tenant["report"].pk]),
    ]
    assert [line for path in paths for line in look_at(page, path)] == []
    page.goto(reverse("client-request"))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#request-url")).to_be_visible()
    assert [*complaints(page), *overflow(page)] == []


def test_the_pages_of_claims(site: Site, bureau_manager: Membership):
    claim = OrganisationFactory(claim="pending", name="待核企业" * 12).claim
    page = site.visitor(bureau_manager)
    paths = [reverse("claims"), reverse("claim", args=[claim.pk])]
    assert [line for path in paths for line in look_at(page, path)] == []
