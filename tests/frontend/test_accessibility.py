"""axe finds nothing on the style guide and the public pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from question_bank.publishing import publish

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/styleguide/", "/", "/api/docs/errors", "/nowhere/"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def browser(chromium):
    """The system's Chromium."""
    return chromium


def violations(page):
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


def _beyond(page):
    """Return how many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(browser, live_server, address):
    page = browser.new_page(locale="zh-CN")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + address)
        assert violations(page) == []
        assert _beyond(page) == 0
    page.close()


def test_axe_finds_nothing_in_forced_colors(browser, live_server):
    page = browser.new_page(locale="zh-CN", forced_colors="active")
    page.goto(live_server.url + "/styleguide/")
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("bank", ["gbt29490_2013", "gbt29490_2023"])
def test_the_questionnaires_are_accessible(
    browser, live_server, real_bank, old_edition, bank
):
    for shipped in (real_bank, old_edition):
        publish(bank=shipped, at=timezone.now())
    page = browser.new_page(locale="zh-CN", viewport={"width": 320, "height": 900})
    page.goto(f"{live_server.url}/questionnaire/{bank}/")
    assert violations(page) == []
    assert _beyond(page) == 0
    page.close()


def test_axe_would_find_a_field_without_a_label(browser):
    page = browser.new_page()
    page.set_content("<main><h1>x</h1><input></main>")
    assert "label" in [rule for rule, _html in violations(page)]
    page.close()


def test_the_dialog_opens_and_gives_the_focus_back(browser, live_server):
    page = browser.new_page()
    page.goto(live_server.url + "/styleguide/")
    opener = page.locator("[data-dialog]")
    opener.focus()
    page.keyboard.press("Enter")
    assert page.locator("#sample-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()
    assert opener.evaluate("node => node === document.activeElement")
    page.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_text(browser, live_server):
    page = browser.new_page()
    page.goto(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
