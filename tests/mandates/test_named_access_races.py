"""An access at the same moment as its end: only PostgreSQL can get these wrong."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership, NamedAccess
from accounts.named_access import approve, consent, end, refuse
from tests.accounts.test_races import at_once
from tests.factories.accounts import MembershipFactory
from tests.fixtures_named_access import asked_on_ground, consented
from tests.mandates.test_named_access import ask

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="needs concurrent writers"
    ),
]


def opens(access: NamedAccess, person: Membership) -> bool:
    rows = NamedAccess.objects.opening_to(person.user.pk)
    return bool(rows.filter(pk=access.pk).exists())


@pytest.mark.parametrize("_round", range(5))
def test_approving_while_it_is_withdrawn_leaves_no_open_door(
    _round: int, owner: Membership, analyst: Membership, second_manager: Membership
):
    """Either it is withdrawn and never opens, or it is approved and then ended."""
    access = asked_on_ground(owner, analyst)
    now = timezone.now()
    outcomes = at_once(
        lambda: approve(access=access, actor=second_manager.user, at=now),
        lambda: end(access=access, actor=analyst.user, at=now),
    )
    assert outcomes in (["access_over", "done"], ["done", "done"])
    assert opens(access, analyst) is False


@pytest.mark.parametrize("_round", range(5))
def test_approving_while_it_is_refused_is_decided_once(
    _round: int, owner: Membership, analyst: Membership, second_manager: Membership
):
    third = MembershipFactory(
        organisation=analyst.organisation, role=second_manager.role
    )
    access = asked_on_ground(owner, analyst)
    now = timezone.now()
    outcomes = at_once(
        lambda: approve(access=access, actor=second_manager.user, at=now),
        lambda: refuse(access=access, reason="否", actor=third.user, at=now),
    )
    assert outcomes == ["access_over", "done"]


@pytest.mark.parametrize("_round", range(5))
def test_two_grounds_at_once_open_one_door(
    _round: int, owner: Membership, analyst: Membership, second_manager: Membership
):
    first, second = (asked_on_ground(owner, analyst) for _time in range(2))
    now = timezone.now()

    def approving(access: NamedAccess) -> Callable[[], object]:
        return lambda: approve(access=access, actor=second_manager.user, at=now)

    outcomes = at_once(approving(first), approving(second))
    assert outcomes == ["access_already_open", "done"]


@pytest.mark.parametrize("_round", range(5))
def test_no_read_begins_after_the_revocation(
    _round: int, owner: Membership, analyst: Membership
):
    """A reader asks again and again while the owner revokes: once shut, it stays so."""
    access = consented(owner, analyst)
    seen: list[bool] = []

    def read() -> None:
        for _time in range(50):
            ended = NamedAccess.objects.filter(
                pk=access.pk, revoked_at__isnull=False
            ).exists()
            if opens(access, analyst) and ended:
                seen.append(True)

    at_once(read, lambda: end(access=access, actor=owner.user, at=timezone.now()))
    assert seen == []
    assert opens(access, analyst) is False


@pytest.mark.parametrize("_round", range(3))
def test_consent_and_refusal_at_once_are_one_decision(
    _round: int, owner: Membership, analyst: Membership
):

    access, now = ask(owner, analyst), timezone.now()
    outcomes = at_once(
        lambda: consent(access=access, actor=owner.user, at=now),
        lambda: refuse(access=access, actor=owner.user, at=now),
    )
    assert outcomes == ["access_over", "done"]
