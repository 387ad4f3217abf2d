"""From a draft to a version that enterprises use, as the bureau's people walk it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Membership
from assessments.models import Assessment
from question_bank.models import BankDraft, BankVersion
from question_bank.selectors import offered_version
from question_bank.services import open_draft
from question_bank.source_tree import Part, find
from tests.browser.conftest import Site
from tests.fixtures_assessments import AT
from tests.frontend.test_accessibility import TAGS

PAGES = (
    ("bank-draft",), ("bank-clauses",), ("bank-parts",), ("bank-try",),
    ("bank-differences",), ("bank-files",), ("bank-publish",), ("bank-history",),
    ("bank-discard",), ("bank-question-add",), ("bank-question", "level_one"),
    ("bank-question", "kinds"), ("bank-question-remove", "total"),
    ("bank-part", "frame", "-"), ("bank-part", "gate", "gate_run"),
    ("bank-preview", "C-ONE"),
)  # fmt: skip


@pytest.fixture
def bank_draft(site: Site, bureau_manager: Membership) -> BankDraft:
    """A draft of the bank on offer."""
    return open_draft(base=offered_version(), actor=bureau_manager.user, at=AT)


def faults(page: Page) -> list[Any]:
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [
        *((rule["id"], rule["nodes"][0]["html"]) for rule in found),
        *(["wider than the window"] if wide else []),
    ]


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).last.click()


def test_an_expert_edits_a_manager_publishes_an_enterprise_uses_it(
    site: Site, bureau_manager: Membership, expert: Membership, owner: Membership
):
    page = site.visitor(expert)
    page.goto(reverse("banks"))
    page.get_by_role("button", name="由此打开草稿").click()
    page.get_by_role("link", name="level_one 做到哪一步？").click()
    page.locator("[name='text/zh']").fill("第一件事做到哪一步？")
    expect(page.locator("#preview")).to_contain_text("第一件事做到哪一步？")
    press(page, "保存")
    expect(page.locator(".notice-done")).to_contain_text("已保存")
    page.get_by_role("link", name="返回草稿").click()
    page.get_by_role("link", name="发布", exact=True).click()
    page.locator("[name=text_zh]").fill("题面说得更明白。")
    press(page, "提请发布")
    expect(page.locator("main")).to_contain_text("您是提请人，不能批准自己的提请")
    assert BankVersion.objects.count() == 1

    approver = site.visitor(bureau_manager)
    approver.goto(page.url)
    approver.get_by_role("link", name="看全部差异").click()
    expect(approver.locator("main table")).to_contain_text("第一件事做到哪一步？")
    approver.go_back()
    press(approver, "批准并发布 1.0.1")
    approver.wait_for_url(f"**{reverse('banks')}")
    expect(approver.locator("main")).to_contain_text("已停用")
    assert BankVersion.objects.get(status="published").version == "1.0.1"

    enterprise = site.visitor(owner)
    enterprise.goto(reverse("home"))
    enterprise.locator(".next-step button").click()
    enterprise.wait_for_url("**/assessments/*/**")
    started = Assessment.objects.get()
    assert started.bank_version.version == "1.0.1"
    enterprise.goto(reverse("answer-page", args=(started.pk, "C-ONE")))
    expect(enterprise.locator("main")).to_contain_text("第一件事做到哪一步？")


def test_a_rule_is_checked_while_it_is_typed(
    site: Site, bureau_manager: Membership, bank_draft: BankDraft
):
    page = site.visitor(bureau_manager)
    page.goto(reverse("bank-question", args=(bank_draft.pk, "level_export")))
    expect(page.locator("#lint-state")).to_have_text("没有发现问题。")
    page.locator("#f-applies_when").fill("has_export >> 1")
    expect(page.locator("#lint-f-applies_when .lint-error")).to_be_visible()
    expect(page.locator("#lint-list a[href='#f-applies_when']")).to_be_visible()
    page.locator("#f-applies_when").fill("has_export = 是")
    expect(page.locator("#lint-state")).to_have_text("没有发现问题。")
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


def test_everything_can_be_edited_without_scripts(
    site: Site, bureau_manager: Membership, bank_draft: BankDraft
):
    page = site.visitor(bureau_manager, java_script_enabled=False)
    page.goto(reverse("bank-question", args=(bank_draft.pk, "level_one")))
    press(page, "增加一条证据")
    page.locator("[name='evidence/1/id']").fill("ledger")
    page.locator("[name='evidence/1/required_from']").fill("3")
    page.locator("[name='evidence/1/text/zh']").fill("台账")
    press(page, "保存")
    expect(page.locator(".notice-done")).to_contain_text("已保存")
    bank_draft.refresh_from_db()
    stored = find(bank_draft.data(), Part("question", "level_one"))
    assert [item["id"] for item in stored["evidence"]] == ["rule_level_one", "ledger"]


def test_the_pages_are_accessible_on_a_phone_and_a_screen(
    site: Site, bureau_manager: Membership, bank_draft: BankDraft
):
    page = site.visitor(bureau_manager)
    addresses = [reverse(name, args=(bank_draft.pk, *rest)) for name, *rest in PAGES]
    addresses += [
        reverse("banks"),
        reverse("bank-upload"),
        reverse("bank-retire", args=(bank_draft.bank, "1.0.0")),
    ]
    found = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(address)
            if problems := faults(page):
                found[(width, address)] = problems
    assert found == {}


def test_trying_answers_shows_why_a_question_is_asked(
    site: Site, bureau_manager: Membership, bank_draft: BankDraft
):
    page = site.visitor(bureau_manager, viewport={"width": 320, "height": 900})
    page.goto(reverse("bank-try", args=(bank_draft.pk,)))
    page.locator("[name=t-has_export]").select_option("no")
    page.get_by_role("button", name="第二部分").click()
    row = page.locator(".try-row", has_text="level_export")
    expect(row).to_contain_text("不问")
    expect(row).to_contain_text("“是否出口？”为“是”；现在：“否”（不成立）")
    assert faults(page) == []
