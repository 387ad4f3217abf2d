"""The pages of named access as both sides use them, and what they never show."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts.mandate_scope import Scope
from accounts.models import AccessRecord, Membership, NamedAccess
from accounts.named_access import end
from tests.factories.accounts import PASSWORD
from tests.fixtures_named_access import asked_on_ground, consented, wanted
from tests.mandates.test_canaries import ADDRESSES, WORD, text_of
from tests.mandates.test_named_access import ask
from tests.mandates.world import Owned, doors, found
from tests.project.test_access_matrix import FIXED_PARTS


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    """An enterprise whose people, answers, files and sheet hold the word."""
    owner.user.name = f"负责{WORD}"
    owner.user.save()
    return found(owner, small_version, WORD)


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)


def fresh(person: Membership) -> Client:
    """Return a client whose person has just proved who they are."""
    client = Client()
    client.force_login(person.user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def shown_to(person: Membership, owned: Owned, **more: Any) -> set[str]:
    """Return the URLs through which the person meets the word."""
    client = Client()
    client.force_login(person.user)
    parts = FIXED_PARTS | owned.values() | {"sheet_id": owned.sheet.pk} | more
    paths = {
        name: address.path(parts)
        for name, address in ADDRESSES.items()
        if address.parts <= set(parts)
    } | doors(owned)
    return {name for name, path in paths.items() if WORD in text_of(client.get(path))}


@pytest.mark.parametrize("part", ["bureau_manager", "second_manager", "analyst",
                                  "operator"])  # fmt: skip
def test_without_an_access_no_page_of_the_bureau_holds_a_word(
    part: str, owned: Owned, request: Any
):
    mail.outbox.clear()
    assert shown_to(request.getfixturevalue(part), owned) == set()
    assert WORD not in "".join(m.subject + m.body for m in mail.outbox)


def test_while_it_is_asked_for_nobody_meets_a_word(
    owned: Owned, owner: Membership, analyst: Membership, bureau_manager: Membership
):
    access = asked_on_ground(owner, bureau_manager, analyst.user)
    for person in (analyst, bureau_manager):
        assert shown_to(person, owned, access_id=access.pk) == set()


def test_an_access_does_show_the_word_to_its_reader_alone(
    owned: Owned, owner: Membership, analyst: Membership, bureau_manager: Membership
):
    """The control: the same walk finds it; the asker is left with the history."""
    access = consented(owner, bureau_manager, analyst.user)
    seen = shown_to(analyst, owned, access_id=access.pk)
    assert seen >= {"access-assessment", "api-answers", "evidence-file", "report-file"}
    assert shown_to(bureau_manager, owned, access_id=access.pk) <= {
        "access", "api-access",
    }  # fmt: skip


def test_every_page_read_by_name_says_who_reads(
    owned: Owned, owner: Membership, analyst: Membership
):
    access = consented(owner, analyst)
    client = Client()
    client.force_login(analyst.user)
    pages = (
        reverse("access-firm", args=[access.pk]),
        reverse("access-assessment", args=[owned.sealed.pk]),
        reverse("access-sheet", args=[owned.sheet.pk]),
        reverse("result", args=[owned.sealed.pk]),
        reverse("report-status", args=[owned.report.pk]),
    )
    marks = [
        re.findall(r'class="access-note">(.*?)</p>', client.get(url).content.decode())
        for url in pages
    ]
    assert [len(found) for found in marks] == [1] * len(pages)
    assert all(analyst.user.name in mark[0] for mark in marks)
    assert all(str(access.pk)[:8] in mark[0] for mark in marks)


def test_no_page_of_the_enterprise_carries_the_mark(owned: Owned, owner: Membership):
    client = Client()
    client.force_login(owner.user)
    page = client.get(reverse("result", args=[owned.sealed.pk])).content.decode()
    assert "access-note" not in page


def test_the_enterprise_sees_who_read_what(
    owned: Owned, owner: Membership, analyst: Membership
):
    access = consented(owner, analyst)
    client = Client()
    client.force_login(analyst.user)
    client.get(reverse("access-assessment", args=[owned.sealed.pk]))
    record = AccessRecord.objects.visible_to(owner.user).get()
    assert (record.access, record.mandate, record.person) == (
        access,
        None,
        analyst.user,
    )
    assert record.door == "access-assessment"
    client.force_login(owner.user)
    page = client.get(reverse("access-records")).content.decode()
    assert analyst.user.name in page
    assert analyst.organisation.name in page


def test_a_second_read_counts_up(owned: Owned, owner: Membership, analyst: Membership):
    consented(owner, analyst)
    client = Client()
    client.force_login(analyst.user)
    for _time in range(3):
        client.get(reverse("access-assessment", args=[owned.sealed.pk]))
    assert AccessRecord.objects.get().count == 3


def test_an_official_asks_and_the_owner_agrees_to_less(
    owned: Owned, owner: Membership, analyst: Membership
):
    client = fresh(analyst)
    form = {
        "enterprise": owner.organisation.name, "purpose": "核查申报材料",
        "readers": [str(analyst.user.pk)], "parts": "all", "evidence": "on",
        "ends_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    answer = client.post(reverse("access-ask"), form)
    access = NamedAccess.objects.get()
    assert answer["Location"] == reverse("access", args=[access.pk])
    theirs = fresh(owner)
    url = reverse("own-access-decide", args=[access.pk])
    assert theirs.get(url).status_code == 200
    less = {
        "step": "consent", "which": "named", "assessments": [str(owned.sealed.pk)],
        "parts": "all", "ends_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert theirs.post(url, less).status_code == 302
    access.refresh_from_db()
    assert (access.state, access.scope) == (
        "open", Scope(assessments=frozenset({owned.sealed.pk})),
    )  # fmt: skip


def test_a_ground_goes_from_one_official_to_another(
    owned: Owned, owner: Membership, analyst: Membership, second_manager: Membership
):
    form = {
        "enterprise": owner.organisation.credit_code, "purpose": "核查投诉",
        "ground": "complaint", "document_number": "烟知监〔2026〕12号",
        "document_date": "2026-01-05", "readers": [str(analyst.user.pk)],
        "parts": "all", "ends_on": timezone.localdate().isoformat(),
    }  # fmt: skip
    fresh(analyst).post(reverse("access-ground"), form)
    access = NamedAccess.objects.get()
    url = reverse("access-decide", args=[access.pk])
    assert fresh(analyst).post(url, {"decision": "approve"}).status_code == 403
    fresh(second_manager).post(url, {"decision": "approve"})
    access.refresh_from_db()
    assert access.state == "open"
    page = fresh(owner).get(reverse("own-access", args=[access.pk])).content.decode()
    assert "烟知监〔2026〕12号" in page
    assert analyst.user.name in page
    fresh(owner).post(reverse("own-access-objection", args=[access.pk]), {"text": "异"})
    assert access.events.last().kind == "objected"


def test_consent_takes_a_fresh_proof(owner: Membership, analyst: Membership):
    client = Client()
    client.force_login(owner.user)
    answer = client.post(
        reverse("own-access-decide", args=[ask(owner, analyst).pk]), {"step": "consent"}
    )
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_after_the_end_a_live_session_finds_nothing(
    owned: Owned, owner: Membership, analyst: Membership
):
    access = consented(owner, analyst)
    client = Client()
    client.force_login(analyst.user)
    url = reverse("access-assessment", args=[owned.sealed.pk])
    assert client.get(url).status_code == 200
    end(access=access, actor=owner.user, at=timezone.now())
    assert client.get(url).status_code == 404


def test_the_interface_asks_approves_and_ends(
    owner: Membership, analyst: Membership, second_manager: Membership
):
    body = {
        "enterprise": owner.organisation.name, "purpose": "核查",
        "ground": {"kind": "funds", "document_number": "1号",
                   "document_date": "2026-01-05"},
        "readers": [analyst.user.email], "scope": {"sections": None},
        "ends_at": wanted(at=timezone.now()).ends_at.isoformat(),
    }  # fmt: skip
    made = fresh(analyst).post(
        reverse("api-accesses"), body, content_type="application/json"
    )
    assert made.status_code == 201
    key = made.json()["id"]
    yes = {"approve": True}
    approved = fresh(second_manager).post(
        reverse("api-access-decision", args=[key]), yes, content_type="application/json"
    )
    assert (approved.status_code, approved.json()["state"]) == (201, "open")
    fresh(analyst).post(
        reverse("api-access-revocation", args=[key]),
        {},
        content_type="application/json",
    )
    assert NamedAccess.objects.get().revoked_at is not None
