"""The answering page as a plain form: what is saved, shown again, and refused."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Answer, Evidence
from assessments.services import save_answer

PDF = b"%PDF-1.4\n" + b"x" * 200 + b"\n%%EOF"
ONE = "C-ONE"
TWO = "C-TWO"


def url(assessment, key):
    return f"/assessments/{assessment.pk}/pages/{key}/"


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def stored(draft, question):
    return Answer.objects.get(assessment=draft, question=question)


def text_of(response):
    plain = re.sub(r"<[^>]+>", "", response.content.decode())
    return unescape(re.sub(r"\s+", " ", plain))


def test_every_type_of_question_is_saved_by_one_form(client, draft, fill):
    fill(draft, {"has_export": {"state": "answered", "value": False}})
    revisions = {
        f"revision-{key}": "0" for key in ("level_two", "words", "kinds", "main_kind")
    }
    response = client.post(
        url(draft, TWO),
        {
            **revisions,
            "a-level_two": "~not_applicable",
            "reason-level_two": "本企业不涉及",
            "a-words": " 一句\r\n说明 ",
            "a-kinds": ["patent", "mark"],
            "a-main_kind": "mark",
            "note-main_kind": "备注文字",
            "then": "next",
        },
    )
    assert (response.status_code, response["Location"]) == (
        302,
        f"/assessments/{draft.pk}/check/",
    )
    answer = stored(draft, "level_two")
    assert (answer.state, answer.reason) == ("not_applicable", "本企业不涉及")
    assert stored(draft, "words").value == "一句\n说明"
    assert stored(draft, "kinds").value == ["mark", "patent"]
    assert stored(draft, "main_kind").value == "mark"
    assert stored(draft, "main_kind").note == "备注文字"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("１２", 12), ("1,000", 1000), (" 7 ", 7), ("0", 0)],
)
def test_numbers_may_be_typed_as_people_type_them(client, draft, fill, typed, value):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    client.post(url(draft, ONE), {"revision-total": "0", "a-total": typed})
    assert stored(draft, "total").value == value


@pytest.mark.parametrize(
    "typed", ["2026-01-05", "2026年1月5日", "2026/1/5", "2026.01.05"]
)
def test_dates_may_be_typed_as_people_type_them(client, draft, typed):
    data = {"revision-started_on": "0", "a-started_on": typed}
    client.post(url(draft, "START"), data)
    assert stored(draft, "started_on").value == "2026-01-05"


def test_an_event_that_did_not_occur_still_has_a_mechanism(client, draft):
    data = {
        "revision-level_event": "0",
        "state-level_event": "not_occurred",
        "a-level_event": "2",
    }
    client.post(url(draft, ONE), data)
    answer = stored(draft, "level_event")
    assert (answer.state, answer.value) == ("not_occurred", 2)


def test_one_wrong_answer_does_not_lose_the_others(client, draft, fill):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    data = {
        "revision-level_one": "1",
        "a-level_one": "4",
        "revision-total": "0",
        "a-total": "很多",
        "note-total": "估计的",
        "then": "next",
    }
    response = client.post(url(draft, ONE), data)
    html = response.content.decode()
    assert response.status_code == 200
    assert stored(draft, "level_one").value == 4
    assert not Answer.objects.filter(question="total").exists()
    assert 'value="很多"' in html
    assert "估计的</textarea>" in html
    assert "<title>错误：" in html
    assert 'href="#a-total"' in html
    assert 'id="a-total-error"' in html
    assert 'aria-invalid="true"' in html


def test_a_reason_is_asked_at_its_field(client, draft):
    data = {"revision-level_two": "0", "a-level_two": "~not_applicable"}
    html = client.post(url(draft, TWO), data).content.decode()
    assert 'href="#reason-level_two"' in html
    assert 'id="a-level_two-not_applicable" checked' in html


@pytest.mark.parametrize(
    "data",
    [
        {"a-level_two": "~not_applicable", "reason-level_two": "x" * 501},
        {"a-level_two": "9"},
        {"a-level_two": "三"},
        {"a-level_two": "3", "note-level_two": "x" * 2001},
        {"a-level_two": "3", "document-level_two": "a\u202eb"},
        {"a-level_two": "~not_occurred"},
        {"a-level_two": "~gone"},
    ],
)
def test_what_the_service_refuses_is_a_message_and_never_a_failure(client, draft, data):
    response = client.post(url(draft, TWO), {"revision-level_two": "0", **data})
    assert response.status_code in (200, 302)
    assert not Answer.objects.filter(question="level_two", state="answered").exists()


def test_a_value_and_a_tick_contradict_each_other(client, draft, fill):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    data = {"revision-total": "0", "a-total": "3", "state-total": "dont_know"}
    response = client.post(url(draft, ONE), data)
    assert "请只保留一种" in text_of(response)


def test_nothing_typed_means_nothing_saved(client, draft):
    data = {f"revision-{key}": "0" for key in ("level_two", "words", "kinds")}
    client.post(url(draft, TWO), data)
    assert not Answer.objects.exists()


def test_an_answer_can_be_cleared(client, draft, fill):
    fill(draft, {"level_two": {"state": "answered", "value": 3}})
    data = {"revision-level_two": "1", "a-level_two": "3", "clear": "level_two"}
    response = client.post(url(draft, TWO), data)
    assert response["Location"].endswith("#q-level_two")
    assert stored(draft, "level_two").state == "unanswered"


def other_saves(draft, contributor, question, value, revision=0, **texts):
    return save_answer(
        assessment_id=draft.pk,
        question_id=question,
        data={"state": "answered", "value": value, **texts},
        revision=revision,
        actor=contributor.user,
        at=timezone.now(),
    )


def test_a_conflict_shows_both_versions_and_keeps_what_is_chosen(
    client, draft, contributor
):
    other_saves(draft, contributor, "level_two", 1, note="对方的备注")
    mine = {"revision-level_two": "0", "a-level_two": "4", "note-level_two": "我的备注"}
    response = client.post(url(draft, TWO), {**mine, "then": "next"})
    text = text_of(response)
    assert response.status_code == 200
    assert contributor.user.name in text
    assert "对方的备注" in text
    assert "我的备注" in text
    assert stored(draft, "level_two").value == 1

    again = client.post(url(draft, TWO), mine)
    assert "对方保存的" in text_of(again)
    assert stored(draft, "level_two").value == 1

    keep = {**mine, "current-level_two": "1", "keep-level_two": "mine"}
    assert client.post(url(draft, TWO), keep).status_code == 302
    assert stored(draft, "level_two").value == 4


def test_a_conflict_can_be_settled_for_the_other_side(client, draft, contributor):
    other_saves(draft, contributor, "level_two", 1)
    data = {
        "revision-level_two": "0",
        "a-level_two": "4",
        "current-level_two": "1",
        "keep-level_two": "theirs",
    }
    assert client.post(url(draft, TWO), data).status_code == 302
    assert stored(draft, "level_two").value == 1


def test_what_was_not_touched_never_conflicts(client, draft, fill, contributor):
    fill(draft, {"level_two": {"state": "answered", "value": 2}})
    other_saves(draft, contributor, "level_two", 4, revision=1)
    data = {
        "revision-level_two": "1",
        "a-level_two": "2",
        "revision-words": "0",
        "a-words": "新写的",
    }
    assert client.post(url(draft, TWO), data).status_code == 302
    assert stored(draft, "level_two").value == 4
    assert stored(draft, "words").value == "新写的"


def test_the_same_answer_from_both_sides_is_no_conflict(client, draft, contributor):
    other_saves(draft, contributor, "level_two", 3)
    data = {"revision-level_two": "0", "a-level_two": "3"}
    assert client.post(url(draft, TWO), data).status_code == 302
    assert stored(draft, "level_two").revision == 1


def test_questions_that_appear_are_shown_before_going_on(client, draft):
    data = {"revision-level_one": "0", "a-level_one": "3", "then": "next"}
    response = client.post(url(draft, ONE), data)
    assert stored(draft, "level_one").value == 3
    assert response["Location"] == f"{url(draft, ONE)}#q-total"


def test_a_question_that_waits_says_for_what(client, draft):
    html = client.get(url(draft, TWO)).content.decode()
    assert f'href="{url(draft, "START")}#q-has_export"' in html


def test_an_unclear_clause_number_is_marked(client, draft):
    assert "待核" in text_of(client.get(url(draft, TWO)))


def test_no_score_is_shown_while_answering(client, draft, fill):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    text = text_of(client.get(url(draft, ONE))).split("page-data")[0]
    assert not re.search(r"得分\s*\d|\d+\s*分(?!钟)", text)


def test_files_come_and_go_with_the_form(client, draft):
    data = {
        "revision-level_two": "0",
        "a-level_two": "3",
        "upload": "level_two",
        "file-level_two": [
            SimpleUploadedFile("制度.pdf", PDF),
            SimpleUploadedFile("坏.exe", b"MZ"),
        ],
    }
    response = client.post(url(draft, TWO), data)
    assert "坏.exe" in text_of(response)
    assert 'href="#file-level_two"' in response.content.decode()
    assert stored(draft, "level_two").value == 3
    file = Evidence.objects.get()
    assert f"/evidence/{file.pk}/file/" in response.content.decode()

    data = {"revision-level_two": "1", "a-level_two": "2", "remove": str(file.pk)}
    response = client.post(url(draft, TWO), data)
    assert response["Location"] == f"/evidence/{file.pk}/remove/"
    assert stored(draft, "level_two").value == 2
    assert "制度.pdf" in text_of(client.get(response["Location"]))
    client.post(response["Location"])
    assert not Evidence.objects.exists()


def test_a_file_comes_back_as_a_download(client, draft):
    data = {
        "revision-level_two": "0",
        "file-level_two": SimpleUploadedFile("证.pdf", PDF),
    }
    client.post(url(draft, TWO), data)
    response = client.get(f"/evidence/{Evidence.objects.get().pk}/file/")
    assert b"".join(response.streaming_content) == PDF
    assert "attachment" in response["Content-Disposition"]


def test_a_full_disk_is_a_message_at_the_field(client, draft, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.default_storage.save", fail)
    data = {
        "revision-level_two": "0",
        "a-level_two": "3",
        "file-level_two": SimpleUploadedFile("证.pdf", PDF),
    }
    response = client.post(url(draft, TWO), data)
    assert "存储空间不足" in text_of(response)
    assert stored(draft, "level_two").value == 3


def test_returning_to_the_check(client, draft):
    address = f"{url(draft, TWO)}?return=check"
    assert "保存并返回检查" in text_of(client.get(address))
    data = {"revision-level_two": "0", "a-level_two": "3", "then": "next"}
    response = client.post(address, data)
    assert response["Location"] == f"/assessments/{draft.pk}/check/"


def test_what_is_foreign_or_unknown_is_not_found(signed_in, stranger, client, draft):
    foreign = signed_in(stranger)
    data = {
        "revision-level_two": "0",
        "file-level_two": SimpleUploadedFile("证.pdf", PDF),
    }
    client.post(url(draft, TWO), data)
    file = Evidence.objects.get()
    base = f"/assessments/{draft.pk}"
    for address in (
        f"{base}/",
        url(draft, TWO),
        f"{base}/check/",
        f"{base}/submit/",
        f"{base}/submitted/",
        f"/evidence/{file.pk}/file/",
        f"/evidence/{file.pk}/remove/",
    ):
        assert foreign.get(address).status_code == 404
    assert foreign.post(url(draft, TWO), data).status_code == 404
    assert client.get(url(draft, "NOTHING")).status_code == 404


def test_strangers_sign_in_first(client, draft):
    client.logout()
    response = client.get(url(draft, TWO))
    assert response["Location"].startswith("/accounts/login/")


def test_a_sealed_assessment_is_not_answered(client, submitted):
    for response in (
        client.get(url(submitted, TWO)),
        client.post(url(submitted, TWO), {"revision-level_two": "1"}),
        client.get(f"/assessments/{submitted.pk}/"),
        client.get(f"/assessments/{submitted.pk}/check/"),
        client.get(f"/assessments/{submitted.pk}/submit/"),
    ):
        assert response.status_code == 302


def test_the_task_list_by_section_and_department(client, draft, fill):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    text = text_of(client.get(f"/assessments/{draft.pk}/"))
    for words in ("前提", "第一部分", "填写中", "未开始", "分钟", "继续填写"):
        assert words in text
    by_department = client.get(f"/assessments/{draft.pk}/?by=department")
    assert "知识产权部" in text_of(by_department)


def queries(call):
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    found = [q["sql"] for q in captured.captured_queries]
    return [sql for sql in found if not sql.startswith(control)]


def test_a_page_costs_eight_queries_whatever_is_stored(client, draft, fill):
    fill(
        draft,
        {
            "has_export": {"state": "answered", "value": True},
            "level_two": {"state": "answered", "value": 3},
            "kinds": {"state": "answered", "value": ["mark"]},
        },
    )
    client.get(url(draft, TWO))
    found = queries(lambda: client.get(url(draft, TWO)))
    assert len(found) <= 8, found


def test_dont_know_to_a_deciding_question_does_not_hold_up_the_rest(
    client, draft, fill
):
    fill(
        draft,
        {
            "has_export": {"state": "dont_know"},
            "started_on": {"state": "answered", "value": "2026-01-05"},
            "level_one": {"state": "answered", "value": 1},
            "level_event": {"state": "answered", "value": 1},
        },
    )
    html = client.get(f"/assessments/{draft.pk}/").content.decode()
    assert f'class="button" href="{url(draft, TWO)}"' in html
    fill(draft, {"level_two": {"state": "answered", "value": 3}})
    html = client.get(f"/assessments/{draft.pk}/").content.decode()
    assert f'class="button" href="/assessments/{draft.pk}/check/"' in html


def test_dont_know_is_not_offered_where_it_blocks_the_submission(client, draft):
    html = client.get(url(draft, "START")).content.decode()
    assert 'id="a-has_export-dont_know"' not in html
    assert 'id="state-started_on-dont_know"' in html


def test_the_page_speaks_the_readers_language(client, draft):
    html = client.get(url(draft, ONE), headers={"Accept-Language": "en"})
    assert "How far is level_one?" in text_of(html)
