"""Improvement plans: made of a result, shared with an agency, followed by another."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.mandate_scope import Scope
from accounts.mandates import revoke_mandate
from accounts.models import AuditEvent, Mandate, Membership
from assessments.models import Answer, Assessment, Move
from assessments.moved import moved
from assessments.services import confirm_answers
from assessments.services.moving import NotSealed
from backend.errors import Forbidden, Invalid, NotFound
from reviews.models import ImprovementPlan, PlanEvent, PlanTask
from reviews.run_clock import RunDates
from reviews.services import (
    TaskContent,
    add_task,
    change_task,
    comment,
    make_plan,
    put_task,
    set_run_dates,
    start_next,
)
from reviews.services.plans import AlreadyFollowed, PlanExists
from reviews.services.tasks import StepRefused, content_of
from tests.fixtures_assessments import AT
from tests.fixtures_mandates import EVERYTHING

State = PlanTask.State


def task(plan: ImprovementPlan, question: str) -> PlanTask:
    return PlanTask.objects.filter(plan=plan, question=question).first()


def put(plan: Any, of: PlanTask, state: str, by: Membership, reason: str = "") -> Any:
    return put_task(
        assessment_id=plan.pk,
        task_id=of.pk,
        state=state,
        reason=reason,
        actor=by.user,
        at=AT,
    )


# --- Making -----------------------------------------------------------------------


def test_a_plan_holds_a_task_for_each_action_of_the_result(
    plan: ImprovementPlan,
):
    from assessments.selectors import result

    actions = result(plan.assessment).plan.actions
    tasks = list(PlanTask.objects.filter(plan=plan).in_order())
    assert [t.question for t in tasks] == [a.question for a in actions]
    assert [t.text for t in tasks] == [dict(a.reason) for a in actions]
    level_one = task(plan, "level_one")
    assert level_one.text["zh"] == "补齐记录。"
    assert level_one.evidence == [{"zh": "制度文件", "en": "Rules"}]
    assert (level_one.kind, level_one.department, level_one.clause) == (
        "gap",
        "ip",
        "C-ONE",
    )
    assert level_one.due_on > date(2026, 11, 24)
    assert plan.system_start_on == date(2026, 10, 5)


def test_a_draft_has_no_plan(draft: Any, owner: Membership):
    with pytest.raises(NotSealed):
        make_plan(assessment_id=draft.pk, actor=owner.user, at=AT)


def test_a_second_plan_is_refused(plan: ImprovementPlan, owner: Membership):
    with pytest.raises(PlanExists):
        make_plan(assessment_id=plan.pk, actor=owner.user, at=AT)
    assert PlanEvent.objects.filter(kind="made").count() == 1


def test_strangers_make_no_plan_and_agencies_neither(
    sealed_with_gaps: Any,
    stranger: Membership,
    grant: Callable[..., Mandate],
    agency_manager: Membership,
):
    grant()
    for person, error in ((stranger, NotFound), (agency_manager, Forbidden)):
        with pytest.raises(error):
            make_plan(assessment_id=sealed_with_gaps.pk, actor=person.user, at=AT)
    assert not ImprovementPlan.objects.exists()


# --- Who sees it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (EVERYTHING, 1),
        (Scope(report=True), 1),
        (Scope(evidence=True), 1),
        (Scope(), 0),
        (Scope(evidence=True, sections=frozenset({"ONE"})), 0),
        (Scope(evidence=True, report=True, assessments=frozenset()), 0),
    ],
)
def test_an_agency_sees_a_plan_with_all_sections_and_report_or_evidence(
    plan: ImprovementPlan,
    draft: Any,
    grant: Callable[..., Mandate],
    agency_manager: Membership,
    scope: Scope,
    seen: int,
):
    if scope.assessments is not None:
        scope = Scope(
            assessments=frozenset({draft.pk}), evidence=True, report=True, drafts=True
        )
    grant(scope)
    assert ImprovementPlan.objects.visible_to(agency_manager.user).count() == seen


def test_a_plan_is_gone_for_the_agency_once_the_mandate_is_revoked(
    plan: ImprovementPlan,
    grant: Callable[..., Mandate],
    owner: Membership,
    agency_manager: Membership,
):
    mandate = grant()
    assert ImprovementPlan.objects.visible_to(agency_manager.user).exists()
    revoke_mandate(mandate=mandate, reason="", actor=owner.user, at=AT)
    assert not ImprovementPlan.objects.visible_to(agency_manager.user).exists()


def test_strangers_see_no_plan_and_no_task(plan: ImprovementPlan, stranger: Membership):
    assert not ImprovementPlan.objects.visible_to(stranger.user).exists()
    assert not PlanTask.objects.visible_to(stranger.user).exists()


# --- Tasks ------------------------------------------------------------------------


def test_a_member_adds_and_changes_a_task(
    plan: ImprovementPlan, contributor: Membership
):
    made = add_task(
        assessment_id=plan.pk,
        content=TaskContent("建立软件台账", "ip", contributor.user.pk),
        actor=contributor.user,
        at=AT,
    )
    assert (made.state, made.kind, made.owner) == ("open", "own", contributor.user)
    changed = change_task(
        assessment_id=plan.pk,
        task_id=made.pk,
        content=TaskContent("建立软件台账", "ip", due_on=date(2027, 1, 8)),
        actor=contributor.user,
        at=AT,
    )
    assert (changed.owner, changed.due_on) == (None, date(2027, 1, 8))
    event = PlanEvent.objects.get(task=made, kind="changed")
    assert event.changes == {
        "owner_id": [str(contributor.user.pk), None],
        "due_on": [None, "2027-01-08"],
    }


def test_saving_a_task_unchanged_writes_no_history(
    plan: ImprovementPlan, owner: Membership
):
    found = task(plan, "level_one")
    change_task(
        assessment_id=plan.pk,
        task_id=found.pk,
        content=content_of(found),
        actor=owner.user,
        at=AT,
    )
    assert not PlanEvent.objects.filter(kind="changed").exists()


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (TaskContent(" "), "text"),
        (TaskContent("长" * 501), "text"),
        (TaskContent("做", "nowhere"), "department"),
        (TaskContent("做", owner=uuid4()), "owner"),
        (TaskContent("做", evidence=("行",) * 21), "evidence"),
    ],
)
def test_a_senseless_task_is_refused(
    plan: ImprovementPlan, owner: Membership, content: TaskContent, field: str
):
    with pytest.raises(Invalid) as caught:
        add_task(assessment_id=plan.pk, content=content, actor=owner.user, at=AT)
    assert set(caught.value.fields) == {field}


def test_nobody_outside_is_made_an_owner(
    plan: ImprovementPlan, owner: Membership, stranger: Membership
):
    content = TaskContent("做", owner=stranger.user.pk)
    with pytest.raises(Invalid):
        add_task(assessment_id=plan.pk, content=content, actor=owner.user, at=AT)


def test_finishing_a_task_says_who_and_when(plan: ImprovementPlan, owner: Membership):
    found = put(plan, task(plan, "level_one"), State.DONE, owner)
    assert (found.done_by, found.done_at) == (owner.user, AT)
    again = put(plan, found, State.OPEN, owner)
    assert (again.done_by, again.done_at) == (None, None)
    assert list(
        PlanEvent.objects.filter(kind="moved").order_by("pk").values_list("changes")
    ) == [({"state": ["open", "done"]},), ({"state": ["done", "open"]},)]
    assert AuditEvent.objects.filter(action="plan_task.moved").count() == 2


def test_giving_a_task_up_needs_a_reason(plan: ImprovementPlan, owner: Membership):
    with pytest.raises(Invalid):
        put(plan, task(plan, "level_one"), State.DROPPED, owner, " ")
    found = put(plan, task(plan, "level_one"), State.DROPPED, owner, "业务已停")
    assert (found.state, found.reason) == ("dropped", "业务已停")


def test_a_step_that_leads_nowhere_is_refused(plan: ImprovementPlan, owner: Membership):
    found = put(plan, task(plan, "level_one"), State.DONE, owner)
    for state in (State.DOING, State.DROPPED, State.PROPOSED, "nonsense"):
        with pytest.raises(StepRefused):
            put(plan, found, state, owner, "原因")


def test_a_task_of_another_plan_is_missing(
    plan: ImprovementPlan, owner: Membership, stranger: Membership
):
    with pytest.raises(NotFound):
        put_task(
            assessment_id=plan.pk,
            task_id=uuid4(),
            state=State.DONE,
            actor=owner.user,
            at=AT,
        )
    with pytest.raises(NotFound):
        put(plan, task(plan, "level_one"), State.DONE, stranger)


def test_the_history_is_append_only(plan: ImprovementPlan):
    for change in (
        lambda: PlanEvent.objects.update(text="x"),
        lambda: PlanEvent.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- The agency -------------------------------------------------------------------


@pytest.fixture
def proposed(
    plan: ImprovementPlan, grant: Callable[..., Mandate], reviewer: Membership
) -> PlanTask:
    """A task a reviewer of the mandated agency proposed."""
    grant()
    content = TaskContent("补一次专题培训", due_on=date(2027, 1, 8))
    return add_task(assessment_id=plan.pk, content=content, actor=reviewer.user, at=AT)


def test_an_agency_proposes_and_a_member_accepts(
    plan: ImprovementPlan, proposed: PlanTask, owner: Membership, reviewer: Membership
):
    assert (proposed.state, proposed.proposed_by) == (
        "proposed",
        reviewer.organisation,
    )
    event = PlanEvent.objects.get(kind="proposed")
    assert (event.actor, event.agency) == (reviewer.user, reviewer.organisation)
    with pytest.raises(StepRefused):
        put(plan, proposed, State.OPEN, reviewer)
    assert put(plan, proposed, State.OPEN, owner).state == "open"


def test_an_agency_dates_and_begins_what_it_proposed_but_never_finishes_it(
    plan: ImprovementPlan, proposed: PlanTask, owner: Membership, reviewer: Membership
):
    put(plan, proposed, State.OPEN, owner)
    content = TaskContent("补一次专题培训", due_on=date(2027, 2, 1))
    changed = change_task(
        assessment_id=plan.pk,
        task_id=proposed.pk,
        content=content,
        actor=reviewer.user,
        at=AT,
    )
    assert changed.due_on == date(2027, 2, 1)
    with pytest.raises(Forbidden):
        change_task(
            assessment_id=plan.pk,
            task_id=proposed.pk,
            content=TaskContent("换个说法", due_on=date(2027, 2, 1)),
            actor=reviewer.user,
            at=AT,
        )
    with pytest.raises(Forbidden):
        put(plan, proposed, State.DONE, reviewer)
    put(plan, proposed, State.DOING, reviewer)
    with pytest.raises(Forbidden):
        put(plan, proposed, State.DONE, reviewer)
    with pytest.raises(StepRefused):
        put(plan, proposed, State.DROPPED, reviewer, "原因")
    assert put(plan, proposed, State.DONE, owner).done_by == owner.user


def test_an_agency_changes_nothing_of_the_client_but_comments(
    plan: ImprovementPlan, grant: Callable[..., Mandate], reviewer: Membership
):
    grant()
    found = task(plan, "level_one")
    for state in (State.DOING, State.DONE, State.DROPPED):
        with pytest.raises(Forbidden):
            put(plan, found, state, reviewer, "原因")
    for content in (
        TaskContent("换个说法"),
        TaskContent(found.text, found.department, None, "", date(2030, 1, 1)),
    ):
        with pytest.raises(Forbidden):
            change_task(
                assessment_id=plan.pk,
                task_id=found.pk,
                content=content,
                actor=reviewer.user,
                at=AT,
            )
    said = comment(
        assessment_id=plan.pk,
        task_id=found.pk,
        text=" 记录要有日期 ",
        actor=reviewer.user,
        at=AT,
    )
    assert (said.text, said.agency) == ("记录要有日期", reviewer.organisation)
    with pytest.raises(Invalid):
        comment(
            assessment_id=plan.pk,
            task_id=found.pk,
            text=" ",
            actor=reviewer.user,
            at=AT,
        )


def test_only_members_set_run_dates_and_start_the_next(
    plan: ImprovementPlan, grant: Callable[..., Mandate], reviewer: Membership
):
    grant()
    with pytest.raises(Forbidden):
        set_run_dates(
            assessment_id=plan.pk,
            dates=RunDates(None, None, None),
            actor=reviewer.user,
            at=AT,
        )
    with pytest.raises(Forbidden):
        start_next(assessment_id=plan.pk, actor=reviewer.user, at=AT)


def test_run_dates_are_set_with_their_history(plan: ImprovementPlan, owner: Membership):
    dates = RunDates(date(2026, 10, 5), date(2026, 12, 20), date(2027, 1, 4))
    set_run_dates(assessment_id=plan.pk, dates=dates, actor=owner.user, at=AT)
    plan.refresh_from_db()
    assert (plan.audit_on, plan.review_on) == (date(2026, 12, 20), date(2027, 1, 4))
    assert PlanEvent.objects.get(kind="dated").changes == {
        "audit_on": [None, "2026-12-20"],
        "review_on": [None, "2027-01-04"],
    }


def test_the_day_of_application_is_kept(plan: ImprovementPlan, owner: Membership):
    dates = RunDates(date(2026, 7, 1), date(2026, 10, 5), date(2026, 10, 20), AT.date())
    set_run_dates(assessment_id=plan.pk, dates=dates, actor=owner.user, at=AT)
    plan.refresh_from_db()
    assert plan.applied_on == AT.date()


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        (RunDates(date(2026, 11, 25), None, None), "start"),
        (RunDates(date(2026, 10, 5), date(2026, 10, 4), None), "audit"),
        (RunDates(None, date(2026, 11, 4), date(2026, 11, 3)), "review"),
        (RunDates(None, None, None, date(2026, 11, 25)), "applied"),
        (RunDates(date(2026, 10, 5), None, None, date(2026, 10, 4)), "applied"),
    ],
)
def test_run_dates_that_contradict_each_other_are_refused(
    plan: ImprovementPlan, owner: Membership, dates: RunDates, field: str
):
    with pytest.raises(Invalid) as caught:
        set_run_dates(assessment_id=plan.pk, dates=dates, actor=owner.user, at=AT)
    assert set(caught.value.fields) == {field}


# --- The next assessment ----------------------------------------------------------


LATER = AT + timedelta(days=90)


def test_only_the_questions_of_finished_tasks_are_open_again(
    plan: ImprovementPlan, owner: Membership
):
    put(plan, task(plan, "level_one"), State.DONE, owner)
    put(plan, task(plan, "level_two"), State.DOING, owner)
    made = start_next(assessment_id=plan.pk, actor=owner.user, at=LATER)
    rows = {row.question: row for row in Answer.objects.filter(assessment=made)}
    assert set(rows) == {"has_export", "started_on", "level_event", "level_two"}
    assert all(row.to_confirm for row in rows.values())
    [hint] = moved(made).hints
    assert (hint.question, hint.relation, hint.kept.value) == (
        "level_one",
        "reopened",
        1,
    )
    assert [file.name for file in made.evidence.all()] == ["知识产权制度.pdf"]
    number = confirm_answers(
        assessment_id=made.pk, questions=None, actor=owner.user, at=LATER
    )
    assert number == 4
    plan.refresh_from_db()
    assert (plan.state, plan.next_assessment) == ("followed", made)


def test_with_nothing_finished_everything_is_carried(
    plan: ImprovementPlan, owner: Membership
):
    made = start_next(assessment_id=plan.pk, actor=owner.user, at=LATER)
    old = Answer.objects.filter(assessment=plan.pk).values_list("question", flat=True)
    new = Answer.objects.filter(assessment=made).values_list("question", flat=True)
    assert set(new) == set(old)
    assert Move.objects.get(assessment=made).hints == []


def test_a_question_with_another_task_to_do_stays_closed(
    plan: ImprovementPlan, owner: Membership
):
    found = task(plan, "level_one")
    PlanTask.objects.create(
        plan=plan, kind="gap", question="level_one", text="再做一步",
        state="open", position=99,
    )  # fmt: skip
    put(plan, found, State.DONE, owner)
    made = start_next(assessment_id=plan.pk, actor=owner.user, at=LATER)
    assert Answer.objects.filter(assessment=made, question="level_one").exists()


def test_the_next_is_started_once(plan: ImprovementPlan, owner: Membership):
    made = start_next(assessment_id=plan.pk, actor=owner.user, at=LATER)
    with pytest.raises(AlreadyFollowed) as caught:
        start_next(assessment_id=plan.pk, actor=owner.user, at=LATER)
    assert caught.value.extra == {"assessment": str(made.pk)}
    assert Assessment.objects.count() == 2


def test_a_stranger_starts_nothing(plan: ImprovementPlan, stranger: Membership):
    with pytest.raises(NotFound):
        start_next(assessment_id=plan.pk, actor=stranger.user, at=LATER)
    assert Assessment.objects.count() == 1


def test_making_a_plan_costs_the_same_for_any_number_of_tasks(
    sealed_with_gaps: Any, owner: Membership
):
    with CaptureQueriesContext(connection) as seen:
        make_plan(assessment_id=sealed_with_gaps.pk, actor=owner.user, at=AT)
    assert len(seen) <= 20
