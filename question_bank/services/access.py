"""Fetch a draft for a person and store what was done to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Membership, User
from accounts.querysets import Subject
from accounts.selectors import home_membership
from backend.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from question_bank.engine.problems import Problem
from question_bank.models import BankDraft, BankDraftEvent, BankVersion
from question_bank.rules import EDITING_ROLES
from question_bank.selectors import compiled_bank
from question_bank.source_limits import limit_problems
from question_bank.source_tree import FieldChange, Part, Source, text_of

MOST_EVENTS = 2000


class DraftClosed(Conflict):
    """The draft was published or discarded."""

    code = "draft_closed"
    message = _("这份草稿已发布或已放弃，不能再修改。")


class DraftInReview(Conflict):
    """The draft waits for approval and does not change meanwhile."""

    code = "draft_in_review"
    message = _("草稿已提请发布，不能修改。需要修改时请先退回。")


class StaleDraft(PreconditionFailed):
    """Somebody changed the same part since it was read."""

    code = "stale_draft"
    message = _("您打开本页之后，别人修改了同一处内容。请核对后重新保存。")


class SourceRefused(Invalid):
    """The source breaks a limit; `problems` say where."""

    code = "source_refused"
    message = _("内容不符合题库的限制，没有保存。")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True)
class Act:
    """Who does something to a draft, and when."""

    actor: User
    at: datetime


def get_draft(user: Subject, draft_id: UUID) -> BankDraft:
    """Return the draft with its people; NotFound when not visible."""
    rows = BankDraft.objects.visible_to(user).select_related(
        "created_by", "updated_by", "requested_by", "base"
    )
    try:
        draft: BankDraft = rows.defer("base__document").get(pk=draft_id)
    except BankDraft.DoesNotExist as error:
        raise NotFound from error
    return draft


def lock_draft(user: User, draft_id: UUID) -> BankDraft:
    """Return the open draft, locked until the transaction ends.

    NotFound when the person may not see it, DraftClosed when nothing may happen to it
    any more.
    """
    rows = BankDraft.objects.visible_to(user).select_for_update(of=("self",))
    try:
        draft: BankDraft = rows.get(pk=draft_id)
    except BankDraft.DoesNotExist as error:
        raise NotFound from error
    if not draft.is_open:
        raise DraftClosed
    return draft


def lock_editable(user: User, draft_id: UUID) -> BankDraft:
    """Return the draft as `lock_draft` does; DraftInReview while it is in review."""
    draft = lock_draft(user, draft_id)
    if not draft.is_editable:
        raise DraftInReview
    return draft


def require_role(user: User, *roles: str) -> Membership:
    """Return the membership of a person with one of `roles`; Forbidden otherwise."""
    membership = home_membership(user)
    if membership is None or membership.role not in roles:
        raise Forbidden
    return membership


def require_fresh(draft: BankDraft, part: Part | None, revision: int) -> None:
    """Raise StaleDraft when `part` (None: anything) changed after `revision`.

    Two people may work on different questions of one draft at the same time.
    """
    if revision > draft.revision:
        raise StaleDraft
    later = BankDraftEvent.objects.filter(draft=draft, revision__gt=revision)
    if part is not None:
        same = later.filter(subject=part.kind, subject_id=part.id)
        later = same | later.filter(action=BankDraftEvent.Action.IMPORTED)
    if later.exists():
        raise StaleDraft


def require_fit(source: Source) -> None:
    """Raise SourceRefused when a source is too large, too deep or holds markup."""
    if problems := limit_problems(source):
        raise SourceRefused(problems)


def used_ids(bank: str) -> dict[str, str]:
    """Return every question id that a stored version used, with that version."""
    versions = BankVersion.objects.filter(bank=bank).order_by("pk")
    return {
        question_id: version
        for sha256, version in versions.values_list("sha256", "version")
        for question_id in ids_of(sha256)
    }


@lru_cache(maxsize=1024)
def ids_of(sha256: str) -> frozenset[str]:
    """Return the question ids of a stored version; they never change."""
    return frozenset(question.id for question in compiled_bank(sha256).questions)


def store(draft: BankDraft, source: Source, act: Act) -> None:
    """Store a new source as the next revision."""
    require_fit(source)
    draft.source = text_of(source)
    draft.revision += 1
    draft.updated_by, draft.updated_at = act.actor, act.at
    draft.save(update_fields=["source", "revision", "updated_by", "updated_at"])


def note_changes(draft: BankDraft, changes: Iterable[FieldChange], act: Act) -> None:
    """Append what was changed to the draft's history, at most MOST_EVENTS lines."""
    events = [
        BankDraftEvent(
            draft=draft,
            revision=draft.revision,
            at=act.at,
            actor=act.actor,
            action=change.action,
            subject=change.part.kind,
            subject_id=change.part.id[:64],
            field=change.field[:64],
            before=change.before,
            after=change.after,
        )
        for change in changes
    ]
    BankDraftEvent.objects.bulk_create(events[:MOST_EVENTS], batch_size=50)


def note(draft: BankDraft, action: str, act: Act, *, text: str = "") -> None:
    """Append one line that speaks of the whole draft."""
    BankDraftEvent.objects.create(
        draft=draft,
        revision=draft.revision,
        at=act.at,
        actor=act.actor,
        action=action,
        after=text,
    )


def audit_draft(action: str, draft: BankDraft, act: Act) -> None:
    """Write the audit line of one act."""
    membership = require_role(act.actor, *EDITING_ROLES)
    record(
        action=action,
        actor=act.actor,
        organisation=membership.organisation,
        subject=draft,
        at=act.at,
        detail={"bank": draft.bank, "revision": draft.revision},
    )
