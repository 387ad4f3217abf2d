"""Bulletins as PDF and workbook: the same numbers as the frozen content."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import translation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from oversight.bulletins.document import Document, Part, Section, Table
from reports.bulletin_prints import (
    clear_print_orphans,
    publish_print,
    request_missing_prints,
    request_print,
    take_print,
)
from reports.bulletin_workbook import number_of, workbook
from reports.bulletins import html_of_bulletin, render_bulletin
from reports.models import BulletinPrint
from reports.queue import Rendered
from reports.selectors import NotReady
from reports.tasks import print_bulletin, sweep_reports
from tests.oversight.bulletin_world import (
    AT,
    drafted,
    fill_registers,
    issued,
    publish_snapshot,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bulletin(bureau):
    fill_registers(bureau)
    publish_snapshot()
    return issued(bureau)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_the_paper_says_every_number_in_the_official_layout(bulletin):
    rendered = render_bulletin(BulletinPrint(bulletin=bulletin))
    reader = PdfReader(io.BytesIO(rendered.content))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    text = "".join(re.sub(r"—\d+—", "", page) for page in pages)
    document = bulletin.read().zh
    for sentence in document.headline:
        assert squeezed(sentence) in text
    for table in document.tables:
        for row in table.rows:
            assert squeezed("".join(row)) in text, row
    assert pages[0].startswith("知识产权监测简报（2026年10月）")
    assert "总第1期2026年11月10日" in pages[0]
    for number, page in enumerate(pages, start=1):
        assert f"—{number}—" in page
    width, height = reader.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    titles = [section.title for section in document.sections]
    places = [text.index(squeezed(title)) for title in titles]
    assert places == sorted(places)


def test_page_numbers_stand_outside(bulletin):
    rendered = render_bulletin(BulletinPrint(bulletin=bulletin))
    reader = PdfReader(io.BytesIO(rendered.content))
    sides = [_x_of_number(page) for page in reader.pages[:2]]
    assert sides[0] > 297 > sides[1]


def _x_of_number(page):
    found = []

    def visit(text, _cm, tm, _font, _size):
        if "—" in text:
            found.append(tm[4])

    page.extract_text(visitor_text=visit)
    return found[-1]


def test_the_workbook_has_the_same_cells(bulletin):
    document = bulletin.read().zh
    with translation.override("zh-hans"):
        data = workbook(document, (("期号", "总第1期"),))
    sheets = sheets_of(data)
    assert len(sheets) == 1 + len(document.tables)
    for table, rows in zip(document.tables, sheets[1:], strict=True):
        width = len(table.headers)
        assert tuple(rows[0][:width]) == table.headers
        below = rows[1 : 1 + len(table.rows)]
        for row, cells in zip(table.rows, below, strict=True):
            first, *others = cells[:width]
            assert first == row[0]
            assert others == [value_of(text) for text in row[1:]]


def sheets_of(data):
    """Return the rows of every sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def value_of(text):
    """Return what a cell holds for a text: the number that is shown, or the text."""
    found = number_of(text)
    return text if found is None else found[0]


def test_marked_numbers_and_formulas_stay_words():
    assert number_of("12") == (12.0, "0")
    assert number_of("156.3%") == (1.563, "0.0%")
    for text in ("‹5", "12†", "–", "=1+1", "2026Q4", "1" * 16, "１２"):
        assert number_of(text) is None
    table = Table("t", "表：一/二", ("=A1", "@x"), (("+1", "=1+1"),))
    document = Document("x", "y", (), (Section("s", (Part("p", (), table),)),))
    data = workbook(document, ())
    assert sheets_of(data)[1][:2] == [["=A1", "@x"], ["+1", "=1+1"]]
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet2.xml")
    assert b"<f>" not in sheet


def test_texts_cannot_inject_markup(bureau):
    bulletin = issued(bureau, period="2026-08")
    hostile = '<img src="http://127.0.0.1:9/x.png">'
    bulletin.issuer = hostile
    with translation.override("zh-hans"):
        assert hostile not in html_of_bulletin(bulletin)


def test_issuing_asks_for_the_print_once(bureau, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        bulletin = issued(bureau)
    printed = BulletinPrint.objects.get()
    assert (printed.bulletin_id, printed.state) == (bulletin.pk, "pending")
    assert request_print(bulletin=bulletin, at=AT) == printed
    with pytest.raises(NotReady):
        request_print(bulletin=drafted(bureau, period="2026-09"), at=AT)


def test_the_sweep_asks_for_what_a_dead_process_left(bureau):
    issued(bureau)
    assert request_missing_prints(at=AT) == 1
    assert request_missing_prints(at=AT) == 0


def test_the_task_prints_and_a_finished_print_stays(bulletin):
    sweep_reports()
    printed = BulletinPrint.objects.get()
    print_bulletin(str(printed.pk))
    printed.refresh_from_db()
    assert printed.state == "ready"
    assert printed.pages > 5
    with default_storage.open(printed.key) as file:
        assert file.read(5) == b"%PDF-"
    assert clear_print_orphans(AT + timedelta(days=30)) == 0
    rows = BulletinPrint.objects.filter(pk=printed.pk)
    for change in (lambda: rows.update(sha256="0" * 64), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_worker_thought_dead_does_not_publish(bureau):
    printed = request_print(bulletin=issued(bureau), at=AT)
    first = take_print(print_id=printed.pk, at=AT)
    assert take_print(print_id=printed.pk, at=AT) is None
    second = take_print(print_id=printed.pk, at=AT + timedelta(hours=1))
    pdf = Rendered(b"%PDF-1.7", 1)
    assert not publish_print(printed=first, rendered=pdf, at=AT)
    assert publish_print(printed=second, rendered=pdf, at=AT)
