"""What the data sheet says already is shown, adopted on request, and never unasked."""

from dataclasses import replace

import pytest

from assessments.models import Answer
from assessments.services import start_assessment
from question_bank.data_sheet import known_facts
from question_bank.engine.lint import lint
from question_bank.publishing import publish
from tests.assessments.data_sheets import save, typed
from tests.engine.builders import rule
from tests.fixtures_assessments import AT
from tests.frontend.test_answering import text_of


@pytest.fixture
def bank(small_bank):
    """The small bank, whose total and start the data sheet knows."""
    suggested = {
        "total": rule("staff"),
        "started_on": rule("system_start_on"),
        "has_export": rule("foreign_filings > 0"),
    }
    questions = tuple(
        replace(q, suggest=suggested.get(q.id), applies_when=None)
        for q in small_bank.questions
    )
    named = ("staff", "system_start_on", "foreign_filings")
    facts = tuple(known_facts()[name] for name in named)
    return replace(small_bank, id="suggesting", questions=questions, facts=facts)


@pytest.fixture
def draft(owner, bank):
    return start_assessment(
        enterprise=owner.organisation,
        bank_version=publish(bank=bank, at=AT),
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


@pytest.fixture
def figures(owner):
    save(owner, typed(staff="7", system_start_on="2026-01-05", foreign_filings="2"))


def page(client, draft, key):
    return text_of(client.get(f"/assessments/{draft.pk}/pages/{key}/"))


def test_the_bank_is_sound(bank):
    assert [p for p in lint(bank, {}) if p.severity == "error"] == []


def test_without_a_data_sheet_nothing_is_suggested(client, draft):
    assert "采用" not in page(client, draft, "C-ONE")


def test_the_figure_is_shown_and_not_taken_over(client, draft, figures):
    assert "企业数据表为 7" in page(client, draft, "C-ONE")
    assert "企业数据表为 是" in page(client, draft, "START")
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("key", "question", "raw", "value"),
    [
        ("C-ONE", "total", "7", 7),
        ("START", "started_on", "2026-01-05", "2026-01-05"),
        ("START", "has_export", "yes", True),
    ],
)
def test_it_is_adopted_by_a_button(client, draft, figures, key, question, raw, value):
    path = f"/assessments/{draft.pk}/pages/{key}/"
    assert f'value="{question}:{raw}"' in client.get(path).content.decode()
    answer = client.post(
        path, {f"revision-{question}": "0", "adopt": f"{question}:{raw}"}
    )
    assert answer["Location"].endswith(f"#q-{question}")
    assert Answer.objects.get(question=question).value == value
    assert f'value="{question}:{raw}"' not in client.get(path).content.decode()


def test_a_different_answer_is_told_apart(client, draft, figures, fill):
    fill(draft, {"total": {"state": "answered", "value": 9}})
    assert "与企业数据表不一致：数据表为 7" in page(client, draft, "C-ONE")


def test_nonsense_is_not_adopted(client, draft, figures):
    path = f"/assessments/{draft.pk}/pages/C-ONE/"
    answer = client.post(path, {"revision-total": "0", "adopt": "total:many"})
    assert answer.status_code == 200
    assert not Answer.objects.exists()


def test_a_page_with_suggestions_costs_one_query_more(
    client, draft, figures, django_assert_max_num_queries
):
    path = f"/assessments/{draft.pk}/pages/C-ONE/"
    client.get(path)
    with django_assert_max_num_queries(9):
        client.get(path)


def test_a_suggestion_names_figures_alone(bank):
    wrong = {
        "sampled": rule("total"),  # a question, not a figure
        "total": rule("system_start_on"),  # a date for a number
    }
    questions = tuple(
        replace(q, suggest=wrong.get(q.id, q.suggest)) for q in bank.questions
    )
    codes = {p.code for p in lint(replace(bank, questions=questions), {})}
    assert {"forward_reference", "type_mismatch"} <= codes
