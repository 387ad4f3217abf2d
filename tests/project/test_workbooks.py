"""Reading XLSX from strangers: values come through, bombs do not go off."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from backend import workbook_scan, workbooks
from backend.workbook_scan import Budget, WorkbookError, cell_name
from backend.workbooks import open_workbook


def workbook(fill: Callable[[Any], None], *names: str) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, options) as book:
        for name in names or ("one",):
            book.add_worksheet(name)
        fill(book)
    return target.getvalue()


def one(fill: Callable[[Any], None]) -> bytes:
    return workbook(lambda book: fill(book.get_worksheet_by_name("one")))


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """Return the workbook with parts replaced, added or (None) left out."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def refused(data: bytes) -> WorkbookError:
    with pytest.raises(WorkbookError) as caught:
        open_workbook(data)
    return caught.value


PLAIN = one(lambda sheet: sheet.write_string(0, 0, "text"))
SHEET = "xl/worksheets/sheet1.xml"
HEAD = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>"
)
TAIL = b"</sheetData></worksheet>"


def with_cells(xml: bytes) -> bytes:
    return repacked(PLAIN, **{SHEET: HEAD + xml + TAIL})


def test_values_come_through():
    def fill(sheet: Any) -> None:
        sheet.write_string(0, 0, "中文 😀 𬭎")
        sheet.write_number(0, 2, 7.1)
        sheet.write_boolean(1, 0, True)
        sheet.write_string(2, 1, " a\nb ")
        bold = [" ", "a"]
        sheet.write_rich_string(3, 0, *bold, "b")

    [sheet] = open_workbook(one(fill))

    assert sheet.name == "one"
    assert sheet.rows[0] == ("中文 😀 𬭎", "", 7.1)
    assert sheet.rows[1][0] is True
    assert dict(sheet.cells())["B3"] == " a\nb "
    assert not sheet.hidden
    assert sheet.formulas == sheet.merged == ()


def test_dates_are_dates():
    def fill(book: Any) -> None:
        sheet = book.get_worksheet_by_name("one")
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(0, 0, datetime(2026, 11, 24), form)

    [sheet] = open_workbook(workbook(fill))

    assert sheet.rows[0][0] == date(2026, 11, 24)


def test_formulas_merged_cells_and_hidden_sheets_are_told():
    def fill(book: Any) -> None:
        first = book.get_worksheet_by_name("one")
        first.write_formula(1, 1, "=1+1")
        first.merge_range(3, 0, 4, 2, "wide")
        book.get_worksheet_by_name("two").hide()

    first, second = open_workbook(workbook(fill, "one", "two"))

    assert (first.formulas, first.merged) == (("B2",), ("A4:C5",))
    assert second.hidden


def test_no_more_than_a_few_formulas_are_named():
    cells = b"".join(b"<row><c><f>1</f><v>1</v></c></row>" for _ in range(50))

    assert len(open_workbook(with_cells(cells))[0].formulas) == workbook_scan.MAX_NAMED


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [(0, 0, "A1"), (11, 5, "F12"), (0, 25, "Z1"), (0, 26, "AA1"), (9, 701, "ZZ10")],
)
def test_cells_have_names(row, column, name):
    assert cell_name(row, column) == name


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"not a zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        repacked(PLAIN, **{"xl/workbook.xml": None}),
        repacked(PLAIN, **{"xl/workbook.xml": b"<broken"}),
        repacked(PLAIN, **{SHEET: None}),
        repacked(PLAIN, **{SHEET: b"<broken"}),
        PLAIN[: len(PLAIN) // 2],
    ],
)
def test_what_is_no_workbook_is_refused(data):
    assert refused(data).code == "not_a_workbook"


def test_size_and_number_of_entries_are_bounded(monkeypatch):
    many = repacked(PLAIN, **{f"x/{i}": b"" for i in range(workbooks.MAX_ENTRIES)})

    assert refused(many).code == "too_many_entries"
    monkeypatch.setattr(workbooks, "MAX_BYTES", 100)
    assert refused(PLAIN).code == "workbook_too_large"


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    bomb = repacked(PLAIN, **{"xl/media/zeros": bytes(5_000_000)})

    assert len(bomb) * workbooks.MAX_RATIO < 5_000_000
    assert refused(bomb).code == "zip_bomb"
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1000)
    assert refused(PLAIN).code == "zip_bomb"


def test_a_size_that_lies_is_not_believed():
    """The header of the entry claims ten bytes where millions are packed."""
    bomb = bytearray(repacked(PLAIN, **{"xl/media/zeros": bytes(5_000_000)}))
    size = (5_000_000).to_bytes(4, "little")
    while size in bomb:
        at = bomb.index(size)
        bomb[at : at + 4] = (10).to_bytes(4, "little")

    assert refused(bytes(bomb)).code == "not_a_workbook"


def test_an_entity_is_refused():
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        + HEAD
        + b'<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
        + TAIL
    )

    assert refused(repacked(PLAIN, **{SHEET: bomb})).code == "not_a_workbook"


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "XFD1048576", "GS1", "A20001"])
def test_a_cell_far_away_is_refused_and_named(cell):
    error = refused(with_cells(f'<row><c r="{cell}"><v>1</v></c></row>'.encode()))

    assert (error.code, error.sheet, error.cell) == ("cell_too_far", "one", cell)


def test_a_large_rectangle_is_refused():
    corner = cell_name(workbook_scan.MAX_ROWS - 1, workbook_scan.MAX_COLUMNS - 1)

    error = refused(with_cells(f'<row><c r="{corner}"><v>1</v></c></row>'.encode()))

    assert (error.code, error.cell) == ("cell_too_far", corner)


def test_a_hundred_thousand_empty_rows_are_nothing():
    rows = b"".join(b'<row r="%d"/>' % number for number in range(2, 100_002))
    first = b'<row r="1"><c r="A1"><v>5</v></c></row>'

    [sheet] = open_workbook(with_cells(first + rows))

    assert sheet.rows == ((5.0,),)


def test_an_empty_formatted_cell_far_away_is_nothing():
    cells = b'<row r="1"><c r="A1"><v>5</v></c></row><row><c r="XFD9" s="0"/></row>'

    assert open_workbook(with_cells(cells))[0].rows[0][0] == 5.0


def test_too_many_elements_stop_the_scan(monkeypatch):
    monkeypatch.setattr(workbooks, "Budget", lambda: Budget(elements=1000))

    error = refused(with_cells(b"<row/>" * 2000))

    assert (error.code, error.sheet) == ("sheet_too_large", "one")


def test_one_shared_text_named_by_every_cell_is_counted_each_time(monkeypatch):
    monkeypatch.setattr(workbooks, "Budget", lambda: Budget(characters=10_000))
    data = one(lambda sheet: [sheet.write_string(i, 0, "x" * 1000) for i in range(20)])

    assert refused(data).code == "sheet_too_large"


def test_a_shared_text_that_is_not_there_is_refused():
    data = with_cells(b'<row r="1"><c r="A1" t="s"><v>7</v></c></row>')

    assert refused(data).code == "not_a_workbook"


def test_macros_are_refused():
    assert refused(repacked(PLAIN, **{"xl/vbaProject.bin": b"x"})).code == "macros"


def test_too_many_sheets_are_refused():
    names = [f"s{i}" for i in range(workbooks.MAX_SHEETS + 1)]

    assert refused(workbook(lambda book: None, *names)).code == "too_many_sheets"
