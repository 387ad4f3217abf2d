"""The operator's commands and the daily task."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import expiry, tasks
from accounts.models import AuditEvent, Invitation, Organisation
from tests.factories.accounts import InvitationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_an_agency_is_created_with_a_link_for_its_manager() -> None:
    link = run("create_organisation", "agency", "某知识产权代理机构")
    assert Organisation.objects.get().kind == "agency"
    assert Invitation.objects.get().role == "agency_manager"
    assert AuditEvent.objects.get().actor is None
    path = link.removeprefix("http://localhost:8000")
    assert "某知识产权代理机构" in Client().get(path).content.decode()


def test_the_link_may_be_for_one_address() -> None:
    run("create_organisation", "bureau", "某局", "--email", "Chief@example.com")
    assert Invitation.objects.get().email == "chief@example.com"


@pytest.mark.parametrize(
    "arguments",
    [("enterprise", "某公司"), ("agency", " "), ("bureau", "某局", "--email", "no")],
)
def test_nonsense_creates_nothing(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run("create_organisation", *arguments)
    assert not Organisation.objects.exists()


def log(model: type, age: timedelta, **fields: int) -> None:
    model.objects.create(
        username="x",
        ip_address="192.0.2.1",
        user_agent=str(age),
        path_info="/",
        **fields,
    )
    model.objects.filter(user_agent=str(age)).update(attempt_time=NOW - age)


def test_what_has_expired_is_deleted_and_the_rest_stays() -> None:
    for key, hours in (("old", -1), ("new", 1)):
        expires = NOW + timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    for minutes in (10, 20):
        log(AccessAttempt, timedelta(minutes=minutes), failures_since_start=5)
    for days in (180, 200):
        log(AccessLog, timedelta(days=days))
    for days in (1, 36, 38):
        InvitationFactory(created_at=NOW - timedelta(days=days))
    cleared = expiry.clear(NOW)
    assert cleared == expiry.Cleared(
        sessions=1,
        lockouts=1,
        sign_in_records=1,
        invitations=1,
        confirmations=0,
        notices=0,
    )
    assert Session.objects.get().session_key == "new"
    assert Invitation.objects.count() == 2
    assert expiry.clear(NOW) == expiry.Cleared(0, 0, 0, 0, 0, 0)


def test_an_accepted_invitation_is_kept() -> None:
    invitation = InvitationFactory(created_at=NOW - timedelta(days=99))
    Invitation.objects.update(accepted_at=NOW, accepted_by=invitation.created_by)
    assert expiry.clear(NOW).invitations == 0


def test_the_command_and_the_task_do_the_same() -> None:
    expires = NOW - timedelta(hours=1)
    Session.objects.create(session_key="one", session_data="", expire_date=expires)
    assert run("clear_expired").startswith("sessions 1,")
    Session.objects.create(session_key="two", session_data="", expire_date=expires)
    tasks.clear_expired()
    assert not Session.objects.exists()
