"""Say where the application papers stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from assessments.models import Evidence
from backend.errors import Invalid, NotFound
from reviews.access import lock_plan, require_member
from reviews.checklist import Asked
from reviews.models import ImprovementPlan, PlanEvent, ReadinessItem
from reviews.readiness import asked_of, sealed_files
from reviews.services.plans import note_event

LONGEST_REASON, LONGEST_NOTE = 200, 500
State = ReadinessItem.State


@dataclass(frozen=True)
class Preparation:
    """Where one item stands, with the evidence files that go with it."""

    state: str
    reason: str = ""
    note: str = ""
    files: Collection[UUID] = ()


def prepare_item(
    *,
    assessment_id: UUID,
    item: str,
    preparation: Preparation,
    actor: User,
    at: datetime,
) -> ReadinessItem:
    """Say where an item of the checklist stands; only members do.

    Raises NotFound, also for an item the checklist lacks, Forbidden or Invalid.
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        require_member(hand)
        asked = asked_of(plan, item)
        if asked is None:
            raise NotFound
        _require_sound(asked, preparation)
        files = _files(plan, preparation, actor)
        row, old = _stored(plan, item, preparation, actor, at)
        row.files.set(files)
        changes = {"item": [item, item], "state": [old, row.state]}
        note_event(plan, hand, PlanEvent.Kind.PREPARED, at=at, changes=changes)
        record(
            action="readiness.prepared",
            actor=actor,
            organisation=plan.assessment.enterprise,
            subject=plan,
            at=at,
            detail={"item": item, "state": row.state, "files": len(files)},
        )
    return row


def _require_sound(asked: Asked, preparation: Preparation) -> None:
    problems = {}
    not_applicable = preparation.state == State.NOT_APPLICABLE
    if preparation.state not in State.values:
        problems["state"] = _("请选择状态。")
    if not_applicable and not asked.na:
        problems["state"] = _("这一项每家企业都要准备，不能选“不适用”。")
    elif not_applicable and not preparation.reason.strip():
        problems["reason"] = _("请写明为什么不适用。")
    if len(preparation.reason) > LONGEST_REASON:
        problems["reason"] = _("原因不超过 200 字。")
    if len(preparation.note) > LONGEST_NOTE:
        problems["note"] = _("备注不超过 500 字。")
    if problems:
        raise Invalid(fields=problems)


def _files(
    plan: ImprovementPlan, preparation: Preparation, actor: User
) -> list[Evidence]:
    """Return the files: of any sealed assessment of the enterprise, of no draft."""
    rows = Evidence.objects.own_of(actor).filter(sealed_files(plan))
    found = list(rows.filter(pk__in=preparation.files))
    if len(found) != len(set(preparation.files)):
        problem = _("所选的文件不在本企业已提交的自评里。")
        raise Invalid(problem, fields={"files": problem})
    return found


def _stored(
    plan: ImprovementPlan,
    item: str,
    preparation: Preparation,
    actor: User,
    at: datetime,
) -> tuple[ReadinessItem, str]:
    before = ReadinessItem.objects.filter(plan=plan, item=item).first()
    not_applicable = preparation.state == State.NOT_APPLICABLE
    row, _made = ReadinessItem.objects.update_or_create(
        plan=plan,
        item=item,
        defaults={
            "state": preparation.state,
            "reason": preparation.reason.strip() if not_applicable else "",
            "note": preparation.note.strip(),
            "updated_by": actor,
            "updated_at": at,
        },
    )
    return row, before.state if before else State.MISSING
