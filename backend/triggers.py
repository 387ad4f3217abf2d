"""Rules the database itself keeps: rows that may not be changed any more.

An app's config lists its `guards`; they are (re-)created after every migration,
because SQLite drops a table's triggers when a migration rebuilds the table. The
same condition runs on SQLite and PostgreSQL.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Event: TypeAlias = Literal["INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class Guard:
    """Refuse `event` on rows of `table` for which the SQL condition `when` holds.

    `when` may use OLD (update, delete) and NEW (insert, update).
    """

    name: str
    table: str
    event: Event
    when: str
    message: str

    @property
    def trigger(self) -> str:
        """The trigger's name in the database."""
        return f"guard_{self.name}"


def never_changed(table: str, message: str) -> tuple[Guard, Guard]:
    """Return the guards of an append-only table."""
    return (
        Guard(f"{table}_update", table, "UPDATE", "1 = 1", message),
        Guard(f"{table}_delete", table, "DELETE", "1 = 1", message),
    )


def all_guards() -> list[Guard]:
    """Return the guards of every installed app."""
    return [
        guard
        for config in apps.get_app_configs()
        for guard in getattr(config, "guards", ())
    ]


def install(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> None:
    """Create the guards' triggers, replacing earlier versions of them.

    In one transaction: a service that runs meanwhile is never without them.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection, guards)
        for guard in guards:
            for statement in _creation(connection.vendor, guard):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> None:
    """Drop the guards' triggers where they exist."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for guard in guards:
            place = f" ON {guard.table}" if postgresql else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.trigger}{place}")


def install_all(using: str = "default", **_kwargs: Any) -> None:
    """Receive Django's post_migrate signal: create every guard."""
    install(connections[using], all_guards())


def _creation(vendor: str, guard: Guard) -> Iterator[str]:
    if vendor == "sqlite":
        yield (
            f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW WHEN {guard.when} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
        return
    row = "OLD" if guard.event == "DELETE" else "NEW"
    yield (
        f"CREATE OR REPLACE FUNCTION {guard.trigger}() RETURNS trigger AS $$ "
        f"BEGIN IF {guard.when} THEN RAISE EXCEPTION '{guard.message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {row}; END $$ LANGUAGE plpgsql"
    )
    yield (
        f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.trigger}()"
    )
