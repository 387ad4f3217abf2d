"""A live server and a real Chromium; every page is watched for faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import Membership
from assessments.services import start_assessment
from question_bank.publishing import publish
from question_bank.selectors import MAIN_BANK
from tests.fixtures_assessments import AT

PATIENCE = 15_000
USUAL = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "reduced_motion": "reduce",
    "viewport": {"width": 1280, "height": 900},
}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here; one worker, since one browser and server are enough."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Site:
    """The service under its address, and what browsers complained about."""

    url: str
    chromium: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, person: Membership | None = None, **options: Any) -> Page:
        """Return a page of a new browser, signed in as that person."""
        context = self.chromium.new_context(base_url=self.url, **{**USUAL, **options})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("console", self._note)
        context.on("request", self._stay_home)
        self.contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person.user)
            session = client.cookies["session"].value
            context.add_cookies(
                [{"name": "session", "value": session, "url": self.url}]
            )
        return context.new_page()

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.location['url']} {message.text}")

    def _stay_home(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"asked elsewhere: {request.url}")


@pytest.fixture
def site(
    live_server: Any,
    chromium: Browser,
    monkeypatch: pytest.MonkeyPatch,
    small_bank: Any,
) -> Iterator[Site]:
    """The running service with the small bank on offer.

    At the end of a test no page may have complained about anything: no error, no
    violation of the Content-Security-Policy, no request to another host.
    """
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)
    cache.clear()
    publish(bank=replace(small_bank, id=MAIN_BANK), at=AT)
    site = Site(live_server.url, chromium)
    yield site
    for context in site.contexts:
        context.close()
    assert site.faults == []


@pytest.fixture
def drafted(site: Site, owner: Membership) -> Any:
    """The owner's draft on the bank on offer."""
    from question_bank.selectors import offered_version

    return start_assessment(
        enterprise=owner.organisation,
        bank_version=offered_version(),
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def page_of(drafted: Any) -> Callable[[str], str]:
    """Return the path of an answering page of the draft by its key."""

    def path(key: str) -> str:
        return reverse("answer-page", args=(drafted.pk, key))

    return path
