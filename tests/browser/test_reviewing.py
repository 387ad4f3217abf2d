"""An agency reviews by keyboard, its client answers, and the review is given back."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import Membership
from assessments.services import Declaration, add_evidence, submit_assessment
from reviews.models import Remark, Review, ReviewMark
from tests.assessments import pdf_files
from tests.browser.conftest import Site
from tests.browser.test_pages import complaints, overflow, small_targets
from tests.fixtures_assessments import AT, COMPLETE


@pytest.fixture
def sealed(drafted: Any, fill: Callable[..., None], owner: Membership) -> Any:
    """A submitted assessment with an image as evidence."""
    fill(drafted, COMPLETE)
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(picture, "PNG")
    add_evidence(
        assessment_id=drafted.pk,
        question_id="level_one",
        file=ContentFile(picture.getvalue()),
        name="现场照片.png",
        actor=owner.user,
        at=AT,
    )
    return submit_assessment(
        assessment_id=drafted.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def with_pdfs(drafted: Any, fill: Callable[..., None], owner: Membership) -> Any:
    """A submitted assessment with PDFs, one of which can't be shown."""
    fill(drafted, COMPLETE)
    files = (
        ("制度.pdf", pdf_files.chinese(4)),
        ("密件.pdf", pdf_files.encrypted("secret")),
        ("脚本.pdf", pdf_files.with_script()),
    )
    for minutes, (name, content) in enumerate(files):
        add_evidence(
            assessment_id=drafted.pk,
            question_id="level_one",
            file=ContentFile(content),
            name=name,
            actor=owner.user,
            at=AT + timedelta(minutes=minutes),
        )
    return submit_assessment(
        assessment_id=drafted.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT + timedelta(hours=1),
    )


def look(page: Page) -> None:
    """Check that the page is accessible, fits, and can be touched."""
    size = page.viewport_size
    assert complaints(page) == []
    assert overflow(page) == []
    assert small_targets(page) == []
    assert size is not None
    page.set_viewport_size(size)


def begin(page: Page, sealed: Any) -> None:
    page.goto(reverse("assessment-reviews", args=(sealed.pk,)))
    look(page)
    page.get_by_role("button", name="开始评审").click()
    page.wait_for_url("**/questions/level_one/")


def test_the_whole_way_of_a_review(
    site: Site, sealed: Any, grant: Any, reviewer: Membership, owner: Membership
):
    grant()
    page = site.visitor(reviewer)
    begin(page, sealed)
    page.locator(".review-image").scroll_into_view_if_needed()
    expect(page.locator(".review-image")).to_have_js_property("naturalWidth", 300)
    look(page)

    page.keyboard.press("2")
    expect(page.get_by_label("部分认可")).to_be_checked()
    page.get_by_label("建议等级").select_option("2")
    page.get_by_label("理由").fill("2 份记录缺签字。")
    page.get_by_role("button", name="保存并到下一题").click()
    page.wait_for_url("**/questions/level_event/")
    for question in ("level_event", "level_two"):
        page.wait_for_url(f"**/questions/{question}/")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/reviews/{Review.objects.get().pk}/")
    marks = ReviewMark.objects.order_by("pk").values_list("verdict", "suggested_level")
    assert list(marks) == [("partly", 2), ("agree", None), ("agree", None)]

    page.get_by_label("对整次自评的意见").fill("请补齐签字页。")
    page.get_by_role("button", name="提出意见").click()
    expect(page.locator(".remark")).to_contain_text("请补齐签字页。")
    look(page)

    client = site.visitor(owner)
    client.goto(reverse("result", args=(sealed.pk,)))
    client.get_by_role("link", name="评审意见").click()
    look(client)
    client.get_by_role("link", name="看意见").click()
    expect(client.locator("main")).to_contain_text("评审结束后")
    look(client)
    client.get_by_label("说明").fill("已补。")
    client.get_by_role("button", name="有不同看法").click()
    expect(client.locator(".remark")).to_contain_text("企业有不同看法")

    page.reload()
    page.get_by_role("button", name="认可这次自评").click()
    expect(page.locator("main")).to_contain_text("评审已认可")
    client.reload()
    expect(client.locator("main")).to_contain_text("84.0")
    look(client)
    assert Remark.objects.get().state == "argued"


def test_keys_of_the_split_view(
    site: Site, sealed: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer)
    begin(page, sealed)
    page.keyboard.press("n")
    page.wait_for_url("**/questions/level_event/")
    page.keyboard.press("p")
    page.wait_for_url("**/questions/level_one/")
    page.get_by_label("理由").press("n")
    assert page.url.endswith("/level_one/")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.get_by_label("启用快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(page.get_by_label("不认可", exact=True)).not_to_be_checked()


def test_the_split_view_works_without_javascript(
    site: Site, sealed: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer, java_script_enabled=False)
    begin_without_script = reverse("assessment-reviews", args=(sealed.pk,))
    page.goto(begin_without_script)
    page.get_by_role("button", name="开始评审").click()
    page.get_by_label("认可", exact=True).check()
    page.get_by_role("button", name="保存并到下一题").click()
    page.wait_for_url("**/questions/level_event/")
    assert ReviewMark.objects.get().verdict == "agree"


def test_a_pdf_is_read_beside_the_answer(
    site: Site, with_pdfs: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer)
    begin(page, with_pdfs)
    picture, place = page.locator(".pdf-image"), page.locator(".pdf-place")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1131)
    expect(picture).to_have_attribute("alt", "制度.pdf 第 1 页")
    expect(page.get_by_role("link", name="上一页")).to_be_hidden()
    look(page)

    page.get_by_label("理由").fill("写到一半")
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(place).to_have_text("第 2 页，共 4 页")
    expect(picture).to_have_attribute("alt", "制度.pdf 第 2 页")
    expect(picture).to_have_js_property("naturalWidth", 1131)
    page.keyboard.press("k")
    expect(place).to_have_text("第 1 页，共 4 页")
    page.get_by_label("页码").fill("4")
    page.get_by_label("页码").press("Enter")
    expect(place).to_have_text("第 4 页，共 4 页")
    page.get_by_role("link", name="上一页").press("Enter")
    page.get_by_role("link", name="下一页").press("Enter")
    expect(page.get_by_role("link", name="上一页")).to_be_focused()
    expect(page.get_by_label("理由")).to_have_value("写到一半")
    look(page)


def test_a_pdf_that_can_not_be_shown_says_so(
    site: Site, with_pdfs: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer)
    begin(page, with_pdfs)
    page.get_by_role("link", name="在此预览 密件.pdf").click()
    expect(page.locator(".review-evidence")).to_contain_text("文件有打开密码")
    expect(page.get_by_role("link", name="下载 密件.pdf")).to_be_visible()
    look(page)
    page.get_by_role("link", name="在此预览 脚本.pdf").click()
    picture = page.locator(".pdf-image")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1131)


def test_a_page_that_breaks_while_one_looks_says_so(
    site: Site, with_pdfs: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer)
    page.route("**/preview/?page=2", lambda route: route.abort())
    begin(page, with_pdfs)
    page.locator(".pdf-image").scroll_into_view_if_needed()
    page.keyboard.press("j")
    expect(page.locator(".pdf-problem")).to_contain_text("这一页不能预览")
    page.keyboard.press("j")
    expect(page.locator(".pdf-place")).to_have_text("第 3 页，共 4 页")
    expect(page.locator(".pdf-problem")).to_be_hidden()
    site.faults[:] = [line for line in site.faults if "ERR_FAILED" not in line]


def test_pages_are_turned_without_javascript(
    site: Site, with_pdfs: Any, grant: Any, reviewer: Membership
):
    grant()
    page = site.visitor(reviewer, java_script_enabled=False)
    page.goto(reverse("assessment-reviews", args=(with_pdfs.pk,)))
    page.get_by_role("button", name="开始评审").click()
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".pdf-place")).to_have_text("第 2 页，共 4 页")
    page.get_by_label("页码").fill("4")
    page.get_by_role("button", name="前往").click()
    expect(page.locator(".pdf-place")).to_have_text("第 4 页，共 4 页")
    expect(page.get_by_role("link", name="下一页")).to_be_hidden()
    page.get_by_role("link", name="上一页").click()
    expect(page.locator(".pdf-place")).to_have_text("第 3 页，共 4 页")
