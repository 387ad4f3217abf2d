"""What calibration looks at: first submissions with their outcomes, newest sheets.

Confidential, never shown: only `calibration.publish` reads it, to draw numbers. The
unit is the controlling group, and it speaks once in each edition:

- with its *first* submission for outcomes. Later ones are written with a certificate
  in sight, and a group that is in stays in, with the same score, for good. Left out
  are firms certified on or before the day they submitted; of the others of a group
  the earliest speaks, and only when its twelve months are over.
- with its *newest* submission for questions and answer patterns, certified or not.

A group's firm that was deregistered meanwhile stays in: no certificate came.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import F, OrderBy, QuerySet, Window
from django.db.models.functions import RowNumber

from oversight.calibration.cells import AnswerSheet, Form, Pair
from oversight.disclosure.keys import record_key
from oversight.known import certified_known_on, end_of, groups_known_on
from oversight.models import SubmittedFigures
from oversight.snapshot_records import bands_of, published_versions
from oversight.standing import STANDARD_BANKS
from question_bank.engine.definition import Kind

MONTHS = 12


def forms() -> tuple[Form, ...]:
    """Return what each edition asks, of all its published versions together."""
    return tuple(
        Form(bank, bands_of(bank), _questions(bank)) for bank in STANDARD_BANKS
    )


def _questions(bank: str) -> tuple[str, ...]:
    """Return the scored questions that are answered by levels, the oldest first."""
    found: dict[str, None] = {}
    for version in published_versions(bank):
        for question in version.questions:
            if question.scored and question.type is Kind.LEVEL:
                found[question.id] = None
    return tuple(found)


def pairs_on(day: date, *, secret: bytes) -> Iterator[Pair]:
    """Give the first submission of every group, by what is known on a day."""
    groups, certified = groups_known_on(day), certified_known_on(day)
    chosen: dict[tuple[str, str], _First] = {}
    for first in _firsts(day):
        if first.certified_before(certified):
            continue
        group = groups.get(first.credit_code, first.credit_code)
        other = chosen.setdefault((first.bank, group), first)
        if first.rank < other.rank:
            chosen[first.bank, group] = first
    for (bank, group), first in chosen.items():
        until = months_later(first.submitted_on, MONTHS)
        if until <= day:
            on = certified.get(first.credit_code)
            yield Pair(
                bank=bank,
                group=group,
                key=record_key(secret, group),
                band=first.band,
                score=first.points,
                certified=on is not None and on <= until,
            )


@dataclass(frozen=True, slots=True)
class _First:
    credit_code: str
    bank: str
    submitted_at: datetime
    submitted_on: date
    band: str
    points: Fraction | None

    @property
    def rank(self) -> tuple[datetime, str]:
        return self.submitted_at, self.credit_code

    def certified_before(self, certified: dict[str, date]) -> bool:
        on = certified.get(self.credit_code)
        return on is not None and on <= self.submitted_on


def _firsts(day: date) -> Iterator[_First]:
    rows = _one_each(day, F("submitted_at").asc())
    columns = rows.values_list(
        "enterprise__credit_code", "bank", "submitted_at", "submitted_on", "band",
        "points",
    )  # fmt: skip
    for code, bank, at, on, band, points in columns.iterator():
        exact = None if points is None else Fraction(points)
        yield _First(code, bank, at, on, band, exact)


def sheets_on(day: date, *, secret: bytes) -> Iterator[AnswerSheet]:
    """Give the newest sheet of every group in each edition, as known on a day."""
    groups = groups_known_on(day)
    newest = _one_each(day, F("submitted_at").desc())
    columns = newest.values_list(
        "pk", "enterprise__credit_code", "bank", "submitted_at"
    )
    chosen: dict[tuple[str, str], tuple[datetime, str, UUID]] = {}
    for pk, code, bank, at in columns.iterator():
        of = (bank, groups.get(code, code))
        chosen[of] = max(chosen.get(of, (at, code, pk)), (at, code, pk))
    speaks = {pk: of for of, (_at, _code, pk) in chosen.items()}
    rows = newest.values_list("pk", "levels", "seconds")
    for pk, levels, seconds in rows.iterator():
        if pk in speaks:
            bank, group = speaks[pk]
            key = record_key(secret, group)
            yield AnswerSheet(bank, group, key, levels, seconds)


def _one_each(day: date, order: OrderBy) -> QuerySet[Any]:
    """Return the first submission in an order of every enterprise in each edition."""
    rows = SubmittedFigures.objects.filter(
        bank__in=STANDARD_BANKS, submitted_at__lt=end_of(day)
    )
    place = Window(
        RowNumber(), partition_by=["enterprise", "bank"], order_by=[order, F("pk")]
    )
    chosen = rows.annotate(place=place).filter(place=1)
    return SubmittedFigures.objects.filter(pk__in=chosen.values("pk"))


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
