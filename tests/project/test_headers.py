"""Headers of every answer, and pages that ask for nothing from anywhere else."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from tests.project.conftest import World
from tests.project.test_access_matrix import ROWS, ask, path_of, title

ROOT = Path(__file__).resolve().parents[2]
PAGES = [row for row in ROWS if row["method"] == "GET"]
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NAMESPACES = {
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/1999/xhtml",
}
ELSEWHERE = re.compile(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'<>)]*")


class Parts(HTMLParser):
    """Collects what a Content-Security-Policy would refuse, and every address."""

    ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data")

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        given = dict(attributes)
        self.addresses += [given[key] or "" for key in self.ADDRESSES if key in given]
        self.inline += [
            f"{tag} {key}" for key in given if key == "style" or key.startswith("on")
        ]
        runs = given.get("type") in (None, "module", "text/javascript")
        if tag == "style" or (tag == "script" and runs and "src" not in given):
            self.inline.append(f"<{tag}>")


def parts_of(answer: HttpResponse) -> Parts:
    parts = Parts()
    parts.feed(answer.content.decode())
    return parts


def is_html(answer: HttpResponse) -> bool:
    return answer["Content-Type"].startswith("text/html")


def policy(answer: HttpResponse) -> dict[str, set[str]]:
    directives = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {words[0]: set(words[1:]) for words in directives if words}


def problems(answer: HttpResponse) -> list[str]:
    """Return what is missing among the headers of an answer."""
    found = [
        name for name, value in STRICT.items() if answer.headers.get(name) != value
    ]
    allowed = policy(answer)
    if "sandbox" in allowed:
        return found + ([] if allowed["default-src"] == {"'none'"} else ["sandbox"])
    scripts = allowed.get("script-src", set())
    if not scripts or scripts & {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"}:
        found.append("script-src")
    nothing = ("default-src", "object-src", "base-uri", "frame-ancestors")
    found += [name for name in nothing if allowed.get(name) != {"'none'"}]
    for name in ("style-src", "connect-src", "form-action", "font-src"):
        if allowed.get(name) != {"'self'"}:
            found.append(name)
    return found


@pytest.mark.parametrize("row", PAGES, ids=title)
def test_every_answer_has_the_strict_headers(row: dict[str, str], world: World):
    for part in ("anonymous", "owner", "stranger"):
        answer = ask(world.client(part), "GET", path_of(row, world), row["name"])
        assert problems(answer) == [], part


@pytest.mark.parametrize("row", PAGES, ids=title)
def test_what_a_signed_in_person_sees_is_stored_nowhere(
    row: dict[str, str], world: World
):
    for part in ("owner", "stranger"):
        answer = ask(world.client(part), "GET", path_of(row, world), row["name"])
        assert answer["Cache-Control"] == "private, no-store", part


@pytest.mark.parametrize("row", PAGES, ids=title)
def test_no_page_carries_inline_code_or_asks_elsewhere(
    row: dict[str, str], world: World
):
    for part in ("anonymous", "owner", "loner"):
        answer = ask(world.client(part), "GET", path_of(row, world), row["name"])
        if not answer.streaming and is_html(answer):
            parts = parts_of(answer)
            assert parts.inline == []
            assert [link for link in parts.addresses if ELSEWHERE.match(link)] == []


def test_the_pages_are_more_than_a_few(world: World):
    shown = [
        row
        for row in PAGES
        if not row["name"].startswith("api-") and row["owner"] == "200"
    ]
    assert len(shown) > 20


def own_statics() -> list[Path]:
    return sorted(
        path
        for path in (ROOT / "frontend" / "static").rglob("*")
        if path.suffix in (".css", ".js", ".mjs", ".svg")
    )


@pytest.mark.parametrize("file", own_statics(), ids=lambda file: file.name)
def test_no_static_file_asks_elsewhere(file: Path):
    found = set(ELSEWHERE.findall(file.read_text("utf-8")))
    assert {link for link in found if link.startswith(("http", "//"))} <= NAMESPACES


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_errors_have_the_headers_too(method: str, world: World):
    client = world.client("owner")
    answer = getattr(client, method)("/no-such-page/")
    assert answer.status_code in (403, 404)
    assert problems(answer) == []
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["no-such-thing/", "assessments/1/", "evidence/x/"])
def test_an_address_the_api_does_not_have_is_a_problem_document(path: str, db: None):
    answer = Client().get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


def broken(_request: object) -> HttpResponse:
    raise RuntimeError("外部不应看到的内部细节")


urlpatterns = [
    path("broken/", broken, name="broken"),
    path("api/v1/broken/", broken, name="api-broken"),
]
handler500 = "frontend.pages.errors.server_error"


@pytest.mark.urls(__name__)
def test_a_server_error_tells_nothing_and_has_the_headers(db: None):
    client = Client(raise_request_exception=False)
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "内部细节" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    assert problems(answer) == []


@pytest.mark.urls(__name__)
def test_a_server_error_of_the_api_is_a_problem_document(db: None):
    answer = Client(raise_request_exception=False).get("/api/v1/broken/")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "内部细节" not in answer.content.decode()


def test_the_api_documentation_needs_nothing_from_elsewhere(world: World):
    parts = parts_of(world.client("anonymous").get(reverse("api-docs")))
    assert [link for link in parts.addresses if ELSEWHERE.match(link)] == []
    assert any("swagger" in link for link in parts.addresses)


def test_cookies_stay_with_the_site_and_out_of_scripts(world: World):
    client = world.client("owner")
    client.get(reverse("account_change_password"))
    session, csrf = client.cookies["session"], client.cookies["csrf"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert csrf["samesite"] == "Lax"
