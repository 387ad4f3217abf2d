"""Change one part of a draft: a question, a section, a clause, a gate, a check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from backend.errors import Conflict, Invalid, NotFound
from question_bank.engine.source_writer import bank_source
from question_bank.models import BankDraft
from question_bank.selectors import compiled_bank
from question_bank.services.access import (
    Act,
    audit_draft,
    lock_editable,
    note_changes,
    require_fresh,
    store,
    used_ids,
)
from question_bank.source_tree import (
    LISTS,
    FieldChange,
    NoSuchPart,
    Part,
    Source,
    added,
    as_text,
    field_changes,
    find,
    moved,
    put_back,
    removed,
    replaced,
)


class IdTaken(Conflict):
    """The id stood or stands for another question."""

    code = "id_taken"

    def __init__(self, question_id: str, version: str) -> None:
        message = _("编号 %(id)s 在版本 %(version)s 中用过，不能再给别的题目用。") % {
            "id": question_id,
            "version": version,
        }
        super().__init__(message, fields={"id": message})


@transaction.atomic
def edit_part(
    *,
    draft_id: UUID,
    part: Part,
    data: Mapping[str, Any],
    revision: int,
    actor: User,
    at: datetime,
) -> BankDraft:
    """Replace a part's data; saving what stands there already changes nothing.

    `revision` is the draft's revision the person saw. Raises NotFound, DraftClosed,
    DraftInReview, StaleDraft, SourceRefused, or Invalid when the id would change.
    """
    draft = lock_editable(actor, draft_id)
    source = draft.data()
    before = _find(source, part)
    require_fresh(draft, part, revision)
    _require_same_id(part, data)
    after = replaced(source, part, data)
    changes = tuple(field_changes(part, before, find(after, part)))
    if changes:
        _save(draft, after, changes, Act(actor, at))
    return draft


@transaction.atomic
def add_part(
    *, draft_id: UUID, part: Part, data: Mapping[str, Any], actor: User, at: datetime
) -> BankDraft:
    """Add a part; a question comes last in its section.

    Raises NotFound, DraftClosed, DraftInReview, SourceRefused, or IdTaken when the id
    is in use or a stored version used it.
    """
    draft = lock_editable(actor, draft_id)
    source = draft.data()
    _require_same_id(part, data)
    _require_new_id(draft, source, part)
    change = FieldChange("added", part, after=as_text(data.get("text")))
    _save(draft, added(source, part, data), (change,), Act(actor, at))
    return draft


@transaction.atomic
def remove_part(
    *, draft_id: UUID, part: Part, revision: int, actor: User, at: datetime
) -> BankDraft:
    """Take a part out; what still refers to it is found by lint."""
    draft = lock_editable(actor, draft_id)
    source = draft.data()
    before = _find(source, part)
    require_fresh(draft, part, revision)
    change = FieldChange("removed", part, before=as_text(before))
    _save(draft, removed(source, part), (change,), Act(actor, at))
    return draft


@transaction.atomic
def restore_question(
    *, draft_id: UUID, question_id: str, actor: User, at: datetime
) -> BankDraft:
    """Put a removed question of the base version back, as it was and where it stood.

    NotFound when the base has no such question, Conflict when the draft has it.
    """
    draft = lock_editable(actor, draft_id)
    source, part = draft.data(), Part("question", question_id)
    if draft.base is None:
        raise NotFound
    base = bank_source(compiled_bank(draft.base.sha256))
    data = _find(base, part)
    _require_unused(source, part)
    change = FieldChange("added", part, after=as_text(data.get("text")))
    _save(draft, put_back(source, base, part), (change,), Act(actor, at))
    return draft


@transaction.atomic
def move_part(
    *, draft_id: UUID, part: Part, step: Literal[-1, 1], actor: User, at: datetime
) -> BankDraft:
    """Move a part one place up (-1) or down; at the end of its list nothing happens."""
    draft = lock_editable(actor, draft_id)
    source = draft.data()
    _find(source, part)
    after = moved(source, part, step)
    if after != source:
        change = FieldChange("moved", part, after=str(step))
        _save(draft, after, (change,), Act(actor, at))
    return draft


def _save(
    draft: BankDraft, source: Source, changes: tuple[FieldChange, ...], act: Act
) -> None:
    store(draft, source, act)
    note_changes(draft, changes, act)
    audit_draft("bank_draft.edited", draft, act)


def _find(source: Source, part: Part) -> dict[str, Any]:
    try:
        return find(source, part)
    except NoSuchPart as error:
        raise NotFound from error


def _require_same_id(part: Part, data: Mapping[str, Any]) -> None:
    """Refuse data of another id than the part's: ids never change."""
    key = "id" if part.kind == "frame" else LISTS[part.kind][1]
    if part.kind == "frame":
        if {"id", "version"} & set(data):
            raise Invalid(_("题库编号不能改，版本号在提请发布时填写。"))
    elif data.get(key) != part.id:
        message = _("编号一经使用就不再改动。")
        raise Invalid(message, code="id_changed", fields={key: message})


def _require_new_id(draft: BankDraft, source: Source, part: Part) -> None:
    _require_unused(source, part)
    if part.kind == "question":
        used = used_ids(draft.bank)
        if part.id in used:
            raise IdTaken(part.id, used[part.id])


def _require_unused(source: Source, part: Part) -> None:
    name, key = LISTS[part.kind]
    items = source.get(name) or []
    if any(isinstance(item, dict) and item.get(key) == part.id for item in items):
        message = _("编号 %(id)s 已在本草稿中使用。") % {"id": part.id}
        raise Conflict(message, code="id_taken", fields={key: message})
