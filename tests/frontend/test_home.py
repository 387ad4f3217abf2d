"""The home page says where things stand and what to do, for every kind of person."""

from dataclasses import replace

import pytest

from accounts.rules import Kind
from assessments.models import Assessment
from question_bank.publishing import publish
from question_bank.selectors import MAIN_BANK
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.fixtures_assessments import AT, COMPLETE
from tests.frontend.test_answering import text_of


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


@pytest.fixture
def offered(small_bank):
    return publish(bank=replace(small_bank, id=MAIN_BANK), at=AT)


def home(client):
    response = client.get("/home/")
    assert response.status_code == 200
    return text_of(response)


def test_without_a_published_bank_it_says_so(client):
    assert "题库尚未发布" in home(client)
    assert client.post("/assessments/start/")["Location"] == "/home/"
    assert "题库尚未发布" in home(client)


def test_an_assessment_is_started_once(client, offered):
    assert "开始自评" in home(client)
    first = client.post("/assessments/start/")["Location"]
    assert client.post("/assessments/start/")["Location"] == first
    assert Assessment.objects.get().bank_version == offered


def test_a_draft_leads_to_its_next_page(client, draft, fill):
    assert "还没有开始填写" in home(client)
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    html = client.get("/home/").content.decode()
    assert f"/assessments/{draft.pk}/pages/START/" in html
    assert "继续填写" in html


def test_a_complete_draft_leads_to_the_check(
    client, draft, fill, signed_in, contributor
):
    fill(draft, COMPLETE)
    assert "检查并提交" in home(client)
    assert "请单位负责人提交" in home(signed_in(contributor))


def test_a_submitted_assessment_shows_its_band(client, submitted):
    text = home(client)
    assert "自评已提交" in text
    assert Assessment.objects.get().band
    assert "看结果和整改计划" in text


def test_agencies_and_bureaus_learn_what_they_can_do(signed_in, db):
    for kind, words in (
        (Kind.AGENCY, "只有企业授权后才能看"),
        (Kind.BUREAU, "只看汇总数字"),
    ):
        member = MembershipFactory(organisation=OrganisationFactory(kind=kind))
        assert words in home(signed_in(member))
        assert signed_in(member).post("/assessments/start/")["Location"] == "/home/"


def test_without_a_membership_it_says_how_to_get_one(signed_in, db):
    assert "您还不属于任何单位" in home(signed_in(UserFactory()))


def test_the_list_shows_nothing_foreign(signed_in, stranger, submitted):
    assert str(submitted.pk) not in signed_in(stranger).get("/home/").content.decode()


def test_the_main_bank_is_the_one_that_ships(real_bank):
    assert real_bank.id == MAIN_BANK


def test_other_banks_are_started_beside_the_main_one(client, offered, small_version):
    page = home(client)
    assert "其他题库" in page
    first = client.post("/assessments/start/", {"bank": small_version.bank})
    assert Assessment.objects.get().bank_version == small_version
    again = client.post("/assessments/start/", {"bank": small_version.bank})
    assert again["Location"] == first["Location"]
    client.post("/assessments/start/")
    assert Assessment.objects.count() == 2


def test_an_unknown_bank_is_not_started(client, offered):
    answer = client.post("/assessments/start/", {"bank": "nothing"})
    assert answer["Location"] == "/home/"
    assert not Assessment.objects.exists()
