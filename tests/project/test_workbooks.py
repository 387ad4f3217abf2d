"""Uploaded workbooks: what is read, and every hostile shape that is refused."""

import io
import tracemalloc
import zipfile
import zlib
from datetime import date, datetime
from random import Random

import pytest
import xlsxwriter

from backend import workbook_scan, workbooks
from backend.workbook_scan import Budget
from backend.workbooks import (
    Bounds,
    UnreadableWorkbook,
    WorkbookTooLarge,
    cell_name,
    cell_text,
    open_workbook,
    read_sheets,
    sheet_texts,
)


def book(rows=(("甲", 1800.5, 3),), *, name="数据", sheets=1):
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    for number in range(sheets):
        sheet = made.add_worksheet(f"{name}{number or ''}")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    made.close()
    return target.getvalue()


def changed(data, change):
    """Return the archive with its parts (name → bytes) changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_part(name, content):
    return changed(book(), lambda parts: parts.update({name: content}))


def with_sheet(content):
    return changed(book(), lambda parts: parts.update({SHEET: content.encode()}))


def cells(inner):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{inner}</sheetData></worksheet>"
    )


def test_cells_are_read_as_a_person_would_type_them():
    data = book((("甲", 1800.5, 3), (True, "", "=1+1")))
    opened = open_workbook(data)
    assert opened.sheet_names == ["数据"]
    assert sheet_texts(opened, "数据")[0] == ["甲", "1800.5", "3"]


def test_values_become_texts():
    values = [True, False, 12.0, 0.1, 1e-7, 1e15, date(2025, 3, 1), "甲", 7]
    assert [cell_text(value) for value in values] == [
        "true", "false", "12", "0.1", "0.0000001", "1000000000000000",
        "2025-03-01", "甲", "7",
    ]  # fmt: skip
    assert cell_text(datetime(2025, 3, 1)) == "2025-03-01"
    assert cell_text(datetime(2025, 3, 1, 8, 30)) == "2025-03-01 08:30:00"


def test_cells_are_named_as_spreadsheets_do():
    places = [(0, 0), (11, 3), (0, 25), (0, 26), (0, 701), (0, 702)]
    assert [cell_name(*place) for place in places] == [
        "A1", "D12", "Z1", "AA1", "ZZ1", "AAA1",
    ]  # fmt: skip


def test_a_sheet_that_does_not_exist_is_one_error():
    with pytest.raises(UnreadableWorkbook):
        sheet_texts(open_workbook(book()), "nowhere")


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2", b"PK\x03\x04", b"%PDF-1.4"])
def test_what_is_no_archive_is_refused(data):
    with pytest.raises(UnreadableWorkbook):
        open_workbook(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.pop("xl/workbook.xml"),
        lambda parts: parts.pop("[Content_Types].xml"),
        lambda parts: parts.update({SHEET: b"<worksheet>"}),
        lambda parts: parts.update(
            {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'}
        ),
        lambda parts: parts.update(
            {
                "xl/_rels/workbook.xml.rels": parts[
                    "xl/_rels/workbook.xml.rels"
                ].replace(b"sheet1.xml", b"sheet1.bin"),
                "xl/worksheets/sheet1.bin": parts.pop(SHEET),
            }
        ),
    ],
)
def test_what_is_no_plain_workbook_is_refused(change):
    with pytest.raises(UnreadableWorkbook):
        open_workbook(changed(book(), change))


@pytest.mark.parametrize(
    "content",
    [
        cells('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
        cells('<row r="1048576"><c><v>1</v></c></row>'),
        cells('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'),
        cells('<row r="19999"><c r="GR19999"><v>1</v></c></row>'),
        cells("<row>" + "<c/>" * 201 + "</row>"),
    ],
)
def test_cells_far_away_are_refused(content):
    with pytest.raises(WorkbookTooLarge):
        open_workbook(with_sheet(content))


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ('<row r="10001"/>', "数据!A10001"),
        ('<row r="99999999999999"/>', "数据!A99999999999999"),
        ("<row/>" * 10_001, "数据!A10001"),
        ('<row><c r="CW9"/></row>', "数据!CW9"),
    ],
)
def test_a_caller_may_set_narrower_bounds(rows, place):
    bounds = Bounds(rows=10_000, columns=100, last_row=10_000)
    with pytest.raises(WorkbookTooLarge) as caught:
        read_sheets(with_sheet(cells(rows)), bounds)
    assert caught.value.place == place
    assert read_sheets(with_sheet(cells('<row r="10000"><c r="CV10000"/></row>')))


def test_no_sheet_has_rows_beyond_the_last_one_that_spreadsheets_know():
    with pytest.raises(WorkbookTooLarge) as caught:
        read_sheets(with_sheet(cells('<row r="1048577"/>')))
    assert caught.value.place == "数据!A1048577"


def test_a_prefix_does_not_hide_a_cell():
    content = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        "main\"><x:sheetData><x:row r='1'><x:c r='&#88;FD1048576'/></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    with pytest.raises(WorkbookTooLarge):
        open_workbook(with_sheet(content))


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(workbook_scan, "Budget", lambda: Budget(elements=20))
    with pytest.raises(WorkbookTooLarge):
        open_workbook(book())


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "GS1", "A20001", "GR19999"])
def test_a_cell_far_away_is_named(cell):
    content = cells(f'<row><c r="{cell}"><v>1</v></c></row>')
    with pytest.raises(WorkbookTooLarge) as caught:
        open_workbook(with_sheet(content))
    assert caught.value.place == f"数据!{cell}"


def test_a_hundred_thousand_empty_rows_are_nothing():
    rows = "".join(f'<row r="{number}"/>' for number in range(2, 100_002))
    content = cells(f'<row r="1"><c r="A1"><v>5</v></c></row>{rows}')
    [sheet] = read_sheets(with_sheet(content))
    assert sheet.rows == ((5.0,),)


def test_one_text_shared_by_many_cells_counts_for_each(monkeypatch):
    monkeypatch.setattr(workbook_scan, "Budget", lambda: Budget(characters=10_000))
    with pytest.raises(WorkbookTooLarge):
        open_workbook(book([("x" * 1000,)] * 20))


def test_a_shared_text_that_is_not_there_is_refused():
    content = cells('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')
    with pytest.raises(UnreadableWorkbook):
        open_workbook(with_sheet(content))


def test_elements_nested_too_deep_are_refused():
    for depth, fine in ((97, True), (99, False)):
        content = cells("<a>" * depth + "</a>" * depth)
        if fine:
            assert read_sheets(with_sheet(content))
        else:
            with pytest.raises(UnreadableWorkbook):
                read_sheets(with_sheet(content))


RELATIONS = "xl/_rels/workbook.xml.rels"
FAR = cells('<row r="1"><c r="XFD1"/></row>').encode()


@pytest.mark.parametrize(
    "part",
    [
        b"x<worksheet/>",
        b"<!DOCTYPE worksheet><worksheet/>",
        b"",
        cells('<row r="1"><c r="A1" t="s"><v>7</v></c></row>').encode(),
        FAR,
    ],
)
@pytest.mark.parametrize("name", ["xl/other.xml", "docProps/core.xml", "a.txt"])
def test_parts_that_are_no_sheet_are_looked_through_too(name, part):
    assert read_sheets(with_part(name, b"<a>1</a>"))
    with pytest.raises(UnreadableWorkbook):
        read_sheets(with_part(name, part))


def test_elements_of_other_parts_are_counted(monkeypatch):
    data = with_part("xl/other.xml", b"<a>" + b"<b/>" * 3_000 + b"</a>")
    assert read_sheets(data)
    monkeypatch.setattr(workbook_scan, "Budget", lambda: Budget(elements=3_000))
    with pytest.raises(WorkbookTooLarge):
        read_sheets(data)


@pytest.mark.parametrize("name", ["xl/media/a.PNG", "xl/vbaProject.bin", "xl/media/"])
def test_parts_without_xml_are_let_be(name):
    assert read_sheets(with_part(name, b""))


def test_a_relation_that_readers_follow_differently_is_refused():
    """Standard: xl/xl/worksheets/…; the reader takes the path from the top."""
    target = b'Target="xl/worksheets/sheet1.xml"'

    def change(parts):
        parts["xl/" + SHEET] = cells("").encode()
        old = b'Target="worksheets/sheet1.xml"'
        parts[RELATIONS] = parts[RELATIONS].replace(old, target)
        assert target in parts[RELATIONS]

    with pytest.raises(UnreadableWorkbook):
        open_workbook(changed(book(), change))


def test_a_sheet_that_names_two_relations_is_refused():
    def change(parts):
        old = b'r:id="rId1"'
        assert old in parts["xl/workbook.xml"]
        both = old + b' q:id="rId2" xmlns:q="x"'
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(old, both)

    with pytest.raises(UnreadableWorkbook):
        open_workbook(changed(book(), change))


def test_two_relations_of_one_name_are_refused():
    def change(parts):
        again = b'<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Rel'
        parts[RELATIONS] = parts[RELATIONS].replace(b"</Rel", again)

    with pytest.raises(UnreadableWorkbook):
        open_workbook(changed(book(), change))


@pytest.mark.parametrize("target", ["media/sheet1.png", "other.xml", "../a.xml"])
def test_a_relation_to_a_part_that_is_no_sheet_is_refused(target):
    def change(parts):
        old = b"worksheets/sheet1.xml"
        parts[RELATIONS] = parts[RELATIONS].replace(old, target.encode())

    with pytest.raises(UnreadableWorkbook):
        open_workbook(changed(book(), change))


def test_looking_through_a_large_workbook_keeps_little_in_memory(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_RATIO", 10_000)
    many = b"<sst>" + b"<si/>" * 200_000 + b"</sst>"
    data = with_part(
        "xl/sharedStrings.xml", many.replace(b"<si/>", b"<si><t>a</t></si>", 3)
    )
    tracemalloc.start()
    read_sheets(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_formulas_merged_cells_and_hidden_sheets_are_told():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        first, second = made.add_worksheet("one"), made.add_worksheet("two")
        first.write_formula(1, 1, "=1+1")
        first.merge_range(3, 0, 4, 2, "wide")
        second.hide()
    one, two = read_sheets(target.getvalue())
    assert (one.formulas, one.merged, one.hidden) == (("B2",), ("A4:C5",), False)
    assert two.hidden


def test_no_more_than_a_few_formulas_are_named():
    content = cells("<row><c><f>1</f><v>1</v></c></row>" * 50)
    [sheet] = read_sheets(with_sheet(content))
    assert len(sheet.formulas) == workbook_scan.MAX_NAMED


def test_sheets_hold_values_as_they_are():
    [sheet] = read_sheets(book((("中文 😀 𬭎", 7.5, True), ("", " a\nb "))))
    assert sheet.rows[0] == ("中文 😀 𬭎", 7.5, True)
    assert dict(sheet.cells())["B2"] == " a\nb "


def test_too_much_is_refused(monkeypatch):
    with pytest.raises(WorkbookTooLarge):
        open_workbook(b"0" * (workbooks.MAX_BYTES + 1))
    with pytest.raises(WorkbookTooLarge):
        open_workbook(b"PK\x01\x02" * 5000)
    with pytest.raises(WorkbookTooLarge):
        open_workbook(book(sheets=51))
    for name, limit in (("MAX_ENTRIES", 3), ("MAX_UNPACKED_BYTES", 999)):
        with monkeypatch.context() as patch:
            patch.setattr(workbooks, name, limit)
            with pytest.raises(WorkbookTooLarge):
                open_workbook(book())


@pytest.mark.parametrize(
    "content", [bytes(5_000_000), Random(1).randbytes(700_000) + bytes(50_000_000)]
)
def test_a_bomb_is_refused(content):
    with pytest.raises(WorkbookTooLarge):
        open_workbook(with_part("xl/media/a.png", content))


def test_more_parts_than_any_workbook_has_are_refused():
    parts = {f"{number}.bin": b"" for number in range(2001)}
    with pytest.raises(WorkbookTooLarge):
        open_workbook(changed(book(), lambda known: known.update(parts)))


def lying(data, name):
    """Return the archive with one part saying that it is 100 bytes shorter."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(name)
        shorter = archive.read(name)[:-100]
    crc = zlib.crc32(shorter).to_bytes(4, "little")
    size = len(shorter).to_bytes(4, "little")
    place = data.index(b"PK\x01\x02", 0)
    while data[place + 46 : place + 46 + len(name)] != name.encode():
        place = data.index(b"PK\x01\x02", place + 4)
    assert info.file_size - 100 == len(shorter)
    return (
        data[: place + 16] + crc + data[place + 20 : place + 24] + size
        + data[place + 28 :]
    )  # fmt: skip


def test_a_part_longer_than_it_says_is_refused():
    data = with_part("xl/a.bin", b"a" * 1000)
    broken = lying(data, "xl/a.bin")
    with zipfile.ZipFile(io.BytesIO(broken)) as archive:
        assert len(archive.read("xl/a.bin")) == 900
    with pytest.raises(UnreadableWorkbook):
        open_workbook(broken)


def test_the_same_part_twice_is_refused():
    target = io.BytesIO(book())
    with (
        zipfile.ZipFile(target, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr(SHEET, cells(""))
    with pytest.raises(UnreadableWorkbook):
        open_workbook(target.getvalue())


@pytest.mark.parametrize("name", ["xl/_rels/Workbook.xml.rels", "xl\\other.xml"])
def test_names_that_readers_take_for_another_part_are_refused(name):
    with pytest.raises(UnreadableWorkbook):
        open_workbook(with_part(name, b"<Relationships/>"))


def stored():
    """A workbook with a picture that is not compressed."""
    target = io.BytesIO(with_part("xl/a.bin", b""))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/b.bin", b"0123456789")
    return target.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"0123456789", b"0123456780"),
        (b"xl/b.bin0123456789", b"xl/c.bin0123456789"),
    ],
)
def test_parts_that_are_not_as_they_were_listed_are_refused(old, new):
    data = stored()
    assert data.count(old) == 1
    assert open_workbook(data)
    with pytest.raises(UnreadableWorkbook):
        open_workbook(data.replace(old, new))


def test_an_encrypted_part_is_refused():
    data = bytearray(stored())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableWorkbook):
        open_workbook(bytes(data))
