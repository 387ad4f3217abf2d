"""Saving a page without scripts: every changed question through the service."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.selectors import AnswerPage, QuestionView, earlier_revision
from assessments.services import (
    StaleRevision,
    add_evidence,
    confirm_answers,
    save_answer,
)
from assessments.services.access import AlreadySubmitted
from backend.errors import NotFound, ServiceError
from frontend.pages.answering.blocks import Trouble
from frontend.pages.answering.doors import problem_text
from frontend.pages.answering.typed import (
    Stored,
    Typed,
    answer_data,
    from_post,
    from_stored,
)

CONTROLS = frozenset({"reason", "note", "document"})


def save_page(
    page: AnswerPage,
    post: QueryDict,
    files: "MultiValueDict[str, Any]",
    *,
    actor: User,
    at: datetime,
) -> dict[str, Trouble]:
    """Save what was changed on `page`; return the troubles by question.

    Raises NotFound and AlreadySubmitted; every other refusal is a trouble of one
    question, and the others are saved all the same.
    """
    troubles: dict[str, Trouble] = {}
    for view in page.questions:
        typed = from_post(view.question, post)
        if typed is None:
            continue
        if post.get("clear") == view.question.id:
            typed = Typed(note=typed.note, document=typed.document)
        adopted, _colon, value = post.get("adopt", "").partition(":")
        if adopted == view.question.id:
            # The data sheet's value goes the way of any typed one.
            typed = replace(typed, values=(value,), states=frozenset(), reason="")
        trouble = _save_question(page, view, typed, post, actor, at)
        trouble = _add_files(page, view, typed, trouble, files, actor, at)
        if trouble:
            troubles[view.question.id] = trouble
        elif post.get("confirm") == view.question.id:
            _confirm(page, view, actor, at)
    return troubles


def _confirm(page: AnswerPage, view: QuestionView, actor: User, at: datetime) -> None:
    """Confirm an answer as it stands; one that was changed is confirmed already."""
    confirm_answers(
        assessment_id=page.assessment.pk,
        questions=[view.question.id],
        actor=actor,
        at=at,
    )


def _save_question(
    page: AnswerPage,
    view: QuestionView,
    typed: Typed,
    post: QueryDict,
    actor: User,
    at: datetime,
) -> Trouble | None:
    """Save one question if the person changed it; None when all is well."""
    key = view.question.id
    revision = _revision(post, key)
    if post.get(f"keep-{key}") == "theirs":
        return None
    if not _is_changed(page, view, typed, revision):
        return None
    try:
        save_answer(
            assessment_id=page.assessment.pk,
            question_id=key,
            data=answer_data(view.question, typed),
            revision=revision,
            actor=actor,
            at=at,
        )
    except (NotFound, AlreadySubmitted):
        raise
    except StaleRevision:
        return Trouble(typed, stale=True)
    except ServiceError as error:
        return Trouble(typed, _errors(error))
    return None


def _revision(post: QueryDict, key: str) -> int | None:
    """Return the revision the save is based on: the newer one to keep mine."""
    name = "current" if post.get(f"keep-{key}") == "mine" else "revision"
    text = post.get(f"{name}-{key}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _is_changed(
    page: AnswerPage, view: QuestionView, typed: Typed, revision: int | None
) -> bool:
    """Tell whether `typed` differs from what is stored and from what was shown."""
    question = view.question
    if typed == from_stored(question, view.answer):
        return False
    if revision is None or revision == view.revision:
        return True
    base: Stored | None = earlier_revision(page.assessment, question.id, revision)
    return typed != from_stored(question, base)


def _errors(error: ServiceError) -> dict[str, str]:
    """Return the messages by control; what names no control belongs to the value."""
    found: dict[str, str] = {}
    for name, text in error.fields.items():
        found[name if name in CONTROLS else "value"] = str(text)
    return found or {"value": str(error.message)}


def _add_files(
    page: AnswerPage,
    view: QuestionView,
    typed: Typed,
    trouble: Trouble | None,
    files: "MultiValueDict[str, Any]",
    actor: User,
    at: datetime,
) -> Trouble | None:
    """Attach what was chosen for a question; a refusal joins its other troubles."""
    problems = list(
        _refused_files(page, view, files.getlist(f"file-{view.question.id}"), actor, at)
    )
    if not problems:
        return trouble
    errors = {**(trouble.errors if trouble else {}), "file": " ".join(problems)}
    return Trouble(typed, errors, stale=bool(trouble and trouble.stale))


def _refused_files(
    page: AnswerPage,
    view: QuestionView,
    chosen: Iterable[Any],
    actor: User,
    at: datetime,
) -> Iterable[str]:
    for file in chosen:
        try:
            add_evidence(
                assessment_id=page.assessment.pk,
                question_id=view.question.id,
                file=file,
                name=file.name,
                actor=actor,
                at=at,
            )
        except (NotFound, AlreadySubmitted):
            raise
        except ServiceError as error:
            words = {"name": file.name, "problem": problem_text(error)}
            yield _("“%(name)s”没有上传：%(problem)s") % words
