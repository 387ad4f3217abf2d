"""Certificates, titles and figures of the model city as register revisions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Model

from oversight.city_loading.identity import SOURCE, Loading
from oversight.city_loading.units import COMMAND
from oversight.counting import facts
from oversight.models import (
    Certificate,
    CertificateRevision,
    Change,
    Recognition,
    RecognitionRevision,
    SeriesFigure,
    SeriesRevision,
    Verification,
)
from oversight.stored import reviews_json, states_json

FIGURE_DIGITS = 6
REJECTED = "与原件不符（模型数据）"


@dataclass(frozen=True)
class _History:
    """One record: its name in the city and the days on which something happened."""

    kind: str
    name: str
    days: Sequence[date]
    verification: facts.Verification


def certificate_rows(given: facts.Certificate, loading: Loading) -> Iterator[Model]:
    """Yield a certificate and its revisions: as issued, and after each state."""
    days = [given.issued_on, *sorted({s.on for s in given.states} - {given.issued_on})]
    history = _History("certificate", given.id, days, given.verification)
    body = loading.key("body", given.body)
    fixed = {
        "number": given.number,
        "body_id": body,
        "holder_id": loading.key("unit", given.holder),
        "group_holder": given.group_holder,
        "standard": given.standard.value,
        "issue": given.issue.value,
        "first_issued_on": given.first_issued_on,
        "issued_on": given.issued_on,
        "expires_on": given.expires_on,
    }
    revisions = [
        CertificateRevision(**columns, **fixed, **_states(given, day))
        for day, columns in _revisions(history, loading)
    ]
    yield Certificate(
        id=loading.key("certificate", given.id),
        number=given.number,
        body_id=body,
        **_pointers(history, revisions),
    )
    yield from revisions


def title_rows(given: facts.Recognition, loading: Loading) -> Iterator[Model]:
    """Yield a title and its revisions: as given, and after each review and end."""
    later = {review.on for review in given.reviews}
    later |= {day for day in (given.ended_on, given.vetoed_on) if day}
    days = [given.since, *sorted(later - {given.since})]
    history = _History("title", given.id, days, given.verification)
    mirrored = {
        "holder_id": loading.key("unit", given.holder),
        "level": given.level.value,
        "stage": given.stage.value,
        "name": given.name,
        "document": given.document,
    }
    fixed = {
        "title": given.title.value,
        "round": given.batch,
        "since": given.since,
        "term_ends_on": given.term_ends_on,
    }
    revisions = [
        RecognitionRevision(**columns, **mirrored, **fixed, **_course(given, day))
        for day, columns in _revisions(history, loading)
    ]
    yield Recognition(
        id=loading.key("title", given.id),
        **mirrored,
        **_pointers(history, revisions),
    )
    yield from revisions


def figure_rows(value: facts.SeriesValue, loading: Loading) -> Iterator[Model]:
    """Yield a yearly figure, known in the spring that follows."""
    name = f"{value.indicator}:{value.period}"
    recorded = loading.recorded("figure", name, date(int(value.period[:4]) + 1, 3, 1))
    revision = SeriesRevision(
        id=loading.key("figure revision", name),
        record_id=loading.key("figure", name),
        seq=1,
        change=Change.ENTERED,
        recorded_at=recorded,
        value=_digits(value.value),
        numerator=None if value.numerator is None else _digits(value.numerator),
        denominator=None if value.denominator is None else _digits(value.denominator),
        denominator_of=value.denominator_of,
        note=value.note,
        **{**COMMAND, "source": value.source},
    )
    yield SeriesFigure(
        id=revision.record_id,
        created_at=recorded,
        indicator=value.indicator,
        period=value.period,
        latest_id=revision.pk,
    )
    yield revision


def _digits(value: Fraction) -> Decimal:
    return round(Decimal(value.numerator) / value.denominator, FIGURE_DIGITS)


def _revisions(
    history: _History, loading: Loading
) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield for each revision the day it speaks of and who recorded it when.

    What was rejected was entered first: the last revision sends it back.
    """
    rejected = history.verification is facts.Verification.REJECTED
    days = [*history.days, history.days[-1]] if rejected else history.days
    recorded: datetime | None = None
    for seq, day in enumerate(days, start=1):
        name = f"{history.name}:{seq}"
        known = loading.recorded(history.kind, name, day)
        recorded = known if recorded is None else max(recorded, known)
        sent_back = rejected and seq == len(days)
        yield (
            day,
            {
                "id": _revision_key(history, seq, loading),
                "record_id": loading.key(history.kind, history.name),
                "seq": seq,
                "recorded_at": recorded,
                **COMMAND,
                **_decision(history.verification, seq, sent_back=sent_back),
            },
        )


def _decision(
    verification: facts.Verification, seq: int, *, sent_back: bool
) -> Mapping[str, Any]:
    if sent_back:
        return {
            "change": Change.REJECTED,
            "verification": Verification.REJECTED,
            "reason": REJECTED,
        }
    is_verified = verification is facts.Verification.VERIFIED
    return {
        "change": Change.ENTERED if seq == 1 else Change.CHANGED,
        "verification": (
            Verification.VERIFIED if is_verified else Verification.PENDING
        ),
        "reason": "" if seq == 1 else SOURCE,
    }


def _revision_key(history: _History, seq: int, loading: Loading) -> UUID:
    return loading.key(f"{history.kind} revision", f"{history.name}:{seq}")


def _pointers(
    history: _History,
    revisions: Sequence[CertificateRevision] | Sequence[RecognitionRevision],
) -> dict[str, Any]:
    """Return what a record says of its revisions; the last one holds."""
    return {
        "created_at": revisions[0].recorded_at,
        "latest_id": revisions[-1].pk,
        "in_force_id": revisions[-1].pk,
        "is_standing": history.verification is not facts.Verification.REJECTED,
    }


def _states(given: facts.Certificate, day: date) -> dict[str, Any]:
    known = [state for state in given.states if state.on <= day]
    state = known[-1].state if known else facts.CertificateState.VALID
    return {"states": states_json(known), "state": state.value}


def _course(given: facts.Recognition, day: date) -> dict[str, Any]:
    ended = given.ended_on is not None and given.ended_on <= day
    vetoed = given.vetoed_on is not None and given.vetoed_on <= day
    return {
        "reviews": reviews_json(r for r in given.reviews if r.on <= day),
        "ended_on": given.ended_on if ended else None,
        "end_reason": given.end_reason if ended else "",
        "vetoed_on": given.vetoed_on if vetoed else None,
    }
