"""Remind of tasks that are due soon or late: that something waits, never what.

`notify` is the one way out of this room; it sends a mail to whoever has not opted
out of mails, and is the place to put another channel in.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import mails
from accounts.models import Membership, User
from assessments.evaluation import local_date
from assessments.rules import ANSWERING_ROLES, SUBMITTING_ROLES
from reviews.models import PlanTask
from reviews.plan_querysets import PlanTaskQuerySet

DAYS_BEFORE = 7

Kind = Literal["soon", "late"]


def notify(user: User, kind: Kind, url: str) -> None:
    """Tell a person that tasks are due soon or late; `url` leads to the plan."""
    mails.send_notices(f"plans/email/{kind}", [user.email], {"url": url})


def remind(at: datetime) -> int:
    """Remind of each due date once a week before, and once after; return how many.

    A person gets one message a plan and kind, however many tasks there are.
    """
    today = local_date(at)
    return _remind("soon", today) + _remind("late", today)


def _remind(kind: Kind, today: date) -> int:
    told = 0
    plans = _due(kind, today).values_list("plan", flat=True).order_by("plan")
    for plan_id in list(plans.distinct()):
        told += _remind_of(plan_id, kind, today)
    return told


def _due(kind: Kind, today: date) -> PlanTaskQuerySet:
    rows = PlanTask.objects
    found: PlanTaskQuerySet = (
        rows.due_soon(today, DAYS_BEFORE) if kind == "soon" else rows.overdue(today)
    )
    return found


@transaction.atomic
def _remind_of(plan_id: UUID, kind: Kind, today: date) -> int:
    due = _due(kind, today).filter(plan=plan_id).select_for_update(of=("self",))
    tasks = list(due.select_related("plan__assessment").order_by("position"))
    field = "told_soon" if kind == "soon" else "told_late"
    people: dict[UUID, User] = {}
    for task in tasks:
        # Whoever runs at the same time finds the mark and leaves the task alone.
        rows = _due(kind, today).filter(pk=task.pk, due_on=task.due_on)
        if rows.update(**{field: task.due_on}):
            people |= {user.pk: user for user in _told_of(task)}
    url = f"{settings.SITE_URL}{reverse('plan', args=[plan_id])}"
    for user in people.values():
        transaction.on_commit(_notice(user, kind, url))
    return len(people)


def _notice(user: User, kind: Kind, url: str) -> Callable[[], None]:
    return lambda: notify(user, kind, url)


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
