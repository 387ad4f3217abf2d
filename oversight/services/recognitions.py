"""Enter titles, correct them and record reviews, ends and vetoes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import normalise
from accounts.models import User
from assessments.local_day import local_date
from oversight.counting.facts import Level, Stage, Title, TitleReview
from oversight.entries import Holder, RecognitionEntry
from oversight.faults import Fault, InvalidEntry, refuse
from oversight.models import (
    Change,
    Recognition,
    RecognitionRevision,
    RegisteredUnit,
    Via,
)
from oversight.recognition_checks import recognition_faults
from oversight.services.recording import (
    NotStanding,
    Origin,
    base_of,
    first_revision,
    lock_record,
    next_revision,
    note,
    require_keeper,
    save_first,
    save_next,
)
from oversight.services.units import ensure_holder
from oversight.stored import reviews_from, reviews_json


class DuplicateRecognition(InvalidEntry):
    """The unit was given this title by this document already."""

    code = "duplicate_recognition"

    def __init__(self) -> None:
        message = _("登记库中已有该单位依同一文件取得的这一称号。")
        super().__init__([Fault("document", message)])


def enter_recognition(
    *, entry: RecognitionEntry, source: str, via: Via, actor: User | None, at: datetime
) -> Recognition:
    """Enter a title; it counts once a second official has verified it.

    Raises Forbidden, InvalidEntry or DuplicateRecognition.
    """
    require_keeper(actor)
    origin = Origin(actor, at, via, source)
    with transaction.atomic():
        recognition = begin_recognition(entry, origin)
        note("recognition.entered", recognition, origin)
    return recognition


def correct_recognition(
    *, recognition_id: UUID, seq: int, entry: RecognitionEntry, source: str,
    reason: str, via: Via, actor: User | None, at: datetime,
) -> Recognition:  # fmt: skip
    """Record what the title really is; waits beside what was verified.

    Raises Forbidden, NotFound, StaleRecord, NotStanding, InvalidEntry or
    DuplicateRecognition.
    """
    require_keeper(actor)
    origin = Origin(actor, at, via, source, reason)
    with transaction.atomic():
        recognition = lock_record(Recognition, recognition_id, seq=seq, actor=actor)
        revise_recognition(recognition, entry, Change.CORRECTED, origin)
        note("recognition.corrected", recognition, origin)
    return recognition


def record_title_review(
    *, recognition_id: UUID, seq: int, review: TitleReview, source: str,
    via: Via, actor: User | None, at: datetime,
) -> Recognition:  # fmt: skip
    """Record the result of a review; raises what correcting it raises."""

    def reviewed(entry: RecognitionEntry) -> RecognitionEntry:
        return replace(entry, reviews=(*entry.reviews, review))

    origin = Origin(actor, at, via, source, review.document or source)
    return _changed(recognition_id, seq, reviewed, origin, "recognition.reviewed")


def end_recognition(
    *, recognition_id: UUID, seq: int, on: date, end_reason: str, source: str,
    via: Via, actor: User | None, at: datetime,
) -> Recognition:  # fmt: skip
    """Record from when a title no longer holds; raises what correcting it raises."""

    def ended(entry: RecognitionEntry) -> RecognitionEntry:
        return replace(entry, ended_on=on, end_reason=end_reason)

    origin = Origin(actor, at, via, source, end_reason)
    return _changed(recognition_id, seq, ended, origin, "recognition.ended")


def record_veto(
    *, recognition_id: UUID, seq: int, on: date | None, source: str, reason: str,
    via: Via, actor: User | None, at: datetime,
) -> Recognition:  # fmt: skip
    """Record a disqualifying event, or with None that it was answered.

    The title holds until a document withdraws it. Raises what correcting it raises.
    """

    def vetoed(entry: RecognitionEntry) -> RecognitionEntry:
        return replace(entry, vetoed_on=on)

    origin = Origin(actor, at, via, source, reason)
    return _changed(recognition_id, seq, vetoed, origin, "recognition.vetoed")


def begin_recognition(entry: RecognitionEntry, origin: Origin) -> Recognition:
    """Store a new title in the caller's transaction; InvalidEntry otherwise."""
    entry = cleaned(entry)
    refuse(recognition_faults(entry, local_date(origin.at)))
    holder = ensure_holder(entry.holder, origin)
    recognition = Recognition()
    contents = recognition_contents(entry, holder)
    first_revision(recognition, contents, origin)
    _require_new(recognition)
    try:
        with transaction.atomic():
            save_first(recognition)
    except IntegrityError as error:
        raise DuplicateRecognition from error
    return recognition


def revise_recognition(
    recognition: Recognition, entry: RecognitionEntry, change: Change, origin: Origin
) -> None:
    """Store the next revision of a locked title in the caller's transaction."""
    if recognition.in_force.is_void:
        raise NotStanding
    entry = cleaned(entry)
    refuse(recognition_faults(entry, local_date(origin.at)))
    if not origin.reason.strip():
        raise InvalidEntry([Fault("reason", _("请写明更正或变化的理由。"))])
    holder = ensure_holder(entry.holder, origin)
    contents = recognition_contents(entry, holder)
    next_revision(recognition, change, contents, origin)
    _require_new(recognition)
    try:
        with transaction.atomic():
            save_next(recognition)
    except IntegrityError as error:
        raise DuplicateRecognition from error


def cleaned(entry: RecognitionEntry) -> RecognitionEntry:
    """Return the entry with texts and codes in the form they are stored."""
    return replace(
        entry,
        holder=replace(entry.holder, credit_code=normalise(entry.holder.credit_code)),
        name=" ".join(entry.name.split()),
        document=" ".join(entry.document.split()),
        round=" ".join(entry.round.split()),
        end_reason=" ".join(entry.end_reason.split()),
    )


def recognition_contents(
    entry: RecognitionEntry, holder: RegisteredUnit
) -> Mapping[str, Any]:
    """Return the columns of a revision."""
    return {
        "holder": holder,
        "level": entry.level.value,
        "title": entry.title.value,
        "stage": entry.stage.value,
        "name": entry.name,
        "round": entry.round,
        "document": entry.document,
        "since": entry.since,
        "term_ends_on": entry.term_ends_on,
        "reviews": reviews_json(entry.reviews),
        "ended_on": entry.ended_on,
        "end_reason": entry.end_reason,
        "vetoed_on": entry.vetoed_on,
    }


def entry_of_recognition(revision: RecognitionRevision) -> RecognitionEntry:
    """Return what a revision says as an entry."""
    return RecognitionEntry(
        holder=Holder(revision.holder.credit_code),
        level=Level(revision.level),
        title=Title(revision.title),
        stage=Stage(revision.stage),
        name=revision.name,
        document=revision.document,
        since=revision.since,
        round=revision.round,
        term_ends_on=revision.term_ends_on,
        reviews=reviews_from(revision.reviews),
        ended_on=revision.ended_on,
        end_reason=revision.end_reason,
        vetoed_on=revision.vetoed_on,
    )


def _changed(
    recognition_id: UUID,
    seq: int,
    change: Callable[[RecognitionEntry], RecognitionEntry],
    origin: Origin,
    action: str,
) -> Recognition:
    require_keeper(origin.actor)
    with transaction.atomic():
        recognition = lock_record(
            Recognition, recognition_id, seq=seq, actor=origin.actor
        )
        entry = change(entry_of_recognition(base_of(recognition)))
        revise_recognition(recognition, entry, Change.CHANGED, origin)
        note(action, recognition, origin)
    return recognition


def _require_new(recognition: Recognition) -> None:
    """Say at the field that the title is known; a race meets the constraint."""
    latest = recognition.latest
    others = Recognition.objects.standing().exclude(pk=recognition.pk)
    same = others.filter(
        holder=latest.holder,
        level=latest.level,
        stage=latest.stage,
        name=latest.name,
        document=latest.document,
    )
    if same.exists():
        raise DuplicateRecognition
