"""The quick scan: an indication at once, and nothing kept."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from assessments.models import Answer, Assessment
from question_bank.publishing import publish
from question_bank.quick_scan import scan_questions
from tests.frontend.test_answering import text_of

ADDRESS = "/quick-scan/"


@pytest.fixture
def questions(db, real_bank):
    publish(bank=real_bank, at=timezone.now())
    return scan_questions(real_bank)


def test_without_a_bank_there_is_no_scan(db):
    assert Client().get(ADDRESS).status_code == 404


def test_twelve_questions_with_five_anchors_and_dont_know(questions):
    response = Client().get(ADDRESS)
    assert len(questions) == 12
    assert response.content.decode().count('type="radio"') == 12 * 6
    assert "不保存" in text_of(response)


def test_the_result_shows_band_gaps_and_guidance(questions):
    levels = {question.id: "3" for question in questions}
    weak, unknown = questions[0], questions[1]
    levels |= {weak.id: "0", unknown.id: "dont_know"}
    client = Client()
    text = text_of(client.post(ADDRESS, levels))
    assert weak.text["zh"] in text
    assert weak.guidance[0].text["zh"] in text
    assert "回答没有保存" in text
    assert "sessionid" not in client.cookies
    assert "session" not in client.cookies
    assert not Assessment.objects.exists()
    assert not Answer.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_perfect_scan_has_no_gaps(questions):
    text = text_of(Client().post(ADDRESS, {q.id: "4" for q in questions}))
    assert "没有明显差距" in text


@pytest.mark.parametrize("wrong", ["", "9", "三", "-1"])
def test_a_missing_or_wrong_answer_is_named_and_the_rest_kept(questions, wrong):
    levels = {question.id: "2" for question in questions} | {questions[3].id: wrong}
    response = Client().post(ADDRESS, levels)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'href="#{questions[3].id}"' in html
    assert "<title>错误：" in html
    assert html.count(" checked") == 11
