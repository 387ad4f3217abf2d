"""How officials come to read one enterprise's submitted answers, and how it ends.

There are two ways and no third. The enterprise's owner consents, asked by an official
or unasked. Or one official enters a ground in law with its document, and another one,
a manager of the same bureau who isn't among the readers, approves it. A single
official never opens anything. Whether the owner has just proved who they are is for
the doors, which know the session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.mandate_scope import Scope
from accounts.mandates import ClaimNotProven, WiderScope
from accounts.models import (
    EnterpriseClaim,
    Membership,
    NamedAccess,
    NamedAccessEvent,
    NamedReader,
    Organisation,
    User,
)
from accounts.named_access_notes import note, tell
from accounts.named_access_rules import (
    GROUND_MOST_DAYS,
    MOST_DAYS,
    AlreadyOpen,
    NeedsAnother,
    NotUndecided,
    check_day,
    check_scope,
    check_text,
)
from accounts.rules import NAMED_ROLES, Kind, Role, may
from backend.errors import Forbidden, Invalid

EventKind = NamedAccessEvent.Kind
Basis, State = NamedAccess.Basis, NamedAccess.State


@dataclass(frozen=True)
class Wanted:
    """What an access is to show, for what, until when, and to whom by name."""

    scope: Scope
    purpose: str
    ends_at: datetime
    readers: tuple[User, ...]


@dataclass(frozen=True)
class Ground:
    """A ground in law and the document that states it."""

    kind: str
    document_number: str
    document_date: date


def ask_consent(
    *, enterprise: Organisation, wanted: Wanted, actor: User, at: datetime
) -> NamedAccess:
    """Ask an enterprise's owner to let officials read; opens nothing.

    Raises Forbidden or Invalid.
    """
    bureau = _bureau_of(actor)
    with transaction.atomic():
        access = _new(enterprise, bureau, wanted, None, actor, at)
        note(access, EventKind.ASKED, actor, at)
        tell(access, "asked", at)
    return access


def ask_on_ground(
    *, enterprise: Organisation, wanted: Wanted, ground: Ground, actor: User,
    at: datetime,
) -> NamedAccess:  # fmt: skip
    """Enter a ground in law; opens nothing before another official approves it.

    Raises Forbidden or Invalid.
    """
    bureau = _bureau_of(actor)
    if ground.kind not in NamedAccess.Ground.values:
        problem = _("请选择法定依据类别。")
        raise Invalid(problem, fields={"ground": problem})
    check_text(ground.document_number, "document_number", 80)
    if ground.document_date > at.date() + timedelta(days=1):
        problem = _("文书日期不能晚于今天。")
        raise Invalid(problem, fields={"document_date": problem})
    with transaction.atomic():
        access = _new(enterprise, bureau, wanted, ground, actor, at)
        note(access, EventKind.ASKED, actor, at)
        tell(access, "to_approve", at)
    return access


def offer(
    *, enterprise: Organisation, wanted: Wanted, actor: User, at: datetime
) -> NamedAccess:
    """Let officials read unasked; for the enterprise's owner.

    Raises Forbidden, ClaimNotProven, AlreadyOpen or Invalid.
    """
    _require_owner(actor, enterprise)
    if not wanted.readers:
        check_readers((), None)
    bureau = _bureau_of(wanted.readers[0], fields="readers")
    with transaction.atomic():
        access = _new(enterprise, bureau, wanted, None, actor, at)
        note(access, EventKind.OFFERED, actor, at)
        return _consent(access, None, None, actor, at)


@transaction.atomic
def consent(
    *,
    access: NamedAccess,
    scope: Scope | None = None,
    ends_at: datetime | None = None,
    actor: User,
    at: datetime,
) -> NamedAccess:
    """Agree to what was asked for, or to less of it; for the enterprise's owner.

    Raises Forbidden, ClaimNotProven, NotUndecided, AlreadyOpen, WiderScope or Invalid.
    """
    _require_owner(actor, access.enterprise_id)
    locked = _lock(access)
    if locked.is_on_ground:
        raise Forbidden
    _require_undecided(locked, at)
    return _consent(locked, scope, ends_at, actor, at)


def approve(*, access: NamedAccess, actor: User, at: datetime) -> NamedAccess:
    """Approve a ground that another official entered; the enterprise is told at once.

    Raises Forbidden, NeedsAnother, NotUndecided or AlreadyOpen. Who tries to approve
    what they asked for or would read themselves leaves a line in the audit trail.
    """
    _require_manager(actor, access)
    if access.asked_by_id == actor.pk or _reads(access, actor):
        audit.record(
            action="named_access.self_approval_refused",
            actor=actor,
            organisation=access.bureau,
            subject=access,
            at=at,
        )
        raise NeedsAnother
    with transaction.atomic():
        locked = _lock(access)
        if not locked.is_on_ground:
            raise Forbidden
        _require_undecided(locked, at)
        _open(locked, actor, at)
        note(locked, EventKind.APPROVED, actor, at)
        tell(locked, "on_ground", at)
    return locked


@transaction.atomic
def refuse(
    *, access: NamedAccess, reason: str = "", actor: User, at: datetime
) -> NamedAccess:
    """Say no: the owner to a request for consent, another manager to a ground.

    Raises Forbidden or NotUndecided.
    """
    locked = _lock(access)
    if locked.is_on_ground:
        _require_manager(actor, locked)
        if locked.asked_by_id == actor.pk:
            raise NeedsAnother
    else:
        _require_owner(actor, locked.enterprise_id)
    return _decline(locked, State.REFUSED, reason, actor, at)


@transaction.atomic
def end(
    *, access: NamedAccess, reason: str = "", actor: User, at: datetime
) -> NamedAccess:
    """Shut the door, or take back a request: the very next read finds nothing.

    An owner ends what rests on consent; the bureau's managers, who asked and who reads
    end either. Raises Forbidden or NotUndecided for what is over already.
    """
    locked = _lock(access)
    _require_end(actor, locked)
    if locked.is_asked:
        return _decline(locked, State.WITHDRAWN, reason, actor, at)
    _require_running(locked, at)
    locked.revoked_by, locked.revoked_at = actor, at
    locked.revoked_reason = _line(reason)
    locked.save(update_fields=["revoked_by", "revoked_at", "revoked_reason"])
    note(locked, EventKind.REVOKED, actor, at, text=locked.revoked_reason)
    tell(locked, "revoked", at)
    return locked


@transaction.atomic
def narrow(
    *,
    access: NamedAccess,
    scope: Scope | None = None,
    ends_at: datetime | None = None,
    actor: User,
    at: datetime,
) -> NamedAccess:
    """Show less or end sooner: the owner's for consent, a manager's for a ground.

    Raises Forbidden, NotUndecided, WiderScope or Invalid.
    """
    locked = _lock(access)
    if locked.is_on_ground:
        _require_manager(actor, locked)
    else:
        _require_owner(actor, locked.enterprise_id)
    _require_running(locked, at)
    before = locked.scope, locked.ends_at
    _take_away(locked, scope, ends_at, at)
    if (locked.scope, locked.ends_at) != before:
        note(locked, EventKind.NARROWED, actor, at)
        tell(locked, "narrowed", at)
    return locked


@transaction.atomic
def object_to(*, access: NamedAccess, text: str, actor: User, at: datetime) -> None:
    """Put the enterprise's objection on record; it changes nothing by itself.

    For the owner, about a ground that was approved. Raises Forbidden or Invalid.
    """
    _require_owner(actor, access.enterprise_id)
    locked = _lock(access)
    if not locked.is_on_ground or locked.state != State.OPEN:
        raise Forbidden
    check_text(text, "text", 2000, lines=True)
    note(locked, EventKind.OBJECTED, actor, at, text=text.strip())
    tell(locked, "objected", at)


# --- what the acts share ------------------------------------------------------------


def _new(
    enterprise: Organisation,
    bureau: Organisation,
    wanted: Wanted,
    ground: Ground | None,
    actor: User,
    at: datetime,
) -> NamedAccess:
    if enterprise.kind != Kind.ENTERPRISE:
        raise Forbidden
    check_text(wanted.purpose, "purpose", 200)
    check_scope(wanted.scope)
    check_day(wanted.ends_at, at, GROUND_MOST_DAYS if ground else MOST_DAYS)
    check_readers(wanted.readers, bureau)
    scope = wanted.scope
    access = NamedAccess.objects.create(
        enterprise=enterprise,
        bureau=bureau,
        basis=Basis.GROUND if ground else Basis.CONSENT,
        purpose=_line(wanted.purpose),
        ground=ground.kind if ground else "",
        document_number=_line(ground.document_number) if ground else "",
        document_date=ground.document_date if ground else None,
        all_sections=scope.is_whole,
        sections=sorted(scope.sections or ()),
        evidence=scope.evidence,
        report=scope.report,
        data_sheet=scope.data_sheet,
        asked_by=actor,
        asked_at=at,
        ends_at=wanted.ends_at,
    )
    for person in dict.fromkeys(wanted.readers):
        NamedReader.objects.create(access=access, person=person)
    if scope.assessments is not None:
        _name_assessments(access, scope)
    return access


def check_readers(people: Iterable[User], bureau: Organisation | None) -> None:
    """Raise Invalid unless these are managers or analysts of one bureau."""
    found = list(people)
    roles = Membership.objects.filter(
        user__in=found, organisation=bureau, role__in=NAMED_ROLES, user__is_active=True
    )
    if not found or roles.count() != len(set(found)):
        problem = _("请点名查阅人：须是同一主管部门的主管或统计人员。")
        raise Invalid(problem, fields={"readers": problem})


def _consent(
    access: NamedAccess,
    scope: Scope | None,
    ends_at: datetime | None,
    actor: User,
    at: datetime,
) -> NamedAccess:
    _require_proven(access.enterprise)
    _take_away(access, scope, ends_at, at)
    _open(access, actor, at)
    note(access, EventKind.CONSENTED, actor, at)
    tell(access, "consented", at)
    return access


def _open(access: NamedAccess, actor: User, at: datetime) -> None:
    """Let the readers in from now on; each of them through one access at a time."""
    people = access.readers.values("person")
    doubled = NamedAccess.objects.running(at).filter(
        enterprise=access.enterprise_id, readers__person__in=people
    )
    if doubled.exists():
        raise AlreadyOpen
    access.state, access.starts_at = State.OPEN, at
    access.decided_by, access.decided_at = actor, at
    access.save(update_fields=["state", "starts_at", "decided_by", "decided_at"])


def _decline(
    access: NamedAccess,
    state: NamedAccess.State,
    reason: str,
    actor: User,
    at: datetime,
) -> NamedAccess:
    if not access.is_asked:
        raise NotUndecided
    access.state, access.decision_reason = state, _line(reason)
    access.decided_by, access.decided_at = actor, at
    access.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    note(access, EventKind(state.value), actor, at, text=access.decision_reason)
    tell(access, state.value, at)
    return access


def _take_away(
    access: NamedAccess, scope: Scope | None, ends_at: datetime | None, at: datetime
) -> None:
    """Write a narrower scope and an earlier end; raises WiderScope or Invalid."""
    old = access.scope
    wanted = old if scope is None else scope
    check_scope(wanted)
    end_at = access.ends_at if ends_at is None else ends_at
    if not wanted.is_within(old) or end_at > access.ends_at:
        raise WiderScope
    check_day(end_at, at, MOST_DAYS)
    _name_assessments(access, wanted)
    access.all_sections = wanted.is_whole
    access.sections = sorted(wanted.sections or ())
    access.evidence, access.report = wanted.evidence, wanted.report
    access.data_sheet, access.ends_at = wanted.data_sheet, end_at
    access.save()


def _name_assessments(access: NamedAccess, scope: Scope) -> None:
    if scope.assessments is None:
        return
    access.assessments.exclude(assessment_id__in=scope.assessments).delete()
    if access.all_assessments:
        for assessment_id in sorted(scope.assessments):
            access.assessments.create(assessment_id=assessment_id)
        access.all_assessments = False
        access.save(update_fields=["all_assessments"])


def _lock(access: NamedAccess) -> NamedAccess:
    """Return the access locked, and with it every other one to the enterprise."""
    Organisation.objects.select_for_update().get(pk=access.enterprise_id)
    rows = NamedAccess.objects.select_for_update(of=("self",))
    found: NamedAccess = rows.select_related("enterprise", "bureau").get(pk=access.pk)
    return found


def _bureau_of(person: User, fields: str = "") -> Organisation:
    """Return the bureau of somebody who may be named, or refuse."""
    found = Membership.objects.filter(user=person, role__in=NAMED_ROLES)
    membership = found.select_related("organisation").first()
    if membership is None:
        if fields:
            check_readers((), None)
        raise Forbidden
    bureau: Organisation = membership.organisation
    return bureau


def _require_owner(actor: User, enterprise: Any) -> None:
    if not may(actor, enterprise, Role.OWNER):
        raise Forbidden(_("只有企业负责人可以决定主管部门的具名查阅。"))


def _require_manager(actor: User, access: NamedAccess) -> None:
    if not may(actor, access.bureau_id, Role.BUREAU_MANAGER):
        raise Forbidden(_("只有本部门的主管可以审批。"))


def _require_end(actor: User, access: NamedAccess) -> None:
    if may(actor, access.bureau_id, Role.BUREAU_MANAGER):
        return
    if may(actor, access.bureau_id, *NAMED_ROLES):
        if access.asked_by_id == actor.pk or _reads(access, actor):
            return
        raise Forbidden
    if access.is_on_ground or access.is_asked:
        raise Forbidden
    _require_owner(actor, access.enterprise_id)


def _require_proven(enterprise: Organisation) -> None:
    proven = EnterpriseClaim.State.PROVEN
    if not EnterpriseClaim.objects.filter(enterprise=enterprise, state=proven).exists():
        raise ClaimNotProven


def _require_undecided(access: NamedAccess, at: datetime) -> None:
    if not access.is_asked or at >= access.ends_at:
        raise NotUndecided


def _require_running(access: NamedAccess, at: datetime) -> None:
    if access.standing(at) != "active":
        raise NotUndecided


def _reads(access: NamedAccess, person: User) -> bool:
    return bool(access.readers.filter(person=person).exists())


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
