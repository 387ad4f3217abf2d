"""Move an assessment to another bank version, and confirm what was carried."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from assessments.evaluation import bank_of
from assessments.models import Answer, AnswerEvent, Assessment, Evidence, Move
from assessments.moving import (
    Outlook,
    kept_hints,
    kept_left_behind,
    outlook,
    renewal,
)
from assessments.services.access import lock_draft, lock_visible
from assessments.services.answering import UnknownQuestion
from assessments.services.lifecycle import DraftExists
from backend.errors import Conflict
from question_bank.models import BankVersion
from question_bank.selectors import version_by_key
from question_bank.versions import NoRoute

_CONTENT = ("state", "value", "reason", "note", "document")


class SameVersion(Conflict):
    """The assessment is on that version already."""

    code = "same_version"
    message = _("本次自评已经在用这个版本的题库。")


class NotOffered(Conflict):
    """New assessments do not use that version."""

    code = "version_not_offered"
    message = _("该版本的题库不再用于新的自评。")


class NotSealed(Conflict):
    """What is still being answered has no successor yet."""

    code = "not_sealed"
    message = _("本次自评还没有提交。")


def move_assessment(
    *, assessment_id: UUID, target_version: BankVersion, actor: User, at: datetime
) -> Assessment:
    """Open a draft on `target_version` with the answers of another assessment.

    The old one, a draft or sealed, stays as it is. Carried answers wait to be
    confirmed unless their question reads the very same; notes, documents and files
    come along. What was not carried is kept with the move. Whoever may answer may move.

    Raises NotFound, SameVersion, NotOffered, NoRoute, or DraftExists, whose
    `extra["assessment"]` is the draft in the way.
    """
    if target_version.status != BankVersion.Status.PUBLISHED:
        raise NotOffered
    try:
        with transaction.atomic():
            # The lock keeps files from being removed while they are being shared.
            source = lock_visible(actor, assessment_id)
            if source.bank_version_id == target_version.pk:
                raise SameVersion
            source.bank_version = version_by_key(source.bank_version_id)
            found = outlook(source, target_version, at=at)
            assessment = _move(found, actor, at)
    except IntegrityError as error:
        raise _draft_exists(actor, target_version, error) from error
    return assessment


def renew_assessment(
    *,
    assessment_id: UUID,
    target_version: BankVersion,
    reopened: Collection[str],
    actor: User,
    at: datetime,
) -> Assessment:
    """Open the next assessment after a sealed one, on a version of the same bank.

    All answers wait to be confirmed; those to `reopened` questions are not taken over
    but shown beside the open question. Otherwise as `move_assessment`.

    Raises NotFound, NotSealed, NotOffered, NoRoute for another bank, or DraftExists.
    """
    if target_version.status != BankVersion.Status.PUBLISHED:
        raise NotOffered
    try:
        with transaction.atomic():
            source = lock_visible(actor, assessment_id)
            if source.is_draft:
                raise NotSealed
            source.bank_version = version_by_key(source.bank_version_id)
            if source.bank_version.bank != target_version.bank:
                raise NoRoute
            found = renewal(source, target_version, reopened, at=at)
            assessment = _move(found, actor, at)
    except IntegrityError as error:
        raise _draft_exists(actor, target_version, error) from error
    return assessment


def _move(found: Outlook, actor: User, at: datetime) -> Assessment:
    source, target = found.source, found.target
    assessment = Assessment.objects.create(
        enterprise=source.enterprise,
        bank_version=target,
        created_by=actor,
        created_at=at,
    )
    rows = list(_answers(found, assessment, actor, at))
    Answer.objects.bulk_create(rows)
    AnswerEvent.objects.bulk_create(_events(rows, actor, at))
    Evidence.objects.bulk_create(_evidence(found, assessment))
    move = Move.objects.create(
        assessment=assessment,
        source=source,
        source_version=source.bank_version,
        target_version=target,
        stored_map=found.route.stored,
        map_sha256=found.route.bank_map.sha256,
        carried=dict(found.carried.origins),
        hints=kept_hints(found),
        left_behind=kept_left_behind(found),
        new=list(found.carried.new),
        moved_by=actor,
        moved_at=at,
    )
    record(
        action="assessment.moved",
        actor=actor,
        organisation=source.enterprise,
        subject=assessment,
        at=at,
        detail={"source": str(source.pk), "map_sha256": move.map_sha256},
    )
    return assessment


def _answers(
    found: Outlook, assessment: Assessment, actor: User, at: datetime
) -> Iterable[Answer]:
    """Yield the first revision of each carried answer."""
    unsure = frozenset(found.carried.to_confirm)
    for target, source in found.carried.origins.items():
        old = found.answers.get(source)
        if old is None:
            continue
        yield Answer(
            assessment=assessment,
            question=target,
            revision=1,
            updated_by=actor,
            updated_at=at,
            to_confirm=target in unsure,
            **{name: getattr(old, name) for name in _CONTENT},
        )


def _events(rows: Iterable[Answer], actor: User, at: datetime) -> list[AnswerEvent]:
    return [
        AnswerEvent(
            assessment_id=row.assessment_id,
            question=row.question,
            revision=row.revision,
            actor=actor,
            at=at,
            **{name: getattr(row, name) for name in _CONTENT},
        )
        for row in rows
    ]


def _evidence(found: Outlook, assessment: Assessment) -> list[Evidence]:
    """Return rows that name the same stored files; no byte is copied."""
    return [
        Evidence(
            assessment=assessment,
            question=target,
            kind=file.kind,
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            key=file.key,
            uploaded_by=file.uploaded_by,
            uploaded_at=file.uploaded_at,
        )
        for target, source in found.carried.origins.items()
        for file in found.files.get(source, ())
    ]


def _draft_exists(
    actor: User, target: BankVersion, error: IntegrityError
) -> DraftExists:
    """Return the refusal with the draft in the way; another fault is raised again."""
    drafts = Assessment.objects.own_of(actor).drafts().light()
    draft = drafts.filter(bank_version=target).first()
    if draft is None:
        raise error
    return DraftExists(
        _("贵单位已有一份使用该题库的自评在填写，请先提交它，或在其中继续填写。"),
        extra={"assessment": str(draft.pk)},
    )


def confirm_answers(
    *,
    assessment_id: UUID,
    questions: Collection[str] | None,
    actor: User,
    at: datetime,
) -> int:
    """Say that carried answers are right as they stand; return how many were waiting.

    `questions` None means all. Each confirmation is a revision of its answer, so the
    history tells who confirmed what. Raises NotFound, AlreadySubmitted or
    UnknownQuestion.
    """
    with transaction.atomic():
        assessment = lock_draft(actor, assessment_id)
        waiting = _waiting(assessment, questions)
        # The draft is locked: nobody changes these rows in between.
        Answer.objects.filter(pk__in=[row.pk for row in waiting]).update(
            to_confirm=False,
            revision=F("revision") + 1,
            request_key="",
            updated_by=actor,
            updated_at=at,
        )
        for row in waiting:
            row.revision += 1
        AnswerEvent.objects.bulk_create(_events(waiting, actor, at))
        if waiting:
            _audit_confirmed(assessment, waiting, actor, at)
    return len(waiting)


def _waiting(assessment: Assessment, questions: Collection[str] | None) -> list[Answer]:
    """Return the answers to confirm; UnknownQuestion for one the bank lacks."""
    bank = bank_of(assessment)
    rows = Answer.objects.filter(assessment=assessment, to_confirm=True)
    if questions is None:
        return list(rows)
    if not all(bank.has_question(question) for question in questions):
        raise UnknownQuestion
    return list(rows.filter(question__in=questions))


def _audit_confirmed(
    assessment: Assessment, rows: list[Answer], actor: User, at: datetime
) -> None:
    record(
        action="assessment.confirmed",
        actor=actor,
        organisation=assessment.enterprise,
        subject=assessment,
        at=at,
        detail={"questions": len(rows)},
    )
