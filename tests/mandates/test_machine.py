"""Whatever owner and agency do in whatever order: nothing is read beyond the scope.

The machine keeps its own idea of what the agency may see. Each read starts after the
step before it has ended, so a read that succeeds after a revocation, an end or a
narrowing would be found at once.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.claims import approve_claim
from accounts.mandate_scope import Scope
from accounts.mandates import (
    Terms,
    accept_request,
    extend_mandate,
    grant_mandate,
    narrow_mandate,
    request_mandate,
    revoke_mandate,
    withdraw_request,
)
from accounts.models import AccessRecord, Mandate, Membership
from assessments.services import add_evidence, save_answer, submit_assessment
from assessments.services.lifecycle import Declaration
from backend.errors import ServiceError
from reports.models import Report
from reports.services import (
    Rendered,
    is_wanted,
    publish_report,
    request_report,
    take_report,
    withdraw_report,
)
from tests.fixtures_assessments import AT
from tests.mandates.world import Owned, doors, found
from tests.project.conftest import pdf

HOUR = timedelta(hours=1)
BEHIND = 2 * HOUR
"""Mandates start this long ago, so that moving their end back is time passing."""

DOORS = (
    "answers page", "draft page", "result", "api assessment", "api draft",
    "api answers", "api answer one", "api answer two", "api check", "api result",
    "api reports", "file one", "file two", "draft file", "report", "report file",
    "preview one", "draft preview", "data sheet", "api data sheet",
)  # fmt: skip


@st.composite
def scopes(draw: Callable[[Any], Any], sealed: Callable[[], UUID]) -> Scope:
    """Draw any scope that makes sense."""
    which = draw(st.sampled_from(["all", "sealed", "another"]))
    named = {"all": None, "sealed": {sealed()}, "another": {uuid4()}}[which]
    sections = draw(st.sampled_from([None, None, ("ONE",), ("TWO",), ("ONE", "TWO")]))
    flags = {
        name: draw(st.booleans())
        for name in ("evidence", "report", "data_sheet", "drafts")
    }
    flags["report"] &= sections is None
    return Scope(
        assessments=None if named is None else frozenset(named),
        sections=None if sections is None else frozenset(sections),
        **flags,
    )


class Stage:
    """The people and things of a run, made once; every example starts from them."""

    owned: ClassVar[Owned]
    manager: ClassVar[Membership]
    reviewer: ClassVar[Membership]

    @classmethod
    def sealed(cls) -> UUID:
        """Return the id of the sealed assessment."""
        return cls.owned.sealed.pk


def expected(door: str, scope: Scope | None) -> bool:
    """Tell whether a door opens for this scope: the rules, written down again."""
    if scope is None:
        return False
    sealed = scope.assessments is None or Stage.sealed() in scope.assessments
    draft = scope.drafts and scope.assessments is None
    whole = scope.sections is None
    one, two = scope.shows("ONE"), scope.shows("TWO")
    return {
        "answers page": sealed,
        "draft page": draft,
        "result": sealed and whole,
        "api assessment": sealed,
        "api draft": draft,
        "api answers": sealed,
        "api answer one": sealed and one,
        "api answer two": sealed and two,
        "api check": sealed and whole,
        "api result": sealed and whole,
        "api reports": sealed and scope.report,
        "file one": sealed and scope.evidence and one,
        "file two": sealed and scope.evidence and two,
        "draft file": draft and scope.evidence and one,
        "preview one": sealed and scope.evidence and one,
        "draft preview": draft and scope.evidence and one,
        "data sheet": scope.data_sheet,
        "api data sheet": scope.data_sheet,
        "report": sealed and scope.report,
        "report file": sealed and scope.report,
    }[door]


def content(answer: HttpResponse) -> bytes:
    """Return what was answered, read to its end."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class AgencyAlone(RuleBasedStateMachine):
    """Everything an agency can try by itself. It never sees anything."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.scope: Scope | None = None
        self.is_theirs = False
        self.tokens: list[str] = []
        self.requests: list[Any] = []
        self.clients = [Client(), Client()]
        for client, person in zip(
            self.clients, (Stage.manager, Stage.reviewer), strict=True
        ):
            client.force_login(person.user)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.close()

    def refused(self, act: Callable[[], object]) -> None:
        """Do what has to be refused; what it did half is undone, as in a request."""
        with pytest.raises(ServiceError), transaction.atomic():
            act()

    # --- reads

    @rule(door=st.sampled_from(DOORS), who=st.integers(0, 1))
    def read(self, door: str, who: int) -> None:
        before = AccessRecord.objects.count(), _reads()
        answer = self.clients[who].get(doors(Stage.owned)[door])
        body = content(answer)
        assert (answer.status_code == 200) is expected(door, self.scope), door
        if answer.status_code == 200:
            assert _reads() > before[1]
        else:
            assert answer.status_code == 404
            assert (AccessRecord.objects.count(), _reads()) == before
        if door == "api answers" and answer.status_code == 200:
            assert self.scope is not None
            assert (b"level_one" in body) is self.scope.shows("ONE")
            assert (b"level_two" in body) is self.scope.shows("TWO")

    @rule(who=st.integers(0, 1))
    def list_all(self, who: int) -> None:
        rows = self.clients[who].get(reverse("api-assessments")).json()["results"]
        shown = {"api assessment": Stage.owned.sealed, "api draft": Stage.owned.draft}
        wanted = {str(a.pk) for d, a in shown.items() if expected(d, self.scope)}
        assert {row["id"] for row in rows} == wanted

    @rule(cut=st.booleans())
    def ask_for_a_report_and_render_it(self, cut: bool) -> None:
        """With `cut` the owner shuts the door while the worker renders."""
        answer = self.clients[1].post(
            reverse("report-request", args=[Stage.sealed()]), {"locale": "en"}
        )
        may = expected("report", self.scope)
        assert (answer.status_code == 302) is may
        pending = Report.objects.filter(locale="en", state="pending").first()
        if pending is None:
            return
        taken = take_report(report_id=pending.pk, at=timezone.now())
        assert taken is not None
        assert is_wanted(taken) is (may or self.is_theirs)
        if may and cut and self.scope is not None:
            self.shut()
        if is_wanted(taken):
            publish_report(
                report=taken, rendered=Rendered(pdf("en"), 1), at=timezone.now()
            )
        else:
            withdraw_report(report=taken)
        ready = Report.objects.filter(pk=pending.pk, state="ready").exists()
        assert ready is (self.is_theirs or expected("report", self.scope))

    def shut(self) -> None:
        """Revoke whatever runs, as the owner."""

    # --- what an agency tries

    @rule()
    def ask(self) -> None:
        asked = request_mandate(
            agency=Stage.manager.organisation,
            actor=Stage.manager.user,
            at=timezone.now(),
        )
        self.tokens.append(asked.token)
        self.requests.append(asked.invitation)

    @precondition(lambda self: self.requests)
    @rule()
    def withdraw(self) -> None:
        invitation = self.requests.pop()
        self.tokens.pop()
        invitation.refresh_from_db()
        if invitation.accepted_at is None:
            withdraw_request(
                invitation=invitation, actor=Stage.manager.user, at=timezone.now()
            )

    @rule(data=st.data())
    def grant_oneself(self, data: st.DataObject) -> None:
        scope = data.draw(scopes(Stage.sealed))
        self.refused(
            lambda: grant_mandate(
                enterprise=Stage.owned.owner.organisation,
                agency=Stage.manager.organisation,
                terms=self.terms(scope),
                actor=Stage.manager.user,
                at=timezone.now(),
            )
        )

    @precondition(lambda self: self.tokens)
    @rule()
    def accept_oneself(self) -> None:
        for enterprise in (Stage.owned.owner, Stage.manager):
            self.refused(
                lambda to=enterprise: accept_request(
                    token=self.tokens[-1],
                    enterprise=to.organisation,
                    terms=self.terms(Scope()),
                    actor=Stage.manager.user,
                    at=timezone.now(),
                )
            )

    @rule()
    def change_what_is_not_ones_own(self) -> None:
        for mandate in Mandate.objects.filter(agency=Stage.manager.organisation):
            act = {
                "mandate": mandate,
                "actor": Stage.manager.user,
                "at": timezone.now(),
            }
            later = mandate.ends_at + HOUR
            self.refused(lambda act=act, to=later: extend_mandate(ends_at=to, **act))
            self.refused(lambda act=act: narrow_mandate(scope=Scope(), **act))
            self.refused(lambda act=act: revoke_mandate(**act))

    @rule()
    def write_into_the_enterprise(self) -> None:
        who, draft = Stage.reviewer.user, Stage.owned.draft.pk
        self.refused(
            lambda: save_answer(
                assessment_id=draft,
                question_id="level_one",
                data={"state": "answered", "value": 4},
                revision=1,
                actor=who,
                at=AT,
            )
        )
        self.refused(
            lambda: add_evidence(
                assessment_id=draft,
                question_id="level_one",
                file=ContentFile(pdf("x")),
                name="x.pdf",
                actor=who,
                at=AT,
            )
        )
        self.refused(
            lambda: submit_assessment(
                assessment_id=draft,
                declaration=Declaration("某", "某", confirmed=True),
                actor=who,
                at=AT,
            )
        )
        claim = Stage.owned.owner.organisation.claim
        self.refused(
            lambda: approve_claim(claim=claim, proof="bureau", actor=who, at=AT)
        )

    def terms(self, scope: Scope) -> Terms:
        """Return terms that ran for a while already."""
        return Terms(scope, "coaching", timezone.now() + timedelta(days=30))


def _reads() -> int:
    return sum(AccessRecord.objects.values_list("count", flat=True))


class OwnerAndAgency(AgencyAlone):
    """The owner grants, narrows, extends, revokes; time passes; the agency reads."""

    def mandate(self) -> Mandate | None:
        return Mandate.objects.filter(is_current=True, revoked_at=None).first()

    def past(self) -> datetime:
        return timezone.now() - BEHIND

    @rule(data=st.data())
    def grant(self, data: st.DataObject) -> None:
        scope = data.draw(scopes(Stage.sealed))
        grant_mandate(
            enterprise=Stage.owned.owner.organisation,
            agency=Stage.manager.organisation,
            terms=self.terms(scope),
            actor=Stage.owned.owner.user,
            at=self.past(),
        )
        self.scope = scope

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        scope = data.draw(scopes(Stage.sealed))
        self.requests.pop()
        accept_request(
            token=self.tokens.pop(),
            enterprise=Stage.owned.owner.organisation,
            terms=self.terms(scope),
            actor=Stage.owned.owner.user,
            at=self.past(),
        )
        self.scope = scope

    @precondition(lambda self: self.scope is not None)
    @rule(data=st.data())
    def narrow(self, data: st.DataObject) -> None:
        wanted = data.draw(scopes(Stage.sealed))
        assert self.scope is not None
        act = {
            "mandate": self.mandate(),
            "scope": wanted,
            "actor": Stage.owned.owner.user,
            "at": timezone.now(),
        }
        if wanted.is_within(self.scope):
            narrow_mandate(**act)  # type: ignore[arg-type]
            self.scope = wanted
        else:
            self.refused(lambda: narrow_mandate(**act))  # type: ignore[arg-type]

    @precondition(lambda self: self.scope is not None)
    @rule()
    def extend(self) -> None:
        mandate = self.mandate()
        assert mandate is not None
        extend_mandate(
            mandate=mandate,
            ends_at=mandate.ends_at + HOUR,
            actor=Stage.owned.owner.user,
            at=timezone.now(),
        )

    @precondition(lambda self: self.scope is not None)
    @rule()
    def revoke(self) -> None:
        self.shut()

    def shut(self) -> None:
        mandate = self.mandate()
        assert mandate is not None
        revoke_mandate(mandate=mandate, actor=Stage.owned.owner.user, at=timezone.now())
        self.scope = None

    @rule(days=st.sampled_from([1, 29, 31]))
    def time_passes(self, days: int) -> None:
        running = Mandate.objects.filter(revoked_at=None)
        running.update(
            ends_at=Greatest(F("ends_at") - timedelta(days=days), F("starts_at") + HOUR)
        )
        mandate = self.mandate()
        if mandate is None or mandate.ends_at <= timezone.now():
            self.scope = None

    @rule()
    def the_owner_asks_for_a_report(self) -> None:
        """What the enterprise wants itself is made, whatever becomes of mandates."""
        report = request_report(
            assessment=Stage.owned.sealed,
            locale="en",
            actor=Stage.owned.owner.user,
            at=timezone.now(),
        )
        self.is_theirs = True
        assert is_wanted(report)


@pytest.fixture
def _stage(
    small_version: Any, owner: Membership, agency_manager: Membership,
    reviewer: Membership,
) -> None:  # fmt: skip
    Stage.owned = found(owner, small_version)
    Stage.manager, Stage.reviewer = agency_manager, reviewer


QUIETLY = {
    # Without shrinking: a run costs a second, and a failure is read well enough.
    "phases": [Phase.explicit, Phase.generate],
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
}


@pytest.mark.usefixtures("_stage")
def test_an_agency_alone_never_sees_anything():
    run_state_machine_as_test(
        AgencyAlone,
        settings=settings(max_examples=10, stateful_step_count=20, **QUIETLY),
    )


@pytest.mark.usefixtures("_stage")
def test_nothing_is_read_beyond_the_scope_in_force():
    run_state_machine_as_test(
        OwnerAndAgency,
        settings=settings(max_examples=40, stateful_step_count=40, **QUIETLY),
    )
