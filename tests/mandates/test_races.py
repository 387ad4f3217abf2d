"""Owners, agencies and workers at the same moment: a revoked door stays shut.

SQLite admits one writer at a time, so only PostgreSQL can get these wrong.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts.claims import approve_claim, refuse_claim
from accounts.mandates import (
    accept_request,
    extend_mandate,
    grant_mandate,
    narrow_mandate,
    request_mandate,
    revoke_mandate,
    withdraw_request,
)
from accounts.models import (
    AccessRecord,
    EnterpriseClaim,
    Mandate,
    MandateEvent,
    MandateInvitation,
    Membership,
)
from accounts.rules import Role
from reports.models import Report
from reports.services import (
    Rendered,
    is_wanted,
    publish_report,
    request_report,
    take_report,
    withdraw_report,
)
from tests.accounts.test_races import at_once
from tests.factories.accounts import MembershipFactory
from tests.fixtures_mandates import EVERYTHING, terms
from tests.mandates.world import Owned, doors, found
from tests.project.conftest import pdf
from tests.racing import queued_behind, races

pytestmark = races
ROUNDS = range(3)
ENOUGH = 3
"""Reads of each reader before and after the door is shut."""
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    """An enterprise with a sealed assessment, a draft, files, a report, a sheet."""
    return found(owner, small_version)


@pytest.fixture
def other_owner(owner: Membership) -> Membership:
    """A second owner of the same enterprise."""
    return MembershipFactory(organisation=owner.organisation, role=Role.OWNER)


# --- Reading while the door is shut -------------------------------------------------


@dataclass
class Reader:
    """One person who opens the same door again and again until told to stop."""

    person: Membership
    path: str

    def __post_init__(self) -> None:
        self.answers: list[tuple[float, int]] = []
        self.client = Client()
        self.client.force_login(self.person.user)
        self.stop = Event()
        self.thread = Thread(target=self._run)

    def _run(self) -> None:
        try:
            while not self.stop.is_set():
                began = time.monotonic()
                answer = self.client.get(self.path)
                # A download is read to its end, as a browser does.
                _ = answer.streaming and b"".join(answer.streaming_content)
                self.answers.append((began, answer.status_code))
        finally:
            connection.close()

    def until(self, wanted: int) -> None:
        """Wait until that many reads have been answered."""
        last = time.monotonic() + 30
        while len(self.answers) < wanted:
            assert time.monotonic() < last
            time.sleep(0.01)


def read_while(readers: list[Reader], shut: Act) -> float:
    """Let all read, shut the door, let them read on; return when that had ended."""
    for reader in readers:
        reader.thread.start()
    for reader in readers:
        reader.until(ENOUGH)
    shut()
    shut_at = time.monotonic()
    for reader in readers:
        reader.until(len(reader.answers) + ENOUGH)
    for reader in readers:
        reader.stop.set()
        reader.thread.join()
    return shut_at


OPEN = ("result", "api answers", "file one", "report file")


def readers_of(owned: Owned, *people: Membership) -> list[Reader]:
    paths = doors(owned)
    return [Reader(person, paths[door]) for person in people for door in OPEN]


def test_no_read_that_begins_after_the_revocation_is_answered(
    owned: Owned, grant: Any, owner: Membership, reviewer: Membership,
    agency_manager: Membership,
):  # fmt: skip
    mandate = grant()
    readers = readers_of(owned, reviewer, agency_manager)
    shut_at = read_while(
        readers,
        lambda: revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now()),
    )
    for reader in readers:
        late = {status for began, status in reader.answers if began > shut_at}
        assert late == {404}, reader.path
        assert reader.answers[0][1] == 200
    shown = sum(status == 200 for reader in readers for _, status in reader.answers)
    assert sum(AccessRecord.objects.values_list("count", flat=True)) == shown


def test_what_is_narrowed_away_is_shut_and_the_rest_stays_open(
    owned: Owned, grant: Any, owner: Membership, reviewer: Membership
):
    mandate = grant()
    readers = readers_of(owned, reviewer)
    shut_at = read_while(
        readers,
        lambda: narrow_mandate(
            mandate=mandate,
            scope=replace(EVERYTHING, evidence=False),
            actor=owner.user,
            at=timezone.now(),
        ),
    )
    late = {
        door: {status for began, status in reader.answers if began > shut_at}
        for door, reader in zip(OPEN, readers, strict=True)
    }
    assert late == {
        "result": {200}, "api answers": {200}, "file one": {404}, "report file": {200},
    }  # fmt: skip


def test_an_end_comes_without_anybody_doing_anything(
    owned: Owned, grant: Any, reviewer: Membership
):
    mandate = grant()
    ends = timezone.now() + timedelta(seconds=1)
    readers = readers_of(owned, reviewer)
    Mandate.objects.filter(pk=mandate.pk).update(ends_at=ends)

    def wait() -> None:
        time.sleep(max(0.0, (ends - timezone.now()).total_seconds()) + 0.01)

    over = read_while(readers, wait)
    late = {s for reader in readers for began, s in reader.answers if began > over}
    assert late == {404}


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_first_reads_at_once_are_both_recorded(
    _round: int, owned: Owned, grant: Any, reviewer: Membership
):
    grant()
    page = doors(owned)["file one"]

    def read() -> Act:
        client = Client()
        client.force_login(reviewer.user)
        return lambda: b"".join(client.get(page).streaming_content)

    assert at_once(*(read() for _ in range(4))) == ["done"] * 4
    assert AccessRecord.objects.get().count == 4


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_workbench_opened_in_four_windows_at_once(
    _round: int, owned: Owned, grant: Any, reviewer: Membership
):
    grant()
    answers: list[int] = []

    def look() -> Act:
        client = Client()
        client.force_login(reviewer.user)
        return lambda: answers.append(client.get(reverse("home")).status_code)

    assert at_once(*(look() for _ in range(4))) == ["done"] * 4
    assert answers == [200] * 4


# --- Reports in the queue -----------------------------------------------------------


def asked_by_agency(owned: Owned, reviewer: Membership) -> Report:
    return request_report(
        assessment=owned.sealed, locale="en", actor=reviewer.user, at=timezone.now()
    )


def work(report: Report) -> None:
    """Do what the worker's task does, without the second of rendering."""
    taken = take_report(report_id=report.pk, at=timezone.now())
    assert taken is not None
    if is_wanted(taken):
        publish_report(report=taken, rendered=Rendered(pdf("x"), 1), at=timezone.now())
    else:
        withdraw_report(report=taken)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_queued_report_and_a_revocation(
    _round: int, owned: Owned, grant: Any, owner: Membership, reviewer: Membership
):
    mandate, report = grant(), asked_by_agency(owned, reviewer)
    outcomes = at_once(
        lambda: work(report),
        lambda: revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now()),
    )
    assert outcomes == ["done", "done"]
    client = Client()
    client.force_login(reviewer.user)
    for door in ("report-status", "report-file"):
        assert client.get(reverse(door, args=[report.pk])).status_code == 404
    report.refresh_from_db()
    assert report.state in ("ready", "failed")
    assert bool(report.key) is (report.state == "ready")


def test_what_both_ask_for_at_once_is_the_enterprises(
    owned: Owned, grant: Any, owner: Membership, reviewer: Membership
):
    """The agency is first; the enterprise has read the row before that."""
    mandate, report = grant(), asked_by_agency(owned, reviewer)
    Report.objects.filter(pk=report.pk).update(state="failed", asker=None)

    def ask(member: Membership) -> Act:
        return lambda: request_report(
            assessment=owned.sealed, locale="en", actor=member.user, at=timezone.now()
        )

    outcomes = queued_behind(
        report,
        ask(reviewer),
        ask(owner),
        meanwhile=lambda: revoke_mandate(
            mandate=mandate, actor=owner.user, at=timezone.now()
        ),
    )
    assert outcomes == ["done", "done"]
    report.refresh_from_db()
    assert (report.state, report.asker) == ("pending", None)
    assert is_wanted(report)


def test_what_the_enterprise_asks_for_while_it_is_withdrawn_is_made(
    owned: Owned, grant: Any, owner: Membership, reviewer: Membership
):
    mandate, report = grant(), asked_by_agency(owned, reviewer)
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    taken = take_report(report_id=report.pk, at=timezone.now())
    assert taken is not None
    assert not is_wanted(taken)
    request_report(
        assessment=owned.sealed, locale="en", actor=owner.user, at=timezone.now()
    )
    withdraw_report(report=taken)
    report.refresh_from_db()
    assert report.state == "pending"


# --- Two owners, two links ----------------------------------------------------------


def granting(owner: Membership, agency: Membership, **scope: bool) -> Act:
    wanted = replace(EVERYTHING, **scope)
    return lambda: grant_mandate(
        enterprise=owner.organisation,
        agency=agency.organisation,
        terms=terms(wanted, at=timezone.now()),
        actor=owner.user,
        at=timezone.now(),
    )


def narrowing(mandate: Mandate, owner: Membership, **scope: bool) -> Act:
    wanted = replace(EVERYTHING, **scope)
    return lambda: narrow_mandate(
        mandate=mandate, scope=wanted, actor=owner.user, at=timezone.now()
    )


def revoking(mandate: Mandate, owner: Membership) -> Act:
    return lambda: revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())


def extending(mandate: Mandate, owner: Membership, days: int) -> Act:
    later = mandate.ends_at + timedelta(days=days)
    return lambda: extend_mandate(
        mandate=mandate, ends_at=later, actor=owner.user, at=timezone.now()
    )


def require_history(mandate: Mandate) -> None:
    """Check that each step of the history begins where the one before ended."""
    events = MandateEvent.objects.filter(mandate=mandate).in_order()
    for before, after in pairwise(events):
        assert after.before == before.after


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_grants_at_once_one_is_current(
    _round: int, owner: Membership, other_owner: Membership, agency_manager: Membership
):
    outcomes = at_once(
        granting(owner, agency_manager), granting(other_owner, agency_manager)
    )
    assert outcomes == ["done", "done"]
    current = Mandate.objects.get(is_current=True)
    replaced = Mandate.objects.get(is_current=False)
    assert (current.revoked_at, replaced.revoked_at is None) == (None, False)
    assert list(Mandate.objects.in_force()) == [current]
    require_history(replaced)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_owners_narrow_at_once_and_nothing_comes_back(
    _round: int, grant: Any, owner: Membership, other_owner: Membership
):
    mandate = grant()
    outcomes = at_once(
        narrowing(mandate, owner, evidence=False),
        narrowing(mandate, other_owner, report=False),
    )
    assert outcomes == ["done", "wider_scope"]
    mandate.refresh_from_db()
    assert mandate.scope in (
        replace(EVERYTHING, evidence=False), replace(EVERYTHING, report=False),
    )  # fmt: skip
    require_history(mandate)


@pytest.mark.parametrize("_round", range(6))
def test_a_revoked_mandate_stays_revoked_whatever_else_is_done(
    _round: int, grant: Any, owner: Membership, other_owner: Membership,
    agency_manager: Membership,
):  # fmt: skip
    mandate = grant()
    outcomes = at_once(
        revoking(mandate, owner),
        narrowing(mandate, other_owner, evidence=False),
        extending(mandate, other_owner, 9),
        granting(other_owner, agency_manager, drafts=False),
    )
    assert len(outcomes) == 4
    assert set(outcomes) <= {"done", "mandate_over"}
    mandate.refresh_from_db()
    assert mandate.revoked_at is not None
    assert not mandate.is_current
    assert Mandate.objects.in_force().get().scope == replace(EVERYTHING, drafts=False)
    require_history(mandate)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_extensions_at_once_are_one_after_the_other(
    _round: int, grant: Any, owner: Membership, other_owner: Membership
):
    mandate = grant()
    outcomes = at_once(extending(mandate, owner, 7), extending(mandate, other_owner, 7))
    assert outcomes == ["done", "invalid"]
    require_history(mandate)


def accepting(token: str, owner: Membership) -> Act:
    return lambda: accept_request(
        token=token,
        enterprise=owner.organisation,
        terms=terms(at=timezone.now()),
        actor=owner.user,
        at=timezone.now(),
    )


def asked(agency_manager: Membership) -> Any:
    return request_mandate(
        agency=agency_manager.organisation,
        actor=agency_manager.user,
        at=timezone.now(),
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_link_lets_in_once(
    _round: int, owner: Membership, other_owner: Membership, stranger: Membership,
    agency_manager: Membership,
):  # fmt: skip
    token = asked(agency_manager).token
    outcomes = at_once(*(accepting(token, m) for m in (owner, other_owner, stranger)))
    assert outcomes == ["done", "request_unusable", "request_unusable"]
    used = MandateInvitation.objects.get()
    assert used.mandate == Mandate.objects.get()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_link_is_used_or_withdrawn(
    _round: int, owner: Membership, agency_manager: Membership
):
    request = asked(agency_manager)
    outcomes = at_once(
        accepting(request.token, owner),
        lambda: withdraw_request(
            invitation=request.invitation,
            actor=agency_manager.user,
            at=timezone.now(),
        ),
    )
    assert outcomes == ["done", "request_unusable"]
    left = MandateInvitation.objects.get()
    assert (left.accepted_at is None) is (left.revoked_at is not None)
    assert Mandate.objects.exists() is (left.revoked_at is None)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_claim_is_decided_once(
    _round: int, owner: Membership, bureau_manager: Membership
):
    EnterpriseClaim.objects.filter(enterprise=owner.organisation).update(
        state="pending", proof="", decided_at=None
    )
    claim = owner.organisation.claim
    act = {"claim": claim, "actor": bureau_manager.user, "at": timezone.now()}
    outcomes = at_once(
        lambda: approve_claim(proof="bureau", **act),
        lambda: approve_claim(proof="bureau", **act),
        lambda: refuse_claim(reason="资料不全", **act),
    )
    assert outcomes.count("done") in (1, 2)
    claim.refresh_from_db()
    assert claim.is_proven
