"""Banks as workbooks: nothing is lost, and every fault names sheet and cell."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings, strategies as st

from backend.workbooks import cell_name, read_sheets
from question_bank import workbook_reading
from question_bank.bank_files import MAPS_KEY
from question_bank.bank_workbook import from_workbook, to_workbook
from question_bank.data_sheet import known_facts
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint import lint
from question_bank.engine.source_writer import bank_source
from question_bank.publishing import bank_folders
from question_bank.source import load_bank, load_folder
from question_bank.workbook_layout import BANK_KEYS, SHEETS
from question_bank.workbook_rows import split_list
from question_bank.yaml_reading import SourceError
from tests.engine.whole_banks import NASTY, example_bank, seeds, whole_bank

SMALL = Path(__file__).parents[1] / "banks" / "small"
FOLDERS = [*bank_folders(), SMALL]

Grid = dict[str, list[list[Any]]]


def grid_of(data: bytes) -> Grid:
    """Return every cell of a workbook, to be changed and written again."""
    return {
        sheet.name: [list(row) for row in sheet.rows] for sheet in read_sheets(data)
    }


def written(grid: Grid, also: Callable[[Any], None] = lambda book: None) -> bytes:
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in grid.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for index, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, index, value, day)
                    elif value != "":
                        sheet.write(number, index, value)
        also(book)
    return target.getvalue()


def small() -> Grid:
    return grid_of(to_workbook(load_folder(SMALL)[0]))


def cell(grid: Grid, sheet: str, key: str, column: str) -> tuple[int, int]:
    """Return where a row that starts with `key` has a column."""
    rows = grid[sheet]
    number = next(i for i, row in enumerate(rows) if i and row[0] == key)
    return number, rows[0].index(column)


def place(grid: Grid, sheet: str, key: str, column: str) -> str:
    return f"{sheet}!{cell_name(*cell(grid, sheet, key, column))}"


def put(grid: Grid, sheet: str, key: str, column: str, value: Any) -> Grid:
    number, index = cell(grid, sheet, key, column)
    grid[sheet][number][index] = value
    return grid


def problems(data: bytes) -> list[tuple[str, str]]:
    """Return code and place of every problem, from reading to lint."""
    try:
        source, places = from_workbook(data)
    except SourceError as error:
        return [(p.code, p.place) for p in error.problems]
    of, found = parse_bank(source, places, known_facts())
    found = found if of is None else (*found, *lint(of, places))
    return [(p.code, p.place) for p in found if p.code != "section_can_be_empty"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_our_banks_come_back(folder):
    source, of = load_folder(folder)[0], load_bank(folder)[0]

    again, found = parse_bank(*from_workbook(to_workbook(source)), known_facts())

    assert again.sha256 == of.sha256
    assert found == ()
    assert problems(to_workbook(source)) == []


@settings(max_examples=60, deadline=None, database=None)
@given(seeds(), st.booleans())
def test_any_bank_comes_back(seed, full):
    of = whole_bank(seed, full=full)
    source = bank_source(of)

    again, places = from_workbook(to_workbook(source))

    assert again == source
    assert parse_bank(again, places)[0].sha256 == of.sha256


def test_every_key_of_a_full_bank_has_a_column_and_every_column_is_used():
    """A new field of the model needs a line in the layout, and none is left over."""
    grid = grid_of(to_workbook(bank_source(example_bank(5)), maps=[MAP]))

    unused = [
        (layout.name, column)
        for layout in SHEETS
        for index, column in enumerate(grid[layout.name][0])
        if not any(row[index] for row in grid[layout.name][1:])
    ]
    assert unused == [("clauses", "number_status")] or unused == []
    assert [row[0] for row in grid["bank"][1:]] == [column.key for column in BANK_KEYS]


MAP = {
    "from_bank": "old",
    "from": "a",
    "to": "b",
    "relation": "same",
    "note": {"zh": "一", "en": "One"},
}


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_come_back(text):
    source = load_folder(SMALL)[0]
    source["title"] = {"zh": text, "en": text}

    assert from_workbook(to_workbook(source))[0]["title"] == source["title"]


VISIBLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


@settings(max_examples=10, deadline=None, database=None)
@given(st.lists(VISIBLE.map(str.strip).filter(bool), min_size=1, max_size=40))
def test_any_text_comes_back(texts):
    departments = [{"id": f"d{i}", "title": {"zh": t}} for i, t in enumerate(texts)]

    data = to_workbook({"departments": departments})

    [sheet] = [sheet for sheet in read_sheets(data) if sheet.name == "departments"]
    assert [row[1] for row in sheet.rows[1:]] == texts


@pytest.mark.parametrize(
    "items",
    [["a"], ["a", "b"], ["a, b"], ["a；b", "c"], ["x y"], ["a,b", "c、d"]],
)
def test_lists_share_a_cell(items):
    source = load_folder(SMALL)[0]
    source["quick_scan"] = items

    assert from_workbook(to_workbook(source))[0]["quick_scan"] == items


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("ip，hr、it; rd", ["ip", "hr", "it", "rd"]),
        ("ip\nhr", ["ip", "hr"]),
        (" , ", []),
        ("a, b\n", ["a, b"]),
    ],
)
def test_lists_may_be_typed_as_people_do(cell, items):
    assert split_list(cell) == items


def scalars(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        pairs = [(f"{path}/{key}", inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{path}/{index}", inner) for index, inner in enumerate(value)]
    else:
        return [(path.lstrip("/"), value)]
    return [found for place, inner in pairs for found in scalars(inner, place)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_value_has_the_cell_in_which_it_stands(folder):
    data = to_workbook(load_folder(folder)[0])
    source, places = from_workbook(data)
    cells = {
        f"{sheet.name}!{name}": value
        for sheet in read_sheets(data)
        for name, value in sheet.cells()
    }

    for path, text in scalars(source):
        nearest = path
        while nearest not in places:
            nearest = nearest.rpartition("/")[0]
        content = cells[places[nearest].file]
        assert content == text or text in split_list(content), path
        assert (places[nearest].line, places[nearest].column) == (0, 1)


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value", "found"),
    [
        ("questions", "level_one", "weight", "two", ("not_a_number", "weight")),
        ("questions", "level_one", "weight", "60%", ("percent", "weight")),
        ("questions", "level_one", "weight", "", ("missing_key", "id")),
        ("questions", "level_one", "type", "grade", ("unknown_word", "type")),
        ("questions", "level_one", "section", "NONE", ("unknown_section", "section")),
        (
            "questions",
            "level_one",
            "departments",
            "xx",
            ("unknown_department", "departments"),
        ),
        (
            "questions",
            "level_two",
            "na.allowed",
            "maybe",
            ("not_yes_or_no", "na.allowed"),
        ),
        (
            "questions",
            "level_one",
            "mandatory.min_level",
            "9",
            ("min_level_range", "mandatory.min_level"),
        ),
        ("clauses", "C-ONE", "certainty", "D", ("unknown_word", "certainty")),
        ("levels", "level_one", "level", "zero", ("not_a_level", "question")),
        ("levels", "level_one", "zh", "", ("missing_zh", "question")),
        (
            "evidence",
            "level_one",
            "required_from",
            "x",
            ("not_an_integer", "required_from"),
        ),
        ("guidance", "level_one", "days", "x", ("not_an_integer", "days")),
        ("guidance", "level_one", "levels", "1–2", ("not_a_level", "question")),
        (
            "checks",
            "sample_too_large",
            "questions",
            "nothing",
            ("unknown_question", "questions"),
        ),
        ("gates", "gate_run", "wait.months", "0", ("wait_range", "wait.question")),
        (
            "bank",
            "policy.completeness_min",
            "value",
            "2",
            ("policy_range", "value"),
        ),
        ("bank", "title", "zh", "", ("missing_zh", "en")),
        ("sections", "ONE", "weight", "x", ("not_a_number", "weight")),
    ],
)
def test_lint_names_sheet_and_cell(sheet, key, column, value, found):
    code, name = found
    grid = put(small(), sheet, key, column, value)

    assert (code, place(grid, sheet, key, name)) in problems(written(grid))


def test_a_rule_names_its_cell_and_the_character():
    grid = put(small(), "questions", "total", "applies_when", "level_one == 2")

    [(code, found)] = problems(written(grid))

    assert code == "rule_syntax"
    assert found == f"{place(grid, 'questions', 'total', 'applies_when')}:12"


@pytest.mark.parametrize(
    "sheet", ["questions", "clauses", "sections", "levels", "scale"]
)
def test_empty_rows_are_passed_by(sheet):
    grid = small()
    grid[sheet].insert(1, [""] * 5)
    grid[sheet] += [[" ", "\u3000"]] + [[""]] * 50

    assert problems(written(grid)) == []


def test_columns_may_stand_in_any_order():
    grid = small()
    grid["questions"] = [row[::-1] for row in grid["questions"]]

    assert from_workbook(written(grid))[0] == from_workbook(written(small()))[0]


@pytest.mark.parametrize(
    ("value", "read"),
    [(2.0, "2"), (0.5, "0.5"), (1e-7, "0.0000001"), (1e15, "1000000000000000")],
)
def test_numbers_typed_as_numbers_are_read(value, read):
    grid = put(small(), "questions", "level_one", "weight", value)

    source = from_workbook(written(grid))[0]

    assert source["questions"][2]["weight"] == read


def test_a_tick_is_yes():
    grid = put(small(), "questions", "level_two", "na.allowed", True)

    assert from_workbook(written(grid))[0]["questions"][6]["na"]["allowed"] == "yes"


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value", "code"),
    [
        ("clauses", "C-ONE", "number", 7.1, "number_not_text"),
        ("bank", "version", "value", 1.1, "number_not_text"),
        ("sections", "ONE", "chapter", 4.1, "number_not_text"),
        ("guidance", "level_one", "levels", datetime(2026, 1, 2), "date_cell"),
        ("questions", "level_one", "id", datetime(2026, 1, 2), "date_cell"),
    ],
)
def test_what_a_spreadsheet_makes_of_text_is_refused_with_advice(
    sheet, key, column, value, code
):
    grid = put(small(), sheet, key, column, value)

    with pytest.raises(SourceError) as caught:
        from_workbook(written(grid))
    problem = caught.value.problems[0]
    assert problem.code == code
    assert problem.hint["zh"] == "把单元格格式设为“文本”再重新输入。"


def test_a_whole_clause_number_typed_as_a_number_is_read():
    grid = put(small(), "clauses", "C-ONE", "number", 4)

    assert from_workbook(written(grid))[0]["clauses"][0]["number"] == "4"


def test_a_date_cell_is_a_date_where_one_belongs():
    source = load_folder(SMALL)[0]
    source["changelog"] = [
        {"version": "1.0.0", "date": "2026-01-31", "text": {"zh": "首"}}
    ]
    grid = grid_of(to_workbook(source))
    put(grid, "changelog", "1.0.0", "date", datetime(2026, 3, 4))

    assert from_workbook(written(grid))[0]["changelog"][0]["date"] == "2026-03-04"


def broken(change: Callable[[Grid], Any]) -> list[tuple[str, str]]:
    grid = small()
    change(grid)
    return problems(written(grid))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda g: g.pop("questions"), ("missing_sheet", "questions!A1")),
        (lambda g: g.update(notes=[["x"]]), ("unknown_sheet", "notes!A1")),
        (lambda g: g["facts"][0].append("extra"), ("unknown_column", "facts!G1")),
        (lambda g: g["facts"][0].append("id"), ("duplicate_column", "facts!G1")),
        (lambda g: g["levels"].pop(0), ("missing_header", "levels!A1")),
        (lambda g: g.update(clauses=[]), ("missing_header", "clauses!A1")),
        (lambda g: g["gates"][0].__setitem__(0, ""), ("missing_column", "gates!A1")),
        (lambda g: g["checks"][1].append("note"), ("no_header", "checks!G2")),
        (
            lambda g: g["questions"].append(g["questions"][1]),
            ("duplicate_id", "questions!A13"),
        ),
        (
            lambda g: g["levels"].append(["nobody", "1"]),
            ("unknown_question", "levels!A22"),
        ),
        (lambda g: g["levels"].append(["", "1"]), ("unknown_question", "levels!A22")),
        (
            lambda g: g["levels"].append(["level_one", "1", "又"]),
            ("duplicate_key", "levels!B22"),
        ),
        (
            lambda g: g["levels"].append(["level_one", "", "又"]),
            ("duplicate_key", "levels!B22"),
        ),
        (lambda g: g["scale"].append(["1", "又"]), ("duplicate_key", "scale!A7")),
        (
            lambda g: g["bank"].append(["colour", "red"]),
            ("unknown_key", f"bank!A{len(BANK_KEYS) + 2}"),
        ),
        (
            lambda g: g["bank"].append(["id", "x"]),
            ("duplicate_key", f"bank!A{len(BANK_KEYS) + 2}"),
        ),
        (lambda g: put(g, "bank", "id", "zh", "x"), ("misplaced", "bank!C2")),
        (lambda g: put(g, "bank", "title", "value", "x"), ("misplaced", "bank!B6")),
        (
            lambda g: put(g, "bands", "gate", "role", "door"),
            ("unknown_word", "bands!A4"),
        ),
        (
            lambda g: g["bands"].append(["gate", "Y"]),
            ("duplicate_key", "bands!A5"),
        ),
        (
            lambda g: g["choices"].append(["kinds", "col", "x"]),
            ("unknown_column", "choices!B6"),
        ),
        (
            lambda g: g["points"].extend([["total", "1", "1"], ["total", "yes", "1"]]),
            ("mixed_points", "points!B3"),
        ),
        (
            lambda g: g["points"].extend([["has_export", "yes", "1"]] * 2),
            ("duplicate_key", "points!B3"),
        ),
    ],
)
def test_faults_of_the_sheets_are_told_with_their_cell(change, found):
    assert found in broken(change)


def test_formulas_merged_cells_and_hidden_sheets_are_refused():
    def also(book: Any) -> None:
        book.get_worksheet_by_name("facts").write_formula("B5", "=1+1")
        book.get_worksheet_by_name("laws").merge_range("A3:B4", "x")
        book.get_worksheet_by_name("gates").hide()

    found = problems(written(small(), also))

    assert ("formula", "facts!B5") in found
    assert ("merged_cells", "laws!A3") in found
    assert ("hidden_sheet", "gates!A1") in found


def test_all_faults_are_seen_at_once_but_not_without_end():
    def change(grid: Grid) -> None:
        grid["levels"] += [["nobody", "1"]] * 1000

    assert len(broken(change)) == workbook_reading.MAX_PROBLEMS


def test_a_file_that_is_no_workbook_is_refused():
    assert problems(b"not a workbook") == [("unreadable_workbook", "workbook")]


def test_a_cell_far_away_is_named():
    grid = small()

    def also(book: Any) -> None:
        book.get_worksheet_by_name("facts").write_string("XFD7", "x")

    assert problems(written(grid, also)) == [("workbook_too_large", "facts!XFD7")]


def test_a_hundred_thousand_empty_rows_are_passed_by():
    def also(book: Any) -> None:
        sheet = book.get_worksheet_by_name("questions")
        for number in range(20, 100_020):
            sheet.set_row(number, 15)

    assert problems(written(small(), also)) == []


def test_maps_travel_along():
    source = load_folder(SMALL)[0]

    again, places = from_workbook(to_workbook(source, maps=[MAP]))

    assert again[MAPS_KEY] == [MAP]
    assert places["maps/0/relation"].file == "maps!D2"
    assert from_workbook(to_workbook({**source, MAPS_KEY: [MAP]}))[0] == again
    assert parse_bank(again, places)[1] == ()
    assert MAPS_KEY not in from_workbook(to_workbook(source))[0]


def test_the_same_source_gives_the_same_bytes():
    source = load_folder(SMALL)[0]

    assert to_workbook(source) == to_workbook(source)


def test_texts_that_look_like_formulas_are_texts():
    source = load_folder(SMALL)[0]
    source["title"] = {"zh": "=1+1", "en": "@SUM(A1)"}

    assert all(sheet.formulas == () for sheet in read_sheets(to_workbook(source)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "unwritable"),
        ({"version": 1}, "unwritable"),
        ({"questions": "none"}, "unwritable"),
        ({"questions": ["words"]}, "unwritable"),
        ({"questions": [{}]}, "unwritable"),
        ({"facts": [{}]}, "unwritable"),
        ({"questions": [{"id": "a", "weigth": "1"}]}, "unwritable"),
        ({"questions": [{"id": "a", "clause": "C"}]}, "unwritable"),
        ({"questions": [{"id": "a", "clause": ["a\nb"]}]}, "unwritable"),
        ({"questions": [{"id": "a", "levels": ["x"]}]}, "unwritable"),
        ({"questions": [{"id": "a", "points": "1"}]}, "unwritable"),
        ({"questions": [{"id": "a", "points": [["1"]]}]}, "unwritable"),
        ({"questions": [{"id": "a", "evidence": [{"question": "b"}]}]}, "unwritable"),
        ({"questions": [{"id": "a"}, {"id": "a"}]}, "duplicate_id"),
        ({"questions": [{"section": "S"}]}, "duplicate_id"),
        ({"scale": {"points": "1"}}, "unwritable"),
        ({"scale": {"levels": ["x"]}}, "unwritable"),
        ({"gate_band": "X"}, "unwritable"),
        ({"title": {"zh": "x" * 32_768}}, "text_too_long"),
        ({"title": {"zh": "_x0041_x0042_"}}, "unwritable"),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_rather_than_lost(change, code):
    with pytest.raises(SourceError) as caught:
        to_workbook({"id": "x", **change})

    assert [p.code for p in caught.value.problems] == [code]
    assert caught.value.problems[0].place
