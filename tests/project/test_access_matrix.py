"""Who gets what from every URL with every method; see access.csv beside this file.

A row of access.csv is one URL, one method and one kind of object (a draft, a sealed
assessment, or `-` where the URL names none). A cell is a status, or `>name` for being
sent to that URL. Requests carry a CSRF token and what BODIES says. A URL without a row
fails, and so does a method that answers without a row.
"""

import csv
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.project.conftest import MISSING, World, pdf, undone
from tests.project.url_map import Address, addresses

TABLE = Path(__file__).with_name("access.csv")
PARTS = (
    "anonymous",
    "owner",
    "contributor",
    "stranger",
    "agency_manager",
    "bureau_manager",
    "loner",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CSRF = "c" * 32
ADDRESSES = addresses()
FIXED_PARTS = {
    "question_id": "level_one",
    "key": "C-ONE",
    "page_key": "C-ONE",
    "clause_key": "C-ONE",
    "bank": "gbt29490_2023",
    "version": "1.0.0",
    "uidb36": "1",
    "code": "0" * 26,
    "kind": "section",
    "part_id": "ONE",
    "ending": "zip",
    "year": 2024,
    "group": "finance",
    "item": "licence",
    "data_set": "first-certifications",
    "plan": "2016-2020",
    "indicator": "P4",
    "number": 1,
    "form": "csv",
    "act": "state",
}
MISSING_PARTS = {
    "draft_id": MISSING,
    "assessment_id": MISSING,
    "evidence_id": MISSING,
    "report_id": MISSING,
    "membership_id": MISSING,
    "invitation_id": MISSING,
    "mandate_id": MISSING,
    "access_id": MISSING,
    "request_id": MISSING,
    "claim_id": MISSING,
    "absence_id": MISSING,
    "notice_id": MISSING,
    "token": "a-token-of-no-invitation-at-all",
    "sheet_id": MISSING,
    "review_id": MISSING,
    "remark_id": MISSING,
    "task_id": UUID("00000000-0000-4000-8000-000000000001"),
    "record_id": MISSING,
    "bulletin_id": MISSING,
    "batch_id": MISSING,
    "file_id": MISSING,
}
LEVEL_2 = {"state": "answered", "value": 2}
FORMS = {
    (f"api-{name}", "POST")
    for name in (
        "certificates-handed-in", "titles-handed-in", "certificate-mending",
        "title-mending", "imports",
    )
}  # fmt: skip
"""What the API takes as a form with a file, not as JSON."""

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("api-organisation", "PATCH"): {"district": "370611"},
    ("api-invitations", "POST"): {"role": "contributor"},
    ("api-quick-scan", "POST"): {"levels": {"level_one": 2}},
    ("api-answer", "PUT"): LEVEL_2,
    ("api-submission", "POST"): {
        "name": "声明人", "position": "总经理", "confirmed": True,
    },
    ("set_language", "POST"): {"language": "en"},
    ("bank-question-move", "POST"): {"move": "down:level_one"},
    ("api-version", "POST"): {"version": "1.0.0"},
    ("api-data-sheets", "POST"): {"year": 2024},
    ("remark-answer", "POST"): {"do": "accept"},
    ("register-import-act", "POST"): {"do": "apply"},
    ("api-data-sheet", "PATCH"): {"values": {"licences": {"state": "none"}}},
    ("api-review-mark", "PUT"): {"verdict": "agree", "answer_revision": 1},
    ("api-review-remarks", "POST"): {"text": "请补充。"},
    ("api-remark-messages", "POST"): {"do": "accept"},
    ("api-plan-tasks", "POST"): {"text": "建立台账"},
    ("api-plan-task", "PATCH"): {"text": "建立台账并更新"},
    ("api-plan-task-state", "PUT"): {"state": "doing"},
    ("api-plan-task-comments", "POST"): {"text": "已着手。"},
    ("api-notice-channels", "PATCH"): {"channels": {"remark": "off"}},
}  # fmt: skip
FRAMEWORK = ("account_", "mfa_", "usersessions_", "set_language")
"""Names of URLs whose views are not ours: PUT is POST there, and harmless."""
FOREIGN = ("stranger", "agency_manager", "bureau_manager", "loner")


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = rows()


def title(row: dict[str, str]) -> str:
    return f"{row['method']} {row['name']} {row['object']}"


def values_for(world: World, kind: str) -> dict[str, Any]:
    own = world.sealed if kind == "sealed" else world.draft
    return FIXED_PARTS | world.draft | own


def path_of(row: dict[str, str], world: World) -> str:
    return ADDRESSES[row["name"]].path(values_for(world, row["object"]))


def ask(
    client: Client, method: str, path: str, name: str, *, token: bool = True
) -> HttpResponse:
    """Send one request; unsafe ones with a CSRF token unless told otherwise."""
    if method == "GET":
        return read(client, path)
    headers = {"X-CSRFToken": CSRF} if token else {}
    client.cookies["csrf"] = CSRF
    body = BODIES.get((name, method), {})
    if (name, method) in FORMS:
        return client.post(path, {}, headers=headers)
    if (name, method) == ("api-answer-evidence", "POST"):
        file = SimpleUploadedFile("新制度.pdf", pdf("new"))
        return client.post(path, {"file": file}, headers=headers)
    if path.startswith("/api/"):
        headers["If-Match"] = '"1"'
        sent: Any = json.dumps(body)
        kind = "application/json"
        return client.generic(method, path, sent, content_type=kind, headers=headers)
    if method == "POST":
        return client.post(path, body, headers=headers)
    return client.generic(method, path, headers=headers)


def read(client: Client, path: str) -> HttpResponse:
    """Get a page or a file; reading a file to its end closes it."""
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def outcome(answer: HttpResponse) -> str:
    """Return an answer in the form of a cell of the table."""
    if answer.status_code in (301, 302, 303):
        return f">{resolve(urlsplit(answer['Location']).path).url_name}"
    return str(answer.status_code)


def test_every_url_has_a_row_and_every_row_a_url():
    assert {row["name"] for row in ROWS} == set(ADDRESSES)


def test_no_row_is_written_twice():
    titles = [title(row) for row in ROWS]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("row", ROWS, ids=title)
def test_everybody_gets_what_the_table_says(row: dict[str, str], world: World):
    path = path_of(row, world)
    found = {}
    for part in PARTS:
        with undone():
            answer = ask(world.client(part), row["method"], path, row["name"])
            found[part] = outcome(answer)
    assert found == {part: row[part] for part in PARTS}


def unlisted() -> list[tuple[str, str]]:
    """Return the methods of our own URLs that the table says nothing about."""
    listed = {(row["name"], row["method"]) for row in ROWS}
    return [
        (name, method)
        for name in ADDRESSES
        for method in METHODS
        if (name, method) not in listed and not name.startswith(FRAMEWORK)
    ]


@pytest.mark.parametrize(("name", "method"), unlisted())
def test_a_method_without_a_row_is_not_offered(name: str, method: str, world: World):
    for kind in ("draft", "sealed"):
        values = values_for(world, kind)
        if ADDRESSES[name].parts <= set(values):
            path = ADDRESSES[name].path(values)
            assert ask(world.client("owner"), method, path, name).status_code == 405


UNSAFE = [row for row in ROWS if row["method"] != "GET"]


@pytest.mark.parametrize("row", UNSAFE, ids=title)
def test_nothing_unsafe_happens_without_a_csrf_token(row: dict[str, str], world: World):
    path = path_of(row, world)
    client = world.client("owner")
    before = database()
    answer = ask(client, row["method"], path, row["name"], token=False)
    assert answer.status_code == 403
    assert database() == before


def test_a_token_of_another_site_is_no_token(world: World):
    client = world.client("owner")
    client.cookies["csrf"] = CSRF
    answer = client.post(
        reverse("api-assessments"),
        "{}",
        content_type="application/json",
        headers={"X-CSRFToken": CSRF, "Origin": "https://example.org"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_the_api_takes_no_body_a_foreign_form_could_send(kind: str, world: World):
    client = world.client("owner")
    client.cookies["csrf"] = CSRF
    answer = client.post(
        reverse("api-assessments"),
        "{}",
        content_type=kind,
        headers={"X-CSRFToken": CSRF},
    )
    assert answer.status_code == 415


def named_objects(address: Address) -> frozenset[str]:
    return address.parts & frozenset(MISSING_PARTS)


GETS_OF_OBJECTS = [
    row
    for row in ROWS
    if row["name"] in ADDRESSES and named_objects(ADDRESSES[row["name"]])
    and row["name"] not in ("invitation-accept", "mandate-request", "claim")
]  # fmt: skip


def strangers_to(row: dict[str, str]) -> list[str]:
    """Return who must not know the object.

    Drafts of banks are the bureau's own, and it keeps the registers.
    """
    ours = {"draft_id", "record_id", "batch_id", "file_id", "bulletin_id"}
    known = bool(ours & ADDRESSES[row["name"]].parts)
    return [part for part in FOREIGN if not (known and part == "bureau_manager")]


@pytest.mark.parametrize(
    ("part", "row"),
    [(part, row) for row in GETS_OF_OBJECTS for part in strangers_to(row)],
    ids=lambda value: value if isinstance(value, str) else title(value),
)
def test_a_foreign_object_answers_like_none(
    row: dict[str, str], part: str, world: World
):
    """The same status, headers and bytes, but for the id and the form's token."""
    address = ADDRESSES[row["name"]]
    values = values_for(world, row["object"])
    gone = values | {key: MISSING_PARTS[key] for key in named_objects(address)}
    client = world.client(part)
    client.get("/")
    foreign = ask(client, row["method"], address.path(values), row["name"])
    missing = ask(client, row["method"], address.path(gone), row["name"])
    assert comparable(foreign, values, address) == comparable(missing, gone, address)
    assert foreign.status_code >= 400


def comparable(
    answer: HttpResponse, values: dict[str, Any], address: Address
) -> tuple[int, dict[str, str], str]:
    def plain(text: str) -> str:
        for part in named_objects(address):
            text = text.replace(str(values[part]), part)
        text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text)
        return re.sub(r"'nonce-[^']+'|nonce=\"[^\"]+\"", "nonce", text)

    headers = {
        name: plain(value)
        for name, value in answer.items()
        if name not in ("Content-Length",)
    }
    return answer.status_code, headers, plain(answer.content.decode())


def database() -> dict[str, list[Any]]:
    """Return all rows of all tables but the sessions: they note when they were used."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model is not Session
    }


READS = [row for row in ROWS if row["method"] == "GET"]


@pytest.mark.parametrize("row", READS, ids=title)
def test_reading_twice_changes_nothing(row: dict[str, str], world: World):
    path = path_of(row, world)
    for part in ("anonymous", "owner"):
        client = world.client(part)
        before = database()
        for _time in range(2):
            read(client, path)
        assert database() == before


def test_ids_say_nothing_about_their_order(world: World):
    ids = [value for value in world.draft.values() if isinstance(value, UUID)]
    assert {value.version for value in ids} == {4}
