"""Named access in a real browser: asking, agreeing, reading; axe on the way."""

from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Membership, NamedAccess
from tests.browser.conftest import Site
from tests.browser.test_pages import (
    complaints,
    look_at,
    overflow,
    small_targets,
    tenant,
)
from tests.factories.accounts import PASSWORD
from tests.fixtures_named_access import asked_on_ground, consented

__all__ = ["tenant"]


def test_from_asking_to_reading(
    site: Site, owner: Membership, analyst: Membership, tenant: dict[str, Any]
):
    """An official asks, the owner proves who they are and agrees; then it is read."""
    page, theirs = site.visitor(analyst), site.visitor(owner)
    page.goto(reverse("access-ask"))
    page.locator("#id_enterprise").fill(owner.organisation.name)
    page.locator("#id_purpose").fill("核查申报材料")
    page.get_by_label(analyst.user.email).check()
    page.get_by_role("button", name="发送申请").click()
    expect(page.locator("h1")).to_have_text(owner.organisation.name)

    access = NamedAccess.objects.get()
    theirs.goto(reverse("own-access-decide", args=[access.pk]))
    theirs.locator("[name=password]").fill(PASSWORD)
    theirs.locator("main form button[type=submit]").first.click()
    found = [*complaints(theirs), *overflow(theirs), *small_targets(theirs)]
    assert found == []
    theirs.get_by_role("button", name="同意以上范围").click()
    expect(theirs.locator("main")).to_contain_text("已同意")

    page.goto(reverse("access-assessment", args=[tenant["sealed"].pk]))
    expect(page.locator(".access-note")).to_contain_text(analyst.user.name)


def test_the_pages_of_officials(
    site: Site, owner: Membership, analyst: Membership, tenant: dict[str, Any]
):
    access, page = consented(owner, analyst), site.visitor(analyst)
    paths = [
        reverse("accesses"),
        reverse("access-ask"),
        reverse("access-ground"),
        reverse("access", args=[access.pk]),
        reverse("access-firm", args=[access.pk]),
        reverse("access-end", args=[access.pk]),
        reverse("access-assessment", args=[tenant["sealed"].pk]),
        reverse("result", args=[tenant["sealed"].pk]),
        reverse("report-status", args=[tenant["report"].pk]),
    ]
    assert [line for path in paths for line in look_at(page, path)] == []


def test_the_pages_of_the_enterprise(
    site: Site, owner: Membership, analyst: Membership, tenant: dict[str, Any]
):
    access, page = consented(owner, analyst), site.visitor(owner)
    paths = [
        reverse("mandates"),
        reverse("own-access", args=[access.pk]),
        reverse("own-access-narrow", args=[access.pk]),
        reverse("own-access-revoke", args=[access.pk]),
    ]
    assert [line for path in paths for line in look_at(page, path)] == []


def test_the_pages_of_a_ground(
    site: Site, owner: Membership, on_ground: Any, second_manager: Membership,
    bureau_manager: Membership,
):  # fmt: skip
    access, waiting = on_ground(), asked_on_ground(owner, bureau_manager)
    theirs, page = site.visitor(owner), site.visitor(second_manager)
    own = [
        reverse("own-access", args=[access.pk]),
        reverse("own-access-objection", args=[access.pk]),
    ]
    assert [line for path in own for line in look_at(theirs, path)] == []
    bureaus = [
        reverse("access", args=[waiting.pk]),
        reverse("access-narrow", args=[access.pk]),
    ]
    assert [line for path in bureaus for line in look_at(page, path)] == []
    page.goto(reverse("access-decide", args=[waiting.pk]))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    assert [*complaints(page), *overflow(page), *small_targets(page)] == []
