"""Named access: two ways in, each of which takes two people, and no third."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import ClaimNotProven, WiderScope
from accounts.models import (
    AuditEvent,
    Membership,
    NamedAccess,
    NamedAccessEvent,
    NamedReader,
    Notice,
)
from accounts.named_access import (
    Ground,
    approve,
    ask_consent,
    ask_on_ground,
    consent,
    end,
    narrow,
    object_to,
    offer,
    refuse,
)
from accounts.named_access_rules import AlreadyOpen, NeedsAnother, NotUndecided
from backend.errors import Forbidden, Invalid
from tests.factories.accounts import MembershipFactory
from tests.fixtures_named_access import (
    GROUND,
    SUBMITTED,
    asked_on_ground,
    consented,
    leave_or_change,
    new_official,
    wanted,
)

pytestmark = pytest.mark.django_db


def ask(owner: Membership, asker: Membership, **other: Any) -> NamedAccess:
    now = timezone.now()
    return ask_consent(
        enterprise=owner.organisation,
        wanted=wanted(asker.user, at=now, **other),
        actor=asker.user,
        at=now,
    )


def opens(access: NamedAccess, person: Membership) -> bool:
    rows = NamedAccess.objects.opening_to(person.user.pk)
    return rows.filter(pk=access.pk).exists()


def kinds(access: NamedAccess) -> list[str]:
    return list(access.events.order_by("pk").values_list("kind", flat=True))


# --- consent


def test_asking_opens_nothing(owner: Membership, analyst: Membership):
    assert opens(ask(owner, analyst), analyst) is False


def test_consent_opens_to_those_named_alone(
    owner: Membership, analyst: Membership, bureau_manager: Membership
):
    access = consented(owner, bureau_manager, analyst.user)
    assert opens(access, analyst) is True
    assert opens(access, bureau_manager) is False


def test_a_contributor_can_t_consent(
    owner: Membership, contributor: Membership, analyst: Membership
):
    access = ask(owner, analyst)
    with pytest.raises(Forbidden):
        consent(access=access, actor=contributor.user, at=timezone.now())


def test_an_owner_may_agree_to_less_and_not_to_more(
    owner: Membership, analyst: Membership
):
    access = ask(owner, analyst, scope=Scope())
    now = timezone.now()
    with pytest.raises(WiderScope), transaction.atomic():
        consent(access=access, scope=SUBMITTED, actor=owner.user, at=now)
    one = Scope(assessments=frozenset({uuid4()}), sections=frozenset({"ONE"}))
    got = consent(access=access, scope=one, actor=owner.user, at=now)
    assert NamedAccess.objects.get(pk=got.pk).scope == one


def test_an_unproven_claim_consents_to_nothing(
    enterprise_owner: Any, analyst: Membership
):
    owner = enterprise_owner(claim="pending")
    access = ask(owner, analyst)
    with pytest.raises(ClaimNotProven):
        consent(access=access, actor=owner.user, at=timezone.now())


def test_an_owner_offers_unasked(owner: Membership, analyst: Membership):
    now = timezone.now()
    access = offer(
        enterprise=owner.organisation,
        wanted=wanted(analyst.user, at=now),
        actor=owner.user,
        at=now,
    )
    assert opens(access, analyst) is True
    assert kinds(access) == ["offered", "consented"]


def test_an_owner_revokes_at_once(owner: Membership, analyst: Membership):
    access = consented(owner, analyst)
    end(access=access, reason="不再需要", actor=owner.user, at=timezone.now())
    assert opens(access, analyst) is False
    assert kinds(access) == ["asked", "consented", "revoked"]


def test_what_was_refused_stays_so(owner: Membership, analyst: Membership):
    access = ask(owner, analyst)
    refuse(access=access, reason="不同意", actor=owner.user, at=timezone.now())
    with pytest.raises(NotUndecided):
        consent(access=access, actor=owner.user, at=timezone.now())


def test_one_access_at_a_time_for_a_reader(owner: Membership, analyst: Membership):
    consented(owner, analyst)
    with pytest.raises(AlreadyOpen):
        consented(owner, analyst)


@pytest.mark.parametrize(
    ("days", "scope"), [(0, SUBMITTED), (182, SUBMITTED), (30, Scope(drafts=True)),
                        (30, Scope(sections=frozenset()))],
)  # fmt: skip
def test_what_is_asked_for_has_bounds(
    days: int, scope: Scope, owner: Membership, analyst: Membership
):
    with pytest.raises(Invalid):
        ask(owner, analyst, days=days, scope=scope)


# --- who may be named


def test_an_operator_can_t_be_named(
    owner: Membership, bureau_manager: Membership, operator: Membership
):
    with pytest.raises(Invalid):
        consented(owner, bureau_manager, operator.user)


def test_an_operator_and_an_agency_can_t_ask(
    owner: Membership, operator: Membership, agency_manager: Membership
):
    for person in (operator, agency_manager):
        with pytest.raises(Forbidden):
            ask(owner, person)


def test_nobody_of_another_bureau_can_be_named(
    owner: Membership, bureau_manager: Membership
):
    with pytest.raises(Invalid):
        consented(owner, bureau_manager, new_official().user)


@pytest.mark.parametrize("role", ["operator", None])
def test_a_reader_who_changes_role_or_leaves_reads_no_more(
    role: str | None, owner: Membership, bureau_manager: Membership, analyst: Membership
):
    access = consented(owner, bureau_manager, analyst.user)
    leave_or_change(analyst, role, bureau_manager.user)
    assert opens(access, analyst) is False


# --- a ground in law


def test_a_ground_opens_once_another_manager_approves(
    owner: Membership, analyst: Membership, second_manager: Membership
):
    access = asked_on_ground(owner, analyst)
    assert opens(access, analyst) is False
    approve(access=access, actor=second_manager.user, at=timezone.now())
    assert opens(access, analyst) is True
    assert kinds(access) == ["asked", "approved"]


def test_a_single_official_never_approves_and_leaves_a_trace(
    owner: Membership, bureau_manager: Membership, analyst: Membership
):
    access = asked_on_ground(owner, bureau_manager, analyst.user)
    with pytest.raises(NeedsAnother):
        approve(access=access, actor=bureau_manager.user, at=timezone.now())
    assert opens(access, analyst) is False
    event = AuditEvent.objects.get(action="named_access.self_approval_refused")
    assert (event.actor, event.subject_id) == (bureau_manager.user, str(access.pk))


def test_a_reader_does_not_approve(
    owner: Membership, analyst: Membership, bureau_manager: Membership
):
    access = asked_on_ground(owner, analyst, bureau_manager.user)
    with pytest.raises(NeedsAnother):
        approve(access=access, actor=bureau_manager.user, at=timezone.now())


def test_an_analyst_does_not_approve(
    owner: Membership, analyst: Membership, bureau_manager: Membership
):
    access = asked_on_ground(owner, bureau_manager)
    with pytest.raises(Forbidden):
        approve(access=access, actor=analyst.user, at=timezone.now())


def test_a_manager_of_another_bureau_does_not_approve(
    owner: Membership, analyst: Membership
):
    access = asked_on_ground(owner, analyst)
    other = new_official("bureau_manager")
    with pytest.raises(Forbidden):
        approve(access=access, actor=other.user, at=timezone.now())


def test_a_ground_lasts_ninety_days_at_most(owner: Membership, analyst: Membership):
    with pytest.raises(Invalid):
        asked_on_ground(owner, analyst, days=92)


@pytest.mark.parametrize(
    "ground",
    [Ground("whim", "12号", date(2026, 1, 5)),
     Ground("complaint", " ", date(2026, 1, 5)),
     Ground("complaint", "12号", date(2999, 1, 5))],
)  # fmt: skip
def test_a_ground_needs_its_document(
    ground: Ground, owner: Membership, analyst: Membership
):
    now = timezone.now()
    with pytest.raises(Invalid):
        ask_on_ground(
            enterprise=owner.organisation,
            wanted=wanted(analyst.user, at=now),
            ground=ground,
            actor=analyst.user,
            at=now,
        )


def test_the_enterprise_learns_of_a_ground_once_it_is_approved(
    owner: Membership, analyst: Membership, second_manager: Membership
):
    access = asked_on_ground(owner, analyst)
    mine = NamedAccess.objects.visible_to(owner.user)
    assert list(mine) == []
    approve(access=access, actor=second_manager.user, at=timezone.now())
    assert list(mine.all()) == [access]
    told = Notice.objects.filter(recipient=owner.user).values_list("text", flat=True)
    assert list(told) == ["access_on_ground"]


def test_the_owner_can_t_end_a_ground_but_objects(
    owner: Membership, on_ground: Any, second_manager: Membership
):
    access = on_ground()
    with pytest.raises(Forbidden):
        end(access=access, actor=owner.user, at=timezone.now())
    object_to(access=access, text="理由\n第二行", actor=owner.user, at=timezone.now())
    last = NamedAccessEvent.objects.visible_to(second_manager.user).last()
    assert (last.kind, last.text) == ("objected", "理由\n第二行")


def test_the_bureau_ends_a_ground(
    on_ground: Any, analyst: Membership, second_manager: Membership
):
    access = on_ground()
    end(access=access, actor=second_manager.user, at=timezone.now())
    assert opens(access, analyst) is False


def test_a_ground_is_narrowed_by_a_manager_alone(
    on_ground: Any, analyst: Membership, owner: Membership, second_manager: Membership
):
    access, now = on_ground(), timezone.now()
    for person in (analyst, owner):
        with pytest.raises(Forbidden):
            narrow(access=access, scope=Scope(), actor=person.user, at=now)
    got = narrow(access=access, scope=Scope(), actor=second_manager.user, at=now)
    assert got.scope == Scope()


def test_it_ends_by_itself(owner: Membership, analyst: Membership):
    at = timezone.now() - timedelta(days=31)
    assert opens(consented(owner, analyst, at=at), analyst) is False


def test_the_mails_hold_no_name_and_no_number(
    owner: Membership, analyst: Membership, second_manager: Membership,
    django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        access = asked_on_ground(owner, analyst)
        approve(access=access, actor=second_manager.user, at=timezone.now())
    text = "".join(m.subject + m.body for m in mail.outbox)
    assert owner.user.email in [address for m in mail.outbox for address in m.to]
    assert owner.organisation.name not in text
    assert GROUND.document_number not in text


# --- what the database refuses, whatever services think


def _raw(access: NamedAccess, **changes: Any) -> None:
    with transaction.atomic():
        NamedAccess.objects.filter(pk=access.pk).update(**changes)


def opened_by(person: Membership) -> dict[str, Any]:
    now = timezone.now()
    return {
        "state": "open", "decided_by": person.user, "decided_at": now, "starts_at": now
    }  # fmt: skip


@pytest.mark.parametrize("who", ["analyst", "bureau_manager", "operator", "stranger",
                                 "owner", "contributor"])  # fmt: skip
def test_the_database_lets_only_a_second_manager_approve(
    who: str, owner: Membership, analyst: Membership, bureau_manager: Membership,
    request: Any,
):  # fmt: skip
    access = asked_on_ground(owner, bureau_manager, analyst.user)
    person = request.getfixturevalue(who)
    with pytest.raises(DatabaseError):
        _raw(access, **opened_by(person))


def test_the_database_lets_no_reader_approve(
    owner: Membership, analyst: Membership, bureau_manager: Membership
):
    access = asked_on_ground(owner, analyst, bureau_manager.user)
    with pytest.raises(DatabaseError):
        _raw(access, **opened_by(bureau_manager))


@pytest.mark.parametrize("who", ["analyst", "bureau_manager", "second_manager",
                                 "contributor", "stranger"])  # fmt: skip
def test_the_database_lets_only_the_owner_consent(
    who: str, owner: Membership, analyst: Membership, request: Any
):
    access = ask(owner, analyst)
    with pytest.raises(DatabaseError):
        _raw(access, **opened_by(request.getfixturevalue(who)))


@pytest.mark.parametrize(
    "changes",
    [{"evidence": True}, {"ends_at": timezone.now() + timedelta(days=99)},
     {"purpose": "别的"}, {"state": "asked", "decided_by": None, "decided_at": None},
     {"revoked_at": None}, {"document_number": "1号"}],
)  # fmt: skip
def test_the_database_keeps_what_was_decided(
    changes: dict[str, Any], owner: Membership, analyst: Membership
):
    access = consented(owner, analyst, scope=Scope())
    end(access=access, actor=owner.user, at=timezone.now())
    with pytest.raises(DatabaseError):
        _raw(access, **changes)


def test_the_database_takes_no_reader_afterwards(
    owner: Membership, analyst: Membership, second_manager: Membership
):
    access = ask(owner, analyst)
    with pytest.raises(DatabaseError), transaction.atomic():
        NamedReader.objects.create(access=access, person=second_manager.user)


def test_the_database_keeps_accesses_readers_and_history(
    owner: Membership, analyst: Membership
):
    access = consented(owner, analyst)
    for rows in (NamedAccess.objects, NamedReader.objects, NamedAccessEvent.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.filter(pk__isnull=False)._raw_delete("default")
    assert NamedAccess.objects.filter(pk=access.pk).exists()


def test_the_database_begins_no_access_open(owner: Membership, analyst: Membership):
    now = timezone.now()
    with pytest.raises(DatabaseError), transaction.atomic():
        NamedAccess.objects.create(
            enterprise=owner.organisation,
            bureau=analyst.organisation,
            basis="consent",
            purpose="x",
            all_sections=True,
            asked_by=analyst.user,
            asked_at=now,
            ends_at=now + timedelta(days=1),
            **opened_by(owner),
        )


def test_the_database_opens_no_second_access_to_a_reader(
    owner: Membership, analyst: Membership
):
    consented(owner, analyst)
    with pytest.raises(DatabaseError):
        _raw(ask(owner, analyst), **opened_by(owner))


# --- who sees that there is one


def test_an_analyst_sees_their_own_and_a_manager_all_of_the_bureau(
    owner: Membership, analyst: Membership, bureau_manager: Membership,
    operator: Membership,
):  # fmt: skip
    colleague = MembershipFactory(organisation=analyst.organisation, role="analyst")
    access = ask(owner, colleague)
    seen = {
        person.role + str(person.pk == colleague.pk): NamedAccess.objects.visible_to(
            person.user
        ).filter(pk=access.pk).exists()
        for person in (analyst, bureau_manager, operator, colleague, new_official())
    }  # fmt: skip
    assert seen == {
        "analystFalse": False, "bureau_managerFalse": True,
        "operatorFalse": False, "analystTrue": True,
    }  # fmt: skip


def test_everything_leaves_a_line_in_the_trail(
    owner: Membership, analyst: Membership, second_manager: Membership
):
    access = asked_on_ground(owner, analyst)
    approve(access=access, actor=second_manager.user, at=timezone.now())
    end(access=access, actor=analyst.user, at=timezone.now())
    rows = AuditEvent.objects.filter(subject_id=str(access.pk)).order_by("pk")
    assert list(rows.values_list("action", "organisation")) == [
        ("named_access.asked", analyst.organisation_id),
        ("named_access.approved", owner.organisation_id),
        ("named_access.revoked", owner.organisation_id),
    ]
