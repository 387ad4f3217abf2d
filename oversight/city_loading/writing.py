"""Rows to the database by the ten thousand: one statement a table, bounded memory.

Constraints and guards of the database look at every row as they always do. PostgreSQL
takes the rows by COPY, SQLite by one prepared INSERT.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import Model

ROWS_KEPT = 20_000


class Writer:
    """Keeps rows by table and stores them when they are many.

    `tables` come in the order in which they are stored: what a guard looks up stands
    before the row it guards. Foreign keys are looked at when rows are stored.
    """

    def __init__(self, tables: Sequence[type[Model]]) -> None:
        self._rows: dict[type[Model], list[Model]] = {table: [] for table in tables}
        self._kept = 0
        self.stored = dict.fromkeys(tables, 0)

    def add(self, rows: Iterable[Model]) -> None:
        """Keep rows."""
        for row in rows:
            self._rows[type(row)].append(row)
            self._kept += 1

    def store_when_many(self) -> None:
        """Store what is kept if it is much; everything kept must fit together."""
        if self._kept >= ROWS_KEPT:
            self.store()

    def store(self) -> None:
        """Store what is kept."""
        for table, rows in self._rows.items():
            if rows:
                insert(table, rows)
                self.stored[table] += len(rows)
                rows.clear()
        self._kept = 0
        if connection.vendor == "postgresql":
            # Else the keys still to be looked at pile up until the commit.
            connection.check_constraints()


def insert(table: type[Model], rows: Sequence[Model]) -> None:
    """Store new rows of one table by one statement."""
    fields = [
        field
        for field in table._meta.concrete_fields  # noqa: SLF001 - Django's public name
        if not isinstance(field, models.AutoField)
    ]
    columns = [field.column for field in fields if field.column is not None]
    names = ", ".join(map(connection.ops.quote_name, columns))
    target = f"{connection.ops.quote_name(table._meta.db_table)} ({names})"  # noqa: SLF001
    values = _values(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(fields))
        # Only names of tables and columns are put in.
        cursor.executemany(f"INSERT INTO {target} VALUES ({places})", list(values))  # noqa: S608


def _values(
    fields: "Sequence[models.Field[Any, Any]]", rows: Iterable[Model]
) -> Iterator[list[Any]]:
    """Yield the values as the database takes them.

    PostgreSQL's driver knows every type by itself but JSON.
    """
    known = connection.vendor == "postgresql"
    columns = [
        (f.attname, None if known and not isinstance(f, models.JSONField) else f)
        for f in fields
    ]
    for row in rows:
        held = row.__dict__
        yield [
            held[name] if f is None else f.get_db_prep_save(held[name], connection)
            for name, f in columns
        ]
