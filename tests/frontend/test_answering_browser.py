"""The answering page in a real browser: saving by itself, faults, keys, files."""

import gzip
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Answer, Evidence
from assessments.services import Declaration, save_answer, submit_assessment
from tests.fixtures_assessments import COMPLETE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PDF = b"%PDF-1.4\n" + b"x" * 200 + b"\n%%EOF"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def browser(chromium):
    """The system's Chromium."""
    return chromium


@pytest.fixture
def sign_in(live_server):
    """Return a function that gives a browser context a person's session."""

    def give(context, member):
        client = Client()
        client.force_login(member.user)
        session = client.cookies["session"].value
        cookie = {"name": "session", "value": session, "url": live_server.url}
        context.add_cookies([cookie])

    return give


@pytest.fixture
def context(browser, sign_in, owner):
    found = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    sign_in(found, owner)
    yield found
    found.close()


@pytest.fixture
def open_page(context, live_server, draft):
    """Return a function that opens an answering page and watches for errors."""
    errors = []

    def go(key, **options):
        page = context.new_page(**options)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{live_server.url}/assessments/{draft.pk}/pages/{key}/")
        return page

    yield go
    assert errors == []


def violations(page):
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def state(page):
    return page.locator("#save-state")


def stored(question):
    return Answer.objects.get(question=question)


SAVED = re.compile(r"已保存 \d\d:\d\d")


def test_a_choice_is_saved_and_what_follows_appears_at_once(open_page):
    page = open_page("C-ONE")
    expect(page.locator("#a-total")).to_be_hidden()
    page.locator("#a-level_one-3").check()
    expect(page.locator("#a-total")).to_be_visible(timeout=300)
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator("#whole-text")).to_contain_text("1 / 7")
    expect(page.locator("[data-section=ONE]")).to_have_text("1 / 4")
    assert stored("level_one").value == 3
    page.locator("#a-level_one-1").check()
    expect(page.locator("#a-total")).to_be_hidden(timeout=300)
    expect(page.locator("#whole-text")).to_contain_text("1 / 5")


def test_keys_choose_and_move(open_page):
    page = open_page("C-ONE")
    page.keyboard.press("4")
    expect(page.locator("#a-level_one-3")).to_be_checked()
    page.keyboard.press("n")
    expect(page.locator("#a-level_event-0")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#a-level_event-0")).to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("启用快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("5")
    expect(page.locator("#a-level_event-0")).to_be_checked()
    page.locator("#a-total").fill("")
    page.locator("#a-total").press_sequentially("15")
    expect(page.locator("#a-total")).to_have_value("15")
    expect(state(page)).to_have_text(SAVED)


def test_what_is_typed_without_a_network_is_saved_later(open_page, context):
    page = open_page("C-TWO")
    context.set_offline(True)
    page.locator("#a-words").fill("第一稿")
    page.locator("#a-words").blur()
    expect(state(page)).to_have_text("未保存，正在重试")
    assert violations(page) == []
    page.locator("#a-words").fill("第二稿")
    page.locator("#a-words").blur()
    context.set_offline(False)
    expect(state(page)).to_have_text(SAVED, timeout=10_000)
    assert stored("words").value == "第二稿"


def test_an_answer_whose_reply_was_lost_is_not_saved_twice(open_page):
    page = open_page("C-TWO")
    lost = []

    def lose_the_first_reply(route):
        if lost:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request.headers["idempotency-key"])
        route.abort()

    page.route("**/answers/**", lose_the_first_reply)
    with page.expect_response("**/answers/**") as reply:
        page.locator("#a-level_two-2").check()
    expect(state(page)).to_have_text(SAVED)
    assert reply.value.request.headers["idempotency-key"] == lost[0]
    assert stored("level_two").revision == 1


def test_leaving_with_something_unsaved_warns(open_page, context):
    page = open_page("C-TWO")
    context.set_offline(True)
    page.locator("#a-level_two-2").check()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    context.set_offline(False)
    expect(state(page)).to_have_text(SAVED, timeout=10_000)


def other_saves(draft, contributor, value, revision=0):
    save_answer(
        assessment_id=draft.pk,
        question_id="level_two",
        data={"state": "answered", "value": value},
        revision=revision,
        actor=contributor.user,
        at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("choice", "value"), [("保留我的", 4), ("用对方的", 1)], ids=["mine", "theirs"]
)
def test_a_conflict_asks_which_to_keep(open_page, draft, contributor, choice, value):
    page = open_page("C-TWO")
    other_saves(draft, contributor, 1)
    page.locator("#a-level_two-4").check()
    dialog = page.get_by_role("dialog", name="这道题已在别处被修改")
    expect(dialog).to_contain_text("1 · 口头")
    expect(dialog).to_contain_text("4 · 有改进")
    assert violations(page) == []
    dialog.get_by_role("button", name=choice).click()
    expect(state(page)).to_have_text(re.compile("^(已保存.*)?$"))
    expect(page.locator(f"#a-level_two-{value}")).to_be_checked()
    assert stored("level_two").value == value


def test_a_conflict_can_wait_and_is_asked_again(open_page, draft, contributor):
    page = open_page("C-TWO")
    other_saves(draft, contributor, 1)
    page.locator("#a-level_two-4").check()
    dialog = page.get_by_role("dialog", name="这道题已在别处被修改")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(state(page)).to_contain_text("已在别处被修改")
    page.locator("#a-words").fill("别的题照常保存")
    page.locator("#a-words").blur()
    page.get_by_role("button", name="保存并检查").click()
    expect(dialog).to_be_visible()
    assert stored("words").value == "别的题照常保存"


def test_an_ended_session_keeps_what_was_typed(open_page, context, sign_in, owner):
    page = open_page("C-TWO")
    context.clear_cookies(name="session")
    page.locator("#a-level_two-3").check()
    notice = page.locator("#signed-out")
    expect(notice).to_contain_text("在新窗口登录")
    assert violations(page) == []
    sign_in(context, owner)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state(page)).to_have_text(SAVED)
    expect(notice).to_be_hidden()
    assert stored("level_two").value == 3


def test_a_reason_is_asked_and_a_wrong_number_named(open_page, fill, draft):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    page = open_page("C-ONE")
    page.locator("#a-total").fill("很多")
    page.locator("#a-sampled").fill("3")
    expect(page.locator("#q-total .error-text")).to_contain_text("请只填数字")
    expect(state(page)).to_have_text("有 1 处需要更正，更正后自动保存")
    assert violations(page) == []
    page.locator("#a-total").fill("5")
    page.locator("#a-total").blur()
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator("#q-total .error-text")).to_have_count(0)

    page = open_page("C-TWO")
    page.locator("#a-level_two-not_applicable").check()
    expect(page.locator("#reason-level_two")).to_be_focused()
    page.get_by_role("button", name="仅保存").last.click()
    expect(page.locator("#q-level_two .error-text")).to_contain_text("须写明理由")
    page.locator("#reason-level_two").fill("不涉及")
    page.locator("#reason-level_two").blur()
    expect(state(page)).to_have_text(SAVED)
    assert stored("level_two").reason == "不涉及"


def test_what_the_server_refuses_is_shown_at_the_field(open_page, fill, draft):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    page = open_page("C-ONE")
    page.locator("#a-total").fill("99999")
    page.locator("#a-total").blur()
    expect(page.locator("#q-total .error-text")).to_contain_text("1000")
    expect(page.locator("#a-total")).to_have_attribute("aria-invalid", "true")


def test_files_are_sent_dropped_refused_and_removed(open_page):
    page = open_page("C-TWO")
    page.locator("#q-level_two .question-evidence summary").click()
    page.locator("#file-level_two").set_input_files(
        [
            {"name": "制度.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "坏.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
            {"name": "假.pdf", "mimeType": "application/pdf", "buffer": b"MZ"},
        ]
    )
    area = page.locator("[data-upload=level_two]")
    expect(area.get_by_role("link", name="制度.pdf")).to_be_visible()
    problem = area.locator("[data-upload-problem]")
    expect(problem).to_contain_text("坏.exe")
    expect(problem).to_contain_text("假.pdf")
    expect(page.locator("#q-level_two [data-evidence-state]")).to_have_text("已有证据")
    assert violations(page) == []
    area.get_by_role("button", name="删除").click()
    page.locator("#remove-file").get_by_role("button", name="删除").click()
    expect(area.get_by_role("link", name="制度.pdf")).to_have_count(0)
    assert not Evidence.objects.exists()


def test_save_and_continue_waits_for_the_save(open_page, draft):
    page = open_page("START")
    page.locator("#a-has_export-yes").check()
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/pages/C-ONE/")
    assert stored("has_export").value is True


def test_an_answer_can_be_cleared(open_page, fill, draft):
    fill(draft, {"level_two": {"state": "answered", "value": 3}})
    page = open_page("C-TWO")
    page.locator("#q-level_two").get_by_role("button", name="清除回答").click()
    expect(state(page)).to_have_text(SAVED)
    assert stored("level_two").state == "unanswered"


def test_a_page_is_filled_in_by_keyboard_alone(open_page):
    page = open_page("START")
    page.locator("#a-has_export-yes").focus()
    page.keyboard.press("Space")
    page.keyboard.press("n")
    page.keyboard.type("01052026")
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "next":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/C-ONE/")
    assert stored("has_export").value is True
    assert stored("started_on").value == "2026-01-05"
    assert stored("started_on").revision == 1


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scripts", [True, False], ids=["js", "plain"])
def test_axe_finds_nothing(browser, live_server, sign_in, owner, draft, width, scripts):
    # High enough for the save bar to cover nothing: axe takes a control that is
    # half covered for one that is too small.
    context = browser.new_context(
        locale="zh-CN",
        viewport={"width": width, "height": 6000},
    )
    sign_in(context, owner)
    page = context.new_page()
    # axe itself needs scripts, so only the page's own is kept away.
    if not scripts:
        page.route("**/answering.js", lambda route: route.abort())
    base = f"{live_server.url}/assessments/{draft.pk}"
    for address in (
        f"{live_server.url}/home/",
        f"{base}/",
        f"{base}/?by=department",
        f"{base}/pages/START/",
        f"{base}/pages/C-ONE/",
        f"{base}/pages/C-TWO/",
        f"{base}/check/",
    ):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_axe_finds_nothing_in_errors_and_conflicts(
    browser, live_server, sign_in, owner, draft, contributor
):
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 320, "height": 800}
    )
    sign_in(context, owner)
    page = context.new_page()
    page.route("**/answering.js", lambda route: route.abort())
    page.goto(f"{live_server.url}/assessments/{draft.pk}/pages/C-TWO/")
    other_saves(draft, contributor, 1)
    page.locator("#a-level_two-4").check()
    page.locator("#q-words .question-evidence summary").click()
    page.locator("#note-words").evaluate("e => { e.removeAttribute('maxlength'); }")
    page.locator("#note-words").fill("x" * 2001)
    page.get_by_role("button", name="保存并检查").click()
    # By its name: while style sheets still arrive, hidden alerts count as shown.
    expect(page.get_by_role("alert", name="有 2 处需要更正")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("保留我的").check()
    page.locator("#note-words").fill("短")
    page.get_by_role("button", name="保存并检查").click()
    page.wait_for_url("**/check/")
    assert stored("level_two").value == 4
    context.close()


def test_the_scripts_stay_small():

    folder = Path(__file__).parents[2] / "frontend/static/frontend/js"
    names = "answering clock conflict evidence keys outbox question rules server"
    size = sum(
        len(gzip.compress((folder / f"{n}.js").read_bytes())) for n in names.split()
    )
    assert size <= 60_000


def test_a_busy_server_is_asked_again(open_page):
    page = open_page("C-TWO")
    calls = []

    def busy_once(route):
        calls.append(route.request.url)
        if len(calls) > 1:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="busy")

    page.route("**/answers/**", busy_once)
    page.locator("#a-level_two-2").check()
    expect(state(page)).to_have_text("未保存，正在重试")
    expect(state(page)).to_have_text(SAVED)
    assert len(calls) == 2


def test_a_submission_elsewhere_is_said(open_page, fill, draft, owner):
    fill(draft, COMPLETE)
    page = open_page("C-TWO")
    submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=timezone.now(),
    )
    page.locator("#a-level_two-2").check()
    expect(state(page)).to_have_text("本次自评已提交，不能再修改")
    assert stored("level_two").value == 4
