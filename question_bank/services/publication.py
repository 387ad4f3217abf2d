"""From a draft to a version by two people; and out of use again."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Notice, User
from accounts.notices import notify
from backend.errors import Conflict, Forbidden, Invalid
from question_bank.drafting import checked
from question_bank.engine.definition import Bank
from question_bank.engine.difference_verdicts import Level
from question_bank.engine.differences import (
    Differences,
    compare_banks,
    required_version,
)
from question_bank.engine.migration import BankMap
from question_bank.maps import maps_of_source
from question_bank.models import (
    BankDraft,
    BankDraftEvent,
    BankPublication,
    BankVersion,
)
from question_bank.publishing import publish, publish_map
from question_bank.releases import release
from question_bank.rules import APPROVING_ROLES, EDITING_ROLES
from question_bank.selectors import compiled_bank, newest_version
from question_bank.services.access import (
    Act,
    SourceRefused,
    audit_draft,
    lock_draft,
    lock_editable,
    note,
    require_fresh,
    require_role,
    store,
)
from question_bank.source_tree import Source

FIRST_VERSION = "1.0.0"


class HasErrors(Conflict):
    """The draft can't become a version while checks find errors."""

    code = "bank_has_errors"
    message = _("题库还有错误，改正之后才能提请发布。")


class NothingChanged(Conflict):
    """The draft says what the newest version says."""

    code = "nothing_changed"
    message = _("草稿与现行版本没有差别，不需要发布。")


class VersionTooLow(Invalid):
    """The version number does not say how much changed."""

    code = "version_too_low"

    def __init__(self, least: str) -> None:
        message = _("版本号至少应为 %(least)s，写作三段数字。") % {"least": least}
        super().__init__(message, fields={"version": message})


class NotRequested(Conflict):
    """Nobody proposed to publish the draft."""

    code = "not_requested"
    message = _("草稿还没有提请发布。")


class SamePerson(Forbidden):
    """Whoever proposed a version can't approve it."""

    code = "same_person"
    message = _("发布须由提请人以外的另一位主管批准。")


@dataclass(frozen=True)
class Proposal:
    """The number of the new version and what the change log says of it."""

    version: str
    text: dict[str, str]


def differences(bank: Bank) -> Differences | None:
    """Return how a bank differs from its newest version; None for a new bank.

    Number and change log of the version itself are no differences.
    """
    newest = newest_version(bank.id)
    if newest is None:
        return None
    old = compiled_bank(newest.sha256)
    return compare_banks(
        old, replace(bank, version=old.version, changelog=old.changelog)
    )


def least_version(bank_id: str, level: Level) -> str:
    """Return the smallest number a version with changes of `level` may have."""
    newest = newest_version(bank_id)
    if newest is None or release(newest.version) is None:
        return FIRST_VERSION
    return required_version(newest.version, level if level != "none" else "patch")


@transaction.atomic
def request_publication(
    *,
    draft_id: UUID,
    proposal: Proposal,
    revision: int,
    actor: User,
    at: datetime,
) -> BankDraft:
    """Propose to publish a draft; until it is decided its source does not change.

    Raises NotFound, StaleDraft, HasErrors, NothingChanged, VersionTooLow, Invalid.
    """
    act = Act(actor, at)
    draft = lock_editable(actor, draft_id)
    require_fresh(draft, None, revision)
    _require_words(proposal)
    source = _proposed(draft.data(), proposal, at)
    bank, _level = _require_publishable(source)
    _require_maps(source, bank)
    store(draft, source, act)
    draft.state = BankDraft.State.IN_REVIEW
    draft.requested_by, draft.requested_at = actor, at
    draft.save(update_fields=["state", "requested_by", "requested_at"])
    note(draft, BankDraftEvent.Action.REQUESTED, act, text=proposal.version)
    audit_draft("bank_draft.requested", draft, act)
    return draft


@transaction.atomic
def return_draft(
    *, draft_id: UUID, remark: str, actor: User, at: datetime
) -> BankDraft:
    """Give a proposed draft back for editing, with a remark for the history."""
    act = Act(actor, at)
    draft = lock_draft(actor, draft_id)
    if draft.is_editable:
        raise NotRequested
    draft.state = BankDraft.State.EDITING
    draft.requested_by = draft.requested_at = None
    draft.save(update_fields=["state", "requested_by", "requested_at"])
    note(draft, BankDraftEvent.Action.RETURNED, act, text=remark.strip()[:1000])
    audit_draft("bank_draft.returned", draft, act)
    return draft


@transaction.atomic
def publish_draft(
    *, draft_id: UUID, revision: int, actor: User, at: datetime
) -> BankVersion:
    """Publish what another person proposed; new assessments use it from now on.

    Raises Forbidden (not a manager of the bureau), SamePerson, NotRequested,
    StaleDraft when it is not what the person saw, and whatever keeps it from being
    proposed: another version may have come in between.
    """
    act = Act(actor, at)
    draft = lock_draft(actor, draft_id)
    require_role(actor, *APPROVING_ROLES)
    if draft.is_editable:
        raise NotRequested
    if draft.requested_by_id == actor.pk:
        raise SamePerson
    require_fresh(draft, None, revision)
    bank, level = _require_publishable(draft.data())
    version = publish(bank=bank, at=at)
    for bank_map in _require_maps(draft.data(), bank):
        publish_map(bank_map=bank_map, target_version=version, at=at)
    _record(draft, version, level, act)
    draft.state = BankDraft.State.PUBLISHED
    draft.save(update_fields=["state"])
    note(draft, BankDraftEvent.Action.PUBLISHED, act, text=version.version)
    audit_draft("bank_draft.published", draft, act)
    notify(
        kind=Notice.Kind.BANK_PUBLISHED,
        roles=EDITING_ROLES,
        url=reverse("bank-changes", args=[bank.id]),
        at=at,
    )
    return version


def _record(draft: BankDraft, version: BankVersion, level: Level, act: Act) -> None:
    # The database holds that a draft in review has both.
    assert draft.requested_by_id is not None  # noqa: S101
    assert draft.requested_at is not None  # noqa: S101
    BankPublication.objects.create(
        version=version,
        draft=draft,
        level=level,
        proposed_by_id=draft.requested_by_id,
        proposed_at=draft.requested_at,
        approved_by=act.actor,
        approved_at=act.at,
    )


@transaction.atomic
def retire_version(*, version: BankVersion, actor: User, at: datetime) -> BankVersion:
    """Take a version out of use: no new assessment starts with it.

    Open assessments go on with it and sealed ones stay readable. Raises Forbidden, or
    Conflict when it is retired already.
    """
    membership = require_role(actor, *APPROVING_ROLES)
    locked: BankVersion = BankVersion.objects.select_for_update().get(pk=version.pk)
    if locked.status != BankVersion.Status.PUBLISHED:
        raise Conflict(_("这个版本已经停用。"), code="already_retired")
    locked.status = BankVersion.Status.RETIRED
    locked.retired_at, locked.retired_by = at, actor
    locked.save(update_fields=["status", "retired_at", "retired_by"])
    record(
        action="bank_version.retired",
        actor=actor,
        organisation=membership.organisation,
        subject=locked,
        at=at,
        detail={"bank": locked.bank, "version": locked.version},
    )
    return locked


def _proposed(source: Source, proposal: Proposal, at: datetime) -> Source:
    """Return the source with its new number and the entry in its change log."""
    entry: dict[str, Any] = {
        "version": proposal.version,
        "date": timezone.localtime(at).date().isoformat(),
        "text": {k: v.strip() for k, v in proposal.text.items() if v.strip()},
    }
    log = [e for e in source.get("changelog") or [] if not _speaks_of(e, proposal)]
    return {**source, "version": proposal.version, "changelog": [entry, *log]}


def _speaks_of(entry: Any, proposal: Proposal) -> bool:
    return isinstance(entry, dict) and entry.get("version") == proposal.version


def _require_words(proposal: Proposal) -> None:
    if not proposal.text.get("zh", "").strip():
        message = _("请说明改了什么、为什么改，填报企业会看到这段文字。")
        raise Invalid(message, code="no_change_note", fields={"text": message})


def _require_maps(source: Source, bank: Bank) -> tuple[BankMap, ...]:
    """Return the maps that came in with the draft, or raise HasErrors."""
    named = {str(row.get("from_bank", "")) for row in source.get("maps") or ()}
    stored = {name: newest_version(name) for name in named}
    old = {name: compiled_bank(v.sha256) for name, v in stored.items() if v}
    maps, problems = maps_of_source(source, bank, old)
    if any(problem.severity == "error" for problem in problems):
        raise HasErrors(extra={"problems": [str(p) for p in problems[:20]]})
    return maps


def _require_publishable(source: Source) -> tuple[Bank, Level]:
    """Return the bank and the level of its changes, or raise what forbids it."""
    found = checked(source)
    if found.bank is None and any(p.code in _LIMITS for p in found.problems):
        raise SourceRefused(found.problems)
    if found.bank is None or found.errors:
        raise HasErrors
    bank = found.bank
    changes = differences(bank)
    level: Level = "major" if changes is None else changes.level
    if changes is not None and level == "none":
        raise NothingChanged
    _require_number(bank, level)
    return bank, level


_LIMITS = frozenset(("source_too_large", "too_deep", "markup", "text_too_long"))


def _require_number(bank: Bank, level: Level) -> None:
    least = least_version(bank.id, level)
    wanted, lowest = release(bank.version), release(least)
    if wanted is None or (lowest is not None and wanted < lowest):
        raise VersionTooLow(least)
