"""Reads of a plan that was fetched visibly, for screens."""

from django.db.models import QuerySet

from reviews.models import ImprovementPlan, PlanEvent, PlanTask, ReadinessItem
from reviews.plan_querysets import PlanTaskQuerySet


def tasks_of_plan(plan: ImprovementPlan) -> PlanTaskQuerySet:
    """Return the tasks of a plan as it ranks them; one query."""
    found: PlanTaskQuerySet = PlanTask.objects.filter(plan=plan).in_order()
    return found


def history_of(
    plan: ImprovementPlan, task: PlanTask | None = None
) -> QuerySet[PlanEvent]:
    """Return what happened to a plan, or to one task of it, in order; one query."""
    rows = PlanEvent.objects.filter(plan=plan).order_by("pk")
    if task is not None:
        rows = rows.filter(task=task)
    return rows.select_related("actor", "agency", "task")


def stored_item(plan: ImprovementPlan, item: str) -> ReadinessItem | None:
    """Return where an item of the checklist stands, None when nobody said so."""
    return ReadinessItem.objects.filter(plan=plan, item=item).first()
