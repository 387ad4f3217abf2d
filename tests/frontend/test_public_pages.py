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


@pytest.fixture
def both_editions(db, real_bank, old_edition):
    for bank in (old_edition, real_bank):
        publish(bank=bank, at=timezone.now())


def test_each_offered_bank_has_its_questionnaire(client, both_editions, old_edition):
    page = client.get("/questionnaire/gbt29490_2013/").content.decode()
    for question in old_edition.questions:
        assert f'id="q-{question.id}"' in page


def test_the_questionnaire_lists_the_offered_banks(client, both_editions):
    links = client.get("/questionnaire/").context["banks"]
    assert [(link.text, link.current, link.note) for link in links] == [
        ("GB/T 29490-2023", True, ""),
        ("GB/T 29490-2013", False, "已被取代"),
    ]
    assert [client.get(link.url).status_code for link in links] == [200, 200]


def test_one_bank_alone_needs_no_list(client, real_bank):
    publish(bank=real_bank, at=timezone.now())
    assert client.get("/questionnaire/").context["banks"] == ()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh-hans",
            (
                "自 2024年1月1日起已被取代",
                "受理到 2024年12月31日为止",
                "2025年12月31日",
            ),
        ),
        ("en", ("replaced on 1 January 2024", "accepted until 31 December 2024")),
    ],
)
def test_a_replaced_edition_says_so_and_leads_to_the_new_one(
    client, both_editions, language, words
):
    client.cookies["django_language"] = language
    page = client.get("/questionnaire/gbt29490_2013/").content.decode()
    for expected in words:
        assert expected in page
    assert 'href="/questionnaire/gbt29490_2023/"' in page


def test_the_current_edition_is_not_called_replaced(client, both_editions):
    page = client.get("/questionnaire/gbt29490_2023/").content.decode()
    assert "起已被取代" not in page


def test_a_replaced_edition_needs_no_newer_bank_here(client, old_edition):
    publish(bank=old_edition, at=timezone.now())
    page = client.get("/questionnaire/gbt29490_2013/").content.decode()
    assert "起已被取代" in page
    assert "看现行版的题目" not in page


def test_a_bank_that_is_not_offered_has_no_questionnaire(client, both_editions):
    assert client.get("/questionnaire/no_such_bank/").status_code == 404
