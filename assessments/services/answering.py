"""Save one answer."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy as _

from accounts.models import User
from assessments.evaluation import Evaluation, bank_of, evaluate, local_date
from assessments.models import Answer, AnswerEvent, Assessment
from assessments.services.access import lock_draft
from backend.errors import (
    Conflict,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from question_bank.engine.answers import (
    InvalidAnswer,
    answer_to_json,
    validate_answer,
)
from question_bank.engine.definition import Question

TEXT_LIMITS = {"note": 2000, "document": 200}
REASON_LIMIT = 500
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_REQUEST_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CONTENT = ("state", "value", "reason", "note", "document")


class UnknownQuestion(NotFound):
    """The bank of this assessment has no such question."""

    code = "unknown_question"
    message = _("本次自评使用的题库中没有这道题。")


class RequestKeyReused(Conflict):
    """The key of an earlier save came again with another content."""

    code = "request_key_reused"
    message = _("这个幂等键已用于另一内容，本次内容没有保存。请换一个新的幂等键。")


class StaleRevision(PreconditionFailed):
    """Somebody else saved this answer first; both values come with the error."""


@dataclass(frozen=True)
class SavedAnswer:
    """The stored answer and what the whole sheet means now."""

    answer: Answer
    evaluation: Evaluation


def save_answer(
    *,
    assessment_id: UUID,
    question_id: str,
    data: Mapping[str, Any],
    revision: int | None,
    request_key: str = "",
    actor: User,
    at: datetime,
) -> SavedAnswer:
    """Store one answer and return it with the new evaluation.

    `data` holds `state` with `value` or `reason`, and optionally `note` and
    `document`; state "unanswered" clears the answer. `revision` is the one the
    writer saw (0 for none): PreconditionRequired when missing, StaleRevision when
    it is not the stored one. The same `request_key` again returns the first
    result, so a client may repeat a save whose answer it did not hear; with another
    content it raises RequestKeyReused, so nothing is acknowledged that isn't stored.
    Raises NotFound, AlreadySubmitted, UnknownQuestion or Invalid.
    """
    if revision is None:
        raise PreconditionRequired
    if request_key and not _REQUEST_KEY.fullmatch(request_key):
        raise Invalid(_("幂等键须为 8 至 64 个字母、数字、下划线或连字符。"))
    with transaction.atomic():
        assessment = lock_draft(actor, assessment_id)
        content = _checked_content(assessment, question_id, data)
        rows = {row.question: row for row in _rows(assessment)}
        stored = rows.get(question_id)
        if stored is None or not _repeated(stored, request_key, content):
            _require_revision(stored, revision, content)
            rows[question_id] = _store(
                assessment, stored, question_id, content, request_key, actor, at
            )
    evaluation = evaluate(assessment, rows.values(), as_of=local_date(at))
    return SavedAnswer(rows[question_id], evaluation)


def _rows(assessment: Assessment) -> list[Answer]:
    return list(Answer.objects.filter(assessment=assessment))


def _repeated(stored: Answer, request_key: str, content: dict[str, Any]) -> bool:
    if not request_key or stored.request_key != request_key:
        return False
    if any(getattr(stored, name) != content[name] for name in _CONTENT):
        raise RequestKeyReused
    return True


def _require_revision(
    stored: Answer | None, revision: int, content: dict[str, Any]
) -> None:
    current = stored.revision if stored else 0
    if revision == current:
        return
    raise StaleRevision(
        extra={
            "current": answer_document(stored) if stored else None,
            "yours": content,
        }
    )


def _checked_content(
    assessment: Assessment, question_id: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    bank = bank_of(assessment)
    if not bank.has_question(question_id):
        raise UnknownQuestion
    texts = {name: _clean_text(name, data.get(name, "")) for name in TEXT_LIMITS}
    return {**_checked_answer(bank.question(question_id), data), **texts}


def _checked_answer(question: Question, data: Mapping[str, Any]) -> dict[str, Any]:
    empty = {"value": None, "reason": ""}
    given = {key: data[key] for key in ("state", "value", "reason") if key in data}
    if given == {"state": "unanswered"}:
        return {"state": "unanswered", **empty}
    try:
        answer = validate_answer(question, given)
    except InvalidAnswer as error:
        message = error.message["en" if get_language() == "en" else "zh"]
        raise Invalid(
            message, code=error.code, fields={error.field: message}
        ) from error
    content = {**empty, **answer_to_json(answer)}
    # The column is shorter than what the engine would take.
    _require_length("reason", content["reason"], REASON_LIMIT)
    return content


def _clean_text(name: str, text: object) -> str:
    if not isinstance(text, str):
        raise _bad_text(name, "wrong_type", _("必须是文字。"))
    cleaned = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if _CONTROL.search(cleaned):
        message = _("含有不可见的控制字符，请删除后重试。")
        raise _bad_text(name, "control_characters", message)
    _require_length(name, cleaned, TEXT_LIMITS[name])
    return cleaned


def _require_length(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        message = _("最多 %(limit)s 个字，现有 %(length)s 个字。")
        figures = {"limit": limit, "length": len(text)}
        raise _bad_text(name, "too_long", message % figures)


def _bad_text(name: str, code: str, message: Any) -> Invalid:
    return Invalid(message, code=code, fields={name: message})


def _store(
    assessment: Assessment,
    stored: Answer | None,
    question_id: str,
    content: dict[str, Any],
    request_key: str,
    actor: User,
    at: datetime,
) -> Answer:
    answer = stored or Answer(assessment=assessment, question=question_id, revision=0)
    for name in _CONTENT:
        setattr(answer, name, content[name])
    answer.revision += 1
    answer.to_confirm = False
    answer.request_key = request_key
    answer.updated_by = actor
    answer.updated_at = at
    answer.save(force_insert=stored is None, force_update=stored is not None)
    AnswerEvent.objects.create(
        assessment=assessment,
        question=question_id,
        revision=answer.revision,
        request_key=request_key,
        actor=actor,
        at=at,
        **{name: content[name] for name in _CONTENT},
    )
    return answer


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return an answer as the API shows it."""
    return {
        "question": answer.question,
        "revision": answer.revision,
        "updated_at": answer.updated_at.isoformat(),
        **{name: getattr(answer, name) for name in _CONTENT},
    }
