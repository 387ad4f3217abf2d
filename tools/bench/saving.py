"""Saving answers and opening pages over the real doors, with banks of three sizes."""

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.credit_code import complete
from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role
from assessments.models import Assessment
from assessments.services import start_assessment
from question_bank.engine.definition import Bank
from question_bank.paging import layout
from question_bank.publishing import publish
from tools.bench.growth import grown
from tools.bench.table import Figure

SAVES = 60


def saving_figures(small: Bank, real: Bank) -> Iterator[Figure]:
    """Yield queries and times for three banks."""
    banks = {
        "small bank": replace(small, id="bench_small"),
        "real bank": replace(real, id="bench_real"),
        "real bank ×10": replace(grown(real, 10), id="bench_large"),
    }
    doors = {title: _Door(bank, n) for n, (title, bank) in enumerate(banks.items())}
    for title, door in doors.items():
        yield Figure(
            f"SQL queries: save an answer, {title}", door.save_queries(), "", 6
        )
    for title, door in doors.items():
        yield Figure(
            f"SQL queries: answering page, {title}", door.page_queries(), "", 8
        )
    for title, door in doors.items():
        median, slowest = door.save_times()
        yield Figure(f"save an answer, median, {title}", median, "ms", 150)
        yield Figure(f"save an answer, 95 %, {title}", slowest, "ms", 400)
    for title, door in doors.items():
        yield Figure(f"answering page, best, {title}", door.page_time(), "ms", 400)


class _Door:
    """A signed-in person in front of one bank's assessment."""

    def __init__(self, bank: Bank, number: int) -> None:
        at = timezone.now()
        enterprise = Organisation.objects.create(
            kind=Kind.ENTERPRISE,
            name=f"测试企业{number}",
            credit_code=complete("91370600", f"MABEN00{number}"),
            district="370602",
        )
        person = User.objects.create_user(f"bench{number}@example.com", "x" * 12)
        Membership.objects.create(user=person, organisation=enterprise, role=Role.OWNER)
        self.bank = bank
        self.assessment: Assessment = start_assessment(
            enterprise=enterprise,
            bank_version=publish(bank=bank, at=at),
            actor=person,
            at=at,
        )
        self.question = next(q.id for q in bank.questions if q.type == "level")
        self.client = Client()
        self.client.force_login(person)
        self.revision = 0
        self.save()
        self.open()

    def save(self) -> Any:
        """Save another level for one question."""
        answer = self.client.put(
            reverse("api-answer", args=(self.assessment.pk, self.question)),
            json.dumps({"state": "answered", "value": self.revision % 5}),
            content_type="application/json",
            headers={"If-Match": f'"{self.revision}"'},
        )
        if answer.status_code != 200:
            raise RuntimeError(f"saving failed: {answer.content.decode()}")
        self.revision += 1
        return answer

    def open(self) -> Any:
        """Open the page the question is on."""
        key = layout(self.bank).page_of[self.question]
        answer = self.client.get(reverse("answer-page", args=(self.assessment.pk, key)))
        if answer.status_code != 200:
            raise RuntimeError(f"the page failed: {answer.status_code}")
        return answer

    def save_queries(self) -> int:
        """Return how many SQL statements a save takes."""
        with CaptureQueriesContext(connection) as queries:
            self.save()
        return _statements(queries)

    def page_queries(self) -> int:
        """Return how many SQL statements a page takes."""
        with CaptureQueriesContext(connection) as queries:
            self.open()
        return _statements(queries)

    def save_times(self) -> tuple[float, float]:
        """Return median and 95th percentile of many saves in milliseconds."""
        times = []
        for _save in range(SAVES):
            started = time.perf_counter()
            self.save()
            times.append((time.perf_counter() - started) * 1000)
        return statistics.median(times), statistics.quantiles(times, n=20)[-1]

    def page_time(self) -> float:
        """Return the best time of a page in milliseconds."""
        best = float("inf")
        for _page in range(5):
            started = time.perf_counter()
            self.open()
            best = min(best, (time.perf_counter() - started) * 1000)
        return best

    def page_html(self) -> str:
        """Return the answering page as HTML."""
        return str(self.open().content.decode())


def _statements(queries: CaptureQueriesContext) -> int:
    """Count statements; BEGIN and COMMIT read and write nothing."""
    return sum(
        not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        for query in queries.captured_queries
    )


def answering_page(real: Bank) -> str:
    """Return an answering page of the real bank as HTML."""
    return _Door(replace(real, id="bench_page"), 9).page_html()
