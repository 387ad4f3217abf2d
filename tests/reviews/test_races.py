"""Colleagues, clients and owners at the same moment over one review, plan or client.

SQLite admits one writer at a time, so only PostgreSQL can get these wrong.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from accounts.mandates import revoke_mandate
from accounts.models import Mandate, Membership
from assessments.models import Answer, Assessment
from assessments.services import save_answer
from reviews.models import (
    Absence,
    ClientAssignment,
    CoachingProject,
    ImprovementPlan,
    PlanEvent,
    PlanTask,
    ProjectEvent,
    Remark,
    Review,
    ReviewEvent,
    ReviewMark,
)
from reviews.opinions import Opinion
from reviews.run_clock import RunDates
from reviews.services import (
    TaskContent,
    accept_remark,
    accept_review,
    add_task,
    change_task,
    make_plan,
    mark_question,
    open_review,
    put_task,
    reply_remark,
    return_review,
    set_run_dates,
    settle_remark,
    start_next,
)
from reviews.services.coaching import Team, add_absence, assign_team, set_stage
from tests.accounts.test_races import at_once
from tests.fixtures_assessments import AT
from tests.racing import queued_behind, races

pytestmark = races
ROUNDS = range(2)
Act = Callable[[], object]


def revoking(owner: Membership) -> Act:
    return lambda: revoke_mandate(
        mandate=Mandate.objects.get(), actor=owner.user, at=timezone.now()
    )


# --- Reviews ------------------------------------------------------------------------


def marking(
    review: Review, person: Membership, question: str, verdict: str = "agree"
) -> Act:
    reason = "" if verdict == "agree" else "记录不全。"
    return lambda: mark_question(
        review_id=review.pk,
        question_id=question,
        opinion=Opinion(verdict, reason, None),
        revision=0,
        answer_revision=1,
        actor=person.user,
        at=AT,
    )


def returning(review: Review, person: Membership) -> Act:
    return lambda: return_review(review_id=review.pk, actor=person.user, at=AT)


def happened(review: Review) -> list[str]:
    events = ReviewEvent.objects.filter(review=review).order_by("pk")
    return list(events.values_list("kind", flat=True))


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_marks_on_one_question_the_second_is_asked_to_look(
    _round: int, review: Review, reviewer: Membership, agency_manager: Membership
):
    outcomes = at_once(
        marking(review, reviewer, "level_one"),
        marking(review, agency_manager, "level_one", "disagree"),
    )
    assert outcomes == ["done", "stale_mark"]
    mark = ReviewMark.objects.get()
    event = ReviewEvent.objects.get(kind="marked")
    assert (mark.revision, mark.by) == (1, event.actor)
    assert event.after["verdict"] == mark.verdict


def test_marks_on_different_questions_are_both_kept(
    review: Review, reviewer: Membership, agency_manager: Membership
):
    outcomes = at_once(
        marking(review, reviewer, "level_one"),
        marking(review, agency_manager, "level_two"),
    )
    assert outcomes == ["done", "done"]
    assert ReviewMark.objects.count() == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_nothing_is_marked_after_a_review_was_given_back(
    _round: int, review: Review, remark: Remark, reviewer: Membership,
    agency_manager: Membership,
):  # fmt: skip
    outcomes = at_once(
        marking(review, reviewer, "level_two"), returning(review, agency_manager)
    )
    assert outcomes in (["done", "done"], ["done", "review_closed"])
    assert happened(review)[-1] == "returned"
    marked = happened(review).count("marked")
    assert marked == ReviewMark.objects.count() == outcomes.count("done") - 1


def test_a_mark_that_waits_for_the_return_is_refused(
    review: Review, remark: Remark, reviewer: Membership, agency_manager: Membership
):
    outcomes = queued_behind(
        review,
        returning(review, agency_manager),
        marking(review, reviewer, "level_two"),
        meanwhile=lambda: None,
    )
    assert outcomes == ["done", "review_closed"]
    assert not ReviewMark.objects.exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_review_is_closed_once(
    _round: int, review: Review, remark: Remark, mark: Any, reviewer: Membership,
    agency_manager: Membership,
):  # fmt: skip
    for answer in Answer.objects.filter(assessment=review.assessment):
        if answer.question.startswith("level"):
            mark(review, answer.question)
    outcomes = at_once(
        returning(review, reviewer),
        returning(review, agency_manager),
        lambda: accept_review(review_id=review.pk, actor=reviewer.user, at=AT),
    )
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "review_closed", "not_all_marked"}
    closed = [kind for kind in happened(review) if kind in ("returned", "accepted")]
    review.refresh_from_db()
    assert closed == [review.state]


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_reviews_begun_at_once_one_is(
    _round: int, submitted: Any, grant: Any, reviewer: Membership,
    agency_manager: Membership,
):  # fmt: skip
    grant()

    def opening(person: Membership) -> Act:
        return lambda: open_review(assessment_id=submitted.pk, actor=person.user, at=AT)

    outcomes = at_once(opening(reviewer), opening(agency_manager))
    assert outcomes == ["done", "review_exists"]
    assert Review.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_answer_that_changes_while_it_is_marked(
    _round: int, draft: Any, fill: Any, owner: Membership, grant: Any,
    reviewer: Membership,
):  # fmt: skip
    fill(draft, {"level_one": {"state": "answered", "value": 2}})
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)

    def save() -> object:
        return save_answer(
            assessment_id=draft.pk,
            question_id="level_one",
            data={"state": "answered", "value": 3},
            revision=1,
            actor=owner.user,
            at=AT,
        )

    outcomes = at_once(marking(review, reviewer, "level_one"), save)
    assert outcomes in (["done", "done"], ["answer_changed", "done"])
    assert Answer.objects.get(question="level_one").revision == 2
    # A mark says which answer it is about, so that it never passes for a newer one.
    assert set(ReviewMark.objects.values_list("answer_revision", flat=True)) <= {1}


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_remark_answered_while_it_is_settled(
    _round: int, remark: Remark, owner: Membership, reviewer: Membership
):
    outcomes = at_once(
        lambda: accept_remark(
            remark_id=remark.pk, text="已补交。", actor=owner.user, at=AT
        ),
        lambda: settle_remark(remark_id=remark.pk, actor=reviewer.user, at=AT),
    )
    assert outcomes in (["done", "done"], ["done", "remark_settled"])
    assert happened(remark.review)[-1] == "settled"
    remark.refresh_from_db()
    assert remark.state == "settled"


def test_who_waits_while_the_mandate_is_revoked_marks_nothing(
    review: Review, owner: Membership, reviewer: Membership
):
    outcomes = queued_behind(
        review, marking(review, reviewer, "level_one"), meanwhile=revoking(owner)
    )
    assert outcomes == ["not_found"]
    assert not ReviewMark.objects.exists()


def test_who_waits_while_the_mandate_is_revoked_says_nothing(
    remark: Remark, owner: Membership, reviewer: Membership
):
    outcomes = queued_behind(
        remark,
        lambda: reply_remark(
            remark_id=remark.pk, text="还缺一份。", actor=reviewer.user, at=AT
        ),
        meanwhile=revoking(owner),
    )
    assert outcomes == ["not_found"]
    assert remark.messages.count() == 1


# --- Plans --------------------------------------------------------------------------


def first_task(plan: Any) -> PlanTask:
    found: PlanTask = PlanTask.objects.filter(plan=plan, question="level_one").get()
    return found


def content_of(task: PlanTask, **changed: Any) -> TaskContent:
    return replace(
        TaskContent(
            text=task.text,
            department=task.department,
            owner=task.owner_id,
            owner_name=task.owner_name,
            due_on=task.due_on,
            evidence=tuple(task.evidence),
        ),
        **changed,
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_plan_leads_to_one_next_assessment(
    _round: int, plan: Any, owner: Membership, contributor: Membership
):
    def starting(person: Membership) -> Act:
        return lambda: start_next(
            assessment_id=plan.pk, actor=person.user, at=timezone.now()
        )

    outcomes = at_once(starting(owner), starting(contributor))
    assert outcomes == ["already_followed", "done"]
    made = Assessment.objects.drafts().get()
    assert ImprovementPlan.objects.get().next_assessment == made
    assert PlanEvent.objects.filter(kind="followed").count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_assessment_gets_one_plan(
    _round: int, sealed_with_gaps: Any, owner: Membership, contributor: Membership
):
    def making(person: Membership) -> Act:
        return lambda: make_plan(
            assessment_id=sealed_with_gaps.pk, actor=person.user, at=AT
        )

    assert at_once(making(owner), making(contributor)) == ["done", "plan_exists"]
    assert PlanEvent.objects.get().kind == "made"
    positions = list(PlanTask.objects.values_list("position", flat=True))
    assert len(positions) == len(set(positions)) > 0


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_task_ticked_while_it_is_changed_keeps_both(
    _round: int, plan: Any, owner: Membership, contributor: Membership
):
    task = first_task(plan)
    later = timezone.localdate(AT) + timedelta(days=40)
    outcomes = at_once(
        lambda: put_task(
            assessment_id=plan.pk, task_id=task.pk, state="done", actor=owner.user,
            at=AT,
        ),
        lambda: change_task(
            assessment_id=plan.pk,
            task_id=task.pk,
            content=content_of(task, due_on=later),
            actor=contributor.user,
            at=AT,
        ),
    )  # fmt: skip
    assert outcomes == ["done", "done"]
    task.refresh_from_db()
    assert (task.state, task.due_on, task.done_by) == ("done", later, owner.user)
    kinds = PlanEvent.objects.filter(task=task).values_list("kind", flat=True)
    assert sorted(kinds) == ["changed", "moved"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_tasks_added_at_once_stand_in_an_order(
    _round: int, plan: Any, owner: Membership, contributor: Membership
):
    def adding(person: Membership) -> Act:
        return lambda: add_task(
            assessment_id=plan.pk,
            content=TaskContent("另一项任务"),
            actor=person.user,
            at=AT,
        )

    assert at_once(adding(owner), adding(contributor)) == ["done", "done"]
    positions = list(PlanTask.objects.values_list("position", flat=True))
    assert len(positions) == len(set(positions))


def test_run_dates_changed_at_once_have_one_history(
    plan: Any, owner: Membership, contributor: Membership
):
    start = timezone.localdate(AT) - timedelta(days=200)

    def dating(person: Membership, days: int) -> Act:
        dates = RunDates(start=start + timedelta(days=days), audit=None, review=None)
        return lambda: set_run_dates(
            assessment_id=plan.pk, dates=dates, actor=person.user, at=AT
        )

    outcomes = queued_behind(
        plan, dating(owner, 1), dating(contributor, 2), meanwhile=lambda: None
    )
    assert outcomes == ["done", "done"]
    changes = [
        event.changes["system_start_on"]
        for event in PlanEvent.objects.filter(kind="dated").order_by("pk")
    ]
    assert len(changes) == 2
    for before, after in pairwise(changes):
        assert after[0] == before[1]
    day = ImprovementPlan.objects.get().system_start_on
    assert day is not None
    assert day.isoformat() == changes[-1][1]


def test_who_waits_while_the_mandate_is_revoked_plans_nothing(
    plan: Any, grant: Any, owner: Membership, reviewer: Membership
):
    grant()
    outcomes = queued_behind(
        plan,
        lambda: add_task(
            assessment_id=plan.pk,
            content=TaskContent("机构的提议"),
            actor=reviewer.user,
            at=AT,
        ),
        meanwhile=revoking(owner),
    )
    assert outcomes == ["not_found"]
    assert not PlanTask.objects.filter(state="proposed").exists()


# --- Clients of an agency -----------------------------------------------------------


def assigning(mandate: Mandate, manager: Membership, to: Membership) -> Act:
    return lambda: assign_team(
        mandate=mandate,
        team=Team(to.user_id),
        note="交接完毕",
        actor=manager.user,
        at=timezone.now(),
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_client_assigned_twice_at_once_has_one_responsible_person(
    _round: int, grant: Any, agency_manager: Membership, reviewer: Membership
):
    mandate = grant()
    outcomes = at_once(
        assigning(mandate, agency_manager, reviewer),
        assigning(mandate, agency_manager, agency_manager),
    )
    assert outcomes == ["done", "done"]
    assert CoachingProject.objects.count() == 1
    responsible = ClientAssignment.objects.get(part="responsible").person_id
    first, last = ProjectEvent.objects.order_by("pk")
    assert last.before == first.after
    assert last.after["responsible"] == str(responsible)


def test_who_waits_while_the_mandate_is_revoked_assigns_nothing(
    grant: Any, owner: Membership, agency_manager: Membership, reviewer: Membership
):
    mandate = grant()
    project = set_stage(
        mandate=mandate,
        stage="run",
        reached_on=timezone.localdate(),
        actor=reviewer.user,
        at=timezone.now(),
    )
    outcomes = queued_behind(
        project,
        assigning(mandate, agency_manager, reviewer),
        meanwhile=revoking(owner),
    )
    assert outcomes == ["not_found"]
    assert not ClientAssignment.objects.exists()


@pytest.mark.parametrize("_round", range(4))
def test_two_leaves_noted_at_once_do_not_overlap(
    _round: int, reviewer: Membership, agency_manager: Membership
):
    today = timezone.localdate()

    def leave(by: Membership, days: int) -> Act:
        return lambda: add_absence(
            person=reviewer.user, deputy=agency_manager.user, first_day=today,
            last_day=today + timedelta(days=days), actor=by.user, at=timezone.now(),
        )  # fmt: skip

    outcomes = at_once(leave(reviewer, 3), leave(agency_manager, 5))
    assert outcomes == ["done", "invalid"]
    assert Absence.objects.count() == 1
