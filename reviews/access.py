"""Fetch a plan for a person, and say as whom the person works on it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, Organisation, User
from accounts.querysets import Subject
from backend.errors import Forbidden, NotFound
from reviews.models import ImprovementPlan, PlanTask

MEMBERS_ONLY = _("只有企业自己的成员可以做这一步。")


@dataclass(frozen=True)
class Hand:
    """Who works on a plan: a member of its enterprise, or for `agency`."""

    actor: User
    agency: Organisation | None

    @property
    def is_member(self) -> bool:
        """Whether the person answers for the enterprise."""
        return self.agency is None


def get_plan(user: Subject, assessment_id: UUID) -> ImprovementPlan:
    """Return the plan of an assessment; NotFound when not visible or not made yet."""
    rows = ImprovementPlan.objects.visible_to(user).with_enterprise()
    try:
        plan: ImprovementPlan = rows.get(pk=assessment_id)
    except ImprovementPlan.DoesNotExist as error:
        raise NotFound from error
    return plan


def lock_plan(user: User, assessment_id: UUID) -> tuple[ImprovementPlan, Hand]:
    """Return the plan, locked until the transaction ends, and whose hand changes it.

    NotFound when the person may not see it. One waits first and looks afterwards: a
    mandate may end meanwhile, and the plan is what the one before has made of it.
    """
    ImprovementPlan.objects.select_for_update().filter(pk=assessment_id).first()
    plan = get_plan(user, assessment_id)
    return plan, hand_of(user, plan)


def hand_of(user: User, plan: ImprovementPlan) -> Hand:
    """Return as whom the person works on a plan that `visible_to` has fetched."""
    if plan.mandate_id is None:
        return Hand(user, None)
    mandate = Mandate.objects.visible_to(user).select_related("agency")
    return Hand(user, mandate.get(pk=plan.mandate_id).agency)


def require_member(hand: Hand) -> None:
    """Raise Forbidden for an agency."""
    if not hand.is_member:
        raise Forbidden(MEMBERS_ONLY)


def task_of(plan: ImprovementPlan, task_id: UUID) -> PlanTask:
    """Return a task of a plan that was fetched visibly; NotFound when it has none."""
    rows = PlanTask.objects.filter(plan=plan).select_related(
        "owner", "proposed_by", "done_by"
    )
    try:
        task: PlanTask = rows.get(pk=task_id)
    except PlanTask.DoesNotExist as error:
        raise NotFound from error
    return task
