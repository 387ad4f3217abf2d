"""Open, fill and discard drafts."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from backend.errors import Conflict, Invalid
from question_bank.engine.source_writer import bank_source
from question_bank.models import BankDraft, BankDraftEvent, BankVersion
from question_bank.rules import EDITING_ROLES
from question_bank.selectors import compiled_bank, newest_version
from question_bank.services.access import (
    Act,
    audit_draft,
    ids_of,
    lock_draft,
    lock_editable,
    note,
    note_changes,
    require_fit,
    require_fresh,
    require_role,
    store,
    used_ids,
)
from question_bank.services.editing import IdTaken
from question_bank.source_tree import (
    Source,
    question_ids,
    source_changes,
    text_of,
)


class DraftOpen(Conflict):
    """The bank has an open draft already."""

    code = "draft_open"
    message = _("这个题库已有一份未完成的草稿，请在那份草稿上继续。")


class OtherBank(Invalid):
    """The file describes another bank than the draft."""

    code = "other_bank"
    message = _("文件里的题库编号（id）与草稿不同，没有导入。")


def open_draft(
    *,
    base: BankVersion | None = None,
    source: Source | None = None,
    actor: User,
    at: datetime,
) -> BankDraft:
    """Open a draft from a stored version, from a source, or from both.

    With both, `source` is the new content and `base` what it is compared with. Raises
    Forbidden, SourceRefused, IdTaken, or DraftOpen when the bank has an open draft.
    """
    require_role(actor, *EDITING_ROLES)
    content = source if source is not None else _source_of(base)
    require_fit(content)
    bank = base.bank if base else str(content.get("id", "")).strip()
    _require_bank(bank, content)
    require_free_ids(bank, content, base)
    try:
        with transaction.atomic():
            return _create(bank, base, content, Act(actor, at))
    except IntegrityError as error:
        raise DraftOpen from error


def _source_of(base: BankVersion | None) -> Source:
    if base is None:
        raise Invalid(_("请选择一个版本，或上传题库文件。"))
    return bank_source(compiled_bank(base.sha256))


def _create(
    bank: str, base: BankVersion | None, content: Source, act: Act
) -> BankDraft:
    draft = BankDraft.objects.create(
        bank=bank,
        base=base,
        source=text_of(content),
        created_by=act.actor,
        created_at=act.at,
        updated_by=act.actor,
        updated_at=act.at,
    )
    note(draft, BankDraftEvent.Action.OPENED, act, text=base.version if base else "")
    audit_draft("bank_draft.opened", draft, act)
    return draft


@transaction.atomic
def import_source(
    *, draft_id: UUID, source: Source, revision: int, actor: User, at: datetime
) -> BankDraft:
    """Replace a draft's whole source with what a file holds.

    Raises NotFound, StaleDraft (anything changed since `revision`), SourceRefused,
    OtherBank or IdTaken.
    """
    act = Act(actor, at)
    draft = lock_editable(actor, draft_id)
    require_fresh(draft, None, revision)
    require_fit(source)
    _require_bank(draft.bank, source)
    require_free_ids(draft.bank, source, draft.base)
    before = draft.data()
    store(draft, source, act)
    note(draft, BankDraftEvent.Action.IMPORTED, act)
    note_changes(draft, source_changes(before, source), act)
    audit_draft("bank_draft.imported", draft, act)
    return draft


@transaction.atomic
def discard_draft(*, draft_id: UUID, actor: User, at: datetime) -> BankDraft:
    """Close a draft for good without publishing; its history stays."""
    act = Act(actor, at)
    draft = lock_draft(actor, draft_id)
    draft.state = BankDraft.State.DISCARDED
    draft.save(update_fields=["state"])
    note(draft, BankDraftEvent.Action.DISCARDED, act)
    audit_draft("bank_draft.discarded", draft, act)
    return draft


def require_free_ids(bank: str, source: Source, base: BankVersion | None) -> None:
    """Raise IdTaken when the source gives an id of an earlier question anew.

    What the base or the newest version asks keeps its ids; an id that only other
    versions used stands for their question for ever.
    """
    newest = newest_version(bank)
    known = set().union(*(ids_of(v.sha256) for v in (base, newest) if v))
    used = used_ids(bank)
    for question_id in sorted(question_ids(source) - known):
        if question_id in used:
            raise IdTaken(question_id, used[question_id])


def _require_bank(bank: str, source: Source) -> None:
    if not bank or str(source.get("id", "")).strip() != bank:
        raise OtherBank(fields={"file": OtherBank.message})
