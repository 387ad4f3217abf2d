"""The page that shows two assessments side by side."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.services import save_answer
from frontend.pages.comparing import finding, signed
from question_bank.engine.comparison import PartChange
from tests.fixtures_assessments import AT
from tests.frontend.test_answering import text_of

PAGE = reverse("compare")


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def compared(client, first, second):
    return client.get(PAGE, {"first": first.pk, "second": second.pk})


@pytest.fixture
def improved(moved, owner):
    save_answer(
        assessment_id=moved.pk, question_id="secret_posts", revision=1,
        data={"state": "answered", "value": 4, "document": "QP-9"},
        actor=owner.user, at=AT,
    )  # fmt: skip
    return moved


def test_the_finding_is_the_title_and_the_numbers_stand_beside(
    client, old_sealed, improved
):
    answer = compared(client, old_sealed, improved)
    text = text_of(answer)
    assert "“保密管理”提高最多" in text
    assert "涉密人员管理做到哪一步？" in text
    assert "等级 +2，得分 +0.4" in text
    assert "两份用的是不同版的题库" in text
    assert "60.0100.0+40.0" in text
    html = answer.content.decode()
    assert html.count("<title>“保密管理”提高最多</title>") == 2
    assert html.count("<title>“8.3 保密管理”提高最多</title>") == 2


def test_the_order_of_the_two_does_not_matter(client, old_sealed, improved):
    texts = {
        text_of(compared(client, a, b)).split("逐题比较")[1]
        for a, b in ((old_sealed, improved), (improved, old_sealed))
    }
    assert len(texts) == 1


def test_what_is_new_and_gone_is_listed(client, old_sealed, improved, owner):
    text = text_of(compared(client, old_sealed, improved))
    assert "不再问的题 1 题" in text
    assert "知识产权手册编到哪一步？" in text
    assert "新增的题 1 题" in text
    assert "问法不同、不比较的题 3 题" in text


def test_the_two_newest_are_preselected(client, old_sealed, moved):
    html = client.get(PAGE).content.decode()
    assert html.count(" selected") == 2


def test_one_assessment_alone_cannot_be_compared(client, draft):
    assert "有两份自评之后才能比较" in text_of(client.get(PAGE))


def test_the_same_twice_is_refused(client, draft):
    assert "请选两份不同的自评" in text_of(compared(client, draft, draft))


def test_banks_without_a_map_are_refused_in_words(client, old_sealed, draft):
    assert "没有对应表，不能比较" in text_of(compared(client, old_sealed, draft))


@pytest.mark.parametrize("value", ["x", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_one_is_missing(client, draft, value):
    answer = client.get(PAGE, {"first": value, "second": draft.pk})
    assert answer.status_code == 404


def test_a_foreign_one_is_missing(signed_in, stranger, old_sealed, moved):
    other = signed_in(stranger)
    assert compared(other, old_sealed, moved).status_code == 404
    assert "标准-2013" not in other.get(PAGE).content.decode()


def test_queries_are_bounded(client, old_sealed, moved):
    compared(client, old_sealed, moved)
    with CaptureQueriesContext(connection) as queries:
        compared(client, old_sealed, moved)
    assert len(queries) <= 12


def part(key, before, after):
    return PartChange(
        key,
        None if before is None else Fraction(before),
        None if after is None else Fraction(after),
        None, None, 1,
    )  # fmt: skip


TITLES = {"a": "甲", "b": "乙"}
FINDINGS = [
    ((part("a", 10, 20), part("b", 10, 40)), "“乙”提高最多"),
    ((part("a", 10, 5), part("b", 10, 10)), "“甲”下降最多"),
    ((part("a", 10, 10), part("b", None, 10)), "各部分得分没有变化"),
    ((part("a", None, 10), part("b", None, None)), "没有可以比较的部分"),
]


@pytest.mark.parametrize(("parts", "words"), FINDINGS)
def test_the_finding_names_the_largest_change(parts, words):
    assert finding(parts, TITLES) == words


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (None, "–"),
        (Fraction(0), "0"),
        (Fraction(1, 100), "0"),
        (Fraction(-1, 100), "0"),
        (Fraction(5, 2), "+2.5"),
        (Fraction(-5, 2), "−2.5"),
    ],
)
def test_differences_carry_their_sign(difference, words):
    assert signed(difference) == words
