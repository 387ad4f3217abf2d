"""Pages of moving: preview, record, confirmation, hints, patches, the change log."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Answer, Assessment, Move
from question_bank.engine.definition import Change
from question_bank.publishing import publish
from tests.fixtures_assessments import AT
from tests.fixtures_moving import CARRIED
from tests.frontend.test_answering import text_of


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


# --- Preview and move -------------------------------------------------------------


def test_the_result_under_an_old_edition_offers_a_look_at_the_new(
    client, old_sealed, new_version
):
    html = client.get(url("result", old_sealed.pk)).content.decode()
    assert "按2023版看现状" in html
    assert url("move-preview", old_sealed.pk, "edition_new") in html


def test_the_result_under_the_newest_edition_offers_nothing(client, submitted):
    html = client.get(url("result", submitted.pk)).content.decode()
    assert "看现状" not in html


def test_the_preview_tells_all_and_stores_nothing(client, old_sealed, new_version):
    text = text_of(client.get(url("move-preview", old_sealed.pk, "edition_new")))
    assert "其中 7 题请逐条确认" in text
    assert "只作提示：3 题" in text
    assert "32 – 79" in text
    for words in ("涉密设备和区域管理", "违规举报和调查", "知识产权手册编到"):
        assert words in text
    assert Assessment.objects.count() == 1


def test_the_preview_of_an_unknown_bank_or_without_a_map_is_missing(
    client, old_sealed, new_version, small_version
):
    for bank in ("nowhere", "small", "edition_old"):
        path = url("move-preview", old_sealed.pk, bank)
        assert client.get(path).status_code == 404


def test_strangers_see_no_preview_and_move_nothing(
    signed_in, stranger, old_sealed, new_version
):
    path = url("move-preview", old_sealed.pk, "edition_new")
    other = signed_in(stranger)
    assert other.get(path).status_code == 404
    assert other.post(path).status_code == 404
    assert not Move.objects.exists()


def test_the_button_makes_the_assessment_and_leads_to_its_record(
    client, old_sealed, new_version
):
    answer = client.post(url("move-preview", old_sealed.pk, "edition_new"))
    made = Assessment.objects.drafts().get()
    assert answer["Location"] == url("moved", made.pk)
    assert made.bank_version == new_version


def test_a_version_that_was_not_shown_is_shown_first(client, old_sealed, new_version):
    path = url("move-preview", old_sealed.pk, "edition_new")
    assert client.post(path, {"version": "0.9.0"}).status_code == 200
    assert not Move.objects.exists()
    client.post(path, {"version": "1.0.0"})
    assert Move.objects.exists()


def test_a_draft_in_the_way_is_shown_instead_of_the_button(client, moved, old_sealed):
    path = url("move-preview", old_sealed.pk, "edition_new")
    html = client.get(path).content.decode()
    assert url("assessment", moved.pk) in html
    assert "建立2023版自评" not in html
    assert client.post(path)["Location"] == url("assessment", moved.pk)
    assert Move.objects.count() == 1


def test_a_contributor_may_move(signed_in, contributor, old_sealed, new_version):
    path = url("move-preview", old_sealed.pk, "edition_new")
    assert signed_in(contributor).post(path).status_code == 302
    assert Move.objects.get().moved_by == contributor.user


# --- The record -------------------------------------------------------------------


def test_the_record_lists_what_waits_what_hints_and_what_stayed(client, moved):
    text = text_of(client.get(url("moved", moved.pk)))
    assert "沿用 7 题" in text
    assert "待确认 7 题" in text
    assert "旧题：知识产权方针定到哪一步？" in text
    assert "新题只问其中一部分" in text
    assert "备注：研发楼一层" in text
    assert "4 · 有指标，并据此改进" in text
    assert "新版不再要求单独编制手册。" in text


def test_the_record_of_a_sealed_assessment_stays_readable(client, moved, owner):
    from assessments.services import Declaration, confirm_answers, submit_assessment

    confirm_answers(assessment_id=moved.pk, questions=None, actor=owner.user, at=AT)
    submit_assessment(
        assessment_id=moved.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )
    html = client.get(url("moved", moved.pk)).content.decode()
    assert "手册第三版" in html
    assert "全部确认" not in html


def test_an_assessment_that_was_not_moved_has_no_record(client, draft):
    assert client.get(url("moved", draft.pk)).status_code == 404


def test_one_answer_is_confirmed_from_the_record(client, moved):
    answer = client.post(url("answers-confirm", moved.pk), {"question": "policy_now"})
    assert answer["Location"] == url("moved", moved.pk)
    assert not moved.answers.get(question="policy_now").to_confirm
    assert moved.answers.filter(to_confirm=True).count() == 6
    assert "待确认 6 题" in text_of(client.get(url("moved", moved.pk)))


def test_nothing_is_confirmed_that_was_not_shown(client, moved):
    client.post(url("answers-confirm", moved.pk))
    assert moved.answers.filter(to_confirm=True).count() == 7


def test_strangers_confirm_nothing(signed_in, stranger, moved):
    path = url("answers-confirm", moved.pk)
    answer = signed_in(stranger).post(path, {"question": list(CARRIED)})
    assert answer.status_code == 404
    assert moved.answers.filter(to_confirm=True).count() == 7


# --- The check --------------------------------------------------------------------


def test_the_check_lists_what_waits_and_confirms_all_at_once(client, moved):
    html = client.get(url("check", moved.pk)).content.decode()
    assert "沿用的回答还没有确认" in html
    assert "全部确认（7 题）" in html
    assert client.get(url("submit", moved.pk))["Location"] == url("check", moved.pk)
    answer = client.post(
        url("answers-confirm", moved.pk), {"question": list(CARRIED), "then": "check"}
    )
    assert answer["Location"] == url("check", moved.pk)
    html = client.get(url("check", moved.pk)).content.decode()
    assert "沿用的回答还没有确认" not in html
    assert client.get(url("submit", moved.pk)).status_code == 200


def test_the_task_list_counts_what_waits(client, moved, draft):
    assert "7 题待确认" in text_of(client.get(url("assessment", moved.pk)))
    assert "待确认" not in text_of(client.get(url("assessment", draft.pk)))


# --- The answering page -----------------------------------------------------------


def test_an_answering_page_asks_for_the_confirmation(client, moved):
    html = client.get(url("answer-page", moved.pk, "N-ONE")).content.decode()
    assert "来自2013版，请确认" in html
    assert "知识产权方针定到哪一步？" in html
    assert 'name="confirm" value="policy_now"' in html


def test_an_answering_page_shows_hints_and_what_is_new(client, moved):
    text = text_of(client.get(url("answer-page", moved.pk, "N-CMP")))
    assert "立项前的检索做到哪一步？" in text
    assert "3 · 有制度，有完整记录" in text
    assert "新版看持续监控，不只看立项检索。" in text
    assert "新 违规举报和调查做到哪一步？" in text


def form_of(assessment: Assessment, question: str, value: str) -> dict[str, str]:
    row = assessment.answers.get(question=question)
    return {
        f"revision-{question}": str(row.revision),
        f"a-{question}": value,
        f"document-{question}": row.document,
    }


def test_the_button_confirms_without_scripts(client, moved):
    path = url("answer-page", moved.pk, "N-ONE")
    form = form_of(moved, "policy_now", "3") | {"confirm": "policy_now"}
    answer = client.post(path, form)
    assert answer["Location"] == f"{path}#q-policy_now"
    row = moved.answers.get(question="policy_now")
    assert (row.value, row.to_confirm, row.revision) == (3, False, 2)
    assert "请确认" not in client.get(path).content.decode()


def test_a_change_confirms_too_and_only_once(client, moved):
    form = form_of(moved, "policy_now", "2") | {"confirm": "policy_now"}
    client.post(url("answer-page", moved.pk, "N-ONE"), form)
    row = moved.answers.get(question="policy_now")
    assert (row.value, row.to_confirm, row.revision) == (2, False, 2)


def test_saving_a_page_confirms_nothing_by_itself(client, moved):
    client.post(
        url("answer-page", moved.pk, "N-ONE"), form_of(moved, "policy_now", "3")
    )
    assert moved.answers.get(question="policy_now").to_confirm


def test_an_assessment_that_was_not_moved_shows_nothing_of_it(client, draft):
    html = client.get(url("answer-page", draft.pk, "C-ONE")).content.decode()
    assert 'class="origin"' not in html


def test_a_page_costs_the_same_whatever_was_moved(client, moved):
    path = url("answer-page", moved.pk, "N-SEC")
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    Answer.objects.filter(assessment=moved).update(to_confirm=False)
    with CaptureQueriesContext(connection) as after:
        client.get(path)
    assert len(before) == len(after) <= 9


# --- Patches ----------------------------------------------------------------------


@pytest.fixture
def patch(old_draft, earlier_edition):
    log = Change("1.0.1", date(2026, 11, 20), {"zh": "改正两处错字。", "en": "Typos."})
    return publish(
        bank=replace(
            earlier_edition,
            version="1.0.1",
            changelog=(log, *earlier_edition.changelog),
        ),
        at=AT,
    )


def test_a_draft_is_offered_the_patch_with_its_changes(client, old_draft, patch):
    html = client.get(url("assessment", old_draft.pk)).content.decode()
    assert "跟随到 1.0.1（仅文字修订）" in html
    text = text_of(client.get(url("patch-follow", old_draft.pk)))
    assert "改正两处错字。" in text
    assert "首次发布" not in text


def test_consent_moves_the_draft_to_the_patch(client, old_draft, patch):
    answer = client.post(url("patch-follow", old_draft.pk), {"version": "1.0.1"})
    assert answer["Location"] == url("assessment", old_draft.pk)
    old_draft.refresh_from_db()
    assert old_draft.bank_version == patch


def test_consent_to_another_version_than_was_shown_counts_for_nothing(
    client, old_draft, patch
):
    answer = client.post(url("patch-follow", old_draft.pk), {"version": "1.0.2"})
    assert answer.status_code == 200
    old_draft.refresh_from_db()
    assert old_draft.bank_version.version == "1.0.0"


def test_strangers_follow_nothing(signed_in, stranger, old_draft, patch):
    path = url("patch-follow", old_draft.pk)
    assert signed_in(stranger).post(path, {"version": "1.0.1"}).status_code == 404


def test_a_sealed_result_is_offered_no_patch(client, old_sealed, earlier_edition):
    publish(bank=replace(earlier_edition, version="1.0.1"), at=AT)
    assert "跟随" not in client.get(url("result", old_sealed.pk)).content.decode()


def test_a_minor_version_is_offered_as_a_move(client, old_draft, earlier_edition):
    questions = earlier_edition.questions[:-1]
    publish(bank=replace(earlier_edition, version="1.1.0", questions=questions), at=AT)
    html = client.get(url("assessment", old_draft.pk)).content.decode()
    assert "题库已更新到 1.1.0" in html
    path = url("move-preview", old_draft.pk, "edition_old")
    assert path in html
    text = text_of(client.get(client.post(path)["Location"]))
    assert "沿用 10 题" in text
    assert "沿用的回答都已确认" in text
    assert Move.objects.get().stored_map is None


# --- The change log ---------------------------------------------------------------


def test_anybody_reads_the_change_log(client, patch, new_version, client_of_nobody):
    text = text_of(client_of_nobody.get(url("bank-changes", "edition_old")))
    for words in ("改正两处错字。", "首次发布。", "已停用", "已有新版", "标准-2023"):
        assert words in text
    assert patch.sha256[:4] in text


@pytest.fixture
def client_of_nobody():
    from django.test import Client

    return Client()


def test_the_bank_in_force_says_so(client_of_nobody, new_version):
    text = text_of(client_of_nobody.get(url("bank-changes", "edition_new")))
    assert "现行" in text
    assert "已有新版" not in text


def test_an_unknown_bank_has_no_change_log(client_of_nobody, new_version):
    assert client_of_nobody.get(url("bank-changes", "nowhere")).status_code == 404


def test_the_questionnaire_links_its_change_log(client_of_nobody, small_bank, db):
    publish(bank=replace(small_bank, id="gbt29490_2023"), at=AT)
    html = client_of_nobody.get(reverse("questionnaire")).content.decode()
    assert url("bank-changes", "gbt29490_2023") in html
