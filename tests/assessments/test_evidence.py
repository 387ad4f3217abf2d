"""Evidence files: what is taken, what is refused, what comes back."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from assessments.evaluation import evaluate_stored
from assessments.evidence_files import (
    DisguisedFile,
    EmptyFile,
    FileTooLarge,
    check_file,
    clean_name,
)
from assessments.models import Evidence
from assessments.services.access import lock_draft
from backend.errors import UnsupportedType
from tests.fixtures_assessments import AT

LIMIT = 1024 * 1024


def pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def image(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()


def office(part: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


WORD, EXCEL = "word/document.xml", "xl/workbook.xml"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("制度.pdf", pdf(), "pdf"),
        ("照片.JPG", image("JPEG"), "jpg"),
        ("照片.jpeg", image("JPEG"), "jpg"),
        ("截图.png", image("PNG"), "png"),
        ("台账.docx", office(WORD), "docx"),
        ("台账.xlsx", office(EXCEL), "xlsx"),
    ],
)
def test_the_announced_kinds_are_taken(name, content, kind):
    checked = check_file(io.BytesIO(content), name, max_bytes=LIMIT)
    assert (checked.kind, checked.name, checked.size) == (kind, name, len(content))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("空.pdf", b"", EmptyFile),
        ("大.pdf", pdf() + b" " * LIMIT, FileTooLarge),
        ("图.svg", b"<svg/>", UnsupportedType),
        ("网页.html", b"<script>", UnsupportedType),
        ("无扩展名", pdf(), UnsupportedType),
        ("伪装.pdf", image("PNG"), DisguisedFile),
        ("截断.pdf", b"%PDF-1.7\n", DisguisedFile),
        ("伪装.png", pdf(), DisguisedFile),
        ("伪装.png", image("JPEG"), DisguisedFile),
        ("伪装.docx", office(EXCEL), DisguisedFile),
        ("伪装.xlsx", b"PK\x03\x04 not a zip", DisguisedFile),
        ("宏.docx", office(WORD, **{"word/vbaProject.bin": b"x"}), DisguisedFile),
        ("炸弹.docx", office(WORD, bomb=b"0" * 20_000_000), DisguisedFile),
        ("目录过长.docx", b"PK\x01\x02" * 5000 + office(WORD), DisguisedFile),
    ],
)
def test_everything_else_is_refused(name, content, error):
    with pytest.raises(error):
        check_file(io.BytesIO(content), name, max_bytes=LIMIT)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("知识产权管理手册（2026版）.pdf", "知识产权管理手册（2026版）.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\\\台账\\\\清单.xlsx", "清单.xlsx"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("fdp.\u202efdp", "fdp.fdp"),
        ("e\u0301.png", "é.png"),
        ("𠮷野.pdf", "𠮷野.pdf"),
        ("   ", "file"),
    ],
)
def test_names_are_cleaned(given, stored):
    assert clean_name(given) == stored


def test_a_name_of_ninety_characters_survives_up_to_the_limit():
    cleaned = clean_name("长" * 90 + ".pdf")
    assert cleaned.endswith(".pdf")
    assert len(cleaned.encode()) <= 200
    assert set(cleaned.removesuffix(".pdf")) == {"长"}


def upload(
    client: Any, assessment: Any, name: str, content: bytes, question="level_one"
):
    return client.post(
        f"/api/v1/assessments/{assessment.pk}/answers/{question}/evidence/",
        {"file": SimpleUploadedFile(name, content)},
    )


def test_a_file_is_stored_and_comes_back_under_its_chinese_name(
    signed_in, owner, draft
):
    client = signed_in(owner)
    response = upload(client, draft, "保密制度（现行）.pdf", pdf())
    assert response.status_code == 201, response.content
    download = client.get(f"/api/v1/evidence/{response.json()['id']}/file/")
    assert b"".join(download.streaming_content) == pdf()
    assert download["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "%E4%BF%9D%E5%AF%86" in download["Content-Disposition"]
    assert "sandbox" in download["Content-Security-Policy"]
    assert "no-store" in download["Cache-Control"]


def test_attached_files_strengthen_the_answer(signed_in, owner, draft):
    upload(signed_in(owner), draft, "a.pdf", pdf())
    assert evaluate_stored(draft, at=AT).sheet.strengths == {}
    from assessments.services import save_answer

    save_answer(
        assessment_id=draft.pk, question_id="level_one", revision=0, actor=owner.user,
        data={"state": "answered", "value": 3}, at=AT,
    )  # fmt: skip
    assert evaluate_stored(draft, at=AT).sheet.strengths == {"level_one": "attached"}


def test_the_same_file_twice_is_a_conflict(signed_in, owner, draft):
    client = signed_in(owner)
    upload(client, draft, "a.pdf", pdf())
    response = upload(client, draft, "b.pdf", pdf())
    assert (response.status_code, response.json()["code"]) == (409, "same_file")


def test_a_disguised_file_leaves_nothing_behind(signed_in, owner, draft):
    response = upload(signed_in(owner), draft, "a.pdf", image("PNG"))
    assert (response.status_code, response.json()["code"]) == (415, "disguised_file")
    assert not Evidence.objects.exists()


def test_the_number_of_files_is_limited(signed_in, owner, draft, settings):
    settings.EVIDENCE_MAX_FILES = 1
    client = signed_in(owner)
    upload(client, draft, "a.pdf", pdf())
    response = upload(client, draft, "b.png", image("PNG"))
    assert (response.status_code, response.json()["code"]) == (409, "too_many_files")


def test_a_file_can_be_removed_from_a_draft(
    signed_in, owner, draft, django_capture_on_commit_callbacks
):
    from django.core.files.storage import default_storage

    client = signed_in(owner)
    evidence = upload(client, draft, "a.pdf", pdf()).json()["id"]
    key = Evidence.objects.get().key
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(f"/api/v1/evidence/{evidence}/").status_code == 204
    assert not default_storage.exists(key)


def test_another_enterprise_reaches_no_file(signed_in, owner, stranger, draft):
    evidence = upload(signed_in(owner), draft, "a.pdf", pdf()).json()["id"]
    client = signed_in(stranger)
    for call in (client.get, client.delete):
        assert call(f"/api/v1/evidence/{evidence}/").status_code == 404
    assert client.get(f"/api/v1/evidence/{evidence}/file/").status_code == 404
    assert upload(client, draft, "b.pdf", pdf()).status_code == 404


def test_half_a_character_in_a_name_is_left_out():
    assert clean_name("制\ud800度.pdf") == "制度.pdf"


def test_a_file_that_has_just_gone_is_removed_once(draft, owner, monkeypatch):
    from accounts.models import AuditEvent
    from assessments.services import attaching
    from backend.errors import NotFound

    file = ContentFile(pdf(), "a.pdf")
    evidence = attaching.add_evidence(
        assessment_id=draft.pk,
        question_id="level_one",
        file=file,
        name="a.pdf",
        actor=owner.user,
        at=AT,
    )

    def lock_after_the_other(actor, assessment_id):
        Evidence.objects.filter(pk=evidence.pk).delete()
        return lock_draft(actor, assessment_id)

    monkeypatch.setattr(attaching, "lock_draft", lock_after_the_other)
    with pytest.raises(NotFound):
        attaching.remove_evidence(evidence_id=evidence.pk, actor=owner.user, at=AT)
    assert not AuditEvent.objects.filter(action="evidence.removed").exists()
