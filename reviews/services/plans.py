"""Make an improvement plan, set its run dates, start the next assessment from it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from assessments.evaluation import bank_of, local_date
from assessments.models import Assessment
from assessments.services import renew_assessment
from assessments.services.access import get_own_assessment
from assessments.services.moving import NotOffered, NotSealed
from backend.errors import Conflict, Invalid
from question_bank.models import BankVersion
from question_bank.selectors import offered_version
from reviews.access import Hand, lock_plan, require_member
from reviews.models import ImprovementPlan, PlanEvent, PlanTask
from reviews.planning import run_dates_of, tasks_of
from reviews.run_clock import RunDates


class PlanExists(Conflict):
    """An assessment has one plan."""

    code = "plan_exists"
    message = _("这次自评已经有整改计划。")


class AlreadyFollowed(Conflict):
    """The next assessment was started from this plan before."""

    code = "already_followed"
    message = _("已从这份计划开始了下一次自评。")


def make_plan(*, assessment_id: UUID, actor: User, at: datetime) -> ImprovementPlan:
    """Make the plan of a sealed assessment, with a task for each action.

    Only members make it. Raises NotFound, Forbidden, NotSealed or PlanExists.
    """
    assessment = get_own_assessment(actor, assessment_id)
    if assessment.is_draft:
        raise NotSealed
    start_on = local_date(at)
    # Planning takes a second: never inside a transaction.
    tasks = tasks_of(assessment, start_on=start_on)
    dates = run_dates_of(assessment, bank_of(assessment))
    plan = ImprovementPlan(
        assessment=assessment,
        start_on=start_on,
        created_by=actor,
        created_at=at,
        system_start_on=dates.start,
        audit_on=dates.audit,
        review_on=dates.review,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
            for task in tasks:
                task.plan = plan
            PlanTask.objects.bulk_create(tasks)
            note_event(plan, Hand(actor, None), PlanEvent.Kind.MADE, at=at)
            _audit("plan.made", plan, actor, at, {"tasks": len(tasks)})
    except IntegrityError as error:
        raise PlanExists from error
    return plan


def set_run_dates(
    *, assessment_id: UUID, dates: RunDates, actor: User, at: datetime
) -> ImprovementPlan:
    """Say when the system started, when audit and review are or were held, and when
    certification was applied for.

    Only members say so. Raises NotFound, Forbidden or Invalid (`fields`).
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        require_member(hand)
        _require_sensible(dates, local_date(at))
        new = {
            "system_start_on": dates.start,
            "audit_on": dates.audit,
            "review_on": dates.review,
            "applied_on": dates.applied,
        }
        changes = {
            name: [_iso(getattr(plan, name)), _iso(value)]
            for name, value in new.items()
            if getattr(plan, name) != value
        }
        if changes:
            ImprovementPlan.objects.filter(pk=plan.pk).update(**new)
            note_event(plan, hand, PlanEvent.Kind.DATED, at=at, changes=changes)
            _audit("plan.dated", plan, actor, at, {"fields": sorted(changes)})
    return plan


def _require_sensible(dates: RunDates, today: date) -> None:
    problems = {}
    if dates.start is not None and dates.start > today:
        problems["start"] = _("体系还没有开始运行，请在开始之后填写。")
    if dates.start and dates.audit and dates.audit < dates.start:
        problems["audit"] = _("内部审核不能早于体系开始运行的日期。")
    if dates.audit and dates.review and dates.review < dates.audit:
        problems["review"] = _("管理评审在内部审核之后进行。")
    if dates.applied and dates.applied > today:
        problems["applied"] = _("还没有提交申请的，先不填。")
    if dates.applied and dates.start and dates.applied < dates.start:
        problems["applied"] = _("认证申请不能早于体系开始运行的日期。")
    if problems:
        raise Invalid(fields=problems)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def start_next(*, assessment_id: UUID, actor: User, at: datetime) -> Assessment:
    """Start the next assessment on the version on offer, from what the plan has done.

    Questions of finished tasks are open again with their old answers as hints; all
    other answers are carried and wait to be confirmed. Only members start it.
    Raises NotFound, Forbidden, AlreadyFollowed (`extra["assessment"]`), NotOffered
    or DraftExists.
    """
    with transaction.atomic():
        plan, hand = lock_plan(actor, assessment_id)
        require_member(hand)
        _require_running(plan)
        made = renew_assessment(
            assessment_id=assessment_id,
            target_version=offered_for(plan),
            reopened=reopened_questions(plan),
            actor=actor,
            at=at,
        )
        ImprovementPlan.objects.filter(pk=plan.pk).update(
            state=ImprovementPlan.State.FOLLOWED, next_assessment=made
        )
        note_event(plan, hand, PlanEvent.Kind.FOLLOWED, at=at)
        _audit("plan.followed", plan, actor, at, {"next": str(made.pk)})
    return made


def _require_running(plan: ImprovementPlan) -> None:
    state, following = ImprovementPlan.objects.values_list(
        "state", "next_assessment"
    ).get(pk=plan.pk)
    if state != ImprovementPlan.State.RUNNING:
        raise AlreadyFollowed(extra={"assessment": str(following)})


def offered_for(plan: ImprovementPlan) -> BankVersion:
    """Return the version the next assessment uses; NotOffered when there is none."""
    try:
        return offered_version(plan.assessment.bank_version.bank)
    except BankVersion.DoesNotExist as error:
        raise NotOffered from error


def reopened_questions(plan: ImprovementPlan) -> frozenset[str]:
    """Return the questions whose tasks are finished, every one of them; one query.

    While another task of a question is still to be done its answer is not new yet.
    """
    rows = PlanTask.objects.filter(plan=plan).exclude(question="")
    states: dict[str, set[str]] = {}
    for question, state in rows.values_list("question", "state"):
        states.setdefault(question, set()).add(state)
    waiting = {PlanTask.State.OPEN, PlanTask.State.DOING}
    return frozenset(
        question
        for question, found in states.items()
        if PlanTask.State.DONE in found and not found & waiting
    )


def note_event(
    plan: ImprovementPlan,
    hand: Hand,
    kind: str,
    *,
    at: datetime,
    task: PlanTask | None = None,
    changes: Mapping[str, object] | None = None,
    text: str = "",
) -> PlanEvent:
    """Add a line to the plan's history in the caller's transaction."""
    return PlanEvent.objects.create(
        plan=plan,
        task=task,
        kind=kind,
        actor=hand.actor,
        agency=hand.agency,
        at=at,
        changes=dict(changes or {}),
        text=text,
    )


def _audit(
    action: str,
    plan: ImprovementPlan,
    actor: User,
    at: datetime,
    detail: dict[str, object],
) -> None:
    record(
        action=action,
        actor=actor,
        organisation=plan.assessment.enterprise,
        subject=plan,
        at=at,
        detail=detail,
    )
