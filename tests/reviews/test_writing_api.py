"""Writing reviews and plans under /api/v1/: what pages do, under the same rules."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRecord, Mandate, Membership
from assessments.services import save_answer
from reviews.models import ImprovementPlan, PlanTask, Remark, Review, ReviewMark
from reviews.services import TaskContent, add_task, put_task
from reviews.services.coaching import set_stage
from tests.fixtures_assessments import AT

pytestmark = pytest.mark.django_db


def send(
    person: Membership, method: str, url: str, body: Any = None, **more: Any
) -> Any:
    client = Client()
    client.force_login(person.user)
    sent = json.dumps({} if body is None else body)
    headers = {"If-Match": more["match"]} if "match" in more else {}
    return client.generic(
        method, url, sent, content_type="application/json", headers=headers
    )


def mark_url(review: Review, question: str = "level_one") -> str:
    return reverse("api-review-mark", args=[review.pk, question])


def code(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


AGREE = {"verdict": "agree", "answer_revision": 1}
PARTLY = {
    "verdict": "partly", "answer_revision": 1, "reason": "记录不全。",
    "suggested_level": 2,
}  # fmt: skip


# --- Reviews ----------------------------------------------------------------------


def test_an_agency_opens_a_review_once(
    submitted: Any, grant: Any, reviewer: Membership, owner: Membership
):
    url = reverse("api-assessment-reviews", args=[submitted.pk])
    assert code(send(owner, "POST", url)) == (403, "forbidden")
    assert code(send(reviewer, "POST", url)) == (404, "not_found")
    grant()
    opened = send(reviewer, "POST", url)
    assert opened.status_code == 201
    assert opened.json()["id"] == str(Review.objects.get().pk)
    assert code(send(reviewer, "POST", url)) == (409, "review_exists")


def test_a_mark_is_made_changed_and_taken_back_by_its_revision(
    review: Review, reviewer: Membership
):
    url = mark_url(review)
    made = send(reviewer, "PUT", url, PARTLY, match='"0"')
    assert (made.status_code, made["ETag"]) == (200, '"1"')
    assert made.json()["suggested_level"] == 2
    changed = send(reviewer, "PUT", url, AGREE, match='"1"')
    assert (changed.json()["verdict"], changed["ETag"]) == ("agree", '"2"')
    assert send(reviewer, "GET", url)["ETag"] == '"2"'
    assert code(send(reviewer, "DELETE", url, match='"1"')) == (412, "stale_mark")
    assert send(reviewer, "DELETE", url, match='"2"').status_code == 204
    assert send(reviewer, "GET", url).status_code == 404


def test_without_a_revision_nothing_is_marked(review: Review, reviewer: Membership):
    url = mark_url(review)
    assert code(send(reviewer, "PUT", url, AGREE)) == (428, "revision_required")
    assert code(send(reviewer, "DELETE", url)) == (428, "revision_required")
    assert not ReviewMark.objects.exists()


def test_a_mark_of_another_answer_is_refused(
    draft: Any, grant: Any, fill: Any, owner: Membership, reviewer: Membership
):
    fill(draft, {"level_one": {"state": "answered", "value": 2}})
    grant()
    opened = send(
        reviewer, "POST", reverse("api-assessment-reviews", args=[draft.pk])
    ).json()
    save_answer(
        assessment_id=draft.pk, question_id="level_one",
        data={"state": "answered", "value": 3}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    url = reverse("api-review-mark", args=[opened["id"], "level_one"])
    refused = send(reviewer, "PUT", url, AGREE, match='"0"')
    assert code(refused) == (412, "answer_changed")
    assert not ReviewMark.objects.exists()


def test_not_applicable_is_confirmed_or_rejected(
    draft: Any, grant: Any, fill: Any, reviewer: Membership
):
    away = {"state": "not_applicable", "reason": "不设研发部门，也不委托研发。"}
    fill(draft, {"level_two": away})
    grant()
    opened = send(
        reviewer, "POST", reverse("api-assessment-reviews", args=[draft.pk])
    ).json()
    url = reverse("api-review-mark", args=[opened["id"], "level_two"])
    partly = PARTLY | {"suggested_level": None}
    assert code(send(reviewer, "PUT", url, partly, match='"0"'))[0] == 400
    confirmed = send(reviewer, "PUT", url, AGREE, match='"0"')
    assert confirmed.json()["na"] == "confirmed"
    body = {"verdict": "disagree", "answer_revision": 1, "reason": "合同显示有委托。"}
    rejected = send(reviewer, "PUT", url, body, match='"1"')
    assert rejected.json()["na"] == "rejected"


def test_what_is_wrong_with_a_mark_is_named_by_field(
    review: Review, reviewer: Membership
):
    url = mark_url(review)
    for body, field in (
        ({"verdict": "disagree", "answer_revision": 1}, "reason"),
        (AGREE | {"suggested_level": 2}, "suggested_level"),
        (AGREE | {"score": 5}, "score"),
    ):
        answer = send(reviewer, "PUT", url, body, match='"0"')
        assert answer.status_code == 400
        assert [row["field"] for row in answer.json()["errors"]] == [field]


def test_only_the_agency_that_reviews_marks(
    review: Review,
    owner: Membership,
    other_reviewer: Membership,
    stranger: Membership,
):
    for person, status in ((owner, 403), (other_reviewer, 404), (stranger, 404)):
        for method in ("PUT", "DELETE"):
            answer = send(person, method, mark_url(review), AGREE, match='"0"')
            assert answer.status_code == status
    assert not ReviewMark.objects.exists()


def test_a_client_reads_marks_once_the_review_is_given_back(
    review: Review, reviewer: Membership, owner: Membership, mark: Any
):
    mark(review, "level_one", "disagree")
    url = mark_url(review)
    assert send(owner, "GET", url).status_code == 404
    given = reverse("api-review-return", args=[review.pk])
    assert send(reviewer, "POST", given, {"text": "请补证据。"}).status_code == 201
    assert send(owner, "GET", url).json()["verdict"] == "disagree"
    again = send(reviewer, "PUT", url, AGREE, match='"1"')
    assert code(again) == (409, "review_closed")


def test_a_review_is_given_back_for_reasons_or_accepted_when_all_is_marked(
    review: Review, reviewer: Membership, owner: Membership, mark: Any
):
    returned = reverse("api-review-return", args=[review.pk])
    accepted = reverse("api-review-acceptance", args=[review.pk])
    assert code(send(reviewer, "POST", returned)) == (409, "nothing_to_return")
    refused = send(reviewer, "POST", accepted)
    assert code(refused) == (409, "not_all_marked")
    for question in refused.json()["questions"]:
        mark(review, question)
    for url in (returned, accepted):
        assert code(send(owner, "POST", url)) == (403, "forbidden")
    answer = send(reviewer, "POST", accepted, {"text": "材料充分。"})
    assert (answer.json()["state"], answer.json()["note"]) == ("accepted", "材料充分。")


# --- Remarks ----------------------------------------------------------------------


def test_a_thread_goes_to_and_fro(
    review: Review, reviewer: Membership, owner: Membership
):
    url = reverse("api-review-remarks", args=[review.pk])
    made = send(reviewer, "POST", url, {"question": "level_one", "text": "请补交。"})
    assert made.status_code == 201
    thread = reverse("api-remark-messages", args=[made.json()["id"]])
    for person, do, text, state in (
        (owner, "argue", "已经附在第三页。", "argued"),
        (reviewer, "reply", "请看最后一段。", "open"),
        (owner, "accept", "", "accepted"),
        (reviewer, "settle", "谢谢。", "settled"),
    ):
        answer = send(person, "POST", thread, {"do": do, "text": text})
        assert (answer.status_code, answer.json()["state"]) == (201, state)
    late = send(reviewer, "POST", thread, {"do": "reply", "text": "还有一点。"})
    assert code(late) == (409, "remark_settled")
    seen = send(owner, "GET", reverse("api-remark", args=[made.json()["id"]])).json()
    sides = [message["side"] for message in seen["messages"]]
    assert sides == ["agency", "enterprise", "agency", "agency"]


def test_each_side_has_its_own_answers(
    remark: Remark, reviewer: Membership, owner: Membership, other_reviewer: Membership
):
    thread = reverse("api-remark-messages", args=[remark.pk])
    for person, do, status in (
        (owner, "reply", 403),
        (owner, "settle", 403),
        (reviewer, "accept", 403),
        (reviewer, "argue", 403),
        (other_reviewer, "settle", 404),
    ):
        body = {"do": do, "text": "内容"}
        assert send(person, "POST", thread, body).status_code == status
    assert send(owner, "POST", thread, {"do": "argue"}).status_code == 400
    remark.refresh_from_db()
    assert remark.state == "open"


def test_only_the_agency_remarks_and_within_the_bank(
    review: Review, reviewer: Membership, owner: Membership
):
    url = reverse("api-review-remarks", args=[review.pk])
    assert send(owner, "POST", url, {"text": "意见"}).status_code == 403
    body = {"question": "nowhere", "text": "意见"}
    assert send(reviewer, "POST", url, body).status_code == 404
    assert not Remark.objects.exists()


# --- Plans ------------------------------------------------------------------------


def test_a_plan_is_made_once_and_read_with_its_tasks(
    sealed_with_gaps: Any, owner: Membership, stranger: Membership
):
    url = reverse("api-plan", args=[sealed_with_gaps.pk])
    assert send(owner, "GET", url).status_code == 404
    assert send(stranger, "POST", url).status_code == 404
    made = send(owner, "POST", url)
    assert made.status_code == 201
    assert code(send(owner, "POST", url)) == (409, "plan_exists")
    found = send(owner, "GET", url).json()
    assert found == made.json()
    assert len(found["tasks"]) == PlanTask.objects.count() > 0


def test_a_member_adds_changes_and_finishes_a_task(
    plan: ImprovementPlan, owner: Membership
):
    tasks = reverse("api-plan-tasks", args=[plan.pk])
    body = {"text": "建立台账", "owner": str(owner.user_id), "due_on": "2027-01-15"}
    made = send(owner, "POST", tasks, body)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    where = [plan.pk, made.json()["id"]]
    task = reverse("api-plan-task", args=where)
    changed = send(owner, "PATCH", task, {"due_on": "2027-02-01"}).json()
    assert (changed["text"], changed["due_on"]) == ("建立台账", "2027-02-01")
    assert changed["owner"] == str(owner.user_id)
    said = reverse("api-plan-task-comments", args=where)
    assert send(owner, "POST", said, {"text": "已着手。"}).status_code == 201
    state = reverse("api-plan-task-state", args=where)
    done = send(owner, "PUT", state, {"state": "done"}).json()
    assert (done["state"], done["done_by"]) == ("done", str(owner.user))
    refused = send(owner, "PUT", state, {"state": "doing"})
    assert code(refused) == (409, "step_refused")
    kinds = [row["kind"] for row in send(owner, "GET", task).json()["events"]]
    assert kinds == ["added", "changed", "commented", "moved"]


def test_a_task_of_the_bank_keeps_its_words_when_only_its_date_changes(
    plan: ImprovementPlan, owner: Membership
):
    row = PlanTask.objects.filter(plan=plan, question="level_one").get()
    task = reverse("api-plan-task", args=[plan.pk, row.pk])
    changed = send(owner, "PATCH", task, {"due_on": "2027-03-01"}).json()
    assert changed["text"] == row.text
    assert changed["evidence"] == row.evidence
    assert changed["due_on"] == "2027-03-01"


def test_an_agency_proposes_and_no_more(
    plan: ImprovementPlan, grant: Any, reviewer: Membership, owner: Membership
):
    tasks = reverse("api-plan-tasks", args=[plan.pk])
    assert send(reviewer, "POST", tasks, {"text": "补签"}).status_code == 404
    grant()
    named = {"text": "补签", "owner": str(owner.user_id)}
    assert code(send(reviewer, "POST", tasks, named)) == (403, "forbidden")
    made = send(reviewer, "POST", tasks, {"text": "补签"}).json()
    assert made["state"] == "proposed"
    assert made["proposed_by"] == reviewer.organisation.name
    where = [plan.pk, made["id"]]
    state = reverse("api-plan-task-state", args=where)
    assert send(reviewer, "PUT", state, {"state": "done"}).status_code == 403
    assert send(reviewer, "PUT", state, {"state": "open"}).status_code == 409
    task = reverse("api-plan-task", args=where)
    named = {"owner": str(owner.user_id)}
    assert send(reviewer, "PATCH", task, named).status_code == 403
    assert send(owner, "PUT", state, {"state": "open"}).status_code == 200
    worded = send(reviewer, "PATCH", task, {"text": "另一件事"})
    assert code(worded) == (403, "forbidden")
    assert send(reviewer, "PATCH", task, {"due_on": "2027-01-20"}).status_code == 200


def test_a_task_of_another_plan_is_not_found(
    plan: ImprovementPlan, owner: Membership, stranger: Membership
):
    row = PlanTask.objects.filter(plan=plan).first()
    assert row is not None
    for name, method, body in (
        ("api-plan-task", "GET", None),
        ("api-plan-task", "PATCH", {"text": "改"}),
        ("api-plan-task-state", "PUT", {"state": "done"}),
        ("api-plan-task-comments", "POST", {"text": "说"}),
    ):
        url = reverse(name, args=[plan.pk, row.pk])
        assert code(send(stranger, method, url, body)) == (404, "not_found")


def test_dropping_a_task_needs_its_reason(plan: ImprovementPlan, owner: Membership):
    made = add_task(
        assessment_id=plan.pk, content=TaskContent("建台账"), actor=owner.user, at=AT
    )
    state = reverse("api-plan-task-state", args=[plan.pk, made.pk])
    refused = send(owner, "PUT", state, {"state": "dropped"})
    assert [row["field"] for row in refused.json()["errors"]] == ["reason"]
    body = {"state": "dropped", "reason": "改由集团统一建。"}
    assert send(owner, "PUT", state, body).json()["reason"] == "改由集团统一建。"


# --- The workbench ----------------------------------------------------------------


def clients(person: Membership, **query: str) -> Any:
    client = Client()
    client.force_login(person.user)
    return client.get(reverse("api-clients"), query)


def test_the_workbench_lists_clients_with_needs_and_stage(
    new_client: Any, reviewer: Membership
):
    first, second = new_client(days=5), new_client(days=90)
    set_stage(
        mandate=second, stage="run", reached_on=AT.date(), actor=reviewer.user, at=AT
    )
    found = clients(reviewer).json()
    assert found["count"] == 2
    assert [row["mandate"] for row in found["results"]] == [
        str(first.pk),
        str(second.pk),
    ]
    urgent, other = found["results"]
    assert (urgent["needs"], urgent["stage"]) == (["ending"], None)
    assert (other["needs"], other["stage"]) == ([], "run")
    assert urgent["enterprise"]["name"] == first.enterprise.name


def test_the_workbench_is_filtered(new_client: Any, reviewer: Membership):
    first, _second = new_client(days=5), new_client(days=90)
    names = {"q": first.enterprise.name}
    for query in (names, {"need": "ending"}, names | {"stage": "nothing"}):
        rows = clients(reviewer, **query).json()["results"]
        assert [row["mandate"] for row in rows] == [str(first.pk)]
    assert clients(reviewer, view="mine").json()["count"] == 0
    assert clients(reviewer, responsible="nobody").json()["count"] == 2
    assert code(clients(reviewer, stage="nowhere")) == (400, "invalid")


def test_the_workbench_is_an_agencys_and_shows_its_clients_alone(
    new_client: Any, other_agency: Membership, owner: Membership
):
    new_client()
    assert clients(other_agency).json()["results"] == []
    assert code(clients(owner)) == (403, "forbidden")


def test_reading_the_workbench_leaves_a_row_for_each_client(
    submitted: Any, grant: Any, reviewer: Membership
):
    mandate: Mandate = grant()
    assert clients(reviewer).json()["results"][0]["submitted_at"] is not None
    row = AccessRecord.objects.get(door="api-clients")
    assert (row.mandate, row.what, row.is_download) == (mandate, "list", False)


def test_a_finished_task_is_ticked_like_on_the_page(
    plan: ImprovementPlan, owner: Membership
):
    row = PlanTask.objects.filter(plan=plan, question="level_one").get()
    state = reverse("api-plan-task-state", args=[plan.pk, row.pk])
    answer = send(owner, "PUT", state, {"state": "done"})
    other = PlanTask.objects.filter(plan=plan).exclude(pk=row.pk).first()
    assert other is not None
    by_service = put_task(
        assessment_id=plan.pk, task_id=other.pk, state="done", actor=owner.user, at=AT
    )
    assert answer.json()["state"] == by_service.state
