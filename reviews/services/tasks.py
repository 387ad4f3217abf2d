"""What is done to a plan's tasks: add, change, put in a state, comment."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Membership, User as Person
from assessments.evaluation import bank_of
from assessments.rules import ANSWERING_ROLES
from backend.errors import Conflict, Forbidden, Invalid
from reviews.access import Hand, lock_plan, require_member, task_of
from reviews.models import ImprovementPlan, PlanEvent, PlanTask
from reviews.rules import is_proposer, may_date, may_word, steps
from reviews.services.plans import note_event

LONGEST_TEXT, LONGEST_LINE, MOST_LINES, LONGEST_REASON = 500, 200, 20, 200
Words = dict[str, str] | str
"""What a bank says in each language, or what somebody typed."""


class StepRefused(Conflict):
    """The task can't be put in that state from where it is, or not by this person."""

    code = "step_refused"
    message = _("任务不能这样更改状态。")


@dataclass(frozen=True)
class TaskContent:
    """What a task says. `owner` is a member of the enterprise, or else a name."""

    text: Words
    department: str = ""
    owner: UUID | None = None
    owner_name: str = ""
    due_on: date | None = None
    evidence: tuple[Words, ...] = ()


def add_task(
    *, assessment_id: UUID, content: TaskContent, actor: Person, at: datetime
) -> PlanTask:
    """Add a task at the end; an agency's is a proposal until a member accepts it.

    Only members name a member as its owner. Raises NotFound, Forbidden or Invalid
    (`fields`).
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        if content.owner is not None:
            require_member(hand)
        _require_sound(plan, content)
        last = PlanTask.objects.filter(plan=plan).aggregate(last=Max("position"))
        state = PlanTask.State.OPEN if hand.is_member else PlanTask.State.PROPOSED
        task = PlanTask.objects.create(
            plan=plan,
            kind=PlanTask.Kind.OWN,
            state=state,
            proposed_by=hand.agency,
            position=(last["last"] or 0) + 1,
            **_columns(content),
        )
        kind = PlanEvent.Kind.ADDED if hand.is_member else PlanEvent.Kind.PROPOSED
        note_event(plan, hand, kind, at=at, task=task)
        _audit("plan_task.added", plan, task, hand, at)
    return task


def change_task(
    *,
    assessment_id: UUID,
    task_id: UUID,
    content: TaskContent,
    actor: Person,
    at: datetime,
) -> PlanTask:
    """Change what a task says; the history keeps both.

    An agency changes what it proposed, after the acceptance the due date alone.
    Raises NotFound, Forbidden or Invalid (`fields`).
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        task = task_of(plan, task_id)
        changes = _changes(task, content)
        _require_allowed(task, hand, changes)
        _require_sound(plan, content)
        if changes:
            for name, value in _columns(content).items():
                setattr(task, name, value)
            task.save()
            note_event(
                plan, hand, PlanEvent.Kind.CHANGED, at=at, task=task, changes=changes
            )
            _audit("plan_task.changed", plan, task, hand, at, fields=sorted(changes))
    return task


def _columns(content: TaskContent) -> dict[str, Any]:
    return {
        "text": content.text,
        "department": content.department,
        "owner_id": content.owner,
        "owner_name": content.owner_name,
        "due_on": content.due_on,
        "evidence": list(content.evidence),
    }


def _changes(task: PlanTask, content: TaskContent) -> dict[str, Any]:
    return {
        name: [_plain(getattr(task, name)), _plain(value)]
        for name, value in _columns(content).items()
        if getattr(task, name) != value
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (date, UUID)) else value


def _require_allowed(task: PlanTask, hand: Hand, changes: dict[str, Any]) -> None:
    if "owner_id" in changes:
        # Who works for the enterprise is none of an agency's business.
        require_member(hand)
    agency_id = hand.agency.pk if hand.agency else None
    wording = [name for name in changes if name != "due_on"]
    if wording and not may_word(task, agency_id):
        raise Forbidden(_("这项任务由企业负责，服务机构只能提意见。"))
    if "due_on" in changes and not may_date(task, agency_id):
        raise Forbidden(_("这项任务由企业负责，服务机构只能提意见。"))


def _require_sound(plan: ImprovementPlan, content: TaskContent) -> None:
    problems: dict[str, Any] = {}
    if isinstance(content.text, str) and not content.text.strip():
        problems["text"] = _("请写明要做什么。")
    if isinstance(content.text, str) and len(content.text) > LONGEST_TEXT:
        problems["text"] = _("请把内容控制在 500 字以内。")
    lines = [line for line in content.evidence if isinstance(line, str)]
    if len(content.evidence) > MOST_LINES or any(len(x) > LONGEST_LINE for x in lines):
        problems["evidence"] = _("最多 20 行，每行不超过 200 字。")
    known = {department.id for department in bank_of(plan.assessment).departments}
    if content.department and content.department not in known:
        problems["department"] = _("请选择列出的部门。")
    if content.owner is not None and not _is_member(plan, content.owner):
        problems["owner"] = _("请选择本企业的成员。")
    if problems:
        raise Invalid(fields=problems)


def _is_member(plan: ImprovementPlan, person_id: UUID) -> bool:
    members = Membership.objects.filter(
        organisation=plan.assessment.enterprise_id, role__in=ANSWERING_ROLES
    )
    return bool(members.filter(user=person_id).exists())


def put_task(
    *,
    assessment_id: UUID,
    task_id: UUID,
    state: str,
    reason: str = "",
    actor: Person,
    at: datetime,
) -> PlanTask:
    """Put a task in another state; giving it up needs a reason.

    Only members accept, finish and reopen. An agency withdraws what it proposed, and
    begins or pauses it once accepted. Raises NotFound, Forbidden, StepRefused, Invalid.
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        task = task_of(plan, task_id)
        _require_step(task, state, hand)
        reason = _reason(state, reason)
        old = task.state
        done = state == PlanTask.State.DONE
        task.state, task.reason = state, reason
        task.done_by, task.done_at = (actor, at) if done else (None, None)
        task.save(update_fields=["state", "reason", "done_by", "done_at"])
        note_event(
            plan,
            hand,
            PlanEvent.Kind.MOVED,
            at=at,
            task=task,
            changes={"state": [old, state]},
            text=reason,
        )
        _audit("plan_task.moved", plan, task, hand, at, state=state)
    return task


def _require_step(task: PlanTask, state: str, hand: Hand) -> None:
    agency_id = hand.agency.pk if hand.agency else None
    if state in steps(task, agency_id):
        return
    if agency_id and not is_proposer(task, agency_id):
        raise Forbidden(_("这项任务由企业负责，服务机构只能提意见。"))
    if agency_id and state == PlanTask.State.DONE:
        raise Forbidden(_("任务是否完成，由企业自己确认。"))
    raise StepRefused


def _reason(state: str, reason: str) -> str:
    if state != PlanTask.State.DROPPED:
        return ""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        problem = _("请写明不再做的原因，不超过 200 字。")
        raise Invalid(problem, fields={"reason": problem})
    return reason


def comment(
    *, assessment_id: UUID, task_id: UUID, text: str, actor: Person, at: datetime
) -> PlanEvent:
    """Say something about a task; whoever sees the plan may.

    Raises NotFound or Invalid.
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        task = task_of(plan, task_id)
        text = text.strip()
        if not text or len(text) > LONGEST_TEXT:
            problem = _("请填写意见，不超过 500 字。")
            raise Invalid(problem, fields={"text": problem})
        event = note_event(
            plan, hand, PlanEvent.Kind.COMMENTED, at=at, task=task, text=text
        )
        _audit("plan_task.commented", plan, task, hand, at)
    return event


def content_of(task: PlanTask) -> TaskContent:
    """Return what a task says now."""
    values = {field.name: getattr(task, field.name) for field in fields(TaskContent)}
    values |= {"owner": task.owner_id, "evidence": tuple(task.evidence)}
    return TaskContent(**values)


def _audit(
    action: str,
    plan: ImprovementPlan,
    task: PlanTask,
    hand: Hand,
    at: datetime,
    **detail: Any,
) -> None:
    record(
        action=action,
        actor=hand.actor,
        organisation=plan.assessment.enterprise,
        subject=task,
        at=at,
        detail=detail,
    )
