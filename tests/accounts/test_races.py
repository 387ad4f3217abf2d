"""Two people at the same moment: one of them has to lose.

SQLite admits one writer at a time, so only PostgreSQL can get these wrong.
"""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.models import Membership, Organisation
from accounts.rules import Role
from backend.errors import ServiceError
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="needs concurrent writers"
    ),
]
NOW = timezone.now()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run `acts` at the same moment; return "done" or the error's code for each."""
    outcomes: list[str] = []
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except ServiceError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.parametrize("_round", range(3))
def test_two_owners_who_step_back_leave_one(_round: int, owner: Membership) -> None:
    other = MembershipFactory(organisation=owner.organisation, role=Role.OWNER)

    def step_back(member: Membership) -> Callable[[], object]:
        return lambda: services.change_role(
            membership=member, actor=member.user, role=Role.CONTRIBUTOR, at=NOW
        )

    assert at_once(step_back(owner), step_back(other)) == ["done", "last_manager"]


@pytest.mark.parametrize("_round", range(3))
def test_one_link_admits_one_person(_round: int, owner: Membership) -> None:
    invited = services.invite_member(
        organisation=owner.organisation,
        actor=owner.user,
        role=Role.CONTRIBUTOR,
        at=NOW,
    )

    def join() -> Callable[[], object]:
        person = UserFactory()
        return lambda: services.accept_invitation(
            token=invited.token, user=person, at=NOW
        )

    assert at_once(join(), join(), join()) == [
        "done",
        "invitation_unusable",
        "invitation_unusable",
    ]


@pytest.mark.parametrize("_round", range(3))
def test_one_person_with_two_links_joins_once(
    _round: int, owner: Membership, stranger: Membership
) -> None:
    person = UserFactory()
    links = [
        services.invite_member(
            organisation=member.organisation,
            actor=member.user,
            role=Role.CONTRIBUTOR,
            at=NOW,
        )
        for member in (owner, stranger)
    ]

    def join(invited: services.Invited) -> Callable[[], object]:
        return lambda: services.accept_invitation(
            token=invited.token, user=person, at=NOW
        )

    assert at_once(*map(join, links)) == ["already_member", "done"]


@pytest.mark.parametrize("_round", range(3))
def test_one_code_is_registered_once(_round: int, db: None) -> None:
    enterprise = services.Enterprise("91370600MA3QY001XA", "示例公司", "370602")

    def register() -> Callable[[], object]:
        person = UserFactory()
        return lambda: services.register_enterprise(
            enterprise=enterprise, owner=person, at=NOW
        )

    assert at_once(register(), register()) == ["already_registered", "done"]
    assert Organisation.objects.count() == 1
