"""People at the same moment, each with a connection of their own.

`at_once` of tests/accounts/test_races.py lets chance decide who is first;
`queued_behind` decides it, so that what happens while one waits is always tried.
"""

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection, models, transaction

from backend.errors import ServiceError

PATIENCE = 20
races = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="needs concurrent writers"
    ),
]


class Act(Thread):
    """Something done beside the test; `outcome` is "done" or the error's code."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act = act
        self.outcome = "died"

    def run(self) -> None:
        """Do it and let go of the connection."""
        try:
            self.act()
            self.outcome = "done"
        except ServiceError as error:
            self.outcome = error.code
        finally:
            connection.close()


def queued_behind(
    row: models.Model, *acts: Callable[[], object], meanwhile: Callable[[], object]
) -> list[str]:
    """Hold a row until all `acts` wait for it, one behind the other; say how it ended.

    `meanwhile` happens and is committed while they wait.
    """
    threads = [Act(act) for act in acts]
    with transaction.atomic():
        type(row)._base_manager.select_for_update().get(pk=row.pk)
        for number, thread in enumerate(threads, 1):
            thread.start()
            _until(lambda number=number: _waiting() >= number)
        beside = Act(meanwhile)
        beside.start()
        beside.join()
        assert beside.outcome == "done"
    for thread in threads:
        thread.join()
    return [thread.outcome for thread in threads]


def _waiting() -> int:
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL shows what it showed before.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def _until(reached: Callable[[], Any]) -> None:
    last = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < last, "nobody waits for the row"
        time.sleep(0.01)
