"""Every read under a mandate leaves a row; nothing else does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts.access_records import MandatedReadsMiddleware, record_reads
from accounts.mandated_reads import Read, noticed
from accounts.models import AccessRecord, Mandate, Membership
from assessments.models import Assessment
from backend import triggers
from tests.fixtures_mandates import EVERYTHING
from tests.mandates.world import Owned, doors, found
from tests.project.test_access_matrix import FIXED_PARTS
from tests.project.url_map import addresses

WORD = "金丝雀甲乙丙"
ADDRESSES = addresses()


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    """An enterprise whose every text holds the word."""
    return found(owner, small_version, WORD)


@pytest.fixture
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def reads() -> int:
    return sum(AccessRecord.objects.values_list("count", flat=True))


@pytest.mark.usefixtures("_unlimited")
@pytest.mark.parametrize("part", ["reviewer", "agency_manager"])
def test_whatever_shows_tenant_data_leaves_a_row(
    part: str, owned: Owned, grant: Any, request: Any
):
    person = request.getfixturevalue(part)
    mandate = grant()
    parts = FIXED_PARTS | owned.values() | {"mandate_id": mandate.pk}
    client = Client()
    client.force_login(person.user)
    shown = set()
    for name, address in ADDRESSES.items():
        if not address.parts <= set(parts):
            continue
        before = reads()
        answer = client.get(address.path(parts))
        names_data = address.parts & {"assessment_id", "evidence_id", "report_id"}
        if 200 <= answer.status_code < 300 and (
            WORD in body_of(answer).decode(errors="replace") or names_data
        ):
            shown.add(name)
            assert reads() > before, name
    assert shown >= {
        "client-assessment", "result", "report-status", "report-file",
        "evidence-file", "api-answers", "api-answer", "api-evidence",
        "api-evidence-file", "api-report-file", "api-result", "api-check",
    }  # fmt: skip


def test_a_row_says_who_what_and_through_which_door(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    mandate = grant()
    key = owned.files["level_one"]
    body_of(signed_in(reviewer).get(reverse("evidence-file", args=[key])))
    row = AccessRecord.objects.get()
    assert (row.mandate, row.person) == (mandate, reviewer.user)
    assert (row.what, row.object_id, row.door) == (
        "evidence",
        str(key),
        "evidence-file",
    )
    assert row.is_download
    assert row.first_at == row.last_at


def test_reads_of_one_day_are_one_row(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant()
    client = signed_in(reviewer)
    for _time in range(3):
        client.get(doors(owned)["result"])
    row = AccessRecord.objects.get(door="result")
    assert row.count == 3
    assert row.last_at > row.first_at


def test_a_new_day_is_a_new_row(grant: Any, reviewer: Membership):
    mandate, now = grant(), timezone.now()
    read = Read(mandate.pk, "assessment", str(mandate.pk))
    for days in (1, 0):
        record_reads(
            reads=[read, read],
            person=reviewer.user,
            door="result",
            is_download=False,
            at=now - timezone.timedelta(days=days),
        )
    assert [row.count for row in AccessRecord.objects.all()] == [1, 1]


def test_a_list_of_several_is_one_row(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant()
    signed_in(reviewer).get(reverse("api-assessments"))
    row = AccessRecord.objects.get()
    assert (row.what, row.object_id) == ("list", "")


def test_a_refused_read_leaves_no_row(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant(replace(EVERYTHING, sections=frozenset({"ONE"}), report=False))
    answer = signed_in(reviewer).get(doors(owned)["result"])
    assert (answer.status_code, AccessRecord.objects.count()) == (404, 0)


def test_ones_own_reads_leave_no_row(
    owned: Owned, grant: Any, owner: Membership, signed_in: Any
):
    grant()
    for address in doors(owned).values():
        body_of(signed_in(owner).get(address))
    assert not AccessRecord.objects.exists()


def test_without_the_record_there_is_no_answer(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant()
    client = signed_in(reviewer)
    client.raise_request_exception = False
    refuse = triggers.Guard(
        "no_records", "accounts_accessrecord", "INSERT", "1 = 1", "full"
    )
    triggers.install(connection, [refuse])
    try:
        answer = client.get(doors(owned)["file one"])
    finally:
        triggers.remove(connection, [refuse])
    assert answer.status_code == 500
    assert WORD.encode() not in answer.content


def test_rows_are_never_changed_or_deleted(grant: Any, reviewer: Membership):
    mandate, now = grant(), timezone.now()
    record_reads(
        reads=[Read(mandate.pk, "assessment", "x")],
        person=reviewer.user,
        door="result",
        is_download=False,
        at=now,
    )
    rows = AccessRecord.objects.all()
    for change in (
        lambda: rows.update(count=0),
        lambda: rows.update(count=2, door="elsewhere"),
        lambda: rows.update(count=2, object_id="y"),
        lambda: rows._raw_delete(rows.db),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert rows.update(count=2) == 1


def test_only_the_enterprise_sees_who_looked(
    grant: Any,
    owner: Membership,
    contributor: Membership,
    reviewer: Membership,
    stranger: Membership,
):
    record_reads(
        reads=[Read(grant().pk, "assessment", "x")],
        person=reviewer.user,
        door="result",
        is_download=False,
        at=timezone.now(),
    )
    seen = {
        person: AccessRecord.objects.visible_to(person.user).count()
        for person in (owner, contributor, reviewer, stranger)
    }
    assert seen == {owner: 1, contributor: 1, reviewer: 0, stranger: 0}


def test_outside_of_a_request_nothing_is_noticed(
    owned: Owned, grant: Any, reviewer: Membership
):
    grant()
    rows = Assessment.objects.visible_to(reviewer.user)
    assert len(rows) == 2
    with noticed() as inside:
        rows.get(pk=owned.sealed.pk)
    assert [(read.what, read.object_id) for read in inside] == [
        ("assessment", str(owned.sealed.pk))
    ]
    assert not AccessRecord.objects.exists()


@pytest.fixture
def many(grant: Any, reviewer: Membership) -> Iterator[Mandate]:
    """Sixty rows of reads of different objects."""
    mandate, now = grant(), timezone.now()
    record_reads(
        reads=[Read(mandate.pk, "assessment", f"{n}") for n in range(60)],
        person=reviewer.user,
        door="result",
        is_download=False,
        at=now,
    )
    return mandate


def test_the_page_lists_fifty_at_a_time_and_filters(
    many: Mandate, contributor: Membership, signed_in: Any,
    django_assert_max_num_queries: Any,
):  # fmt: skip
    client, page = signed_in(contributor), reverse("access-records")
    with django_assert_max_num_queries(14):
        first = client.get(page).text
    assert first.count("<tr>") == 51
    assert "共 60 条" in first
    assert client.get(page, {"page": 2}).text.count("<tr>") == 11
    assert "没有查看记录" in client.get(page, {"what": "report"}).text
    agency = {"agency": str(many.agency_id)}
    assert client.get(page, agency).text.count("<tr>") == 51


def test_the_middleware_leaves_other_answers_alone():
    answer = object.__new__(type("Answer", (), {"status_code": 200}))
    request = RequestFactory().get("/")
    assert MandatedReadsMiddleware(lambda _request: answer)(request) is answer
