"""The data sheet as a workbook: out and in again, and what is wrong by its cell."""

import io
import string
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from assessments.data_sheet_changes import applied, read_right, read_veto
from assessments.data_sheet_upload import (
    NoDataSheet,
    planned,
    read_grid,
    read_upload,
)
from assessments.data_sheet_workbook import data_sheet_workbook, marked_workbook
from backend.workbooks import UnreadableWorkbook, open_workbook, sheet_texts
from question_bank.engine.data_fields import FieldKind
from question_bank.engine.data_sheet import Sheet
from question_bank.engine.data_values import (
    NONE,
    NOT_APPLICABLE,
    Entry,
    EntryState,
    InvalidEntry,
    entry_from_json,
)
from tests.engine.data_sheets import DEFINITION, SOUND, YEAR, sheet_of

EMPTY = Sheet(DEFINITION, YEAR)
RIGHTS = (
    read_right("patent", "ZL201310699744.2", "一种阀门", "核心"),
    read_right("trademark", "12345678/9"),
)
VETO = read_veto(
    {"kind": "tax_evasion", "finding_body": "税务局", "document": "1号",
     "decided_on": "2024-01-02", "effective_until": "2027-01-01", "appeal": "lost"}
)  # fmt: skip


def grid_of(sheet, locale="zh"):
    return read_grid(data_sheet_workbook(sheet, locale=locale))


def edited(text, field_id, column, sheet=None):
    """Return a grid in which one cell of a field's row was typed over."""
    grid = grid_of(sheet or sheet_of(SOUND))
    rows = grid["企业数据"]
    [row] = [row for row in rows if len(row) > 2 and row[2] == field_id]
    row += [""] * (column + 1 - len(row))
    row[column] = text
    return grid


def texts():
    """Return texts a spreadsheet may treat as something else."""
    letters = string.printable[:95] + "甲乙丙（）、“”=+-@𬭎"
    return st.text(letters, min_size=1, max_size=40)


def values(item):
    kinds = {
        FieldKind.MONEY: st.integers(0, 10**10).map(
            lambda n: f"{n // 100}.{n % 100:02}"
        ),
        FieldKind.COUNT: st.integers(0, item.max or 10**7),
        FieldKind.PERCENT: st.integers(0, 10000).map(lambda n: str(Decimal(n) / 100)),
        FieldKind.CHOICE: st.sampled_from([c.id for c in item.choices] or ["-"]),
        FieldKind.CHOICES: st.sets(
            st.sampled_from([c.id for c in item.choices] or ["-"]), min_size=1
        ).map(sorted),
        FieldKind.YESNO: st.booleans(),
        FieldKind.DATE: st.dates().map(str).filter(lambda d: "1900-03" < d < "2199"),
        FieldKind.TEXT: texts(),
    }
    return kinds[item.kind]


@st.composite
def sheets(draw):
    """Return sheets whose entries are anything that can be stored."""
    slots = st.sampled_from(sorted(DEFINITION.typed_slots))
    entries = {}
    for slot in draw(st.sets(slots, max_size=25)):
        item = DEFINITION.slots[slot]
        if item.form:
            continue
        entry = NOT_APPLICABLE
        if draw(st.booleans()):
            value = draw(values(item))
            try:
                entry = entry_from_json(item, {"state": "value", "value": value})
            except InvalidEntry:
                continue
        elif item.kind not in (FieldKind.CHOICE, FieldKind.YESNO):
            entry = draw(st.sampled_from([NONE, NOT_APPLICABLE]))
        entries[slot] = entry
    return Sheet(DEFINITION, YEAR, entries)


@settings(max_examples=40, deadline=None)
@given(sheets(), st.sampled_from(["zh", "en"]))
def test_what_goes_out_comes_in_again(sheet, locale):
    upload = read_upload(grid_of(sheet, locale), EMPTY)
    assert upload.problems == ()
    assert dict(upload.changes.values) == dict(sheet.entries)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_lists_go_out_and_come_in_again(locale):
    sheet = sheet_of(SOUND, rights=RIGHTS, vetoes=(VETO,))
    upload = read_upload(grid_of(sheet, locale), EMPTY)
    new = applied(EMPTY, upload.changes)
    assert (new.rights, new.vetoes, upload.problems) == (RIGHTS, (VETO,), ())
    assert new.entries == sheet.entries


def test_an_unchanged_workbook_changes_nothing():
    sheet = sheet_of(SOUND, rights=RIGHTS, vetoes=(VETO,))
    upload = read_upload(grid_of(sheet), sheet)
    assert applied(sheet, upload.changes) == sheet
    assert list(planned(sheet, upload.changes)) == []


def test_an_empty_cell_changes_nothing():
    sheet = sheet_of(SOUND)
    upload = read_upload(grid_of(EMPTY), sheet)
    assert upload.changes.values == {}
    assert applied(sheet, upload.changes) == sheet


def test_a_matter_that_is_listed_is_brought_up_to_date():
    pending = read_veto(
        {"kind": "tax_evasion", "finding_body": "税务局", "document": "1号",
         "decided_on": "2024-01-02", "appeal": "pending"}
    )  # fmt: skip
    upload = read_upload(
        grid_of(sheet_of(SOUND, vetoes=(VETO,))), sheet_of(SOUND, vetoes=(pending,))
    )
    assert upload.changes.vetoes == (VETO,)


@pytest.mark.parametrize(
    ("field_id", "column", "text", "words"),
    [
        ("staff", 5, "很多", "应为数字"),
        ("staff", 3, "300", "不按年度"),
        ("revenue", 4, "-1", "负数"),
        ("registration_state", 5, "迷失", "没有“迷失”这个选项"),
        ("founded_on", 5, "2025-13-01", "应为日期"),
        ("patents_valid", 5, "17", "分项之和为 16"),
        ("patents_valid", 5, "许多", "应为数字"),
        ("agency_code", 5, "91370600MA3QY001XB", "校验码不符"),
    ],
)
def test_a_fault_names_its_cell(field_id, column, text, words):
    grid = edited(text, field_id, column)
    at = next(i for i, row in enumerate(grid["企业数据"]) if field_id in row[2:3])
    [problem] = read_upload(grid, EMPTY).problems
    assert problem.place == f"企业数据!{'ABCDEF'[column]}{at + 1}"
    assert words in problem.message["zh"]


def test_a_total_that_fits_is_no_fault():
    assert read_upload(edited("16", "patents_valid", 5), EMPTY).problems == ()


def test_amounts_in_yuan_are_converted_visibly():
    upload = read_upload(edited("3500000元", "assets", 5), EMPTY)
    assert upload.changes.values["assets"].value == Decimal("350.00")
    [note] = upload.conversions
    assert "350.00 万元" in note.message["zh"]


def test_ids_that_are_unknown_or_doubled_are_faults():
    grid = edited("x", "staff", 2)
    assert "没有这个编号" in read_upload(grid, EMPTY).problems[0].message["zh"]
    grid = edited("rd_staff", "staff", 2)
    assert "两次" in read_upload(grid, EMPTY).problems[0].message["zh"]


def test_a_workbook_of_another_year_is_not_read():
    upload = read_upload(grid_of(sheet_of(SOUND, year=YEAR - 1)), EMPTY)
    assert [p.place for p in upload.problems] == [
        "企业数据!D1", "企业数据!E1", "企业数据!F1",
    ]  # fmt: skip
    assert upload.changes.values == {}


def test_faults_of_the_lists_name_their_cells():
    grid = {
        "知识产权清单": [
            ["类型", "号码", "名称", "备注"],
            ["专利", "201310699744.3"],
            ["发明专利", "201310699744.2"],
            ["", "ZL 2013 1 0699744.2"],
            ["飞船", "1"],
            ["发明专利", ""],
        ],
        "Disqualifying matters": [
            [],
            ["Rain", "", "1", "yesterday"],
            [],
        ],
    }
    upload = read_upload(grid, EMPTY)
    assert [p.place for p in upload.problems] == [
        "知识产权清单!B2", "知识产权清单!B4", "知识产权清单!B5",
        "Disqualifying matters!A2", "Disqualifying matters!B2",
        "Disqualifying matters!D2",
    ]  # fmt: skip
    assert [item.number for item in upload.changes.add_rights] == ["201310699744.2"]


def test_the_marked_workbook_shows_and_explains_the_faults():
    grid = edited("很多", "staff", 5)
    problems = read_upload(grid, EMPTY).problems
    data = marked_workbook(grid, problems, locale="zh")
    opened = open_workbook(data)
    assert opened.sheet_names == ["企业数据", "知识产权清单", "一票否决事项", "问题"]
    assert sheet_texts(opened, "问题")[1][:2] == [problems[0].place, "很多"]
    assert read_grid(data)["企业数据"] == grid["企业数据"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert "应为数字" in comments
    again = marked_workbook({"问题": [["x"]]}, [], locale="zh")
    assert open_workbook(again).sheet_names == ["问题", "问题 2"]


def test_nothing_typed_becomes_a_formula_or_link():
    hostile = '=HYPERLINK("http://example.org")'
    sheet = Sheet(
        DEFINITION,
        YEAR,
        {"cert_body": Entry(EntryState.VALUE, hostile)},
        rights=(read_right("trademark", "1/1", "=1+1", "http://example.org"),),
    )
    data = data_sheet_workbook(sheet, locale="zh")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [archive.read(n).decode() for n in archive.namelist() if "sheet" in n]
    assert not any("HYPERLINK" in page or "hyperlink" in page for page in pages)
    assert sheet_texts(open_workbook(data), "知识产权清单")[1][2] == "=1+1"


def test_the_header_stays_in_view_and_options_are_offered():
    data = data_sheet_workbook(sheet_of(SOUND), locale="zh")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in page
    choosing = [
        item
        for item in DEFINITION.fields.values()
        if item.is_typed and item.kind in (FieldKind.CHOICE, FieldKind.YESNO)
    ]
    assert page.count('type="list"') == len(choosing)


def test_a_workbook_without_our_sheets_is_refused():
    other = marked_workbook({"别的": [["甲"]]}, [], locale="zh")
    with pytest.raises(NoDataSheet):
        read_grid(other)
    with pytest.raises(UnreadableWorkbook):
        read_grid(b"nothing")
