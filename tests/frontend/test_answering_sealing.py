"""The check, the declaration and the confirmation."""

import pytest

from assessments.models import Assessment
from tests.fixtures_assessments import COMPLETE
from tests.frontend.test_answering import text_of

DECLARATION = {"name": "王某", "position": "总经理", "confirmed": "on"}


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def page(assessment, name):
    return f"/assessments/{assessment.pk}/{name}/"


def test_the_check_names_what_decides_and_leads_there(client, draft):
    response = client.get(page(draft, "check"))
    text = text_of(response)
    assert "暂不能提交" in text
    assert "决定 1 题是否要答" in text
    link = f"/assessments/{draft.pk}/pages/START/?return=check#q-has_export"
    assert link in response.content.decode()


def test_a_contradiction_blocks_until_a_note_explains_it(client, draft, fill):
    answers = {**COMPLETE, "sampled": {"state": "answered", "value": 9}}
    fill(draft, answers)
    assert "抽查数大于总数" in text_of(client.get(page(draft, "check")))
    assert client.get(page(draft, "submit"))["Location"] == page(draft, "check")
    response = client.post(page(draft, "submit"), DECLARATION)
    assert response["Location"] == page(draft, "check")
    assert Assessment.objects.get().is_draft

    data = {"revision-sampled": "1", "a-sampled": "9", "note-sampled": "含上期遗留"}
    client.post(f"/assessments/{draft.pk}/pages/C-ONE/", data)
    text = text_of(client.get(page(draft, "check")))
    assert "前后矛盾，已说明" in text
    assert "去提交" in text
    assert client.get(page(draft, "submit")).status_code == 200


def test_weak_spots_and_all_answers_are_listed(client, draft, fill):
    fill(draft, {**COMPLETE, "level_two": {"state": "dont_know"}})
    text = text_of(client.get(page(draft, "check")))
    assert "说做到了，没有证据" in text
    assert "回答了“不知道”" in text
    assert "本期未发生；现有机制：3 · 有记录" in text
    assert "2026-01-05" in text


def test_the_declaration_seals_and_confirms(client, draft, fill):
    fill(draft, COMPLETE)
    html = client.get(page(draft, "submit")).content.decode()
    assert "checked" not in html
    response = client.post(page(draft, "submit"), DECLARATION)
    assert response["Location"] == page(draft, "submitted")
    sealed = Assessment.objects.get()
    assert (sealed.declared_name, sealed.declared_position) == ("王某", "总经理")
    text = text_of(client.get(page(draft, "submitted")))
    assert sealed.pk.hex[:8].upper() in text
    assert sealed.record_sha256[:4] in text
    assert "更改" not in text


@pytest.mark.parametrize("missing", sorted(DECLARATION))
def test_an_incomplete_declaration_is_shown_again(client, draft, fill, missing):
    fill(draft, COMPLETE)
    data = {key: value for key, value in DECLARATION.items() if key != missing}
    response = client.post(page(draft, "submit"), data)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'href="#id_{missing}"' in html
    assert "<title>错误：" in html
    assert Assessment.objects.get().is_draft


def test_contributors_are_told_who_submits(signed_in, contributor, owner, draft, fill):
    fill(draft, COMPLETE)
    other = signed_in(contributor)
    for name in ("check", "submit"):
        text = text_of(other.get(page(draft, name)))
        assert owner.user.name in text
    assert other.post(page(draft, "submit"), DECLARATION).status_code == 403
    assert Assessment.objects.get().is_draft


def test_a_draft_has_no_confirmation(client, draft):
    response = client.get(page(draft, "submitted"))
    assert response["Location"] == f"/assessments/{draft.pk}/"
