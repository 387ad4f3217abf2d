"""Reminders: once a date and kind, to whom it concerns, without content."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import Membership, Notice
from accounts.services import remove_member
from reviews.models import ImprovementPlan, PlanTask
from reviews.reminding import remind
from tests.fixtures_assessments import AT

TODAY = date(2026, 11, 24)


@pytest.fixture
def due(plan: ImprovementPlan) -> Any:
    """Return a function that leaves one task to do, due on a day."""

    def make(day: date | None, **fields: Any) -> PlanTask:
        PlanTask.objects.filter(plan=plan).update(due_on=None)
        task = PlanTask.objects.filter(plan=plan, question="level_one").get()
        PlanTask.objects.filter(pk=task.pk).update(due_on=day, **fields)
        return task

    return make


def told(run: Any, at: Any = AT) -> list[tuple[str, ...]]:
    mail.outbox.clear()
    with run(execute=True):
        remind(at)
    return [tuple(message.to) for message in mail.outbox]


@pytest.mark.parametrize(
    ("days", "number"), [(-1, 1), (0, 1), (7, 1), (8, 0), (None, 0)]
)
def test_one_is_reminded_within_a_week_and_when_late(
    due: Any,
    owner: Membership,
    django_capture_on_commit_callbacks: Any,
    days: int | None,
    number: int,
):
    due(None if days is None else TODAY + timedelta(days=days))
    expected = [(owner.user.email,)] * number
    assert told(django_capture_on_commit_callbacks) == expected


def test_each_date_is_reminded_of_once_before_and_once_after(
    due: Any, django_capture_on_commit_callbacks: Any
):
    run = django_capture_on_commit_callbacks
    task = due(TODAY + timedelta(days=3))
    assert [len(told(run)), len(told(run))] == [1, 0]
    later = AT + timedelta(days=4)
    assert [len(told(run, later)), len(told(run, later))] == [1, 0]
    PlanTask.objects.filter(pk=task.pk).update(due_on=TODAY + timedelta(days=10))
    Notice.objects.update(read_at=AT)
    assert [len(told(run, later)), len(told(run, later))] == [1, 0]


@pytest.mark.parametrize("state", ["proposed", "dropped"])
def test_what_is_not_to_be_done_is_not_reminded_of(
    due: Any,
    owner: Membership,
    agency_manager: Membership,
    django_capture_on_commit_callbacks: Any,
    state: str,
):
    agency = agency_manager.organisation
    due(TODAY, state=state, reason="x", proposed_by=agency)
    assert told(django_capture_on_commit_callbacks) == []


def test_the_owner_of_a_task_is_told_while_a_member(
    due: Any,
    owner: Membership,
    contributor: Membership,
    django_capture_on_commit_callbacks: Any,
):
    run = django_capture_on_commit_callbacks
    person = contributor.user
    due(TODAY, owner=person)
    assert told(run) == [(person.email,)]
    remove_member(membership=contributor, actor=owner.user, at=AT)
    due(TODAY + timedelta(days=1), owner=person)
    assert told(run) == [(owner.user.email,)]


def test_a_reminder_says_nothing_of_the_plan(
    due: Any, plan: ImprovementPlan, django_capture_on_commit_callbacks: Any
):
    due(TODAY)
    told(django_capture_on_commit_callbacks)
    [message] = mail.outbox
    words = message.subject + message.body
    [notice] = Notice.objects.filter(kind="task_due")
    assert notice.url == f"/assessments/{plan.pk}/plan/"
    assert notice.parameters == {"day": TODAY.isoformat()}
    assert plan.assessment.enterprise.name not in words
    assert "补齐记录" not in words


def test_many_tasks_make_one_message(
    plan: ImprovementPlan, django_capture_on_commit_callbacks: Any
):
    PlanTask.objects.filter(plan=plan).update(due_on=TODAY)
    assert PlanTask.objects.filter(plan=plan).count() > 1
    assert len(told(django_capture_on_commit_callbacks)) == 1


def test_the_command_reminds(due: Any, capsys: Any):
    due(date(2020, 1, 1))
    call_command("remind_plans")
    call_command("remind_plans")
    assert capsys.readouterr().out == "1 reminders sent.\n0 reminders sent.\n"
