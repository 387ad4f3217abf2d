"""What a client's page tells of since one's last visit, and what it keeps quiet."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import narrow_mandate
from accounts.models import Mandate, Membership
from assessments.services import (
    Declaration,
    add_evidence,
    save_answer,
    start_assessment,
    submit_assessment,
)
from reviews.models import ClientVisit
from reviews.services import (
    accept_remark,
    add_remark,
    open_review,
    put_task,
)
from reviews.services.coaching import SAME_VISIT, record_listing, record_visit
from tests.assessments import pdf_files
from tests.assessments.data_sheets import save, typed
from tests.fixtures_assessments import COMPLETE

NOTHING = "以后没有变化。"
FIRST = "这是您第一次打开这家企业"


@pytest.fixture
def agency(reviewer: Membership, signed_in: Any) -> Client:
    return signed_in(reviewer)


def visited(mandate: Mandate, reviewer: Membership, *, ago: int = 1) -> None:
    """Let the reviewer's last visit be some days ago."""
    at = timezone.now() - timedelta(days=ago)
    ClientVisit.objects.update_or_create(
        person=reviewer.user,
        enterprise=mandate.enterprise,
        defaults={"seen_at": at, "listed_at": at, "listed_before": None},
    )


def news(agency: Client, mandate: Mandate) -> str:
    """Return the list of changes as the client's page shows it."""
    page = agency.get(reverse("client", args=[mandate.pk])).text
    part: str = page.split('aria-labelledby="news"')[1].split("</section>")[0]
    return part


@pytest.fixture
def mandate(grant: Any) -> Mandate:
    """A mandate for everything, given two days ago."""
    return grant(at=timezone.now() - timedelta(days=2))


def answer(draft: Any, owner: Membership, question: str, revision: int = 0) -> None:
    save_answer(
        assessment_id=draft.pk, question_id=question, data=COMPLETE[question],
        revision=revision, actor=owner.user, at=timezone.now(),
    )  # fmt: skip


def attach(draft: Any, owner: Membership, question: str, pages: int) -> None:
    add_evidence(
        assessment_id=draft.pk, question_id=question, name="制度.pdf",
        file=ContentFile(pdf_files.blank(pages)), actor=owner.user, at=timezone.now(),
    )  # fmt: skip


def submit(draft: Any, owner: Membership) -> Any:
    return submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=timezone.now(),
    )


# --- What is told -----------------------------------------------------------------


def test_the_first_visit_lists_nothing(
    draft: Any, mandate: Mandate, agency: Client, reviewer: Membership
):
    assert FIRST in news(agency, mandate)
    visited(mandate, reviewer)
    assert NOTHING in news(agency, mandate)


def test_answers_and_files_of_a_draft(
    draft: Any, mandate: Mandate, agency: Client, reviewer: Membership,
    owner: Membership,
):  # fmt: skip
    visited(mandate, reviewer)
    answer(draft, owner, "level_one")
    answer(draft, owner, "level_two")
    attach(draft, owner, "level_one", 1)
    told = news(agency, mandate)
    assert "改了 2 道题的回答" in told
    assert "新传了 1 个证明文件" in told
    assert reverse("client-assessment", args=[draft.pk]) in told


def test_a_new_submission(
    draft: Any, fill: Any, grant: Any, agency: Client, reviewer: Membership,
    owner: Membership,
):  # fmt: skip
    """Without drafts all of it is new: its single answers are not counted."""
    fill(draft, COMPLETE)
    mandate = grant(Scope(evidence=True), at=timezone.now() - timedelta(days=2))
    visited(mandate, reviewer)
    attach(draft, owner, "level_one", 1)
    assert NOTHING in news(agency, mandate)
    submit(draft, owner)
    told = news(agency, mandate)
    assert "提交了新的自评" in told
    assert "道题的回答" not in told
    assert "证明文件" not in told


def test_a_new_draft(
    mandate: Mandate, agency: Client, reviewer: Membership, owner: Membership,
    small_version: Any,
):  # fmt: skip
    visited(mandate, reviewer)
    start_assessment(
        enterprise=owner.organisation, bank_version=small_version, actor=owner.user,
        at=timezone.now(),
    )  # fmt: skip
    assert "开始填写新的自评" in news(agency, mandate)


def test_answered_remarks(
    submitted: Any, mandate: Mandate, agency: Client, reviewer: Membership,
    owner: Membership,
):  # fmt: skip
    now = timezone.now()
    review = open_review(assessment_id=submitted.pk, actor=reviewer.user, at=now)
    remark = add_remark(
        review_id=review.pk, question_id="level_one", text="请补。",
        actor=reviewer.user, at=now,
    )  # fmt: skip
    visited(mandate, reviewer)
    assert "答复" not in news(agency, mandate)
    accept_remark(remark_id=remark.pk, text="好。", actor=owner.user, at=timezone.now())
    visited(mandate, reviewer)
    told = news(agency, mandate)
    assert "答复了评审意见 1 次" in told
    assert reverse("review", args=[review.pk]) in told


def test_finished_tasks(
    plan: Any, mandate: Mandate, agency: Client, reviewer: Membership,
    owner: Membership,
):  # fmt: skip
    visited(mandate, reviewer)
    task = plan.tasks.order_by("position").first()
    put_task(
        assessment_id=plan.pk, task_id=task.pk, state="done", actor=owner.user,
        at=timezone.now(),
    )  # fmt: skip
    told = news(agency, mandate)
    assert "完成了 1 项整改任务" in told
    assert reverse("plan", args=[plan.pk]) in told


def test_a_changed_data_sheet(
    mandate: Mandate, agency: Client, reviewer: Membership, owner: Membership
):
    visited(mandate, reviewer)
    sheet = save(owner, typed(staff="350"), at=timezone.now())
    told = news(agency, mandate)
    assert "修改了 2025 年企业数据表" in told
    assert reverse("client-data-sheet", args=[sheet.pk]) in told


def test_a_narrowed_mandate(
    mandate: Mandate, agency: Client, reviewer: Membership, owner: Membership
):
    visited(mandate, reviewer)
    narrow_mandate(
        mandate=mandate, scope=Scope(evidence=True), actor=owner.user,
        at=timezone.now(),
    )  # fmt: skip
    told = news(agency, mandate)
    assert "授权变化（缩小范围），现在可以看：全部自评、全部部分、证明材料" in told


# --- What is kept quiet -----------------------------------------------------------


def test_nothing_outside_the_scope_is_told(
    draft: Any, grant: Any, agency: Client, reviewer: Membership, owner: Membership
):
    scope = Scope(drafts=True, sections=frozenset({"TWO"}))
    mandate = grant(scope, at=timezone.now() - timedelta(days=2))
    visited(mandate, reviewer)
    answer(draft, owner, "level_one")
    attach(draft, owner, "level_two", 1)
    save(owner, typed(staff="350"), at=timezone.now())
    assert NOTHING in news(agency, mandate)
    answer(draft, owner, "level_two")
    visited(mandate, reviewer)
    assert "改了 1 道题的回答" in news(agency, mandate)


def test_remarks_of_another_agency_are_not_told(
    submitted: Any, mandate: Mandate, agency: Client, reviewer: Membership,
    owner: Membership, other_reviewer: Membership,
):  # fmt: skip
    now = timezone.now()
    review = open_review(assessment_id=submitted.pk, actor=other_reviewer.user, at=now)
    remark = add_remark(
        review_id=review.pk, question_id="", text="请补。",
        actor=other_reviewer.user, at=now,
    )  # fmt: skip
    visited(mandate, reviewer)
    accept_remark(remark_id=remark.pk, text="好。", actor=owner.user, at=timezone.now())
    assert NOTHING in news(agency, mandate)


# --- Visits -----------------------------------------------------------------------


def test_looking_again_soon_belongs_to_the_same_visit(
    mandate: Mandate, reviewer: Membership
):
    at = timezone.now()

    def listed(minutes: float) -> Any:
        return record_listing(
            person=reviewer.user, enterprise=mandate.enterprise_id,
            at=at + timedelta(minutes=minutes),
        )  # fmt: skip

    later = SAME_VISIT.total_seconds() / 60 + 1
    assert [listed(0), listed(5)] == [None, None]
    second = at + timedelta(minutes=5)
    assert [listed(5 + later), listed(6 + later)] == [second, second]
    assert listed(6 + 2 * later) == at + timedelta(minutes=6 + later)


def test_reading_answers_does_not_make_a_change_look_old(
    mandate: Mandate, reviewer: Membership
):
    at = timezone.now()
    who = {"person": reviewer.user, "enterprise": mandate.enterprise_id}
    record_listing(**who, at=at)
    record_visit(**who, at=at + timedelta(days=1))
    assert record_listing(**who, at=at + timedelta(days=2)) == at


def test_a_reload_shows_the_same_list(
    draft: Any, mandate: Mandate, agency: Client, reviewer: Membership,
    owner: Membership,
):  # fmt: skip
    visited(mandate, reviewer)
    answer(draft, owner, "level_one")
    assert news(agency, mandate) == news(agency, mandate)


def test_colleagues_have_visits_of_their_own(
    draft: Any, mandate: Mandate, agency: Client, reviewer: Membership,
    agency_manager: Membership, owner: Membership, signed_in: Any,
):  # fmt: skip
    visited(mandate, agency_manager)
    answer(draft, owner, "level_one")
    assert FIRST in news(agency, mandate)
    assert "改了 1 道题的回答" in news(signed_in(agency_manager), mandate)


# --- What it costs ----------------------------------------------------------------


def test_queries_do_not_grow_with_what_changed(
    mandate: Mandate, agency: Client, reviewer: Membership, owner: Membership,
    small_version: Any,
):  # fmt: skip
    def statements() -> int:
        visited(mandate, reviewer)
        news(agency, mandate)
        visited(mandate, reviewer)
        with CaptureQueriesContext(connection) as captured:
            news(agency, mandate)
        return sum("SAVEPOINT" not in one["sql"] for one in captured)

    def one_more(year: int) -> None:
        """Submit an assessment with a file and save a data sheet."""
        made = start_assessment(
            enterprise=owner.organisation, bank_version=small_version,
            actor=owner.user, at=timezone.now(),
        )  # fmt: skip
        for question in COMPLETE:
            answer(made, owner, question)
        attach(made, owner, "level_one", year - 2000)
        submit(made, owner)
        save(owner, typed(staff="350"), year=year, at=timezone.now())

    one_more(2025)
    one = statements()
    for year in (2024, 2023):
        one_more(year)
    assert statements() == one <= 26
