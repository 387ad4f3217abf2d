"""Pages anybody may read."""

import pytest
from django.utils import timezone

from backend.errors import ServiceError
from question_bank.publishing import publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/styleguide/", "/api/docs/errors"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_answer_in_both_languages(client, address, language):
    client.cookies["django_language"] = language
    assert client.get(address).status_code == 200


def test_the_start_page_says_what_counts(client):
    page = client.get("/").content.decode()
    for words in ("一至两个小时", "谁能看到什么", "自评不是认证", "2025 年 1 月 1 日"):
        assert words in page


def test_the_questionnaire_shows_every_question(client, real_bank):
    publish(bank=real_bank, at=timezone.now())
    page = client.get("/questionnaire/").content.decode()
    for question in real_bank.questions:
        assert f'id="q-{question.id}"' in page


def test_the_questionnaire_links_only_to_what_is_on_the_page(client, real_bank):
    publish(bank=real_bank, at=timezone.now())
    response = client.get("/questionnaire/")
    targets = {
        other.id
        for section in response.context["sections"]
        for clause in section.clauses
        for entry in clause.questions
        for other in entry.depends_on
    }
    assert targets <= {question.id for question in real_bank.questions}


def test_without_a_published_bank_there_is_no_questionnaire(client):
    assert client.get("/questionnaire/").status_code == 404


def test_every_error_code_of_the_services_is_documented(client):
    def codes(error):
        yield error.code
        for child in error.__subclasses__():
            yield from codes(child)

    page = client.get("/api/docs/errors").content.decode()
    for code in codes(ServiceError):
        assert f'<tr id="{code}">' in page


def test_the_api_reference_runs_no_inline_script(client):
    response = client.get("/api/docs/")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert "unsafe" not in response.headers["Content-Security-Policy"]
