"""PDFs in the split view, and the name of who looks across every preview."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageChops

from accounts.mandates import narrow_mandate, revoke_mandate
from accounts.models import AccessRecord, Membership
from assessments import pdf_pages
from assessments.models import Evidence
from assessments.services import add_evidence
from assessments.watermarks import watermarked
from frontend.pages.reviews.preview import viewer_mark
from reviews.services import open_review
from tests.assessments import pdf_files
from tests.assessments.test_evidence import WORD, office
from tests.fixtures_assessments import AT, COMPLETE
from tests.fixtures_mandates import EVERYTHING


def attached(draft: Any, owner: Membership, content: bytes, name: str) -> Evidence:
    at = AT + timedelta(minutes=Evidence.objects.count())
    return add_evidence(
        assessment_id=draft.pk, question_id="level_one", file=ContentFile(content),
        name=name, actor=owner.user, at=at,
    )  # fmt: skip


def shown(evidence: Evidence, page: int = 1) -> str:
    return f"{reverse('evidence-preview', args=[evidence.pk])}?page={page}"


@pytest.fixture
def agency(reviewer: Membership, signed_in: Any) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def split(draft: Any, fill: Any, grant: Any, reviewer: Membership) -> str:
    """The address of the split view of the question with the files."""
    fill(draft, COMPLETE)
    grant()
    review = open_review(assessment_id=draft.pk, actor=reviewer.user, at=AT)
    return reverse("review-question", args=[review.pk, "level_one"])


# --- One page as a picture --------------------------------------------------------


def test_a_page_of_a_pdf_comes_as_a_picture_that_nothing_may_keep(
    draft: Any, grant: Any, agency: Client, owner: Membership
):
    evidence = attached(draft, owner, pdf_files.chinese(2), "制度.pdf")
    grant()
    answer = agency.get(shown(evidence, 2))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert Image.open(io.BytesIO(answer.content)).size == (1131, 1600)


def test_every_look_is_recorded(
    draft: Any, grant: Any, agency: Client, owner: Membership
):
    evidence = attached(draft, owner, pdf_files.chinese(2), "制度.pdf")
    mandate = grant()
    for page in (1, 2):
        agency.get(shown(evidence, page))
    record = AccessRecord.objects.get(door="evidence-preview")
    assert (record.mandate, record.what) == (mandate, "evidence")
    assert (record.object_id, record.count) == (str(evidence.pk), 2)
    assert not record.is_download


@pytest.mark.parametrize("page", ["0", "3", "x", "-1", "1e3", "999999999", "²"])
def test_pages_that_are_not_there(
    draft: Any, grant: Any, agency: Client, owner: Membership, page: str
):
    evidence = attached(draft, owner, pdf_files.blank(2), "制度.pdf")
    grant()
    address = reverse("evidence-preview", args=[evidence.pk])
    assert agency.get(address, {"page": page}).status_code == 404


def test_a_preview_is_shown_as_long_as_the_mandate_shows_evidence(
    draft: Any, grant: Any, agency: Client, owner: Membership, signed_in: Any
):
    evidence = attached(draft, owner, pdf_files.blank(1), "制度.pdf")
    assert agency.get(shown(evidence)).status_code == 404
    mandate = grant()
    assert agency.get(shown(evidence)).status_code == 200
    narrow_mandate(
        mandate=mandate, scope=replace(EVERYTHING, evidence=False),
        actor=owner.user, at=timezone.now(),
    )  # fmt: skip
    assert agency.get(shown(evidence)).status_code == 404
    mandate = grant()
    assert agency.get(shown(evidence)).status_code == 200
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    assert agency.get(shown(evidence)).status_code == 404
    assert signed_in(owner).get(shown(evidence)).status_code == 200


def test_what_can_not_be_drawn_is_not_found_and_can_be_downloaded(
    draft: Any, grant: Any, agency: Client, owner: Membership
):
    evidence = attached(draft, owner, pdf_files.encrypted("secret"), "密.pdf")
    grant()
    assert agency.get(shown(evidence)).status_code == 404
    file = agency.get(reverse("evidence-file", args=[evidence.pk]))
    assert file["Content-Disposition"].startswith("attachment")
    assert file.getvalue().startswith(b"%PDF")


def test_when_too_many_look_one_is_asked_to_come_again(
    draft: Any, grant: Any, agency: Client, owner: Membership,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(pdf_pages, "WALL_SECONDS", 0.01)
    evidence = attached(draft, owner, pdf_files.blank(1), "制度.pdf")
    grant()
    taken = [pdf_pages._slots.acquire(blocking=False) for _ in range(2)]
    try:
        answer = agency.get(shown(evidence))
    finally:
        for _slot in taken:
            pdf_pages._slots.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert not AccessRecord.objects.filter(door="evidence-preview").exists()


# --- The name across it -----------------------------------------------------------

QUARTERS = ((0, 0), (1, 0), (0, 1), (1, 1))


def marked_quarters(plain: Image.Image, picture: Image.Image) -> list[bool]:
    """Tell of each quarter whether hundreds of its points differ."""
    changed = ImageChops.difference(plain.convert("RGB"), picture.convert("RGB"))
    width, height = changed.width // 2, changed.height // 2
    counts = []
    for right, low in QUARTERS:
        box = (right * width, low * height, (right + 1) * width, (low + 1) * height)
        quarter = changed.crop(box).convert("L")
        counts.append(sum(quarter.histogram()[16:]) > 200)
    return counts


@pytest.mark.parametrize("ground", ["white", "black", "grey", "navy"])
@pytest.mark.parametrize("size", [(1131, 1600), (300, 200)])
def test_a_mark_is_seen_in_every_quarter_on_every_ground(
    ground: str, size: tuple[int, int]
):
    plain = Image.new("RGB", size, ground)
    marked = watermarked(plain, ("李评审", "示范服务机构", "2026-11-27 16:40"))
    assert marked_quarters(plain, marked) == [True] * 4


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_previews_of_two_people_differ_by_their_names(
    draft: Any, grant: Any, owner: Membership, reviewer: Membership,
    agency_manager: Membership, signed_in: Any, kind: str,
):  # fmt: skip
    image = io.BytesIO()
    Image.new("RGB", (1200, 900), "white").save(image, "PNG")
    content = pdf_files.blank(1) if kind == "pdf" else image.getvalue()
    evidence = attached(draft, owner, content, f"材料.{kind}")
    grant()
    pictures = [
        Image.open(io.BytesIO(signed_in(person).get(shown(evidence)).content))
        for person in (reviewer, agency_manager)
    ]
    blank = Image.new("RGB", pictures[0].size, "white")
    for picture in pictures:
        assert marked_quarters(blank, picture) == [True] * 4
    assert ImageChops.difference(*(p.convert("RGB") for p in pictures)).getbbox()


def test_the_mark_says_who_for_whom_and_when(reviewer: Membership):
    at = datetime(2026, 11, 27, 8, 40, tzinfo=UTC)
    assert viewer_mark(reviewer.user, at) == (
        str(reviewer.user),
        reviewer.organisation.name,
        "2026-11-27 16:40",
    )


# --- The split view ---------------------------------------------------------------


def test_the_first_pdf_is_open_and_the_others_are_a_link(
    draft: Any, owner: Membership, split: str, agency: Client
):
    first = attached(draft, owner, pdf_files.chinese(3), "制度.pdf")
    second = attached(draft, owner, pdf_files.blank(5), "台账.pdf")
    page = agency.get(split).text
    assert "第 1 页，共 3 页" in page
    assert f'src="{shown(first)}"' in page
    assert "在此预览 台账.pdf" in page
    other = agency.get(split, {"file": str(second.pk), "page": "4"}).text
    assert "第 4 页，共 5 页" in other
    assert f'src="{shown(second, 4)}"' in other
    assert "在此预览 制度.pdf" in other
    assert f"?file={second.pk}&amp;page=3#pane-evidence" in other
    assert f"?file={second.pk}&amp;page=5#pane-evidence" in other


def test_a_page_too_far_leads_to_the_last(
    draft: Any, owner: Membership, split: str, agency: Client
):
    evidence = attached(draft, owner, pdf_files.blank(3), "台账.pdf")
    page = agency.get(split, {"file": str(evidence.pk), "page": "9000"}).text
    assert "第 3 页，共 3 页" in page
    query = {"file": str(evidence.pk), "page": "zwei"}
    assert agency.get(split, query).status_code == 404


def test_a_file_of_another_question_is_not_opened(
    draft: Any, owner: Membership, split: str, agency: Client
):
    attached(draft, owner, pdf_files.blank(3), "台账.pdf")
    page = agency.get(split, {"file": "nonsense", "page": "2"})
    assert "第 1 页，共 3 页" in page.text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (pdf_files.encrypted("secret"), "文件有打开密码"),
        (b"%PDF-1.7\nhello\n%%EOF", "文件已损坏"),
    ],
)
def test_what_can_not_be_shown_is_said_and_the_download_stays(
    draft: Any, owner: Membership, split: str, agency: Client, content: bytes,
    told: str,
):  # fmt: skip
    evidence = attached(draft, owner, content, "制度.pdf")
    page = agency.get(split).text
    assert told in page
    assert reverse("evidence-file", args=[evidence.pk]) in page
    assert reverse("evidence-preview", args=[evidence.pk]) not in page


def test_a_page_that_failed_says_so_the_next_time(
    draft: Any, owner: Membership, split: str, agency: Client
):
    evidence = attached(draft, owner, pdf_files.laughs(), "制度.pdf")
    assert "文件过于复杂" not in agency.get(split).text
    assert agency.get(shown(evidence)).status_code == 404
    assert "文件过于复杂" in agency.get(split).text


def test_office_files_are_downloads_and_the_page_says_so(
    draft: Any, owner: Membership, split: str, agency: Client
):
    evidence = attached(draft, owner, office(WORD), "台账.docx")
    page = agency.get(split).text
    assert "Word 和 Excel 文件不能在此预览" in page
    assert reverse("evidence-file", args=[evidence.pk]) in page
    assert agency.get(shown(evidence)).status_code == 404


def test_long_documents_say_how_far_the_preview_goes(
    draft: Any, owner: Membership, split: str, agency: Client
):
    attached(draft, owner, pdf_files.blank(pdf_pages.MAX_PAGES + 1), "长.pdf")
    page = agency.get(split).text
    assert "第 1 页，共 201 页" in page
    assert "在此只预览前 200 页" in page


def test_turning_pages_keeps_the_number_of_queries(
    draft: Any, owner: Membership, split: str, agency: Client,
    django_assert_max_num_queries: Any,
):  # fmt: skip
    for number in range(4):
        attached(draft, owner, pdf_files.blank(number + 2), f"{number}.pdf")
    agency.get(split)
    with django_assert_max_num_queries(18):
        agency.get(split)
