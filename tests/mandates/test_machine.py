"""Whatever owner and agency do in whatever order: nothing is read beyond the scope.

The machine keeps its own idea of what the agency may see. Each read starts after the
step before it has ended, so a read that succeeds after a revocation, an end or a
narrowing would be found at once.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
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
from reviews.checklist import checklist
from reviews.models import ReviewMark
from reviews.models.coaching import Stage as CoachingStage
from reviews.opinions import Opinion
from reviews.run_clock import RunDates
from reviews.services import (
    Preparation,
    TaskContent,
    accept_remark,
    add_remark,
    add_task,
    comment,
    make_plan,
    mark_question,
    prepare_item,
    put_task,
    set_run_dates,
    start_next,
)
from reviews.services.coaching import Team, assign_team, set_stage
from tests.fixtures_assessments import AT
from tests.mandates.stage import (
    BEHIND,
    DOWNLOADS,
    HOUR,
    PAGES,
    Stage,
    content,
    expected,
    scopes,
)
from tests.mandates.words import text_of
from tests.mandates.world import found
from tests.project.conftest import pdf


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

    @rule(door=st.sampled_from(PAGES), who=st.integers(0, 1))
    def read(self, door: str, who: int) -> None:
        body = self.opened(door, who)
        if body is None or self.scope is None:
            return
        shown = {"ONE": b"level_one", "TWO": b"level_two"}
        for section, word in shown.items():
            if door == "api answers":
                assert (word in body) is self.scope.shows(section)
            if door in ("review", "api review"):
                assert (b"remark on " + word in body) is self.scope.shows(section)

    @rule(door=st.sampled_from(DOWNLOADS), who=st.integers(0, 1))
    def download(self, door: str, who: int) -> None:
        if self.opened(door, who) is not None:
            assert AccessRecord.objects.filter(is_download=True).exists()

    def opened(self, door: str, who: int) -> bytes | None:
        """Open a door; return what was behind it, None when it stayed shut."""
        before = AccessRecord.objects.count(), _reads()
        answer = self.clients[who].get(Stage.doors()[door])
        body = content(answer)
        assert (answer.status_code == 200) is expected(door, self.scope), door
        if answer.status_code == 200:
            assert _reads() > before[1]
            return body
        assert answer.status_code == 404
        assert (AccessRecord.objects.count(), _reads()) == before
        return None

    @rule(who=st.integers(0, 1))
    def list_all(self, who: int) -> None:
        rows = self.clients[who].get(reverse("api-assessments")).json()["results"]
        shown = {"api assessment": Stage.owned.sealed, "api draft": Stage.owned.draft}
        wanted = {str(a.pk) for d, a in shown.items() if expected(d, self.scope)}
        assert {row["id"] for row in rows} == wanted

    @rule(door=st.sampled_from(["home", "workbench-export", "clients"]))
    def list_the_clients(self, door: str) -> None:
        """The workbench and its XLSX name those that let the agency in, no others."""
        before = _reads()
        answer = self.clients[0].get(reverse(door), {"view": "all"})
        name = Stage.owned.owner.organisation.name
        assert answer.status_code == 200
        if door != "clients":
            assert (name in text_of(answer)) is (self.scope is not None)
            assert (_reads() > before) is (self.scope is not None)

    @rule(who=st.integers(0, 1))
    def open_the_client(self, who: int) -> None:
        for mandate in Mandate.objects.all():
            running = self.scope is not None and mandate == self.mandate()
            answer = self.clients[who].get(reverse("client", args=[mandate.pk]))
            assert answer.status_code == (200 if running else 404)

    @rule()
    def ask_for_a_report(self) -> None:
        answer = self.clients[1].post(
            reverse("report-request", args=[Stage.sealed()]), {"locale": "en"}
        )
        assert answer.status_code == (302 if expected("report", self.scope) else 404)

    @rule(cut=st.booleans())
    def render(self, cut: bool) -> None:
        """Make what waits; with `cut` the owner shuts the door while it is made."""
        pending = Report.objects.filter(locale="en", state="pending").first()
        if pending is None:
            return
        taken = take_report(report_id=pending.pk, at=timezone.now())
        assert taken is not None
        assert is_wanted(taken) is (self.is_theirs or expected("report", self.scope))
        if cut and self.scope is not None:
            self.shut()
        if is_wanted(taken):
            publish_report(
                report=taken, rendered=Rendered(pdf("en"), 1), at=timezone.now()
            )
        else:
            withdraw_report(report=taken)
        ready = Report.objects.filter(pk=pending.pk, state="ready").exists()
        assert ready is (self.is_theirs or expected("report", self.scope))

    def mandate(self) -> Mandate | None:
        return Mandate.objects.filter(is_current=True, revoked_at=None).first()

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

    @rule(which=st.sampled_from(["mark", "remark", "task", "comment"]))
    def work_for_the_client(self, which: str) -> None:
        """What an agency may write needs what it may read, and opens nothing."""
        at, who = timezone.now(), Stage.reviewer.user
        about: dict[str, Any] = {"actor": who, "at": at}
        plan = about | {"assessment_id": Stage.sealed()}
        review = about | {"review_id": Stage.review.pk, "question_id": "level_two"}
        mark = ReviewMark.objects.filter(question="level_two").first()
        do: Callable[[], object] = {
            "mark": lambda: mark_question(
                opinion=Opinion("agree", "", None),
                revision=mark.revision if mark else 0,
                answer_revision=1,
                **review,
            ),
            "remark": lambda: add_remark(text="more", **review),
            "task": lambda: add_task(content=TaskContent("x"), **plan),
            "comment": lambda: comment(task_id=Stage.task.pk, text="x", **plan),
        }[which]
        sees_two = self.scope is not None and self.scope.shows("TWO")
        sees = {"mark": "review", "remark": "review", "task": "plan", "comment": "plan"}
        may = expected(sees[which], self.scope) and (
            which in ("task", "comment") or sees_two
        )
        do() if may else self.refused(do)

    @rule(which=st.sampled_from(["stage", "team"]))
    def plan_the_work(self, which: str) -> None:
        """Stages and teams are the agency's own, while somebody lets it in."""
        at, manager = timezone.now(), Stage.manager.user
        for mandate in Mandate.objects.all():
            do: Callable[[], object] = {
                "stage": lambda mandate=mandate: set_stage(
                    mandate=mandate,
                    stage=CoachingStage.RUN,
                    reached_on=timezone.localdate(),
                    actor=manager,
                    at=at,
                ),
                "team": lambda mandate=mandate: assign_team(
                    mandate=mandate,
                    team=Team(manager.pk),
                    note="x",
                    actor=manager,
                    at=at,
                ),
            }[which]
            running = self.scope is not None and mandate == self.mandate()
            do() if running else self.refused(do)

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
        self.finish_the_clients_plan()
        claim = Stage.owned.owner.organisation.claim
        self.refused(
            lambda: approve_claim(claim=claim, proof="bureau", actor=who, at=AT)
        )

    def finish_the_clients_plan(self) -> None:
        """What only the client's members do to a plan."""
        act = {
            "assessment_id": Stage.sealed(),
            "actor": Stage.manager.user,
            "at": timezone.now(),
        }
        item = checklist(Stage.owned.sealed.bank_version.bank)[0].id
        ready = Preparation("ready")
        self.refused(lambda: make_plan(**act))
        self.refused(lambda: put_task(task_id=Stage.task.pk, state="done", **act))
        self.refused(lambda: set_run_dates(dates=RunDates(None, None, None), **act))
        self.refused(lambda: prepare_item(item=item, preparation=ready, **act))
        self.refused(lambda: start_next(**act))
        remark = Stage.review.remarks.first()
        self.refused(
            lambda: accept_remark(remark_id=remark.pk, actor=act["actor"], at=act["at"])
        )

    def terms(self, scope: Scope) -> Terms:
        """Return terms that ran for a while already."""
        return Terms(scope, "coaching", timezone.now() + timedelta(days=30))


def _reads() -> int:
    return sum(AccessRecord.objects.values_list("count", flat=True))


class OwnerAndAgency(AgencyAlone):
    """The owner grants, narrows, extends, revokes; time passes; the agency reads."""

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
    main_version: Any, owner: Membership, agency_manager: Membership,
    reviewer: Membership,
) -> None:  # fmt: skip
    Stage.set(found(owner, main_version), agency_manager, reviewer)


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
        settings=settings(max_examples=30, stateful_step_count=40, **QUIETLY),
    )
