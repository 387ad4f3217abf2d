"""The pages of a review for the reviewer, the client and everybody else."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from accounts.mandates import revoke_mandate
from accounts.models import AccessRecord, Mandate, Membership
from assessments.models import Evidence
from assessments.services import add_evidence, save_answer
from reviews.models import Remark, Review, ReviewMark
from reviews.selectors import score_beside
from reviews.services import add_remark, open_review, return_review
from reviews.services.access import get_review
from tests.fixtures_assessments import AT, COMPLETE
from tests.fixtures_mandates import EVERYTHING


def signed_in(person: Membership) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def agency(reviewer: Membership) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def enterprise(owner: Membership) -> Client:
    return signed_in(owner)


def split(review: Review, question: str = "level_one") -> str:
    return reverse("review-question", args=[review.pk, question])


def summary(review: Review) -> str:
    return reverse("review", args=[review.pk])


def form(verdict: str, **other: Any) -> dict[str, Any]:
    return {"verdict": verdict, "revision": 0, "answer_revision": 1} | other


# --- The split view ---------------------------------------------------------------


def test_beginning_leads_to_the_first_question(
    submitted: Any, grant: Any, agency: Client
):
    grant()
    listed = reverse("assessment-reviews", args=[submitted.pk])
    assert "开始评审" in agency.get(listed).text
    answer = agency.post(reverse("review-open", args=[submitted.pk]), follow=True)
    assert answer.redirect_chain[-1][0].endswith("/questions/level_one/")
    assert "开始评审" not in agency.get(listed).text
    again = agency.post(reverse("review-open", args=[submitted.pk]))
    assert again.url == listed


def test_the_split_view_shows_what_the_client_said(review: Review, agency: Client):
    page = agency.get(split(review)).text
    assert "level_one 做到哪一步？" in page
    assert "3 · 有记录" in page
    assert "已评审 0 / 3 题" in page


def test_marking_leads_to_the_next_open_question(review: Review, agency: Client):
    answer = agency.post(split(review), form("agree", then="next"))
    assert answer.url == split(review, "level_event")
    assert ReviewMark.objects.get().verdict == "agree"
    assert "已评审 1 / 3 题" in agency.get(split(review)).text
    data = form("partly", suggested_level="2", reason="只有一份记录。")
    assert agency.post(split(review, "level_event"), data).url == split(
        review, "level_event"
    )
    agency.post(split(review, "level_two"), form("agree", then="next"))
    work = reverse("review-work", args=[review.pk])
    assert agency.get(work).url == summary(review)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "请选择评审意见。"),
        ({"verdict": "disagree"}, "请填写内容。"),
        ({"verdict": "agree", "suggested_level": "2"}, "不填建议等级"),
    ],
)
def test_a_refused_mark_keeps_what_was_typed(
    review: Review, agency: Client, data: dict[str, str], told: str
):
    sent = {"revision": 0, "answer_revision": 1, **data}
    page = agency.post(split(review), sent)
    assert page.status_code == 200
    assert told in page.text
    assert not ReviewMark.objects.exists()


def test_a_colleagues_mark_is_shown_before_it_is_overwritten(
    review: Review, agency: Client, mark: Any
):
    mark(review, "level_one", "disagree")
    page = agency.post(split(review), form("partly", reason="我的理由。"))
    assert "同事刚刚改过" in page.text
    assert "我的理由。" in page.text
    assert 'name="revision" value="1"' in page.text
    agency.post(split(review), form("partly", reason="我的理由。", revision=1))
    assert ReviewMark.objects.get().reason == "我的理由。"


def test_a_mark_is_taken_back(review: Review, agency: Client, mark: Any):
    mark(review, "level_one")
    path = reverse("review-unmark", args=[review.pk, "level_one"])
    agency.post(path, {"revision": "nonsense"})
    assert ReviewMark.objects.exists()
    assert agency.post(path, {"revision": 1}).url == split(review)
    assert not ReviewMark.objects.exists()


def test_what_changed_since_is_told(
    draft: Any, fill: Any, grant: Any, agency: Client, reviewer: Membership,
    owner: Membership, mark: Any,
):  # fmt: skip
    fill(draft, {"level_one": {"state": "answered", "value": 2}})
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    mark(review, "level_one")
    assert "上次评审以后的变化" not in agency.get(summary(review)).text
    save_answer(
        assessment_id=draft.pk, question_id="level_one",
        data={"state": "answered", "value": 3}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    assert "上次评审以后的变化" in agency.get(summary(review)).text
    assert "企业改过回答或补了材料" in agency.get(split(review)).text


def statements(client: Client, path: str) -> int:
    """Count the statements of a request, transactions' own aside."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return sum("SAVEPOINT" not in one["sql"] for one in captured)


def test_the_split_view_needs_few_queries(
    review: Review, remark: Remark, agency: Client, reviewer: Membership, mark: Any
):
    agency.get(split(review))
    one = statements(agency, split(review))
    assert one <= 13
    for question in ("level_one", "level_event", "level_two"):
        mark(review, question)
    for text in ("还有一条。", "再有一条。"):
        add_remark(
            review_id=review.pk, question_id="level_one", text=text,
            actor=reviewer.user, at=AT,
        )  # fmt: skip
    assert statements(agency, split(review)) == one


# --- The client's side ------------------------------------------------------------


def test_the_client_answers_remarks(
    review: Review, remark: Remark, enterprise: Client, agency: Client
):
    page = enterprise.get(summary(review)).text
    assert "请补交发布文件。" in page
    assert "评审结束后，这里显示评审得分和逐题意见。" in page
    path = reverse("remark-answer", args=[remark.pk])
    said = enterprise.post(path, {"do": "argue", "text": "已在附件中。"}, follow=True)
    assert "企业有不同看法" in said.text
    assert "已在附件中。" in agency.get(summary(review)).text
    agency.post(path, {"do": "settle"})
    remark.refresh_from_db()
    assert remark.state == "settled"


def test_links_lead_to_the_reviews(
    submitted: Any, grant: Any, enterprise: Client, agency: Client, owner: Membership,
    reviewer: Membership,
):  # fmt: skip
    listed = reverse("assessment-reviews", args=[submitted.pk])
    result = reverse("result", args=[submitted.pk])
    assert listed not in enterprise.get(result).text
    mandate = grant()
    assert listed in agency.get(reverse("client", args=[mandate.pk])).text
    read = reverse("client-assessment", args=[submitted.pk])
    assert listed in agency.get(read).text
    open_review(assessment_id=submitted.pk, actor=reviewer.user, at=AT)
    assert listed in enterprise.get(result).text


def test_nothing_is_said_without_words(
    review: Review, remark: Remark, enterprise: Client
):
    path = reverse("remark-answer", args=[remark.pk])
    answer = enterprise.post(path, {"do": "argue", "text": ""}, follow=True)
    assert "请填写内容。" in answer.text
    assert enterprise.post(path, {"do": "shout"}).status_code == 404


def test_the_client_sees_marks_and_score_once_given_back(
    review: Review, mark: Any, reviewer: Membership, enterprise: Client
):
    mark(review, "level_one", "disagree", level=2)
    assert "记录不全。" not in enterprise.get(summary(review)).text
    return_review(review_id=review.pk, text="请补记录。", actor=reviewer.user, at=AT)
    page = enterprise.get(summary(review)).text
    assert "记录不全。" in page
    assert "84.0" in page
    assert "−16.0" in page
    assert "请补记录。" in page


def test_giving_back_by_page(review: Review, agency: Client, mark: Any):
    refused = agency.post(reverse("review-accept", args=[review.pk]), follow=True)
    assert "还有计分的题没有评审" in refused.text
    refused = agency.post(reverse("review-return", args=[review.pk]), follow=True)
    assert "退回要有理由" in refused.text
    for question in ("level_one", "level_event", "level_two"):
        mark(review, question)
    agency.post(reverse("review-accept", args=[review.pk]), {"text": "可以。"})
    review.refresh_from_db()
    assert (review.state, review.note) == ("accepted", "可以。")


# --- Everybody else ---------------------------------------------------------------


def paths(review: Review) -> list[str]:
    return [
        summary(review),
        split(review),
        reverse("review-work", args=[review.pk]),
        reverse("assessment-reviews", args=[review.assessment_id]),
    ]


def test_a_reviewer_of_another_agency_finds_no_remark_anywhere(
    review: Review, remark: Remark, mark: Any, other_reviewer: Membership
):
    """A canary: a word that must not come through any door."""
    mark(review, "level_one", "disagree")
    client = signed_in(other_reviewer)
    for path in paths(review):
        page = client.get(path)
        assert page.status_code in (200, 404)
        assert "请补交发布文件" not in page.text
        assert "记录不全" not in page.text
        assert review.agency.name not in page.text
    own = open_review(
        assessment_id=review.assessment_id, actor=other_reviewer.user, at=AT
    )
    for path in paths(own):
        page = client.get(path, follow=True)
        assert "请补交发布文件" not in page.text
        assert "记录不全" not in page.text
    posts = [
        (reverse("remark-answer", args=[remark.pk]), {"do": "reply", "text": "x"}),
        (reverse("review-remark", args=[review.pk]), {"text": "x"}),
        (reverse("review-return", args=[review.pk]), {}),
        (split(review), form("agree")),
    ]
    for path, data in posts:
        assert client.post(path, data).status_code == 404


def test_after_revocation_the_agency_finds_nothing_and_the_client_everything(
    review: Review, remark: Remark, agency: Client, enterprise: Client,
    owner: Membership, reviewer: Membership,
):  # fmt: skip
    from django.utils import timezone

    return_review(review_id=review.pk, actor=reviewer.user, at=AT)
    mandate = Mandate.objects.get(is_current=True)
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    assert [agency.get(path).status_code for path in paths(review)] == [404] * 4
    assert "请补交发布文件。" in enterprise.get(summary(review)).text


def test_the_client_does_not_work_on_its_review(review: Review, enterprise: Client):
    assert enterprise.get(split(review)).status_code == 403
    assert enterprise.post(split(review), form("agree")).status_code == 403


def test_what_a_reviewer_reads_is_recorded(review: Review, agency: Client):
    agency.get(split(review))
    agency.get(summary(review))
    doors = {(row.door, row.what, row.object_id) for row in AccessRecord.objects.all()}
    read = ("assessment", str(review.assessment_id))
    assert {("review-question", *read), ("review", *read)} <= doors


# --- Previews ---------------------------------------------------------------------


def picture(kind: str) -> bytes:
    """Return a large picture that says where it was taken."""
    image = Image.new("RGB", (2400, 1200), "navy")
    content = io.BytesIO()
    if kind == "PNG":
        secret = PngInfo()
        secret.add_text("Comment", "secret-place")
        image.save(content, kind, pnginfo=secret)
    else:
        exif = Image.Exif()
        exif[0x010E] = "secret-place"
        image.save(content, kind, exif=exif)
    return content.getvalue()


def attached(assessment: Any, owner: Membership, name: str, data: bytes) -> Evidence:
    return add_evidence(
        assessment_id=assessment.pk, question_id="level_one", file=ContentFile(data),
        name=name, actor=owner.user, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), [("PNG", "现场.png"), ("JPEG", "现场.jpg")])
def test_an_image_is_drawn_anew(
    draft: Any, grant: Any, agency: Client, owner: Membership, kind: str, name: str
):
    content = picture(kind)
    assert b"secret-place" in content
    evidence = attached(draft, owner, name, content)
    grant()
    answer = agency.get(reverse("evidence-preview", args=[evidence.pk]))
    assert answer["Content-Type"] == f"image/{kind.lower()}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"secret-place" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (1600, 800)
    recorded = AccessRecord.objects.get(door="evidence-preview")
    assert (recorded.what, recorded.object_id) == ("evidence", str(evidence.pk))


def test_previews_are_shown_only_to_those_who_may(
    draft: Any, grant: Any, agency: Client, owner: Membership, stranger: Membership
):
    image = attached(draft, owner, "现场.png", picture("PNG"))
    shown = reverse("evidence-preview", args=[image.pk])
    assert agency.get(shown).status_code == 404
    grant()
    assert agency.get(shown).status_code == 200
    assert agency.get(f"{shown}?page=2").status_code == 404
    assert signed_in(stranger).get(shown).status_code == 404


# --- What a narrow mandate shows --------------------------------------------------


def test_of_single_sections_no_figure_tells_of_the_others(
    submitted: Any, grant: Any, agency: Client, reviewer: Membership
):
    grant(replace(EVERYTHING, report=False, sections=frozenset({"ONE"})))
    review = open_review(assessment_id=submitted.pk, actor=reviewer.user, at=AT)
    page = agency.get(summary(review)).text
    assert "评审范围：第一部分。" in page
    assert "第二部分" not in page
    assert "第二条" not in page
    assert "评审可证得分" not in page
    assert agency.get(split(review, "level_two")).status_code == 404
    assert "level_two" not in agency.get(split(review)).text


def test_without_evidence_in_the_mandate_no_file_is_named(
    draft: Any, fill: Any, grant: Any, agency: Client, reviewer: Membership,
    owner: Membership,
):  # fmt: skip
    attached(draft, owner, "现场.png", picture("PNG"))
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    grant(replace(EVERYTHING, evidence=False))
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    page = agency.get(split(review)).text
    assert "授权不包括证明材料。" in page
    assert "现场" not in page
    grant()
    page = agency.get(split(review)).text
    assert "现场.png 的预览" in page


def test_a_mark_of_an_older_answer_is_no_part_of_the_score(
    draft: Any, fill: Any, grant: Any, reviewer: Membership, owner: Membership,
    mark: Any,
):  # fmt: skip
    fill(draft, COMPLETE)
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    made = mark(review, "level_one", "partly", level=2)

    def difference() -> Any:
        held = get_review(reviewer.user, review.pk)
        total = score_beside(held, [made], at=AT).total
        return total.score.difference if total else None

    assert difference() == -16
    save_answer(
        assessment_id=draft.pk, question_id="level_one",
        data={"state": "answered", "value": 4}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    assert difference() == 0


@pytest.mark.parametrize("shown", [True, False])
def test_files_that_came_later_are_looked_at_first(
    draft: Any, fill: Any, grant: Any, agency: Client, reviewer: Membership,
    owner: Membership, mark: Any, shown: bool,
):  # fmt: skip
    """Where the mandate shows no files, nothing tells that there are new ones."""
    fill(draft, COMPLETE)
    grant(replace(EVERYTHING, evidence=shown))
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    for question in ("level_one", "level_event", "level_two"):
        mark(review, question)
    add_evidence(
        assessment_id=draft.pk, question_id="level_one",
        file=ContentFile(picture("PNG")), name="现场.png", actor=owner.user,
        at=AT + timedelta(hours=1),
    )  # fmt: skip
    page = agency.get(split(review)).text
    assert ("企业改过回答或补了材料" in page) is shown
    agency.post(reverse("review-accept", args=[review.pk]))
    review.refresh_from_db()
    assert review.is_open is shown
