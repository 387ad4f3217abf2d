"""Reports over HTTP: pages and API, for members and for everybody else."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from reports.models import Report
from reports.receivers import ring
from tests.reports.conftest import PDF


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """Let nothing wait in a queue when a test is over."""
    from reports import tasks

    monkeypatch.setattr(tasks.render_report, "delay", lambda _id: None)
    assert callable(ring)


def addresses(ready):
    return {
        "result": reverse("result", args=[ready.assessment_id]),
        "status": reverse("report-status", args=[ready.pk]),
        "file": reverse("report-file", args=[ready.pk]),
        "api reports": reverse("api-assessment-reports", args=[ready.assessment_id]),
        "api report": reverse("api-report", args=[ready.pk]),
        "api file": reverse("api-report-file", args=[ready.pk]),
    }


def test_members_of_the_enterprise_get_everything(ready, owner, contributor, signed_in):
    for person in (owner, contributor):
        client = signed_in(person)
        for name, url in addresses(ready).items():
            answer = client.get(url)
            assert answer.status_code == 200, name
            assert answer["Cache-Control"] == "private, no-store", name
            if answer.streaming:
                assert b"".join(answer.streaming_content) == PDF


def test_strangers_get_what_they_would_get_for_nothing(
    ready, stranger, bureau_manager, signed_in
):
    for person in (stranger, bureau_manager):
        client = signed_in(person)
        codes = {n: client.get(u).status_code for n, u in addresses(ready).items()}
        assert set(codes.values()) == {404}
        asked = client.post(reverse("report-request", args=[ready.assessment_id]))
        assert asked.status_code == 404


def test_nobody_gets_anything_without_signing_in(ready, client):
    codes = [client.get(url).status_code for url in addresses(ready).values()]
    assert codes == [302, 302, 302, 401, 401, 401]


@pytest.mark.parametrize("name", ["report-file", "api-report-file"])
def test_the_file_is_a_download_with_a_chinese_name(ready, owner, signed_in, name):
    answer = signed_in(owner).get(reverse(name, args=[ready.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    expected = f"{owner.organisation.name}-认证就绪度自评指导报告-20261124-"
    assert expected in unquote(disposition)


def test_a_file_that_is_not_ready_is_refused(report, owner, signed_in):
    client = signed_in(owner)
    answer = client.get(reverse("api-report-file", args=[report.pk]))
    assert (answer.status_code, answer.json()["code"]) == (409, "report_not_ready")
    page = client.get(reverse("report-file", args=[report.pk]))
    assert page.url == reverse("report-status", args=[report.pk])


def test_a_lost_file_is_told(ready, owner, signed_in, settings):
    from django.core.files.storage import default_storage

    default_storage.delete(ready.key)
    answer = signed_in(owner).get(reverse("api-report-file", args=[ready.pk]))
    assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")


def test_another_language_is_asked_for(ready, owner, signed_in):
    client = signed_in(owner)
    url = reverse("api-assessment-reports", args=[ready.assessment_id])
    answer = client.post(url, {"locale": "en"}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    listed = client.get(url).json()
    assert [row["locale"] for row in listed] == ["zh-hans", "en"]


def test_an_unknown_language_or_key_is_refused(ready, owner, signed_in):
    client = signed_in(owner)
    url = reverse("api-assessment-reports", args=[ready.assessment_id])
    for body in ({"locale": "fr"}, {"locale": "en", "state": "ready"}):
        answer = client.post(url, body, content_type="application/json")
        assert answer.status_code == 400


def test_a_draft_has_neither_result_nor_report(draft, owner, signed_in):
    client = signed_in(owner)
    page = client.get(reverse("result", args=[draft.pk]))
    assert page.url == reverse("assessment", args=[draft.pk])
    url = reverse("api-assessment-reports", args=[draft.pk])
    answer = client.post(url, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_submitted")


@pytest.mark.parametrize(
    ("state", "words"),
    [("pending", "排队中"), ("rendering", "正在生成"), ("failed", "重新生成")],
)
def test_the_page_says_honestly_where_it_stands(report, owner, signed_in, state, words):
    Report.objects.filter(pk=report.pk).update(state=state, attempt=1)
    text = signed_in(owner).get(reverse("report-status", args=[report.pk])).content
    assert words in text.decode()
    renews = b'http-equiv="refresh"' in text
    assert renews == (state != "failed")


def test_a_failed_report_is_asked_for_again_by_its_button(report, owner, signed_in):
    Report.objects.filter(pk=report.pk).update(state="failed", attempt=3)
    url = reverse("report-request", args=[report.assessment_id])
    answer = signed_in(owner).post(url, {"locale": "zh-hans"})
    assert answer.url == reverse("report-status", args=[report.pk])
    assert Report.objects.get(pk=report.pk).state == "pending"


def test_the_result_shows_the_stored_score(submitted, owner, signed_in):
    text = signed_in(owner).get(reverse("result", args=[submitted.pk])).content
    assert submitted.scorecard["display"]["self_score"] in text.decode()


def test_the_result_costs_few_queries(
    submitted, owner, signed_in, django_assert_max_num_queries
):
    client = signed_in(owner)
    url = reverse("result", args=[submitted.pk])
    client.get(url)
    with django_assert_max_num_queries(9):
        client.get(url)
