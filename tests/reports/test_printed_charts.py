"""The bureau's charts in a PDF: they load nothing, keep their words, and are tagged."""

import io

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from frontend.components import Cell, HeatTable
from frontend.pages.styleguide_oversight import oversight_charts
from reports.rendering import pdf_of
from tests.reports.test_rendering import kinds

HEAT = HeatTable(
    caption="各区市得分",
    corner="区市",
    columns=("装备制造", "电子信息"),
    rows=(
        ("高新区", (Cell("78", 3), Cell("84", 4))),
        ("福山区", (Cell("38", 0), Cell("‹5", None, "不公布"))),
    ),
    legend="“‹5”不公布。",
    notes=("两区合并为一行。",),
)


@pytest.fixture(scope="module")
def printed():
    figures = "".join(
        f"<figure><figcaption>{sample.finding}</figcaption>{sample.wide}</figure>"
        for sample in oversight_charts()
    )
    heat = render_to_string("components/heat_table.html", {"heat": HEAT})
    html = (
        '<!doctype html><html lang="zh-CN"><head><title>图表</title>'
        '<link rel="stylesheet" href="asset:report.css"></head>'
        f"<body><h1>图表</h1>{figures}{heat}</body></html>"
    )
    return pdf_of(html)


def test_the_words_of_the_charts_are_text(printed):
    reader = PdfReader(io.BytesIO(printed.content))
    text = "".join(page.extract_text() for page in reader.pages)
    said = ("78 家（156%）", "10%–90% 区间", "不公布", "中位 74 天", "95% 区间", "‹5")
    assert [words for words in said if words not in text] == []


def test_every_chart_is_a_figure_with_words_for_who_cannot_see_it(printed):
    root = PdfReader(io.BytesIO(printed.content)).trailer["/Root"]
    found = []
    for child in root["/StructTreeRoot"]["/K"]:
        kinds(child, found)
    figures = [element for kind, element in found if kind == "/Figure"]
    said = [figure.get("/Alt") for figure in figures]
    assert [s.finding for s in oversight_charts()] == [words for words in said if words]
