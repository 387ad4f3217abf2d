"""Whatever owner and officials do in whatever order: nobody reads beyond an access.

The machine keeps its own idea of who may read what. Each read starts after the step
before it has ended, so a read that succeeds without an access in force is found at
once. In the other machine one official tries alone; nothing ever opens. Acts happen two
hours ago, some seconds apart, so that an access can end before the next one opens.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.mandate_scope import Scope
from accounts.models import AccessRecord, Membership, NamedAccess
from accounts.named_access import (
    approve,
    ask_consent,
    consent,
    end,
    narrow,
    object_to,
    offer,
    refuse,
)
from backend.errors import ServiceError
from tests.fixtures_named_access import asked_on_ground, leave_or_change, wanted
from tests.mandates.test_machine import QUIETLY, content
from tests.mandates.world import Owned, doors, found

TICK = timedelta(seconds=5)
DOORS = (
    "access page", "access draft page", "result", "api assessment", "api draft",
    "api answers", "api answer one", "api answer two", "api check", "api result",
    "api reports", "file one", "file two", "draft file", "report", "report file",
    "sheet", "api sheet", "answers page", "data sheet", "preview one", "draft preview",
)  # fmt: skip
WRITES = ("api-submission", "report-request", "review-open")


@st.composite
def scopes(draw: Callable[[Any], Any], sealed: Callable[[], UUID]) -> Scope:
    """Draw any scope an access can have."""
    which = draw(st.sampled_from(["all", "all", "sealed", "another"]))
    named = {"all": None, "sealed": {sealed()}, "another": {uuid4()}}[which]
    sections = draw(st.sampled_from([None, None, ("ONE",), ("TWO",)]))
    flags = {key: draw(st.booleans()) for key in ("evidence", "report", "data_sheet")}
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
    second: ClassVar[Membership]
    analyst: ClassVar[Membership]
    operator: ClassVar[Membership]

    @classmethod
    def sealed(cls) -> UUID:
        """Return the id of the sealed assessment."""
        return cls.owned.sealed.pk

    @classmethod
    def people(cls) -> list[Membership]:
        """Return everybody of the bureau; the analyst, the last but one, is named."""
        return [cls.manager, cls.second, cls.analyst, cls.operator]


READER = 2
OTHER_ROLES = ("operator", None)


def addresses() -> dict[str, str]:
    """Return every door through which an official could read."""
    owned = Stage.owned
    return doors(owned) | {
        "access page": reverse("access-assessment", args=[owned.sealed.pk]),
        "access draft page": reverse("access-assessment", args=[owned.draft.pk]),
        "sheet": reverse("access-sheet", args=[owned.sheet.pk]),
        "api sheet": reverse("api-data-sheet", args=[owned.sheet.pk]),
    }


def expected(door: str, scope: Scope | None) -> int:
    """Return the status of a door for this scope: the rules, written down again."""
    if scope is None:
        return 404
    sealed = scope.assessments is None or Stage.sealed() in scope.assessments
    whole = scope.sections is None
    one, two = scope.shows("ONE"), scope.shows("TWO")
    opens = {
        "access page": sealed,
        "access draft page": False,
        "result": sealed and whole,
        "api assessment": sealed,
        "api draft": False,
        "api answers": sealed,
        "api answer one": sealed and one,
        "api answer two": sealed and two,
        "api check": sealed and whole,
        "api result": sealed and whole,
        "api reports": sealed and scope.report,
        "file one": sealed and scope.evidence and one,
        "file two": sealed and scope.evidence and two,
        "draft file": False,
        "report": sealed and scope.report,
        "report file": sealed and scope.report,
        "sheet": scope.data_sheet,
        "api sheet": scope.data_sheet,
        "answers page": sealed,
        "data sheet": scope.data_sheet,
        "preview one": sealed and scope.evidence and one,
        "draft preview": False,
    }[door]
    if door in ("answers page", "data sheet"):
        return 302 if opens else 404
    return 200 if opens else 404


class OfficialsAlone(RuleBasedStateMachine):
    """Everything officials can try without an owner and without a second manager."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.now = timezone.now() - timedelta(hours=2)
        self.scope: Scope | None = None
        self.asked: NamedAccess | None = None
        self.asked_scope = Scope()
        self.ground: NamedAccess | None = None
        self.clients = [Client() for _person in Stage.people()]
        for client, person in zip(self.clients, Stage.people(), strict=True):
            client.force_login(person.user)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.close()

    def tick(self) -> datetime:
        """Return a moment after all acts so far."""
        self.now += TICK
        return self.now

    def refused(self, act: Callable[[], object]) -> None:
        """Do what has to be refused; what it did half is undone, as in a request."""
        with pytest.raises(ServiceError), transaction.atomic():
            act()

    # --- reads

    @rule(door=st.sampled_from(DOORS), who=st.integers(0, 3))
    def read(self, door: str, who: int) -> None:
        before = _reads()
        answer = self.clients[who].get(addresses()[door])
        body = content(answer)
        scope = self.scope if who == READER else None
        status = answer.status_code
        if Stage.people()[who] is Stage.operator:
            # The pages of officials aren't an operator's at all.
            status = 404 if status == 403 else status
        assert status == expected(door, scope), door
        if answer.status_code == 200:
            assert _reads() > before
            latest = AccessRecord.objects.order_by("-last_at").first()
            assert latest is not None
            assert latest.person == Stage.analyst.user
            assert latest.access is not None
        else:
            assert _reads() == before
        if door == "access page" and scope is not None and answer.status_code == 200:
            assert (Stage.analyst.user.name.encode() in body) is True
            assert ("access-mark" in body.decode()) is True

    @rule(who=st.integers(0, 3))
    def list_all(self, who: int) -> None:
        rows = self.clients[who].get(reverse("api-assessments")).json()["results"]
        scope = self.scope if who == READER else None
        shown = expected("api assessment", scope) == 200
        assert {row["id"] for row in rows} == (
            {str(Stage.sealed())} if shown else set()
        )

    @rule(name=st.sampled_from(WRITES), who=st.integers(0, 3))
    def write(self, name: str, who: int) -> None:
        path = reverse(name, args=[Stage.sealed()])
        body = {"name": "人", "position": "总", "confirmed": True}
        answer = self.clients[who].post(path, body, content_type="application/json")
        assert answer.status_code in (403, 404)

    # --- what officials may try alone

    @precondition(lambda self: self.asked is None and self.scope is None)
    @rule(scope=scopes(Stage.sealed))
    def ask(self, scope: Scope) -> None:
        scope = Scope(
            sections=scope.sections,
            evidence=scope.evidence,
            report=scope.report,
            data_sheet=scope.data_sheet,
        )
        at = self.tick()
        self.asked_scope = scope
        self.asked = ask_consent(
            enterprise=Stage.owned.owner.organisation,
            wanted=wanted(Stage.analyst.user, scope=scope, at=at),
            actor=Stage.manager.user,
            at=at,
        )

    @precondition(lambda self: self.ground is None and self.scope is None)
    @rule(scope=scopes(Stage.sealed))
    def enter_a_ground(self, scope: Scope) -> None:
        at = self.tick()
        self.ground_scope = scope
        self.ground = asked_on_ground(
            Stage.owned.owner, Stage.manager, Stage.analyst.user, scope=scope, at=at
        )

    @precondition(lambda self: self.ground is not None)
    @rule(who=st.sampled_from([0, 2, 3]))
    def approve_it_oneself(self, who: int) -> None:
        person, ground = Stage.people()[who].user, self.ground
        assert ground is not None
        self.refused(lambda: approve(access=ground, actor=person, at=self.tick()))

    @precondition(lambda self: self.asked is not None)
    @rule(who=st.integers(0, 3))
    def consent_for_the_owner(self, who: int) -> None:
        person, asked = Stage.people()[who].user, self.asked
        assert asked is not None
        self.refused(lambda: consent(access=asked, actor=person, at=self.tick()))

    @rule(who=st.integers(0, 3))
    def offer_for_the_owner(self, who: int) -> None:
        person = Stage.people()[who].user
        at = self.tick()
        self.refused(
            lambda: offer(
                enterprise=Stage.owned.owner.organisation,
                wanted=wanted(person, at=at),
                actor=person,
                at=at,
            )
        )

    @precondition(lambda self: self.asked is not None)
    @rule()
    def withdraw(self) -> None:
        assert self.asked is not None
        end(access=self.asked, actor=Stage.manager.user, at=self.tick())
        self.asked = None


class Everybody(OfficialsAlone):
    """The same, with an owner who decides and a second manager who approves."""

    def __init__(self) -> None:
        super().__init__()
        self.open: NamedAccess | None = None
        self.is_ground = False

    def _opened(self, access: NamedAccess, scope: Scope, *, is_ground: bool) -> None:
        self.open, self.scope, self.is_ground = access, scope, is_ground

    @precondition(lambda self: self.asked is not None)
    @rule(less=scopes(Stage.sealed), agrees=st.booleans())
    def owner_consents(self, less: Scope, agrees: bool) -> None:
        asked, owner = self.asked, Stage.owned.owner.user
        assert asked is not None
        scope = self.asked_scope if agrees else less
        at = self.tick()

        def act() -> NamedAccess:
            return consent(access=asked, scope=scope, actor=owner, at=at)

        if self.scope is not None or not scope.is_within(self.asked_scope):
            self.refused(act)
            return
        self._opened(act(), scope, is_ground=False)
        self.asked = None

    @precondition(lambda self: self.asked is not None)
    @rule()
    def owner_refuses(self) -> None:
        assert self.asked is not None
        refuse(access=self.asked, actor=Stage.owned.owner.user, at=self.tick())
        self.asked = None

    @precondition(lambda self: self.ground is not None)
    @rule()
    def second_manager_approves(self) -> None:
        ground = self.ground
        assert ground is not None
        at = self.tick()

        def act() -> NamedAccess:
            return approve(access=ground, actor=Stage.second.user, at=at)

        if self.scope is not None:
            self.refused(act)
            return
        self._opened(act(), self.ground_scope, is_ground=True)
        self.ground = None

    @precondition(lambda self: self.ground is not None)
    @rule()
    def second_manager_refuses(self) -> None:
        assert self.ground is not None
        refuse(access=self.ground, actor=Stage.second.user, at=self.tick())
        self.ground = None

    @precondition(lambda self: self.open is not None)
    @rule(scope=scopes(Stage.sealed), by_owner=st.booleans())
    def narrow_it(self, scope: Scope, by_owner: bool) -> None:
        access, old = self.open, self.scope
        assert access is not None
        who = Stage.owned.owner.user if by_owner else Stage.second.user
        now = self.tick()

        def act() -> NamedAccess:
            return narrow(access=access, scope=scope, actor=who, at=now)

        fits = old is not None and scope.is_within(old)
        if not fits or by_owner is self.is_ground:
            self.refused(act)
            return
        act()
        self.scope = scope

    @precondition(lambda self: self.open is not None and self.scope is not None)
    @rule(by_owner=st.booleans())
    def revoke(self, by_owner: bool) -> None:
        access = self.open
        assert access is not None
        who = Stage.owned.owner.user if by_owner else Stage.manager.user

        def act() -> NamedAccess:
            return end(access=access, actor=who, at=self.tick())

        if by_owner and self.is_ground:
            self.refused(act)
            return
        act()
        self.open = self.scope = None

    @precondition(lambda self: self.open is not None and self.scope is not None)
    @rule()
    def time_passes_the_end(self) -> None:
        """Move the end back: the same as time passing, for the database's clock."""
        assert self.open is not None
        rows = NamedAccess.objects.filter(pk=self.open.pk)
        rows.update(ends_at=F("starts_at") + TICK / 5)
        self.open = self.scope = None

    @precondition(lambda self: self.scope is not None)
    @rule(door=st.sampled_from(DOORS), role=st.sampled_from(OTHER_ROLES))
    def read_in_another_role(self, door: str, role: str | None) -> None:
        """Who was named and now is an operator, or has left, reads nothing."""
        before, analyst = _reads(), Membership.objects.get(pk=Stage.analyst.pk)
        with transaction.atomic():
            leave_or_change(analyst, role, Stage.manager.user)
            answer = self.clients[READER].get(addresses()[door])
            assert answer.status_code in (403, 404), door
            assert _reads() == before
            transaction.set_rollback(True)

    @precondition(lambda self: self.open is not None and self.is_ground)
    @rule()
    def object(self) -> None:
        """An objection is noted and changes nothing."""
        assert self.open is not None
        owner = Stage.owned.owner.user
        object_to(access=self.open, text="不同意", actor=owner, at=self.tick())


def _reads() -> int:
    return sum(AccessRecord.objects.values_list("count", flat=True))


@pytest.fixture
def stage(
    owner: Membership,
    bureau_manager: Membership,
    second_manager: Membership,
    analyst: Membership,
    operator: Membership,
    small_version: Any,
) -> type[Stage]:
    """Fill the stage."""
    Stage.owned = found(owner, small_version)
    Stage.manager, Stage.second = bureau_manager, second_manager
    Stage.analyst, Stage.operator = analyst, operator
    return Stage


@pytest.mark.usefixtures("stage")
def test_officials_alone_never_read():
    run_state_machine_as_test(
        OfficialsAlone,
        settings=settings(max_examples=10, stateful_step_count=20, **QUIETLY),
    )


@pytest.mark.usefixtures("stage")
def test_nobody_reads_beyond_the_access_in_force():
    run_state_machine_as_test(
        Everybody,
        settings=settings(max_examples=25, stateful_step_count=40, **QUIETLY),
    )
