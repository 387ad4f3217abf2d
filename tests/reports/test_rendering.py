"""The PDF itself: what it says, how it is built, and what it refuses to load."""

import io
import re
import socket
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from django.utils import translation
from pypdf import PdfReader

from question_bank.engine.answers import Answered
from reports.answer_rows import StoredAnswer
from reports.content import content_of
from reports.rendering import RefusedAsset, html_of, pdf_of
from tests.factories.sheets import CODE, ISSUED, plausible_sheet, report_material

HOSTILE = '<b>粗体</b><img src="http://127.0.0.1:9/x.png"> {{ code }} &amp; </td>'
LONG = "很长的说明。" * 300 + "A" * 400


def printed(bank, sheet, locale="zh-hans", **stored):
    with translation.override(locale):
        record = report_material(bank, sheet, **stored)
        html = html_of(content_of(record, code=CODE, issued=ISSUED), created=ISSUED)
        return pdf_of(html)


@pytest.fixture(scope="module")
def whole(real_bank):
    """A report of a full sheet, with a hostile and a long note, in Chinese."""
    sheet = plausible_sheet(real_bank, "a", 0.75)
    notes = {
        "has_rd": StoredAnswer(Answered(value=True), note=HOSTILE),
        "legal_subject": StoredAnswer(Answered(value=True), note=LONG),
    }
    return printed(real_bank, sheet, **notes)


@pytest.fixture(scope="module")
def pages(whole):
    """The text of each page."""
    reader = PdfReader(io.BytesIO(whole.content))
    return [page.extract_text() for page in reader.pages]


@pytest.fixture(scope="module")
def reader(whole):
    return PdfReader(io.BytesIO(whole.content))


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_the_first_pages_are_cover_verdict_and_contents(pages):
    assert "测试精密制造有限公司" in pages[0]
    assert "自评结果不是认证结论" in pages[0]
    assert CODE in squeezed(pages[0])
    assert "一分钟看懂" in pages[1]
    assert "最早可申请日" in pages[1]
    assert "目录" in pages[2]


def test_gates_come_before_findings_before_scores_before_actions(pages):
    text = "".join(pages[2:])
    titles = (
        "申请前提", "模拟审核发现", "各部分得分与权重", "逐条得分", "整改行动",
        "需准备的证据", "各部门待办", "附录一：全部回答", "怎样计分", "标准换版",
    )  # fmt: skip
    places = [text.rindex(title) for title in titles[2:]]
    assert places == sorted(places)
    assert text.index("已满足") < text.index("严重问题（")


def test_the_contents_name_the_pages_the_chapters_stand_on(pages):
    entries = dict(re.findall(r"(\S+?)[ .]*\. ?(\d+)\n", pages[2] + "\n"))
    for title in ("整改行动", "需准备的证据", "附录一：全部回答"):
        assert title in pages[int(entries[title]) - 1], title


def test_every_page_but_the_cover_says_where_it_belongs(pages):
    total = len(pages)
    for number, text in enumerate(pages[1:], 2):
        assert f"{number} / {total}" in text
        assert "自评结果不是认证结论" in text
        assert "20261124-3F2A9C1B" in text


def test_the_length_is_that_of_a_report_and_not_of_a_book(whole, pages):
    assert whole.pages == len(pages)
    assert 15 <= whole.pages <= 36
    assert len(whole.content) <= 2 * 1024 * 1024


def test_every_answer_is_in_the_appendix(pages, real_bank):
    text = squeezed("".join(pages))
    sheet = plausible_sheet(real_bank, "a", 0.75)
    missing = [
        question
        for question in sheet.answers
        if squeezed(real_bank.question(question).text["zh"])[:12] not in text
    ]
    assert missing == []


def test_what_people_wrote_is_text_and_nothing_else(pages):
    text = squeezed("".join(pages))
    assert squeezed(HOSTILE) in text
    assert text.count("很长的说明。") == 300
    assert text.count("A" * 10) >= 30


def test_versions_hashes_and_transition_are_told(pages, real_bank):
    text = squeezed("".join(pages[-4:]))
    assert real_bank.sha256 in text
    assert plausible_sheet(real_bank, "a", 0.75).sha256 in text
    assert "GB/T29490-2023受理，不再接受2013版" in text
    assert "2025年12月31日" in text
    assert "待核" in text


def test_it_is_tagged_and_says_its_language_and_title(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "认证就绪度自评指导报告" in reader.metadata.title
    assert b"pdfuaid" in root["/Metadata"].get_data()


def kinds(element, found):
    """Collect the structure types of an element and all below it."""
    element = element.get_object()
    if isinstance(element, dict) and "/S" in element:
        found.append((element["/S"], element))
        children = element.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if not isinstance(child, int):
                kinds(child, found)


@pytest.fixture(scope="module")
def tags(reader):
    found = []
    for child in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]:
        kinds(child, found)
    return found


def test_headings_do_not_skip_a_level(tags):
    levels = [int(kind[2]) for kind, _ in tags if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_tables_have_headers_and_figures_have_words(tags):
    names = [kind for kind, _ in tags]
    assert names.count("/Table") > 10
    assert names.count("/TH") > 50
    figures = [element for kind, element in tags if kind == "/Figure"]
    assert len(figures) >= 3
    assert all(figure.get("/Alt") for figure in figures)


def test_fonts_are_embedded_and_ours(reader):
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
            names.add(font.get_object()["/BaseFont"].split("+")[1])
    assert {name.removesuffix("-Bold") for name in names} == {"Noto-Sans-CJK-SC"}
    assert "Noto-Sans-CJK-SC-Bold" in names


def test_rare_characters_of_names_have_glyphs(real_bank, small_bank):
    names = "堃喆垚玥珺瑄镕祎昇㛃𬭎𬱖"
    sheet = plausible_sheet(small_bank, "a", 0.75)
    question = next(iter(sheet.answers))
    note = {question: StoredAnswer(sheet.answers[question], note=names)}
    pdf = printed(small_bank, sheet, **note)
    reader = PdfReader(io.BytesIO(pdf.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert [sign for sign in names if sign not in text] == []


def test_no_glyph_is_missing(whole, pages):
    # A glyph a font lacks is drawn as .notdef and comes out as U+FFFD or NUL.
    assert not re.search("[\x00\ufffd]", "".join(pages))


def test_the_same_record_gives_the_same_words_on_the_same_pages(
    small_bank,
):
    sheet = plausible_sheet(small_bank, "a", 0.5)
    texts = [
        [p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages]
        for pdf in (printed(small_bank, sheet) for _ in range(3))
    ]
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.parametrize("quality", [0.0, 1.0])
@pytest.mark.parametrize("locale", ["zh-hans", "en"])
def test_the_weakest_and_the_best_firm_get_a_report(small_bank, quality, locale):
    pdf = printed(small_bank, plausible_sheet(small_bank, "z", quality), locale)
    lang = PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]["/Lang"]
    assert lang == ("en" if locale == "en" else "zh-CN")


def test_a_result_without_a_band_says_so(small_bank):
    record = report_material(small_bank, plausible_sheet(small_bank, "a", 0.5))
    record = replace(record, card=replace(record.card, band=None))
    with translation.override("zh-hans"):
        html = html_of(content_of(record, code=CODE, issued=ISSUED), created=ISSUED)
    assert "暂不评级" in html
    assert "暂不给出就绪等级" in html


def test_an_empty_sheet_can_be_printed(small_bank):
    sheet = replace(plausible_sheet(small_bank, "a", 0.5), answers={}, strengths={})
    assert printed(small_bank, sheet).pages >= 5


# --- What it refuses to load ----------------------------------------------------------


@pytest.fixture
def listener():
    """A server on loopback that counts who knocks."""
    knocks = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    closing = threading.Event()

    def listen():
        while not closing.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            knocks.append(connection.recv(200))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], knocks
    closing.set()
    thread.join()
    server.close()


VECTORS = {
    "img": '<img alt="x" src="{url}">',
    "img without scheme": '<img alt="x" src="//127.0.0.1/x">',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "import": "<style>@import url({url});</style>",
    "font": "<style>@font-face{{font-family:x;src:url({url})}}</style>",
    "background": '<p style="background:url({url})">x</p>',
    "list": '<ul><li style="list-style-image:url({url})">x</li></ul>',
    "content": "<style>p::before{{content:url({url})}}</style>",
    "object": '<object data="{url}">x</object>',
    "embed": '<embed src="{url}">',
    "attachment": '<link rel="attachment" href="{url}">',
    "link attachment": '<a rel="attachment" href="{url}">x</a>',
    "svg image": '<svg viewBox="0 0 9 9"><image href="{url}" width="9"/></svg>',
    "svg use": '<svg viewBox="0 0 9 9"><use href="{url}#x"/></svg>',
    "data": '<img alt="x" src="data:image/svg+xml,&lt;svg/&gt;">',
    "file": '<img alt="x" src="file:///etc/passwd">',
    "file attachment": '<link rel="attachment" href="file:///etc/passwd">',
    "unknown asset": '<img alt="x" src="asset:other.css">',
}


UNSEEN = ("svg use", "link attachment", "img without scheme")
"""What WeasyPrint doesn't even ask the fetcher for."""


@pytest.mark.parametrize("name", VECTORS)
def test_nothing_foreign_is_fetched_and_nothing_is_printed(listener, name):
    port, knocks = listener
    url = f"http://127.0.0.1:{port}/{name.replace(' ', '-')}"
    body = VECTORS[name].format(url=url)
    html = f'<html lang="zh-CN"><head><title>x</title></head><body><p>x</p>{body}'
    try:
        pdf = pdf_of(html)
    except RefusedAsset:
        pass
    else:
        # Some vectors aren't even looked at; then nothing may have come in.
        reader = PdfReader(io.BytesIO(pdf.content))
        assert not reader.attachments
        assert b"root:" not in pdf.content
        assert name in UNSEEN
    assert knocks == []


def test_the_listener_would_hear_a_default_fetcher(listener):
    """The control: without our fetcher the same page does knock."""
    import weasyprint

    port, knocks = listener
    page = f'<img alt="x" src="http://127.0.0.1:{port}/x">'
    weasyprint.HTML(string=page).write_pdf()
    assert len(knocks) >= 1


def test_the_cover_of_a_replaced_edition_says_so(old_edition):
    paper = printed(old_edition, plausible_sheet(old_edition, "old", 0.75))
    cover = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "自2024年1月1日起已被取代" in squeezed(cover)


def test_the_cover_of_the_current_edition_does_not(pages):
    assert "已被取代" not in squeezed(pages[0])
