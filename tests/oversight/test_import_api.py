"""Imports over the API: faults by cell, applying, verifying, undoing, who may not."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.workbooks import MAX_BYTES
from oversight.models import Certificate, ImportBatch
from tests.oversight.test_api import first, outsiders, post, problem, second
from tests.oversight.workbooks import certificate_row, series_row, workbook

__all__ = ["first", "outsiders", "second"]


def upload(client, data, source="市局台账"):
    file = SimpleUploadedFile("登记.xlsx", data)
    return client.post(reverse("api-imports"), {"file": file, "source": source})


def checked(client, *rows, **sheets) -> str:
    answer = upload(client, workbook(rows or [certificate_row()], **sheets))
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def act(client, name, pk, **data):
    return post(client, f"api-import-{name}", data, pk)


def test_a_dry_run_says_what_would_be_added(first):
    data = workbook([certificate_row()], series=[series_row()])
    answer = upload(first, data).json()
    assert answer["state"] == "checked"
    assert answer["counts"] == [
        {"register": "units", "added": 1, "changed": 0, "same": 0},
        {"register": "certificates", "added": 1, "changed": 0, "same": 0},
        {"register": "figures", "added": 1, "changed": 0, "same": 0},
    ]
    assert [(row["sheet"], row["cell"], row["is_new"]) for row in answer["lines"]] == [
        ("证书", "A2", True),
        ("数值", "A2", True),
    ]
    assert Certificate.objects.count() == 0
    read = first.get(reverse("api-import", args=[answer["id"]])).json()
    assert read == answer


def test_faults_are_named_by_sheet_and_cell(first):
    bad = certificate_row(expires_on="昨天", body="没有的机构")
    answer = upload(first, workbook([certificate_row(2), bad]))
    assert problem(answer) == (400, "faulty_workbook", [])
    body = answer.json()
    assert body["more_faults"] == 0
    found = {(row["sheet"], row["cell"], row["text"]) for row in body["faults"]}
    assert found == {("证书", "B3", "没有的机构"), ("证书", "J3", "昨天")}
    assert all(row["message"] for row in body["faults"])
    assert ImportBatch.objects.count() == 0


def test_changes_are_named_by_field(first, second):
    act(first, "application", checked(first, certificate_row(scope="研发")))
    answer = upload(first, workbook([certificate_row(scope="生产")])).json()
    (line,) = answer["lines"]
    assert line["is_new"] is False
    assert line["changes"] == [{"field": "scope", "old": "研发", "new": "生产"}]


def test_an_import_is_applied_verified_by_another_and_undone(first, second):
    pk = checked(first)
    assert act(first, "application", pk).json()["state"] == "applied"
    assert problem(act(first, "verification", pk)) == (403, "own_entry", [])
    assert act(second, "verification", pk).json() == {"verified": 1}
    blocked = act(first, "undoing", pk, reason="弄错了")
    assert problem(blocked) == (409, "built_upon", [])
    assert blocked.json()["records"] == ["165IP2500001R0M：导入后已核实"]


def test_an_import_is_undone_with_a_reason(first):
    pk = checked(first)
    act(first, "application", pk)
    assert problem(act(first, "undoing", pk)) == (400, "invalid", ["reason"])
    answer = act(first, "undoing", pk, reason="弄错了").json()
    assert (answer["state"], answer["undo_reason"]) == ("undone", "弄错了")
    assert Certificate.objects.standing().count() == 0


def test_what_was_done_already_is_not_done_again(first, second):
    pk = checked(first)
    early = act(second, "verification", pk)
    assert problem(early) == (409, "batch_moved_on", [])
    assert early.json()["state"] == "checked"
    act(first, "application", pk)
    again = act(first, "application", pk)
    assert problem(again) == (409, "batch_moved_on", [])
    assert Certificate.objects.count() == 1


def test_the_same_workbook_again_has_nothing_to_import(first):
    act(first, "application", checked(first))
    answer = upload(first, workbook([certificate_row()]))
    assert problem(answer) == (400, "nothing_to_import", ["file"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK no workbook", "unreadable_workbook"),
        (b"x" * (MAX_BYTES + 1), "workbook_too_large"),
    ],
    ids=["broken", "large"],
)
def test_what_is_no_workbook_is_refused(data, code, first):
    assert problem(upload(first, data))[:2] == (400, code)


def test_a_source_is_asked_for(first):
    answer = upload(first, workbook([certificate_row()]), source="")
    assert problem(answer) == (400, "invalid", ["source"])
    missing = first.post(reverse("api-imports"), {"source": "台账"})
    assert problem(missing) == (400, "invalid", ["file"])


def test_only_who_keeps_the_registers_imports(first, outsiders):
    pk = checked(first)
    for client in outsiders:
        answer = upload(client, workbook([certificate_row(2)]))
        assert problem(answer) == (403, "forbidden", [])
        for name in ("application", "verification", "undoing"):
            assert problem(act(client, name, pk, reason="x"))[0] == 403
        found = client.get(reverse("api-import", args=[pk]))
        missing = client.get(reverse("api-import", args=[uuid.uuid4()]))
        assert problem(found) == (404, "not_found", [])
        assert found.json() == missing.json()
        assert client.get(reverse("api-imports")).json()["results"] == []
    assert [batch.state for batch in ImportBatch.objects.all()] == ["checked"]


def test_nothing_is_done_with_an_import_that_is_not_there(first):
    for name in ("application", "verification", "undoing"):
        answer = act(first, name, uuid.uuid4(), reason="x")
        assert problem(answer) == (404, "not_found", [])


def test_imports_are_listed_the_latest_first_by_two_queries_whatever_their_number(
    first,
):
    def listed() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as asked:
            rows = first.get(reverse("api-imports")).json()["results"]
        return [row["id"] for row in rows], len(asked)

    made = [checked(first, certificate_row(1))]
    _ids, once = listed()
    made += [checked(first, certificate_row(number)) for number in (2, 3)]
    assert listed() == (made[::-1], once)
    assert once <= 5
