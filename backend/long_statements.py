"""Statements that may take longer than a page may wait."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def long_statements() -> Iterator[None]:
    """Open a transaction whose statements have no time limit; for work in the back.

    PostgreSQL ends every other statement after the seconds the settings name.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield
