"""The bureau's goals on PostgreSQL: a model city that grows, in a database of its own.

Runs as a process of its own, because the settings name one database: the bench itself
measures on SQLite. `python -m tools.bench.city` prints one figure a line as JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser

import django
import psycopg
from psycopg import sql

from tools.bench.table import Figure, Skipped

SERVER = "BENCH_DATABASE_URL"
SIZES = "BENCH_ENTERPRISES"
MINUTES = "BENCH_CITY_MINUTES"
USUAL_SIZES = "100,1000,10000,100000"
"""About 10³, 10⁴, 10⁵ and 10⁶ assessments."""
USUAL_MINUTES = 12.0
LONGEST_S = 4 * 3600
UNLIMITED = "?options=-c%20statement_timeout%3D0"
"""Emptying and filling takes longer than a page may."""


def city_figures() -> Iterator[Figure | Skipped]:
    """Yield what the city's own process measures, or that there is no PostgreSQL."""
    server = _server()
    try:
        psycopg.connect(server, connect_timeout=5).close()
    except psycopg.OperationalError:
        yield Skipped(f"the bureau on PostgreSQL: none at {server}; set {SERVER}")
        return
    with _own_database(server) as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        }
        command = [sys.executable, "-m", "tools.bench.city"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            for line in process.stdout or ():
                data = json.loads(line)
                yield Figure(**data) if "value" in data else Skipped(**data)
            if process.wait(LONGEST_S):
                raise RuntimeError("measuring the city failed")


def _server() -> str:
    named = os.environ.get(SERVER) or os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        return named
    return f"postgres://{getuser()}@127.0.0.1:5432/postgres"


@contextmanager
def _own_database(server: str) -> Iterator[str]:
    """Make a database for this run and drop it afterwards, whatever happens."""
    name = f"ip_readiness_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.rpartition("/")[0] + "/" + name + UNLIMITED
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def main() -> None:
    """Measure in the database of the settings; print each figure when it is known."""
    django.setup()
    # The models exist only now.
    from tools.bench.growing_city import growth_figures  # noqa: PLC0415

    sizes = [int(text) for text in os.environ.get(SIZES, USUAL_SIZES).split(",")]
    minutes = float(os.environ.get(MINUTES, USUAL_MINUTES))
    until = time.monotonic() + 60 * minutes
    for figure in growth_figures(sizes, until):
        sys.stdout.write(json.dumps(vars(figure), ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
