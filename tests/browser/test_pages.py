"""Every page and state: axe finds nothing, nothing overflows, nothing complains."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Membership
from accounts.rules import Kind
from assessments.models import Assessment
from assessments.services import (
    Declaration,
    add_evidence,
    start_assessment,
    submit_assessment,
)
from question_bank.selectors import offered_version
from reports.models import Report
from reports.services import Rendered, publish_report, take_report
from tests.browser.conftest import Site
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.fixtures_assessments import AT, COMPLETE
from tests.project.conftest import pdf

WIDTHS = (1280, 375)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOKEN = "a-token-of-an-open-invitation"


def complaints(page: Page) -> list[str]:
    """Return what axe finds at both widths, each with the first element concerned."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # At the end of a page the save bar stands in its own place and lies over
        # nothing; what it covers elsewhere comes free by scrolling.
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        result = Axe().run(page, options={"runOnly": RULES}).response
        found += [
            f"{width} {page.url} {rule['id']}: {rule['nodes'][0]['html'][:160]}"
            for rule in result["violations"]
        ]
    return found


def overflow(page: Page) -> list[str]:
    """Return what is wider than a window of 320 px, outside of scrolling tables."""
    page.set_viewport_size({"width": 320, "height": 800})
    wide = page.evaluate(
        """() => {
          if (document.documentElement.scrollWidth <= 320) return [];
          return [...document.querySelectorAll("body *")].filter((e) =>
            e.getBoundingClientRect().right > 321 && !e.closest(".table-scroll")
          ).slice(0, 3).map((e) => e.outerHTML.slice(0, 160));
        }"""
    )
    return [f"320 {page.url} {element}" for element in wide]


def small_targets(page: Page) -> list[str]:
    """Return buttons and fields below 24 x 24 px (WCAG 2.5.8)."""
    page.set_viewport_size({"width": 375, "height": 900})
    return page.evaluate(
        """() => [...document.querySelectorAll(
            "button, select, input:not([type=hidden]):not([type=radio])"
            + ":not([type=checkbox]), .button, label.option, label.scale-row")]
          .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden"))
          .map((e) => [e, e.getBoundingClientRect()])
          .filter(([e, b]) => b.width > 1 && (b.width < 24 || b.height < 24))
          .filter(([e]) => !e.matches(".link"))
          .map(([e]) => e.outerHTML.slice(0, 120))"""
    )


def look_at(page: Page, path: str) -> list[str]:
    page.goto(path)
    return [*complaints(page), *overflow(page), *small_targets(page)]


@pytest.fixture
def tenant(site: Site, owner: Membership) -> dict[str, Any]:
    """An enterprise with a sealed assessment, its report and a draft."""
    sealed = _filled(owner)
    submit_assessment(
        assessment_id=sealed.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=timezone.now(),
    )
    draft = _filled(owner)
    report = Report.objects.get(assessment=sealed)
    taken = take_report(report_id=report.pk, at=timezone.now())
    publish_report(report=taken, rendered=Rendered(pdf("report"), 1), at=timezone.now())
    colleague = MembershipFactory(organisation=owner.organisation, role="contributor")
    invitation = InvitationFactory(
        organisation=owner.organisation, created_by=owner.user, token=TOKEN
    )
    return {
        "draft": draft,
        "sealed": sealed,
        "report": report,
        "colleague": colleague,
        "invitation": invitation,
    }


def _filled(owner: Membership) -> Assessment:
    from assessments.services import save_answer

    draft = start_assessment(
        enterprise=owner.organisation,
        bank_version=offered_version(),
        actor=owner.user,
        at=AT,
    )
    for question_id, data in COMPLETE.items():
        save_answer(
            assessment_id=draft.pk,
            question_id=question_id,
            data=data,
            revision=0,
            actor=owner.user,
            at=AT,
        )
    add_evidence(
        assessment_id=draft.pk,
        question_id="level_one",
        file=ContentFile(pdf(str(draft.pk))),
        name="一份名字很长的企业知识产权合规管理制度汇编（2026 年修订版）.pdf",
        actor=owner.user,
        at=AT,
    )
    return draft


PUBLIC = (
    "start", "questionnaire", "quick-scan", "privacy", "verify", "styleguide",
    "api-errors", "account_login", "account_signup", "account_reset_password",
)  # fmt: skip


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page(site: Site, name: str):
    assert look_at(site.visitor(), reverse(name)) == []


def test_public_pages_in_english(site: Site):
    page = site.visitor(locale="en-US", extra_http_headers={"Accept-Language": "en"})
    found = [look_at(page, reverse(name)) for name in ("start", "quick-scan")]
    assert found == [[], []]


def test_errors_of_forms(site: Site):
    page = site.visitor()
    found = []
    for name in ("account_signup", "account_login", "quick-scan"):
        page.goto(reverse(name))
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".error-summary")).to_be_visible()
        found += [*complaints(page), *overflow(page)]
    assert found == []


def test_the_result_of_the_quick_scan(site: Site):
    page = site.visitor()
    page.goto(reverse("quick-scan"))
    page.locator("input[name=level_one][value='0']").check()
    page.locator("main form button[type=submit]").click()
    assert [*complaints(page), *overflow(page)] == []


def own_pages(tenant: dict[str, Any]) -> Iterator[str]:
    draft, sealed = tenant["draft"].pk, tenant["sealed"].pk
    yield reverse("home")
    yield reverse("assessment", args=(draft,))
    for key in ("START", "C-ONE", "C-TWO"):
        yield reverse("answer-page", args=(draft, key))
    for name in ("check", "submit"):
        yield reverse(name, args=(draft,))
    for name in ("submitted", "result"):
        yield reverse(name, args=(sealed,))
    yield reverse("report-status", args=(tenant["report"].pk,))
    yield reverse("verify", args=(tenant["report"].code,))
    yield reverse("evidence-remove", args=(tenant["draft"].evidence.get().pk,))


def test_the_pages_of_an_enterprise(
    site: Site, owner: Membership, tenant: dict[str, Any]
):
    page = site.visitor(owner)
    found = [line for path in own_pages(tenant) for line in look_at(page, path)]
    assert found == []


def people_pages(tenant: dict[str, Any]) -> Iterator[str]:
    member = tenant["colleague"].pk
    for name in ("members", "member-invite", "account", "account-name"):
        yield reverse(name)
    for name in ("organisation-edit", "account_email", "account_change_password"):
        yield reverse(name)
    for name in ("mfa_index", "usersessions_list", "account_logout"):
        yield reverse(name)
    yield reverse("member-role", args=(member,))
    yield reverse("member-remove", args=(member,))
    yield reverse("invitation-revoke", args=(tenant["invitation"].pk,))


def test_the_pages_about_people(site: Site, owner: Membership, tenant: dict[str, Any]):
    page = site.visitor(owner)
    found = [line for path in people_pages(tenant) for line in look_at(page, path)]
    assert found == []


def test_home_of_those_who_answer_nothing(site: Site):
    people = [
        MembershipFactory(organisation=OrganisationFactory(kind=Kind.AGENCY)),
        MembershipFactory(organisation=OrganisationFactory(kind=Kind.BUREAU)),
        MembershipFactory(),
    ]
    found = [look_at(site.visitor(person), reverse("home")) for person in people]
    assert found == [[], [], []]


def test_an_invitation_as_a_stranger_sees_it(site: Site, tenant: dict[str, Any]):
    path = reverse("invitation-accept", args=(TOKEN,))
    assert look_at(site.visitor(), path) == []


def test_pages_of_errors(site: Site, owner: Membership):
    page = site.visitor(owner)
    assert look_at(page, "/no-such-page/") == []
    site.faults[:] = [fault for fault in site.faults if " 404 " not in fault]


def test_dialogs(site: Site, owner: Membership, page_of: Callable[[str], str]):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    page.locator("#keys-open").click()
    expect(page.locator("dialog#keys")).to_be_visible()
    assert complaints(page) == []


def test_every_script_and_style_of_the_answering_page_is_small(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    """Requests are counted; `make bench` weighs them."""
    page = site.visitor(owner)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_of("C-ONE"))
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 25
    assert any(re.search(r"rules.*\.js", url) for url in asked)


def test_axe_finds_what_is_wrong(site: Site):
    """The control: a page with a fault does not pass."""
    page = site.visitor()
    page.goto(reverse("start"))
    page.evaluate(
        "document.querySelector('main').append(document.createElement('input'))"
    )
    assert any(" label: " in line for line in complaints(page))


def test_overflow_is_seen(site: Site):
    """The control: an element that is too wide does not pass."""
    page = site.visitor()
    page.goto(reverse("start"))
    page.evaluate(
        """() => {
          const wide = document.createElement("div");
          wide.style.width = "600px";
          wide.textContent = "x";
          document.querySelector("main").append(wide);
        }"""
    )
    assert overflow(page)
