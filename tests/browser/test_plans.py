"""Improvement plan and readiness in the browser, from the result to the next one."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Membership
from assessments.models import Assessment
from reviews.models import PlanTask, ReadinessItem
from reviews.services import TaskContent, add_task
from tests.browser.conftest import Site
from tests.browser.test_moving import look
from tests.fixtures_assessments import AT


@pytest.fixture
def main_version(site: Site) -> Any:
    """The version the running service offers."""
    from question_bank.selectors import offered_version

    return offered_version()


def test_from_the_result_to_the_next_assessment(
    site: Site, owner: Membership, sealed_with_gaps: Any
):
    page = site.visitor(owner)
    page.goto(reverse("result", args=(sealed_with_gaps.pk,)))
    page.get_by_role("link", name="整改计划和申请准备").click()
    look(page)
    page.get_by_role("button", name="建立整改计划").click()
    expect(page.locator("main")).to_contain_text("补齐记录。")
    look(page)

    task = PlanTask.objects.filter(question="level_one").get()
    page.goto(reverse("plan-task", args=(task.plan_id, task.pk)))
    look(page)
    page.get_by_text("修改任务").click()
    look(page)
    page.locator("#id_due_on").fill("2027-01-08")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("2027-01-08")
    page.get_by_role("button", name="标为已完成").click()
    expect(page.locator("main")).to_contain_text("任务状态已更改。")
    look(page)

    page.goto(reverse("plan-next", args=(task.plan_id,)))
    look(page)
    page.get_by_role("button", name="开始下一次自评").click()
    page.wait_for_url("**/moved/")
    look(page)
    made = Assessment.objects.drafts().get()
    assert not made.answers.filter(question="level_one").exists()
    page.goto(reverse("answer-page", args=(made.pk, "C-ONE")))
    expect(page.locator("#q-level_one")).to_contain_text("上次的回答，供参考")
    look(page)


def test_the_other_pages_of_a_plan(site: Site, owner: Membership, plan: Any):
    content = TaskContent("一项名字很长的任务，" * 12, owner=owner.user.pk)
    add_task(assessment_id=plan.pk, content=content, actor=owner.user, at=AT)
    page = site.visitor(owner)
    page.goto(reverse("plan", args=(plan.pk,)) + "?by=department&show=all")
    look(page)
    for name in ("plan-calendar", "plan-history", "plan-dates", "plan-task-add"):
        page.goto(reverse(name, args=(plan.pk,)))
        look(page)


def test_the_readiness_is_worked_off(site: Site, owner: Membership, plan: Any):
    page = site.visitor(owner)
    page.goto(reverse("readiness", args=(plan.pk,)))
    look(page)
    page.get_by_role("link", name="更改：行政许可证明").click()
    look(page)
    page.get_by_label("准备中").check()
    page.get_by_label("知识产权制度.pdf").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("知识产权制度.pdf")
    assert ReadinessItem.objects.get().state == "working"
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出材料包").click()
    assert download.value.suggested_filename.endswith(".zip")


def test_the_plan_works_without_scripts(site: Site, owner: Membership, plan: Any):
    page = site.visitor(owner, java_script_enabled=False)
    page.goto(reverse("plan", args=(plan.pk,)))
    page.locator("table button").first.click()
    expect(page.locator("main")).to_contain_text("任务状态已更改。")
    assert PlanTask.objects.filter(state="done").count() == 1


def test_the_plan_as_an_agency_sees_it(
    site: Site, plan: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer)
    for name in ("plan", "plan-task-add", "readiness", "plan-history"):
        page.goto(reverse(name, args=(plan.pk,)))
        look(page)
