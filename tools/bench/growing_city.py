"""A model city in PostgreSQL, measured whenever it has grown ten times."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role
from assessments.local_day import local_date
from assessments.models import Assessment
from oversight.city_loading.loading import city_of_banks, load_city
from oversight.count_book import book_for
from oversight.models import Certificate
from oversight.services.snapshots import last_day_of, month_before, take_snapshot
from tools.bench.importing import importing_figures
from tools.bench.table import Figure, Skipped, best_of

SEED = 7
YEARS = 13
TARGET = 100_000
"""The size the goals speak of."""


def growth_figures(sizes: Sequence[int], until: float) -> Iterator[Figure | Skipped]:
    """Yield the figures of each size; a size that would end after `until` is left out.

    Goals hold at 100,000 enterprises with about a million assessments.
    """
    call_command("migrate", verbosity=0)
    call_command("publish_banks", verbosity=0)
    at = timezone.now()
    this_year = local_date(at).year
    years = this_year - YEARS + 1, this_year
    city = city_of_banks(enterprises=sizes[-1], seed=SEED, years=years, at=at)
    reader = _reader()
    months = _months(len(sizes))
    per_firm = 0.0
    for (before, size), month in zip(pairwise([0, *sizes]), months, strict=True):
        needed = per_firm * (size - before)
        if time.monotonic() + needed > until:
            yield Skipped(f"{size:,} enterprises: would take {needed / 60:.0f} minutes")
            break
        begun = time.monotonic()
        load_city(city, at=at, numbers=range(before, size), levels=False)
        per_firm = (time.monotonic() - begun) / (size - before)
        yield from _figures_of(size, per_firm, month, reader)
    for figure in importing_figures():
        yield replace(figure, what=f"PostgreSQL: {figure.what}")


def _figures_of(
    size: int, per_firm: float, month: str, reader: Client
) -> Iterator[Figure]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    asked = size == TARGET
    held = f"{size:,} enterprises, {Assessment.objects.count():,} assessments"
    yield Figure(f"PostgreSQL: load {held}", per_firm * 1000, "ms each")
    taken = _seconds(lambda: take_snapshot(month=month, actor=None, at=timezone.now()))
    yield Figure(f"snapshot with audit, {held}", taken, "s", 60 if asked else None)
    today = local_date(timezone.now())
    cache.clear()
    counted = _seconds(lambda: book_for(today, known_on=today))
    certificates = f"{Certificate.objects.count():,} certificates"
    yield Figure(f"count book made anew, {certificates}", counted, "s")
    _open(reader)
    with CaptureQueriesContext(connection) as queries:
        _open(reader)
        statements = len(queries)
    (best,) = best_of(5, lambda: _open(reader))
    limit, most = (150, 15) if asked else (None, None)
    yield Figure(f"dashboard, {size:,} enterprises", best, "ms", limit)
    yield Figure(f"SQL queries: dashboard, {size:,} enterprises", statements, "", most)


def _seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def _open(reader: Client) -> None:
    answer = reader.get(reverse("oversight"))
    if answer.status_code != 200:
        raise RuntimeError(f"the dashboard failed: {answer.status_code}")


def _reader() -> Client:
    bureau = Organisation.objects.create(kind=Kind.BUREAU, name="测速主管部门（读）")
    user = User.objects.create_user("bench-reader@example.com")
    Membership.objects.create(user=user, organisation=bureau, role=Role.ANALYST)
    client = Client()
    client.force_login(user)
    return client


def _months(count: int) -> list[str]:
    """Return the last months that are over, the oldest first."""
    found: list[str] = []
    day = local_date(timezone.now())
    for _month in range(count):
        found.append(month_before(day))
        day = last_day_of(found[-1])
    return found[::-1]
