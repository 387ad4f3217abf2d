"""Answering in a real browser: saving by itself, without script, by keyboard."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from accounts.models import Membership
from assessments.models import Answer, Evidence
from assessments.services import save_answer
from tests.browser.conftest import Site
from tests.fixtures_assessments import AT
from tests.project.conftest import pdf

LEVEL_3 = {"state": "answered", "value": 3}


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    expect(page.locator("#save-state")).to_have_text(re.compile(r"已保存 \d\d:\d\d"))


def value(question: str) -> Any:
    return Answer.objects.get(question=question).value


def test_an_answer_saves_itself_and_its_follow_up_appears(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    follow_up = page.locator("#q-total [data-body]")
    expect(follow_up).to_be_hidden()
    page.locator("#a-level_one-3").check()
    expect(follow_up).to_be_visible()
    saved(page)
    assert value("level_one") == 3
    page.reload()
    expect(page.locator("#a-level_one-3")).to_be_checked()
    expect(follow_up).to_be_visible()


def test_a_follow_up_goes_when_its_reason_goes(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    page.locator("#a-level_one-3").check()
    expect(page.locator("#q-total [data-body]")).to_be_visible()
    page.locator("#a-level_one-1").check()
    expect(page.locator("#q-total [data-body]")).to_be_hidden()
    saved(page)
    assert value("level_one") == 1


def test_evidence_is_uploaded_and_still_there_after_a_reload(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    question = page.locator("#q-level_one")
    question.locator(".question-evidence > summary").click()
    question.locator("input[type=file]").set_input_files(
        {"name": "管理制度.pdf", "mimeType": "application/pdf", "buffer": pdf("rule")}
    )
    listed = page.locator("#q-level_one [data-files] a")
    # The name shows while it is sent; it is a link once it is stored.
    expect(listed).to_have_text("管理制度.pdf", timeout=30_000)
    page.reload()
    expect(listed).to_have_text("管理制度.pdf")
    with page.expect_download() as download:
        listed.click()
    assert download.value.suggested_filename == "管理制度.pdf"
    assert Evidence.objects.get().question == "level_one"


def test_without_script_the_page_is_a_form(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner, java_script_enabled=False)
    page.goto(page_of("C-ONE"))
    page.locator("#a-level_one-3").check()
    page.locator(".save-bar button[value=stay]").click()
    assert value("level_one") == 3
    expect(page.locator("#q-total [data-body]")).to_be_visible()
    page.locator("#q-total input:visible").first.fill("5")
    page.locator("#q-level_one .question-evidence > summary").click()
    page.locator("#q-level_one input[type=file]").set_input_files(
        {"name": "制度.pdf", "mimeType": "application/pdf", "buffer": pdf("plain")}
    )
    page.locator("#q-level_one button[name=upload]").click()
    expect(page.locator("#q-level_one [data-files]")).to_contain_text("制度.pdf")
    assert value("total") == 5


def test_without_script_a_mistake_is_named_at_its_field(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner, java_script_enabled=False)
    page.goto(page_of("C-TWO"))
    page.locator("#a-level_two-not_applicable").check()
    page.locator(".save-bar button[value=stay]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert page.title().startswith("错误：")
    page.locator(".error-summary a").first.click()
    target = page.locator(":target")
    expect(target).to_be_visible()
    assert "level_two" in (target.get_attribute("id") or "")
    expect(page.locator("#a-level_two-not_applicable")).to_be_checked()
    assert not Answer.objects.exists()


def test_the_keyboard_alone_answers_and_goes_on(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    first = page.locator("#a-level_one-0")
    for _step in range(60):
        page.keyboard.press("Tab")
        if first.evaluate("input => document.activeElement.name === input.name"):
            break
    expect(page.locator("[name=a-level_one]:focus")).to_have_count(1)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#a-level_one-2")).to_be_checked()
    saved(page)
    assert value("level_one") == 2
    for _step in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.value")
        if focused == "next":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/C-TWO/")


def test_what_has_the_focus_can_be_seen(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    """WCAG 2.4.7 and 2.4.11: an outline, and nothing sticky in front of it."""
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    for _step in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """async () => {
              await new Promise((done) => requestAnimationFrame(() =>
                requestAnimationFrame(done)));
              const e = document.activeElement;
              const box = e.getBoundingClientRect();
              const at = document.elementFromPoint(
                box.x + box.width / 2, box.y + box.height / 2);
              const near = (n) => n && (n.contains(e) || e.contains(n)
                || n.closest("label")?.contains(e));
              const ring = [e, e.closest("label") ?? e].some((n) => {
                const s = getComputedStyle(n);
                return s.outlineStyle !== "none" || s.boxShadow !== "none";
              });
              return {name: e.outerHTML.slice(0, 90), ring, near: Boolean(near(at)),
                under: at?.outerHTML.slice(0, 90), y: box.y};
            }"""
        )
        assert seen["ring"], seen
        assert seen["near"], seen


def test_two_tabs_never_overwrite_each_other_silently(
    site: Site, owner: Membership, page_of: Callable[[str], str], drafted: Any
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    save_answer(
        assessment_id=drafted.pk,
        question_id="level_one",
        data=LEVEL_3,
        revision=0,
        actor=owner.user,
        at=AT,
    )
    page.locator("#a-level_one-1").check()
    dialog = page.locator("dialog#conflict")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("3")
    assert value("level_one") == 3
    dialog.locator("button[value=mine]").click()
    saved(page)
    assert value("level_one") == 1
    site.faults[:] = [fault for fault in site.faults if " 412 " not in fault]


def test_the_other_answer_may_be_kept_instead(
    site: Site, owner: Membership, page_of: Callable[[str], str], drafted: Any
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    save_answer(
        assessment_id=drafted.pk,
        question_id="level_one",
        data=LEVEL_3,
        revision=0,
        actor=owner.user,
        at=AT,
    )
    page.locator("#a-level_one-1").check()
    page.locator("dialog#conflict button[value=theirs]").click()
    expect(page.locator("#a-level_one-3")).to_be_checked()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    assert value("level_one") == 3
    site.faults[:] = [fault for fault in site.faults if " 412 " not in fault]


def test_a_save_that_was_offline_is_repeated_and_not_doubled(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    page.context.set_offline(True)
    page.locator("#a-level_one-3").check()
    state = page.locator("#save-state")
    expect(state).to_have_attribute("data-state", "failed")
    expect(state).to_have_text("未保存，正在重试")
    assert not Answer.objects.exists()
    page.context.set_offline(False)
    saved(page)
    assert (value("level_one"), Answer.objects.get().revision) == (3, 1)
    site.faults[:] = [f for f in site.faults if "ERR_INTERNET_DISCONNECTED" not in f]


def test_an_answer_whose_receipt_got_lost_is_stored_once(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    """The server stored it, the browser never heard so: it asks again, same key."""
    page = site.visitor(owner)
    page.goto(page_of("C-ONE"))
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if not lost:
            lost.append(route.request.headers["idempotency-key"])
            route.fetch()
            route.abort("connectionreset")
        else:
            lost.append(route.request.headers["idempotency-key"])
            route.continue_()

    page.route("**/api/v1/assessments/*/answers/level_one/", lose_first)
    page.locator("#a-level_one-3").check()
    saved(page)
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert Answer.objects.get().revision == 1
    site.faults[:] = [f for f in site.faults if "ERR_CONNECTION_RESET" not in f]


def test_nothing_that_was_typed_stays_in_the_browser(
    site: Site, owner: Membership, page_of: Callable[[str], str]
):
    page = site.visitor(owner)
    page.goto(page_of("C-TWO"))
    page.locator("#q-words textarea, #q-words input[type=text]").first.fill("商业秘密")
    page.keyboard.press("Tab")
    saved(page)
    kept = page.evaluate(
        """async () => JSON.stringify({
          local: {...localStorage}, session: {...sessionStorage},
          databases: await indexedDB.databases(), caches: await caches.keys(),
        })"""
    )
    assert json.loads(kept) == {
        "local": {},
        "session": {},
        "databases": [],
        "caches": [],
    }
