"""The people, things and doors of the machine, and the rules written down again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st

from accounts.mandate_scope import Scope
from accounts.mandates import Terms, grant_mandate, revoke_mandate
from accounts.models import Membership
from reviews.checklist import checklist
from reviews.models import PlanTask, Review
from reviews.services import (
    Preparation,
    TaskContent,
    add_remark,
    add_task,
    make_plan,
    open_review,
    prepare_item,
)
from tests.fixtures_mandates import EVERYTHING
from tests.mandates.world import Owned, doors

HOUR = timedelta(hours=1)
BEHIND = 2 * HOUR
"""Mandates start this long ago, so that moving their end back is time passing."""

PAGES = (
    "answers page", "draft page", "result", "api assessment", "api draft",
    "api answers", "api answer one", "api answer two", "api check", "api result",
    "api reports", "report", "api report", "reviews", "api reviews", "review",
    "api review", "plan", "plan history", "calendar", "task", "readiness",
    "preview one", "draft preview", "data sheet", "api data sheet",
)  # fmt: skip
DOWNLOADS = (
    "file one", "file two", "draft file", "report file", "api report file",
    "calendar file", "papers",
)  # fmt: skip
OF_REPORTS = ("api reports", "report", "report file", "api report", "api report file")
OF_REVIEWS = ("reviews", "api reviews", "review", "api review")
OF_PLANS = ("plan", "plan history", "calendar", "calendar file", "task", "readiness")


@st.composite
def scopes(draw: Callable[[Any], Any], sealed: Callable[[], UUID]) -> Scope:
    """Draw any scope that makes sense."""
    which = draw(st.sampled_from(["all", "sealed", "another"]))
    named = {"all": None, "sealed": {sealed()}, "another": {uuid4()}}[which]
    sections = draw(st.sampled_from([None, None, ("ONE",), ("TWO",), ("ONE", "TWO")]))
    flags = {
        name: draw(st.booleans())
        for name in ("evidence", "report", "data_sheet", "drafts")
    }
    flags["report"] &= sections is None
    return Scope(
        assessments=None if named is None else frozenset(named),
        sections=None if sections is None else frozenset(sections),
        **flags,
    )


class Stage:
    """The people and things of a run, made once; every example starts from them."""

    owned: ClassVar[Owned]
    manager: ClassVar[Membership]
    reviewer: ClassVar[Membership]
    review: ClassVar[Review]
    task: ClassVar[PlanTask]

    @classmethod
    def sealed(cls) -> UUID:
        """Return the id of the sealed assessment."""
        return cls.owned.sealed.pk

    @classmethod
    def set(cls, owned: Owned, manager: Membership, reviewer: Membership) -> None:
        """Leave behind what a mandate that is over left: a review, a plan, papers."""
        cls.owned, cls.manager, cls.reviewer = owned, manager, reviewer
        owner, at, sealed = owned.owner, timezone.now() - 2 * BEHIND, owned.sealed.pk
        mandate = grant_mandate(
            enterprise=owner.organisation,
            agency=manager.organisation,
            terms=Terms(EVERYTHING, "coaching", timezone.now() + timedelta(days=30)),
            actor=owner.user,
            at=at,
        )
        cls.review = open_review(assessment_id=sealed, actor=reviewer.user, at=at)
        for question in ("level_one", "level_two"):
            add_remark(
                review_id=cls.review.pk,
                question_id=question,
                text=f"remark on {question}",
                actor=reviewer.user,
                at=at,
            )
        plan = make_plan(assessment_id=sealed, actor=owner.user, at=at)
        cls.task = add_task(
            assessment_id=plan.pk, content=TaskContent("x"), actor=owner.user, at=at
        )
        prepare_item(
            assessment_id=plan.pk,
            item=checklist(owned.sealed.bank_version.bank)[0].id,
            preparation=Preparation("working", files=[owned.files["level_two"]]),
            actor=owner.user,
            at=at,
        )
        revoke_mandate(mandate=mandate, actor=owner.user, at=at)

    @classmethod
    def doors(cls) -> dict[str, str]:
        """Return the address of every door by its name."""
        sealed, review = cls.sealed(), cls.review.pk
        return doors(cls.owned) | {
            "api report": reverse("api-report", args=[cls.owned.report.pk]),
            "api report file": reverse("api-report-file", args=[cls.owned.report.pk]),
            "reviews": reverse("assessment-reviews", args=[sealed]),
            "api reviews": reverse("api-assessment-reviews", args=[sealed]),
            "review": reverse("review", args=[review]),
            "api review": reverse("api-review", args=[review]),
            "plan": reverse("plan", args=[sealed]),
            "plan history": reverse("plan-history", args=[sealed]),
            "calendar": reverse("plan-calendar", args=[sealed]),
            "calendar file": reverse("plan-calendar-file", args=[sealed]),
            "task": reverse("plan-task", args=[sealed, cls.task.pk]),
            "readiness": reverse("readiness", args=[sealed]),
            "papers": reverse("readiness-file", args=[sealed]),
        }


def expected(door: str, scope: Scope | None) -> bool:
    """Tell whether a door opens for this scope: the rules, written down again."""
    if scope is None:
        return False
    sealed = scope.assessments is None or Stage.sealed() in scope.assessments
    draft = scope.drafts and scope.assessments is None
    whole = scope.sections is None
    one, two = scope.shows("ONE"), scope.shows("TWO")
    report, evidence = sealed and scope.report, scope.evidence
    plan = sealed and whole and (scope.report or evidence)
    return {
        "answers page": sealed,
        "draft page": draft,
        "result": sealed and whole,
        "api assessment": sealed,
        "api draft": draft,
        "api answers": sealed,
        "api answer one": sealed and one,
        "api answer two": sealed and two,
        "api check": sealed and whole,
        "api result": sealed and whole,
        "file one": sealed and evidence and one,
        "file two": sealed and evidence and two,
        "preview one": sealed and scope.evidence and one,
        "draft preview": draft and scope.evidence and one,
        "data sheet": scope.data_sheet,
        "api data sheet": scope.data_sheet,
        "draft file": draft and evidence and one,
        "papers": plan and evidence,
        **dict.fromkeys(OF_REPORTS, report),
        **dict.fromkeys(OF_REVIEWS, sealed),
        **dict.fromkeys(OF_PLANS, plan),
    }[door]


def content(answer: HttpResponse) -> bytes:
    """Return what was answered, read to its end."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
