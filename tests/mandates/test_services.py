"""Granting, extending, narrowing and revoking: who may, what is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.agencies import closeness, find_agency, name_stem
from accounts.ending import remind
from accounts.mandate_scope import Scope
from accounts.mandates import (
    ClaimNotProven,
    MandateOver,
    NotAnAgency,
    RequestUnusable,
    Terms,
    WiderScope,
    accept_request,
    extend_mandate,
    find_request,
    grant_mandate,
    mark_certification_body,
    narrow_mandate,
    request_mandate,
    revoke_mandate,
    withdraw_request,
)
from accounts.models import (
    AuditEvent,
    EndedMembership,
    Mandate,
    MandateAssessment,
    MandateEvent,
    Membership,
)
from accounts.services import remove_member
from backend.errors import Forbidden, Invalid
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_mandates import EVERYTHING, terms

PARTLY = Scope(sections=frozenset({"ONE"}), evidence=True)


def kinds(mandate: Mandate) -> list[str]:
    rows = MandateEvent.objects.filter(mandate=mandate).in_order()
    return list(rows.values_list("kind", flat=True))


def test_granting_is_written_down_on_both_sides(
    grant: Any, owner: Membership, agency_manager: Membership
):
    mandate = grant(PARTLY)
    assert (mandate.scope, kinds(mandate)) == (PARTLY, ["granted"])
    for side in (owner, agency_manager):
        assert MandateEvent.objects.visible_to(side.user).count() == 1
    audited = AuditEvent.objects.get(action="mandate.granted")
    assert audited.organisation == owner.organisation


def test_history_is_hidden_from_others(grant: Any, stranger: Membership):
    grant()
    assert not MandateEvent.objects.visible_to(stranger.user).exists()
    assert not Mandate.objects.visible_to(stranger.user).exists()


@pytest.fixture(params=["contributor", "agency_manager", "reviewer", "stranger"])
def not_the_owner(request: Any) -> Membership:
    """Somebody who is no owner of the enterprise."""
    return request.getfixturevalue(request.param)


def test_only_an_owner_grants(not_the_owner: Membership, owner: Membership, grant: Any):
    with pytest.raises(Forbidden):
        grant(actor=not_the_owner.user)
    assert not Mandate.objects.exists()


def test_only_an_owner_changes_or_revokes(not_the_owner: Membership, grant: Any):
    mandate, now = grant(), timezone.now()
    act = {"mandate": mandate, "actor": not_the_owner.user, "at": now}
    for attempt in (
        lambda: extend_mandate(ends_at=now + timedelta(days=100), **act),
        lambda: narrow_mandate(scope=Scope(), **act),
        lambda: revoke_mandate(**act),
    ):
        with pytest.raises(Forbidden):
            attempt()
    mandate.refresh_from_db()
    assert (mandate.revoked_at, kinds(mandate)) == (None, ["granted"])


def test_an_enterprise_whose_claim_is_pending_grants_nothing(
    agency_manager: Membership,
):
    owner = MembershipFactory(organisation=OrganisationFactory(claim="pending"))
    now = timezone.now()
    with pytest.raises(ClaimNotProven):
        grant_mandate(
            enterprise=owner.organisation,
            agency=agency_manager.organisation,
            terms=terms(at=now),
            actor=owner.user,
            at=now,
        )


def test_only_an_agency_is_let_in(grant: Any, stranger: Membership):
    with pytest.raises(NotAnAgency):
        grant(agency=stranger.organisation)


def test_a_certification_body_is_not_let_in(grant: Any, agency_manager: Membership):
    agency = agency_manager.organisation
    mark_certification_body(organisation=agency, at=timezone.now())
    with pytest.raises(NotAnAgency):
        grant(agency=agency)


def test_only_agencies_are_certification_bodies(owner: Membership):
    with pytest.raises(Invalid):
        mark_certification_body(organisation=owner.organisation, at=timezone.now())


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "spying"},
        {"purpose": "other"},
        {"purpose": "other", "purpose_note": "a\u202eb"},
        {"ends_at": timedelta(seconds=0)},
        {"ends_at": timedelta(days=367)},
        {"starts_at": timedelta(seconds=-1)},
        {"scope": Scope(assessments=frozenset())},
        {"scope": Scope(sections=frozenset())},
        {"scope": Scope(sections=frozenset({"ONE"}), report=True)},
    ],
)
def test_terms_that_make_no_sense_are_refused(
    change: Any, owner: Membership, agency_manager: Membership
):
    now = timezone.now()
    moments = {k: now + v for k, v in change.items() if isinstance(v, timedelta)}
    with pytest.raises(Invalid):
        grant_mandate(
            enterprise=owner.organisation,
            agency=agency_manager.organisation,
            terms=replace(terms(at=now), **(change | moments)),
            actor=owner.user,
            at=now,
        )
    assert not Mandate.objects.exists()


def test_a_new_mandate_replaces_the_running_one(grant: Any):
    first, second = grant(PARTLY), grant()
    first.refresh_from_db()
    assert (first.revoked_at is not None, first.is_current) == (True, False)
    assert kinds(first) == ["granted", "replaced"]
    assert Mandate.objects.in_force().get() == second


def test_a_new_mandate_leaves_an_ended_one_as_it_was(grant: Any):
    ended = grant(at=timezone.now() - timedelta(days=91))
    grant()
    ended.refresh_from_db()
    assert (ended.revoked_at, kinds(ended)) == (None, ["granted"])


def test_extending_moves_the_end(grant: Any, owner: Membership):
    mandate, now = grant(days=10), timezone.now()
    later = now + timedelta(days=40)
    extend_mandate(mandate=mandate, ends_at=later, actor=owner.user, at=now)
    mandate.refresh_from_db()
    assert (mandate.ends_at, kinds(mandate)) == (later, ["granted", "extended"])


@pytest.mark.parametrize("days", [5, 10, 400])
def test_an_extension_has_to_be_later_and_within_a_year(
    days: int, grant: Any, owner: Membership
):
    now = timezone.now()
    mandate = grant(days=10, at=now)
    with pytest.raises(Invalid):
        extend_mandate(
            mandate=mandate,
            ends_at=now + timedelta(days=days),
            actor=owner.user,
            at=now,
        )


@pytest.mark.parametrize(
    "scope",
    [
        replace(EVERYTHING, report=False),
        replace(EVERYTHING, drafts=False, data_sheet=False),
        PARTLY,
    ],
)
def test_narrowing_keeps_a_record(scope: Scope, grant: Any, owner: Membership):
    mandate = grant()
    narrow_mandate(mandate=mandate, scope=scope, actor=owner.user, at=timezone.now())
    mandate = Mandate.objects.get()
    event = MandateEvent.objects.filter(mandate=mandate).in_order().last()
    assert mandate.scope == scope
    assert Scope.from_json(event.before) == EVERYTHING
    assert Scope.from_json(event.after) == scope


def test_narrowing_to_nothing_new_is_no_event(grant: Any, owner: Membership):
    mandate = grant()
    narrow_mandate(
        mandate=mandate, scope=EVERYTHING, actor=owner.user, at=timezone.now()
    )
    assert kinds(mandate) == ["granted"]


def test_narrowing_never_widens(grant: Any, owner: Membership):
    mandate = grant(PARTLY)
    for wider in (
        EVERYTHING,
        replace(PARTLY, sections=frozenset({"ONE", "TWO"})),
        replace(PARTLY, sections=frozenset({"TWO"})),
        replace(PARTLY, drafts=True),
        replace(PARTLY, data_sheet=True),
    ):
        with pytest.raises(WiderScope):
            narrow_mandate(
                mandate=mandate, scope=wider, actor=owner.user, at=timezone.now()
            )
    assert Mandate.objects.get().scope == PARTLY


def test_a_mandate_that_is_over_stays_so(grant: Any, owner: Membership):
    now = timezone.now()
    mandate = revoke_mandate(mandate=grant(), actor=owner.user, at=now)
    act = {"mandate": mandate, "actor": owner.user, "at": now}
    for attempt in (
        lambda: extend_mandate(ends_at=now + timedelta(days=100), **act),
        lambda: narrow_mandate(scope=Scope(), **act),
        lambda: revoke_mandate(**act),
    ):
        with pytest.raises(MandateOver):
            attempt()


# --- Requests ---------------------------------------------------------------------


@pytest.fixture
def token(agency_manager: Membership) -> str:
    """The secret of an open request."""
    return request_mandate(
        agency=agency_manager.organisation,
        actor=agency_manager.user,
        at=timezone.now(),
    ).token


def accept(token: str, person: Membership, at: Any = None) -> Mandate:
    at = at or timezone.now()
    return accept_request(
        token=token,
        enterprise=person.organisation,
        terms=terms(at=at),
        actor=person.user,
        at=at,
    )


def test_a_request_lets_nobody_in(token: str):
    assert not Mandate.objects.exists()


def test_an_owner_accepts_on_their_own_terms(
    token: str, owner: Membership, agency_manager: Membership
):
    mandate = accept(token, owner)
    assert mandate.agency == agency_manager.organisation
    assert mandate.invitation.accepted_at is not None


def test_a_request_is_used_once(token: str, owner: Membership, stranger: Membership):
    accept(token, owner)
    with pytest.raises(RequestUnusable):
        accept(token, stranger)


def test_a_request_expires(token: str, owner: Membership):
    with pytest.raises(RequestUnusable):
        accept(token, owner, timezone.now() + timedelta(days=8))


def test_nobody_of_the_agency_accepts(
    token: str, owner: Membership, agency_manager: Membership, reviewer: Membership
):
    for person in (agency_manager, reviewer):
        now = timezone.now()
        with pytest.raises(Forbidden):
            accept_request(
                token=token,
                enterprise=owner.organisation,
                terms=terms(at=now),
                actor=person.user,
                at=now,
            )


def test_a_request_to_an_address_is_for_that_person_alone(
    owner: Membership, stranger: Membership, agency_manager: Membership
):
    now = timezone.now()
    token = request_mandate(
        agency=agency_manager.organisation,
        email=owner.user.email,
        actor=agency_manager.user,
        at=now,
    ).token
    for attempt in (
        lambda: find_request(token=token, user=stranger.user, at=now),
        lambda: accept(token, stranger),
    ):
        with pytest.raises(RequestUnusable):
            attempt()
    assert find_request(token=token, user=owner.user, at=now).agency is not None


def test_a_withdrawn_request_is_worth_nothing(
    agency_manager: Membership, reviewer: Membership, owner: Membership
):
    asked = request_mandate(
        agency=agency_manager.organisation,
        actor=agency_manager.user,
        at=timezone.now(),
    )
    act = {"invitation": asked.invitation, "at": timezone.now()}
    with pytest.raises(Forbidden):
        withdraw_request(actor=reviewer.user, **act)
    withdraw_request(actor=agency_manager.user, **act)
    with pytest.raises(RequestUnusable):
        accept(asked.token, owner)


def test_only_an_agencys_manager_asks(reviewer: Membership, owner: Membership):
    for person in (reviewer, owner):
        with pytest.raises(Forbidden):
            request_mandate(
                agency=reviewer.organisation, actor=person.user, at=timezone.now()
            )


# --- What the database itself refuses ---------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"drafts": True},
        {"all_sections": True},
        {"report": True},
        {"granted_at": timezone.now()},
    ],
)
def test_the_database_refuses_to_widen(change: Any, grant: Any):
    mandate = grant(PARTLY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(**change)


def test_the_database_refuses_to_revive(grant: Any, owner: Membership):
    mandate = revoke_mandate(mandate=grant(), actor=owner.user, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(revoked_at=None)


def test_the_database_refuses_to_name_more(grant: Any):
    from uuid import uuid4

    mandate = grant(Scope(assessments=frozenset({uuid4()})))
    with pytest.raises(IntegrityError), transaction.atomic():
        MandateAssessment.objects.create(mandate=mandate, assessment_id=uuid4())


def test_the_database_refuses_other_parties(
    owner: Membership, stranger: Membership, agency_manager: Membership
):
    now = timezone.now()
    fields = {
        "purpose": "coaching",
        "all_assessments": True,
        "all_sections": True,
        "starts_at": now,
        "ends_at": now + timedelta(days=1),
        "granted_at": now,
    }
    for enterprise, agency, by in (
        (owner, stranger, owner),
        (agency_manager, agency_manager, agency_manager),
        (owner, agency_manager, agency_manager),
        (owner, agency_manager, stranger),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.create(
                enterprise=enterprise.organisation,
                agency=agency.organisation,
                granted_by=by.user,
                **fields,
            )


def test_the_database_keeps_mandates_and_their_history(grant: Any):
    mandate = grant()
    for rows in (
        Mandate.objects.filter(pk=mandate.pk),
        MandateEvent.objects.filter(mandate=mandate),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete(rows.db)


# --- Mails and reminders ----------------------------------------------------------


def test_both_sides_are_told_without_a_word_about_whom(
    grant: Any, owner: Membership, agency_manager: Membership,
    django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        revoke_mandate(mandate=grant(), actor=owner.user, at=timezone.now())
    told = {address for message in mail.outbox for address in message.to}
    assert told == {owner.user.email, agency_manager.user.email}
    assert len(mail.outbox) == 4
    text = "".join(m.subject + m.body for m in mail.outbox)
    assert owner.organisation.name not in text
    assert agency_manager.organisation.name not in text


def test_an_end_within_two_weeks_is_announced_once(
    grant: Any, django_capture_on_commit_callbacks: Any
):
    grant(days=13)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert [remind(timezone.now()) for _time in range(2)] == [1, 0]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("days", [15, 90])
def test_a_later_end_is_not_announced_yet(days: int, grant: Any):
    grant(days=days)
    assert remind(timezone.now()) == 0


# --- Finding an agency, conflicts -------------------------------------------------


def test_an_agency_is_found_by_its_exact_name_or_code(agency_manager: Membership):
    agency = agency_manager.organisation
    agency.credit_code = "91370600MA0000005X"
    agency.save()
    assert find_agency(agency.name) == find_agency("91370600ma0000005x") == agency


@pytest.mark.parametrize("text", ["", "测试", "没有这家"])
def test_an_agency_is_not_found_by_less(text: str, agency_manager: Membership):
    with pytest.raises(Invalid):
        find_agency(text)


def test_an_enterprise_is_not_found_as_an_agency(owner: Membership):
    with pytest.raises(Invalid):
        find_agency(owner.organisation.name)


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("烟台海川精密制造有限公司", "海川精密制造知识产权代理有限公司", True),
        ("烟台海川精密制造有限公司", "烟台山月知识产权服务有限公司", False),
        ("科技有限公司", "知识产权服务有限公司", False),
    ],
)
def test_a_shared_stem_is_noticed(one: str, other: str, close: bool):
    enterprise = OrganisationFactory.build(name=one)
    agency = OrganisationFactory.build(name=other, kind="agency")
    assert (name_stem(one) == name_stem(other)) is close
    assert bool(closeness(enterprise, agency)) is close


def test_leaving_an_enterprise_is_remembered(
    owner: Membership, contributor: Membership
):
    at = timezone.now()
    person = contributor.user
    remove_member(membership=contributor, actor=owner.user, at=at)
    ended = EndedMembership.objects.get(user=person)
    assert ended.organisation == owner.organisation
    assert ended.barred_until == at + timedelta(days=730)


def test_terms_say_when_a_mandate_starts(owner: Membership, agency_manager: Membership):
    now = timezone.now()
    later = now + timedelta(days=3)
    mandate = grant_mandate(
        enterprise=owner.organisation,
        agency=agency_manager.organisation,
        terms=Terms(Scope(), "coaching", later + timedelta(days=1), starts_at=later),
        actor=owner.user,
        at=now,
    )
    assert (mandate.starts_at, mandate.state(now)) == (later, "planned")
