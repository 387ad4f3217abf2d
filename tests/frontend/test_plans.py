"""Pages of improvement plans and of the readiness to apply."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.mandate_scope import Scope
from accounts.models import AccessRecord, Mandate, Membership
from assessments.models import Assessment, Evidence
from assessments.services import (
    Declaration,
    save_answer,
    start_assessment,
    submit_assessment,
)
from question_bank.publishing import publish
from reviews import exporting
from reviews.models import ImprovementPlan, PlanEvent, PlanTask, ReadinessItem
from reviews.services import Preparation, add_task, prepare_item
from reviews.services.tasks import TaskContent
from tests.fixtures_assessments import AT, COMPLETE
from tests.frontend.test_answering import text_of
from tests.reviews.test_calendar_file import read_back


@pytest.fixture
def client(signed_in: Any, owner: Membership) -> Any:
    return signed_in(owner)


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def task(plan: ImprovementPlan, question: str = "level_one") -> PlanTask:
    return PlanTask.objects.get(plan=plan, question=question)


# --- The plan ---------------------------------------------------------------------


def test_the_result_leads_to_the_plan_and_the_plan_is_made(
    client: Any, sealed_with_gaps: Any
):
    path = url("plan", sealed_with_gaps.pk)
    assert path in client.get(url("result", sealed_with_gaps.pk)).content.decode()
    assert path in client.get(url("home")).content.decode()
    assert "建立整改计划" in text_of(client.get(path))
    assert client.post(path)["Location"] == path
    text = text_of(client.get(path))
    assert "补齐记录。" in text


def test_the_plan_is_ordered_and_filtered(client: Any, plan: ImprovementPlan):
    path = url("plan", plan.pk)
    assert "知识产权部" in text_of(client.get(path + "?by=department&show=all"))
    PlanTask.objects.filter(plan=plan).update(due_on="2020-01-01")
    assert "已逾期" in text_of(client.get(path + "?by=nonsense&show=nonsense"))


def test_the_plan_costs_few_queries_whatever_its_length(
    client: Any, plan: ImprovementPlan, owner: Membership
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("plan", plan.pk)).status_code == 200
        return len(seen)

    queries()
    before = queries()
    for number in range(5):
        content = TaskContent(f"任务 {number}", owner=owner.user.pk)
        add_task(assessment_id=plan.pk, content=content, actor=owner.user, at=AT)
    assert queries() == before <= 10


def test_a_task_is_ticked_from_the_plan(client: Any, plan: ImprovementPlan):
    found = task(plan)
    answer = client.post(
        url("plan-task-state", plan.pk, found.pk), {"state": "done", "then": "plan"}
    )
    assert answer["Location"] == url("plan", plan.pk)
    assert task(plan).state == "done"


def test_a_task_is_added_changed_and_given_up(
    client: Any, plan: ImprovementPlan, owner: Membership
):
    answer = client.post(
        url("plan-task-add", plan.pk),
        {"text": "建立软件台账", "department": "ip", "owner": str(owner.user.pk),
         "due_on": "2027-01-08", "evidence": "台账\n\n盘点记录"},
    )  # fmt: skip
    made = PlanTask.objects.get(kind="own")
    path = url("plan-task", plan.pk, made.pk)
    assert answer["Location"] == path
    assert made.evidence == ["台账", "盘点记录"]
    client.post(path, {"text": "建立软件台账", "due_on": ""})
    made.refresh_from_db()
    assert (made.owner, made.due_on, made.evidence) == (None, None, [])
    state = url("plan-task-state", plan.pk, made.pk)
    client.post(state, {"state": "dropped"})
    assert PlanTask.objects.get(pk=made.pk).state == "open"
    client.post(state, {"state": "dropped", "reason": "已有系统"})
    assert "已有系统" in text_of(client.get(path))


def test_the_words_of_the_bank_stay_when_they_are_left_alone(
    client: Any, plan: ImprovementPlan
):
    found = task(plan)
    client.post(
        url("plan-task", plan.pk, found.pk),
        {"text": "补齐记录。", "department": "ip", "due_on": "2027-01-08",
         "evidence": "制度文件"},
    )  # fmt: skip
    found.refresh_from_db()
    assert found.text == {"zh": "补齐记录。", "en": "Complete the records."}
    assert PlanEvent.objects.get(kind="changed").changes.keys() == {"due_on"}


def test_an_empty_task_is_refused_where_it_was_typed(
    client: Any, plan: ImprovementPlan
):
    text = text_of(client.post(url("plan-task-add", plan.pk), {"text": " "}))
    assert "请写明要做什么。" in text


def test_a_comment_stands_in_the_history(client: Any, plan: ImprovementPlan):
    found = task(plan)
    client.post(
        url("plan-task-comment", plan.pk, found.pk), {"text": "<b>要写日期</b>"}
    )
    html = client.get(url("plan-task", plan.pk, found.pk)).content.decode()
    assert "&lt;b&gt;要写日期" in html
    assert "要写日期" in text_of(client.get(url("plan-history", plan.pk)))


def test_contradicting_run_dates_are_refused(client: Any, plan: ImprovementPlan):
    path = url("plan-dates", plan.pk)
    text = text_of(client.post(path, {"start": "2026-10-05", "audit": "2026-10-01"}))
    assert "内部审核不能早于体系开始运行的日期。" in text
    answer = client.post(path, {"start": "2026-10-05", "audit": "2026-11-01"})
    assert answer["Location"] == url("plan", plan.pk)


def test_the_calendar_and_its_file_hold_the_due_dates(
    client: Any, plan: ImprovementPlan
):
    found = task(plan)
    assert "补齐记录。" in text_of(client.get(url("plan-calendar", plan.pk)))
    path = url("plan-calendar-file", plan.pk)
    events = {event["UID"]: event for event in read_back(client.get(path).content)}
    mine = events[f"task-{found.pk}"]
    assert mine["SUMMARY"] == "补齐记录。"
    assert mine["DTSTART;VALUE=DATE"] == f"{found.due_on:%Y%m%d}"
    assert events[f"run-{plan.pk}"]["DTSTART;VALUE=DATE"] == "20270105"
    PlanTask.objects.filter(pk=found.pk).update(due_on="2027-03-01")
    again = {event["UID"]: event for event in read_back(client.get(path).content)}
    assert again.keys() == events.keys()
    assert again[mine["UID"]]["DTSTART;VALUE=DATE"] == "20270301"


def test_the_next_assessment_is_previewed_and_started(
    client: Any, plan: ImprovementPlan, owner: Membership
):
    client.post(url("plan-task-state", plan.pk, task(plan).pk), {"state": "done"})
    path = url("plan-next", plan.pk)
    text = text_of(client.get(path))
    assert "level_one 做到哪一步？" in text
    assert "4 题，可以一次全部确认" in text
    answer = client.post(path)
    made = Assessment.objects.drafts().get()
    assert answer["Location"] == url("moved", made.pk)
    assert "整改任务已完成或题目有变化" in text_of(client.get(url("moved", made.pk)))
    page = text_of(client.get(url("answer-page", made.pk, "C-ONE")))
    assert "上次的回答，供参考" in page
    assert "来自上次自评，请确认" in page
    assert client.get(path)["Location"] == url("assessment", made.pk)


# --- The agency -------------------------------------------------------------------


def test_an_agency_proposes_a_task_and_is_recorded(
    signed_in: Any,
    plan: ImprovementPlan,
    grant: Callable[..., Mandate],
    reviewer: Membership,
):
    grant()
    agency = signed_in(reviewer)
    assert url("plan", plan.pk) in agency.get(url("result", plan.pk)).content.decode()
    html = agency.get(url("plan", plan.pk)).content.decode()
    assert "提议任务" in html
    assert "标为已完成" not in html
    assert AccessRecord.objects.filter(
        door="plan", object_id=str(plan.pk), what="assessment"
    ).exists()
    agency.post(url("plan-task-add", plan.pk), {"text": "补一次培训"})
    assert PlanTask.objects.get(kind="own").state == "proposed"
    page = agency.get(url("plan-task", plan.pk, task(plan).pk))
    assert "服务机构只能提意见" in text_of(page)
    state = url("plan-task-state", plan.pk, task(plan).pk)
    assert agency.post(state, {"state": "done"}).status_code == 403
    for name in ("plan-dates", "plan-next"):
        assert agency.get(url(name, plan.pk)).status_code == 403


def test_an_agency_learns_no_names_of_the_enterprise_from_the_form(
    signed_in: Any,
    plan: ImprovementPlan,
    grant: Callable[..., Mandate],
    reviewer: Membership,
    contributor: Membership,
):
    grant()
    html = signed_in(reviewer).get(url("plan-task-add", plan.pk)).content.decode()
    assert contributor.user.email not in html


# --- Readiness --------------------------------------------------------------------


@pytest.fixture
def linked(plan: ImprovementPlan, owner: Membership) -> Evidence:
    """The one file, linked to two items of the checklist."""
    file = plan.assessment.evidence.get()
    for item in ("documents", "issue"):
        prepare_item(
            assessment_id=plan.pk,
            item=item,
            preparation=Preparation("ready", files=[file.pk]),
            actor=owner.user,
            at=AT,
        )
    return file


def test_the_readiness_page_says_what_blocks(client: Any, plan: ImprovementPlan):
    text = text_of(client.get(url("readiness", plan.pk)))
    for words in ("暂不可申请", "严重问题未关闭", "运行期未满足", "认证申请书"):
        assert words in text
    assert "可以提出申请" not in text


def test_an_item_is_saved_and_refused(client: Any, plan: ImprovementPlan):
    path = url("readiness-item", plan.pk, "permits")
    assert "请写明为什么不适用。" in text_of(
        client.post(path, {"state": "not_applicable"})
    )
    file = plan.assessment.evidence.get()
    answer = client.post(path, {"state": "working", "papers": [str(file.pk)]})
    assert answer["Location"] == url("readiness", plan.pk)
    assert ReadinessItem.objects.get().files.get() == file
    assert client.get(url("readiness-item", plan.pk, "nowhere")).status_code == 404


def test_a_bank_without_a_checklist_has_no_readiness(
    client: Any, submitted: Any, owner: Membership
):
    client.post(url("plan", submitted.pk))
    assert "申请准备" not in text_of(client.get(url("plan", submitted.pk)))
    for name in ("readiness", "readiness-file"):
        assert client.get(url(name, submitted.pk)).status_code == 404


def test_a_bank_without_a_waiting_gate_has_no_run_clock(
    client: Any, plan: ImprovementPlan, small_bank: Any
):
    assert "更改运行日期" in text_of(client.get(url("plan", plan.pk)))
    without = publish(bank=replace(small_bank, id="other", gates=()), at=AT)
    made = start_assessment(
        enterprise=plan.assessment.enterprise,
        bank_version=without,
        actor=plan.created_by,
        at=AT,
    )
    for question_id, data in COMPLETE.items():
        save_answer(
            assessment_id=made.pk, question_id=question_id, data=data, revision=0,
            actor=plan.created_by, at=AT,
        )  # fmt: skip
    submit_assessment(
        assessment_id=made.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=plan.created_by,
        at=AT,
    )
    client.post(url("plan", made.pk))
    assert "更改运行日期" not in text_of(client.get(url("plan", made.pk)))


def opened(answer: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_export_holds_index_and_files(
    client: Any, plan: ImprovementPlan, linked: Evidence
):
    with opened(client.get(url("readiness-file", plan.pk))) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        files = [
            "07_体系文件/01_知识产权制度.pdf",
            "08_体系文件的批准发布记录/01_知识产权制度.pdf",
        ]
        assert names == ["index.html", "index.csv", "SHA256SUMS.txt", *files]
        with default_storage.open(linked.key) as stored:
            content = stored.read()
        assert [packed.read(name) for name in files] == [content, content]
        sums = packed.read("SHA256SUMS.txt").decode().splitlines()
        digest = hashlib.sha256(content).hexdigest()
        assert sums == [f"{digest}  {name}" for name in files]
        index = packed.read("index.html").decode()
        assert "暂不可申请" in index
        assert digest in index
        assert packed.read("index.csv").decode("utf-8-sig").count("\r\n") == 17


def test_the_export_speaks_the_language_of_its_reader(
    client: Any, plan: ImprovementPlan, linked: Evidence
):
    headers = {"Accept-Language": "en"}
    answer = client.get(url("readiness-file", plan.pk), headers=headers)
    with translation.override("zh-hans"), opened(answer) as packed:
        assert "07_System documents/01_知识产权制度.pdf" in packed.namelist()
        assert "Paper,Status" in packed.read("index.csv").decode("utf-8-sig")
        assert "Cannot apply yet" in packed.read("index.html").decode()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.pdf", "_.._etc_passwd.pdf"),
        ("C:\\temp\\制度.pdf", "C__temp_制度.pdf"),
        ("a:b?.pdf", "a_b_.pdf"),
        ("..", "file"),
        ("名\u202e字\n.pdf", "名字.pdf"),
    ],
)
def test_names_in_the_export_lead_nowhere(name: str, safe: str):
    assert exporting.safe_name(name) == safe


def test_a_formula_in_a_note_is_no_formula_in_the_index(
    client: Any, plan: ImprovementPlan, owner: Membership
):
    prepare_item(
        assessment_id=plan.pk,
        item="licence",
        preparation=Preparation("ready", note="=1+1"),
        actor=owner.user,
        at=AT,
    )
    with opened(client.get(url("readiness-file", plan.pk))) as packed:
        assert ",'=1+1," in packed.read("index.csv").decode("utf-8-sig")


def test_too_much_is_refused_before_the_first_byte(
    client: Any,
    plan: ImprovementPlan,
    linked: Evidence,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(exporting, "MOST_BYTES", 10)
    answer = client.get(url("readiness-file", plan.pk))
    assert answer["Location"] == url("readiness", plan.pk)


def test_a_lost_file_is_told_before_the_first_byte(
    client: Any, plan: ImprovementPlan, linked: Evidence
):
    default_storage.delete(linked.key)
    assert client.get(url("readiness-file", plan.pk)).status_code == 404


def test_an_agency_exports_with_evidence_alone_and_is_recorded(
    signed_in: Any,
    plan: ImprovementPlan,
    linked: Evidence,
    grant: Callable[..., Mandate],
    reviewer: Membership,
):
    path = url("readiness-file", plan.pk)
    agency = signed_in(reviewer)
    assert agency.get(path).status_code == 404
    grant(Scope(report=True))
    assert agency.get(path).status_code == 404
    assert "知识产权制度" not in text_of(agency.get(url("readiness", plan.pk)))
    assert not AccessRecord.objects.filter(door="readiness-file").exists()
    grant()
    with opened(agency.get(path)) as packed:
        assert len(packed.namelist()) == 5
    rows = AccessRecord.objects.filter(door="readiness-file", is_download=True)
    assert {row.what for row in rows} >= {"evidence", "assessment"}
    assert agency.get(url("readiness-item", plan.pk, "licence")).status_code == 403
