"""Whoever holds the paper learns whether it is genuine, and nothing else."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from reports.models import new_code
from reports.verification import cleaned_code, verify, verify_url
from tests.fixtures_assessments import AT, COMPLETE


@pytest.fixture(autouse=True)
def _no_old_counts():
    cache.clear()


def pages(client, code):
    return [
        client.get(reverse("verify", args=[code])),
        client.get(reverse("api-verify", args=[code])),
    ]


def test_a_paper_names_the_address_of_the_page(settings):
    site = settings.SITE_URL
    assert verify_url() == f"{site}{reverse('verify')}"
    assert verify_url("ABC") == f"{site}{reverse('verify', args=['ABC'])}"


def test_a_genuine_report_is_valid(client, ready):
    page, answer = pages(client, ready.code)
    assert (page.status_code, answer.status_code) == (200, 200)
    assert "有效" in page.content.decode()
    assert answer.json()["standing"] == "valid"
    assert answer.json()["sha256"] == ready.sha256


def test_neither_name_nor_score_is_told(client, ready, submitted):
    enterprise = submitted.enterprise
    told = (
        enterprise.name,
        enterprise.credit_code,
        submitted.scorecard["display"]["self_score"],
        str(submitted.pk),
        str(ready.pk),
        "声明人",
    )
    for answer in pages(client, ready.code):
        text = answer.content.decode()
        assert [word for word in told if word in text] == []


def test_the_answer_has_these_fields_only(client, ready):
    answer = client.get(reverse("api-verify", args=[ready.code]))
    assert sorted(answer.json()) == [
        "bank_version", "edition", "issued_at", "locale", "pages", "sha256", "standing",
    ]  # fmt: skip


def test_a_later_submission_supersedes(ready, draft, fill, owner, small_version):
    from datetime import timedelta

    from assessments.services import Declaration, start_assessment, submit_assessment

    later = start_assessment(
        enterprise=owner.organisation,
        bank_version=small_version,
        actor=owner.user,
        at=AT,
    )
    assert verify(ready.code).standing == "valid"
    fill(later, COMPLETE)
    submit_assessment(
        assessment_id=later.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT + timedelta(days=1),
    )
    assert verify(ready.code).standing == "superseded"


def test_unknown_codes_are_told_plainly(client, ready):
    for code in (new_code(), "0" * 26, "x", "%3Cscript%3E"):
        page, answer = pages(client, code)
        assert (page.status_code, answer.status_code) == (404, 404)
        assert "查无此码" in page.content.decode()
        assert answer.json()["code"] == "unknown_code"


def test_a_report_that_is_not_ready_is_unknown(client, report):
    assert [page.status_code for page in pages(client, report.code)] == [404, 404]


def test_codes_are_forgiven_how_they_are_typed():
    code = "0123456789ABCDEFGHJKMNPQRS"
    spaced = "0123 4567-89ab cdef ghjk mnpq rs"
    misread = code.replace("0", "O").replace("1", "l")
    full_width = code.replace("0", "０")
    typed = (spaced, misread, full_width)
    assert [cleaned_code(text) for text in typed] == [code] * 3
    assert cleaned_code(code + "0") is None
    assert cleaned_code("U" * 26) is None


def test_a_typed_code_leads_to_its_address(client, ready):
    answer = client.get(reverse("verify"), {"code": ready.code.lower()})
    assert answer.url == reverse("verify", args=[ready.code])


def test_guessing_is_slowed_down(client, db):
    url = reverse("verify", args=["0" * 26])
    assert {client.get(url).status_code for _ in range(30)} == {404}
    refused = client.get(url)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert client.get(reverse("api-verify", args=["0" * 26])).status_code == 429


def test_codes_carry_128_bits_and_do_not_repeat():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(cleaned_code(code) == code for code in codes)
