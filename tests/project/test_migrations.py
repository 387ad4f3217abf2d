"""After migrating, the database itself keeps the rules, on SQLite and PostgreSQL."""

import io
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent
from backend.triggers import all_guards, install, remove
from tests.fixtures_assessments import AT

pytestmark = pytest.mark.django_db

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_every_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


def test_every_guard_is_in_the_database_and_no_other():
    assert triggers() == {guard.trigger for guard in all_guards()}


def test_guards_have_names_of_their_own():
    names = [guard.name for guard in all_guards()]
    assert len(names) == len(set(names))
    assert all(len(guard.trigger) <= 63 for guard in all_guards())


def test_each_app_that_stores_anything_final_guards_it():
    tables = {guard.table for guard in all_guards()}
    assert tables >= {
        "accounts_auditevent",
        "question_bank_bankversion",
        "assessments_assessment",
        "assessments_answer",
        "assessments_answerevent",
        "assessments_evidence",
        "reports_report",
    }


def test_guards_are_put_back_after_a_migration():
    remove(connection, all_guards())
    assert triggers() == set()
    call_command("migrate", verbosity=0)
    assert triggers() == {guard.trigger for guard in all_guards()}


def test_installing_twice_leaves_one_of_each():
    install(connection, all_guards())
    assert triggers() == {guard.trigger for guard in all_guards()}


def test_a_guard_says_why_it_refuses():
    AuditEvent.objects.create(at=AT, action="test.happened")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(action="test.denied")


def test_a_guard_replaces_its_older_self():
    [guard] = [g for g in all_guards() if g.name == "accounts_auditevent_update"]
    install(connection, [replace(guard, when="1 = 0")])
    AuditEvent.objects.create(at=AT, action="test.happened")
    AuditEvent.objects.update(action="test.changed")
    install(connection, [guard])
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(action="test.denied")


def test_migrations_apply_to_the_schema_that_is_there():
    out = io.StringIO()
    call_command("migrate", check_unapplied=True, plan=True, stdout=out)
    assert "No planned migration operations" in out.getvalue()
