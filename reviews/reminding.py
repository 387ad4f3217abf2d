"""Remind of tasks that are due soon or late: that something waits, never what."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from accounts.models import Membership, Notice, User
from accounts.notices import notify
from assessments.evaluation import local_date
from assessments.rules import ANSWERING_ROLES, SUBMITTING_ROLES
from reviews.models import PlanTask
from reviews.plan_querysets import PlanTaskQuerySet

DAYS_BEFORE = 7

Kind = Literal["soon", "late"]


def remind(at: datetime) -> int:
    """Remind of each due date once a week before, and once after; return how many.

    A person gets one message a plan and kind, however many tasks there are.
    """
    today = local_date(at)
    return _remind("soon", today, at) + _remind("late", today, at)


def _remind(kind: Kind, today: date, at: datetime) -> int:
    told = 0
    plans = _due(kind, today).values_list("plan", flat=True).order_by("plan")
    for plan_id in list(plans.distinct()):
        told += _remind_of(plan_id, kind, today, at)
    return told


def _due(kind: Kind, today: date) -> PlanTaskQuerySet:
    rows = PlanTask.objects
    found: PlanTaskQuerySet = (
        rows.due_soon(today, DAYS_BEFORE) if kind == "soon" else rows.overdue(today)
    )
    return found


@transaction.atomic
def _remind_of(plan_id: UUID, kind: Kind, today: date, at: datetime) -> int:
    due = _due(kind, today).filter(plan=plan_id).select_for_update(of=("self",))
    tasks = list(due.select_related("plan__assessment").order_by("position"))
    field = "told_soon" if kind == "soon" else "told_late"
    days: dict[UUID, date] = {}
    for task in tasks:
        # Whoever runs at the same time finds the mark and leaves the task alone.
        rows = _due(kind, today).filter(pk=task.pk, due_on=task.due_on)
        if rows.update(**{field: task.due_on}):
            for user in _told_of(task):
                days[user.pk] = min(days.get(user.pk, task.due_on), task.due_on)
    for user_id, day in days.items():
        notify(
            kind=Notice.Kind.TASK_DUE,
            users=[user_id],
            url=reverse("plan", args=[plan_id]),
            text="task_due" if kind == "soon" else "task_late",
            parameters={"day": day},
            at=at,
        )
    return len(days)


def _told_of(task: PlanTask) -> Iterable[User]:
    """Return the task's owner while a member, else who is in charge."""
    members = Membership.objects.filter(
        organisation=task.plan.assessment.enterprise_id,
        role__in=ANSWERING_ROLES,
        user__is_active=True,
    ).select_related("user")
    own = [member.user for member in members.filter(user=task.owner_id)]
    if own:
        return own
    return [member.user for member in members.filter(role__in=SUBMITTING_ROLES)]
