"""A self-test by indicators: from the data sheet's figures to result and report."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.selectors import result
from assessments.services import (
    Declaration,
    save_answer,
    start_assessment,
    submit_assessment,
)
from question_bank.engine.gains import FIRST_GAINS, gains
from question_bank.publishing import BANKS_DIR, publish
from question_bank.selectors import offered_version
from reports.models import Report
from reports.rendering import render
from reviews.models import PlanTask
from reviews.services import make_plan, put_task, start_next
from tests.assessments.data_sheets import save, typed
from tests.conftest import load_bank_once
from tests.fixtures_assessments import AT
from tests.frontend.test_answering import text_of

BANK = "advantage_national"
FIGURES = {
    "registration_state": "active",
    "title_national": "none",
    "staff": "350",
    "inventions_valid": "6",
    "utility_models_valid": "4",
    "designs_valid": "0",
    "revenue_y2": "1000",
    "revenue_y1": "1000",
    "revenue_y0": "1000",
    "patent_product_revenue_y2": "100",
    "patent_product_revenue_y1": "200",
    "patent_product_revenue_y0": "600",
    "rd_cost_y2": "40",
    "rd_cost_y1": "50",
    "rd_cost_y0": "60",
    "capital_contribution": "0",
    "cert_state": "valid",
    "cert_edition": "e2023",
    "ip_staff_full": "2",
    "ip_body": "independent",
    "intensive_products": "1",
}


@pytest.fixture
def draft(owner) -> Assessment:
    publish(bank=load_bank_once(BANKS_DIR / BANK), at=AT)
    return start_assessment(
        enterprise=owner.organisation,
        bank_version=offered_version(BANK),
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def figures(owner) -> Any:
    """Return a function that saves figures in the sheet of the last complete year."""
    revision = [0]

    def save_typed(**texts: str) -> None:
        save(owner, typed(**texts), revision=revision[0])
        revision[0] += 1

    return save_typed


@pytest.fixture
def sealed(owner, draft, figures) -> Assessment:
    figures(**FIGURES)
    save_answer(
        assessment_id=draft.pk,
        question_id="brand_programme",
        data={"state": "answered", "value": True},
        revision=0,
        actor=owner.user,
        at=AT,
    )
    return submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )


def page(signed_in, owner, path: str) -> str:
    response = signed_in(owner).get(path)
    assert response.status_code == 200
    return text_of(response)


def test_a_figure_is_shown_and_a_missing_one_named(signed_in, owner, draft, figures):
    path = f"/assessments/{draft.pk}/pages/I08/"
    assert "缺数据" in page(signed_in, owner, path)
    figures(**FIGURES)
    shown = page(signed_in, owner, path)
    assert "30%" in shown
    assert "缺数据" not in shown


def test_missing_figures_are_open_work(signed_in, owner, draft):
    assert "专利产品销售收入占营业收入多少" in page(
        signed_in, owner, f"/assessments/{draft.pk}/check/"
    )


def test_the_figures_are_sealed(sealed, figures):
    before = sealed.scorecard
    assert sealed.facts["facts"]["patents_valid"] == 10
    figures(inventions_valid="60")
    stored = Assessment.objects.get(pk=sealed.pk)
    assert stored.scorecard == before
    assert stored.facts["facts"]["patents_valid"] == 10


def test_the_result_shows_points_lines_and_gains(signed_in, owner, sealed):
    shown = page(signed_in, owner, f"/assessments/{sealed.pk}/result/")
    assert "分档为示例，非官方标准" in shown
    assert "自测结果不是认定结论" in shown
    # 2.5 + 9 + 10 + 5 + 3 and a bonus of 3 + 2.
    assert "34.50" in shown
    assert "还差 20.50 分" in shown
    assert "先补哪一项" in shown
    assert "专家评定" in shown


def test_a_later_pass_line_is_known_to_an_older_result(signed_in, owner, sealed):
    from dataclasses import replace
    from fractions import Fraction

    from question_bank.engine.definition import PassLine

    bank = load_bank_once(BANKS_DIR / BANK)
    line = PassLine(2026, Fraction(58), {"zh": "当年合格线", "en": "Line"})
    publish(
        bank=replace(bank, version="1.0.1", pass_lines=(*bank.pass_lines, line)), at=AT
    )
    shown = page(signed_in, owner, f"/assessments/{sealed.pk}/result/")
    assert "当年合格线" in shown
    assert "还差 23.50 分" in shown


def test_the_result_costs_few_queries(
    signed_in, owner, sealed, django_assert_max_num_queries
):
    client = signed_in(owner)
    client.get(f"/assessments/{sealed.pk}/result/")
    with django_assert_max_num_queries(12):
        client.get(f"/assessments/{sealed.pk}/result/")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh-hans", "附录一：封存的数据"), ("en", "Annex 1: sealed figures")],
)
def test_the_report_prints(sealed, owner, locale, words):
    from reports.services import request_report

    report = request_report(assessment=sealed, locale=locale, actor=owner.user, at=AT)
    done = render(Report.objects.get(pk=report.pk))
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(done.content)).pages)
    assert words.replace(" ", "") in text.replace(" ", "").replace("\n", "")
    assert "34.50" in text


def test_lint_of_the_shipped_banks_is_clean(capsys):
    call_command("lint_banks")
    assert "error" not in capsys.readouterr().out


# --- The improvement plan ---------------------------------------------------------


def test_the_result_leads_to_a_plan_with_what_can_be_gained(sealed, owner, signed_in):
    client = signed_in(owner)
    url = reverse("plan", args=[sealed.pk])
    page = client.get(reverse("result", args=[sealed.pk]))
    assert f'href="{url}"' in page.text
    assert client.post(url).status_code == 302
    found = gains(*_scored(sealed))
    tasks = list(PlanTask.objects.filter(kind="gap").in_order())
    assert [task.question for task in tasks] == [gain.question for gain in found]
    assert [task.essential for task in tasks] == [
        number < FIRST_GAINS for number in range(len(found))
    ]
    ends = {
        gain.question: ("补齐数据", "supply the figure")
        if gain.missing
        else (" 分", " points")
        for gain in found
    }
    for task in tasks:
        chinese, english = ends[task.question]
        assert task.text["zh"].endswith(chinese)
        assert "？" not in task.text["zh"]
        assert task.text["en"].endswith(english)
    assert client.get(url).text.count("达到下一档") >= 1


def _scored(sealed):
    shown = result(sealed)
    return shown.bank, shown.scorecard


def test_an_agency_is_led_to_the_plan_only_where_it_sees_one(
    sealed, owner, reviewer, grant, signed_in
):
    url = reverse("plan", args=[sealed.pk])
    grant()
    page = reverse("result", args=[sealed.pk])
    assert url not in signed_in(reviewer).get(page).text
    make_plan(assessment_id=sealed.pk, actor=owner.user, at=AT)
    assert f'href="{url}"' in signed_in(reviewer).get(page).text


def test_the_next_self_test_starts_from_the_plan(sealed, owner):
    plan = make_plan(assessment_id=sealed.pk, actor=owner.user, at=AT)
    for task in PlanTask.objects.filter(plan=plan):
        put_task(
            assessment_id=plan.pk, task_id=task.pk, state="done", actor=owner.user,
            at=AT,
        )  # fmt: skip
    following = start_next(assessment_id=plan.pk, actor=owner.user, at=AT)
    assert following.is_draft
    assert following.bank_version == sealed.bank_version
