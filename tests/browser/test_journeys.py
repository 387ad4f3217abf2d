"""From the start page to the printed report, as people walk it."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.credit_code import complete
from accounts.models import Membership, Organisation, User
from assessments.models import Assessment
from reports.models import Report
from reports.tasks import render_report
from tests.browser.conftest import Site
from tests.browser.test_answering import saved

PASSWORD = "zao-an-kelin-7-ge"


def register(page: Page) -> None:
    page.goto(reverse("account_signup"))
    page.locator("[name=credit_code]").fill(complete("91370600", "MA987650"))
    page.locator("[name=enterprise_name]").fill("测试精密机械有限公司")
    page.locator("[name=district]").select_option("370611")
    page.locator("[name=name]").fill("测试人")
    page.locator("[name=email]").fill("owner@example.com")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=consent]").check()
    page.locator("main form button[type=submit]").click()


def test_an_enterprise_registers_and_starts(site: Site):
    page = site.visitor()
    register(page)
    page.wait_for_url(f"**{reverse('home')}")
    expect(page.locator("main")).to_contain_text("测试精密机械有限公司")
    page.locator(".next-step button").click()
    page.wait_for_url("**/assessments/*/**")
    assert Organisation.objects.get().name == "测试精密机械有限公司"
    assert Assessment.objects.get().status == "draft"


def test_the_password_lets_the_person_in_again(site: Site):
    page = site.visitor()
    register(page)
    page.wait_for_url(f"**{reverse('home')}")
    other = site.visitor()
    other.goto(reverse("home"))
    other.locator("[name=login]").fill("owner@example.com")
    other.locator("[name=password]").fill(PASSWORD)
    other.locator("main form button[type=submit]").click()
    other.wait_for_url(f"**{reverse('home')}")


def answer_everything(page: Page, assessment: Assessment) -> None:
    """Answer the small bank so that it can be submitted."""
    long_ago = (timezone.localdate() - timedelta(days=200)).isoformat()
    page.goto(reverse("answer-page", args=(assessment.pk, "START")))
    page.locator("#a-has_export-no").check()
    page.locator("#q-started_on input:visible").first.fill(long_ago)
    page.locator(".save-bar button[value=next]").click()
    page.wait_for_url("**/pages/C-ONE/")
    page.locator("#a-level_one-3").check()
    page.locator("#a-level_event-3").check()
    page.locator("#q-total input:visible").first.fill("5")
    page.locator("#q-sampled input:visible").first.fill("5")
    page.locator(".save-bar button[value=next]").click()
    page.wait_for_url("**/pages/C-TWO/")
    page.locator("#a-level_two-4").check()
    saved(page)


def test_the_whole_way_to_the_printed_report(
    site: Site, owner: Membership, drafted: Any
):
    page = site.visitor(owner)
    answer_everything(page, drafted)
    page.goto(reverse("check", args=(drafted.pk,)))
    page.goto(reverse("submit", args=(drafted.pk,)))
    form = page.locator("main form")
    form.locator("[name=name]").fill("声明人")
    form.locator("[name=position]").fill("总经理")
    form.locator("[name=confirmed]").check()
    form.locator("button[type=submit]").click()
    page.wait_for_url(f"**/{drafted.pk}/**")
    assert Assessment.objects.get(pk=drafted.pk).status == "submitted"
    page.goto(reverse("result", args=(drafted.pk,)))
    expect(page.locator("main")).to_contain_text("自评结果不是认证结论")

    report = Report.objects.get(assessment=drafted)
    assert report.state == "pending"
    page.goto(reverse("report-status", args=(report.pk,)))
    render_report(str(report.pk))
    report.refresh_from_db()
    assert report.state == "ready", report.error
    # The waiting page notices by itself.
    link = page.locator(f"a[href='{reverse('report-file', args=(report.pk,))}']").first
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) == report.size
    verify = site.visitor()
    verify.goto(reverse("verify", args=(report.code,)))
    expect(verify.locator("main")).not_to_contain_text(owner.organisation.name)


def test_a_sealed_assessment_can_be_read_but_not_answered(
    site: Site, owner: Membership, drafted: Any
):
    page = site.visitor(owner)
    answer_everything(page, drafted)
    stale = site.visitor(owner)
    stale.goto(reverse("answer-page", args=(drafted.pk, "C-TWO")))
    page.goto(reverse("submit", args=(drafted.pk,)))
    form = page.locator("main form")
    form.locator("[name=name]").fill("声明人")
    form.locator("[name=position]").fill("总经理")
    form.locator("[name=confirmed]").check()
    form.locator("button[type=submit]").click()
    page.wait_for_url(f"**/{drafted.pk}/**")
    stale.locator("#a-level_two-1").check()
    state = stale.locator("#save-state")
    expect(state).to_have_text("本次自评已提交，不能再修改")
    assert Assessment.objects.get().answers.get(question="level_two").value == 4
    site.faults[:] = [fault for fault in site.faults if " 409 " not in fault]


def everything() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model is not Session
    }


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_the_quick_scan_needs_no_account_and_stores_nothing(site: Site, scripts: bool):
    before = everything()
    page = site.visitor(java_script_enabled=scripts)
    page.goto(reverse("start"))
    page.locator(f"main a[href='{reverse('quick-scan')}']").first.click()
    page.locator("input[name=level_one][value='2']").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("60")
    assert everything() == before
    assert not Session.objects.exists()
    assert not User.objects.exists()


def test_an_incomplete_scan_says_what_is_missing(site: Site):
    page = site.visitor()
    page.goto(reverse("quick-scan"))
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator(".error-summary a").first.click()
    focused = page.evaluate("document.activeElement.name || document.activeElement.id")
    assert focused.startswith("level_one")


def test_the_language_can_be_switched_and_stays(site: Site):
    page = site.visitor()
    page.goto(reverse("start"))
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("button", name="English").or_(
        page.get_by_role("link", name="English")
    ).first.click()
    page.goto(reverse("quick-scan"))
    assert page.locator("html").get_attribute("lang") == "en"
