"""From a sealed result of the old edition to a sealed one of the new."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Membership
from assessments.models import Answer, AnswerEvent, Assessment
from tests.browser.conftest import Site
from tests.browser.test_answering import saved
from tests.browser.test_pages import complaints, overflow, small_targets


@pytest.fixture
def preview(old_sealed: Any, new_version: Any) -> str:
    """The path of the preview of the old result under the new edition."""
    return reverse("move-preview", args=(old_sealed.pk, "edition_new"))


def look(page: Page) -> None:
    """Check that the page is accessible, fits, and can be touched."""
    size = page.viewport_size
    assert complaints(page) == []
    assert overflow(page) == []
    assert small_targets(page) == []
    assert size is not None
    page.set_viewport_size(size)


def waiting(page: Page, question: str) -> Any:
    return page.locator(f"#q-{question} [data-to-confirm]")


def test_the_whole_way_from_the_old_edition_to_the_new(
    site: Site, owner: Membership, old_sealed: Any, preview: str
):
    page = site.visitor(owner)
    page.goto(reverse("result", args=(old_sealed.pk,)))
    page.get_by_role("link", name="按2023版看现状").click()
    page.wait_for_url(f"**{preview}")
    expect(page.locator("main")).to_contain_text("32 – 79")
    look(page)
    page.get_by_role("button", name="建立2023版自评").click()
    page.wait_for_url("**/moved/")
    look(page)
    made = Assessment.objects.drafts().get()

    confirm_one_by_one(page, made)
    answer_the_rest(page, made)

    page.goto(reverse("check", args=(made.pk,)))
    look(page)
    page.get_by_role("button", name="全部确认").click()
    page.wait_for_url("**/check/")
    page.goto(reverse("submit", args=(made.pk,)))
    form = page.locator("main form")
    form.locator("[name=position]").fill("总经理")
    form.locator("[name=confirmed]").check()
    form.locator("button[type=submit]").click()
    page.wait_for_url(f"**/{made.pk}/submitted/")
    made.refresh_from_db()
    assert made.status == "submitted"
    assert not made.answers.filter(to_confirm=True).exists()

    page.goto(reverse("compare"))
    page.get_by_role("button", name="比较").click()
    expect(page.locator("main")).to_contain_text("逐题比较")
    look(page)


def confirm_one_by_one(page: Page, made: Assessment) -> None:
    """Confirm one answer by its button and one by changing it."""
    page.goto(reverse("answer-page", args=(made.pk, "N-SEC")))
    look(page)
    expect(waiting(page, "secret_posts")).to_contain_text("来自2013版，请确认")
    waiting(page, "secret_posts").get_by_role("button").click()
    expect(waiting(page, "secret_posts")).to_have_count(0)
    saved(page)
    row = Answer.objects.get(assessment=made, question="secret_posts")
    assert (row.value, row.to_confirm, row.revision) == (2, False, 2)
    focused = page.evaluate("document.activeElement.id")
    assert focused.startswith("a-secret_posts")
    page.locator("#a-outsourcing-2").check()
    expect(waiting(page, "outsourcing")).to_have_count(0)
    saved(page)
    assert Answer.objects.get(question="outsourcing").value == 2


def answer_the_rest(page: Page, made: Assessment) -> None:
    """Answer the questions that have only a hint, or are new."""
    page.locator("#a-secret_space-3").check()
    page.locator("#a-contracts-2").check()
    saved(page)
    page.goto(reverse("answer-page", args=(made.pk, "N-CMP")))
    look(page)
    page.locator("#a-watch-2").check()
    page.locator("#a-reporting-2").check()
    saved(page)


def test_a_confirmation_is_saved_once_and_kept_in_the_history(
    site: Site, owner: Membership, moved: Any
):
    page = site.visitor(owner)
    page.goto(reverse("answer-page", args=(moved.pk, "N-ONE")))
    button = waiting(page, "policy_now").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(waiting(page, "policy_now")).to_have_count(0)
    page.reload()
    expect(waiting(page, "policy_now")).to_have_count(0)
    events = AnswerEvent.objects.filter(assessment=moved, question="policy_now")
    assert list(events.order_by("revision").values_list("revision", "value")) == [
        (1, 3), (2, 3),
    ]  # fmt: skip


def test_the_way_works_without_scripts(site: Site, owner: Membership, preview: str):
    page = site.visitor(owner, java_script_enabled=False)
    page.goto(preview)
    page.get_by_role("button", name="建立2023版自评").click()
    page.wait_for_url("**/moved/")
    made = Assessment.objects.drafts().get()
    page.goto(reverse("answer-page", args=(made.pk, "N-ONE")))
    waiting(page, "policy_now").get_by_role("button").click()
    expect(waiting(page, "policy_now")).to_have_count(0)
    assert not Answer.objects.get(assessment=made, question="policy_now").to_confirm
    page.goto(reverse("moved", args=(made.pk,)))
    page.locator(".to-confirm form button").first.click()
    expect(page.locator(".to-confirm > li")).to_have_count(5)


def test_the_patch_and_the_change_log_are_accessible(
    site: Site,
    owner: Membership,
    old_draft: Any,
    earlier_edition: Any,
    new_version: Any,
):
    from dataclasses import replace

    from question_bank.publishing import publish
    from tests.fixtures_assessments import AT

    publish(bank=replace(earlier_edition, version="1.0.1"), at=AT)
    page = site.visitor(owner)
    page.goto(reverse("assessment", args=(old_draft.pk,)))
    look(page)
    page.get_by_role("link", name="跟随到 1.0.1").click()
    look(page)
    page.get_by_role("link", name="看全部修订记录").click()
    look(page)
    page.go_back()
    page.get_by_role("button", name="同意并跟随").click()
    expect(page.locator("main")).to_contain_text("已跟随到题库 1.0.1")
