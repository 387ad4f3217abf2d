"""From a control catalogue to a draft bank: what is read, kept, refused and where."""

import csv
import io
import string
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from hypothesis import given, settings, strategies as st

from backend.workbooks import cell_name
from question_bank.bank_files import write_folder
from question_bank.catalogue import draft_bank
from question_bank.catalogue_draft import Draft
from question_bank.catalogue_tree import control_id
from question_bank.engine.answers import Answered, AnswerSheet
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint import lint
from question_bank.engine.scoring import score
from question_bank.source import MAX_FILES, load_bank, load_folder
from question_bank.yaml_reading import MAX_BYTES
from tests.engine.builders import AS_OF

EXAMPLE = Path("docs/examples/catalogue.csv")
DRAFT = Draft("trade_secrets", {"zh": "商业秘密保护", "en": "Trade secrets"}, "示例")
HEADER = ["编号", "上级", "标题", "要求", "权重", "英文标题", "英文要求"]
SMALL = [
    ["1", "", "人员", "", "3", "People", ""],
    ["1.1", "1", "保密协议", "签署协议。", "2", "Agreements", "Sign them."],
    ["1.2", "1", "培训", "每年一次。", "", "Training", "Once a year."],
    ["2", "", "场所", "", "", "Sites", ""],
    ["2.1", "2", "区域", "划定区域。", "", "Areas", "Define areas."],
]


def to_csv(rows, header=HEADER, encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def to_xlsx(rows, header=HEADER, sheet="控制目录"):
    """A workbook whose cells hold what Python holds: text, numbers, formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    for y, row in enumerate([header, *rows]):
        for x, value in enumerate(row):
            if isinstance(value, Formula):
                page.write_formula(y, x, value.text)
            else:
                page.write(y, x, value)
    book.close()
    return out.getvalue()


class Formula:
    def __init__(self, text):
        self.text = text


def imported(data, file="catalogue.csv", draft=DRAFT):
    """The source of a catalogue without errors, and its warnings."""
    source, problems = draft_bank(data, file=file, draft=draft)
    assert source is not None, "\n".join(str(problem) for problem in problems)
    return source, problems


def bank_of(source):
    bank, problems = parse_bank(source, {})
    assert bank is not None, problems
    return bank


def complaints(data, file="catalogue.csv"):
    """Place and code of every problem; nothing is made when one is an error."""
    source, problems = draft_bank(data, file=file, draft=DRAFT)
    errors = [problem for problem in problems if problem.severity == "error"]
    assert (source is None) == bool(errors)
    assert all(set(problem.message) == {"zh", "en"} for problem in problems)
    return [(str(problem).split(": ")[0], problem.code) for problem in problems]


# What is read


def test_the_example_becomes_a_bank_that_lint_has_nothing_to_say_about():
    source, problems = imported(EXAMPLE.read_bytes())
    bank = bank_of(source)
    assert problems == ()
    assert lint(bank, {}) == ()
    assert [section.title["zh"] for section in bank.sections] == [
        "识别与管理", "人员", "场所、系统与对外往来",
    ]  # fmt: skip
    assert [q.id for q in bank.questions] == [
        "c_1_1", "c_1_2", "c_1_3", "c_2_1", "c_2_2", "c_2_3", "c_2_4",
        "c_3_1", "c_3_2", "c_3_3", "c_3_4", "c_3_5",
    ]  # fmt: skip


def test_a_control_becomes_a_clause_and_a_question_nobody_has_checked():
    bank = bank_of(imported(to_csv(SMALL))[0])
    question = bank.question("c_1_1")
    assert question.text == {
        "zh": "“保密协议”做到了什么程度？",
        "en": "How far is “Agreements” in place?",
    }
    assert question.help == {"zh": "签署协议。", "en": "Sign them."}
    assert (question.weight, question.source.status) == (2, "to_verify")
    assert [anchor.value for anchor in question.levels] == [0, 1, 2, 3, 4]
    clause = bank.clause("C-1-1")
    assert (clause.number, clause.parent, clause.certainty) == ("1.1", "C-1", "C")
    assert [(s.id, s.weight) for s in bank.sections] == [("C-1", 3), ("C-2", 1)]
    assert bank.reviewed_by is None
    assert "尚未经专家审阅" in bank.summary["zh"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_may_be_utf8_or_gb18030(encoding):
    assert imported(to_csv(SMALL, encoding=encoding))[0] == imported(to_csv(SMALL))[0]


def test_a_workbook_reads_like_the_csv():
    numbers = [[*row[:4], float(row[4]) if row[4] else "", *row[5:]] for row in SMALL]
    assert imported(to_xlsx(SMALL), "a.xlsx") == imported(to_csv(SMALL))
    assert imported(to_xlsx(numbers), "a.xlsx") == imported(to_csv(SMALL))


def test_columns_stand_in_any_order_under_either_name():
    header = ["weight", "TITLE", "英文标题", "parent", "id", "text_en", "要求"]
    rows = [[r[4], r[2], r[5], r[1], r[0], r[6], r[3]] for r in SMALL]
    assert imported(to_csv(rows, header)) == imported(to_csv(SMALL))


def test_rows_stand_in_any_order_and_empty_ones_are_passed_over():
    shuffled = [SMALL[1], ["", " ", "", "", ""], SMALL[2], SMALL[4], SMALL[0], SMALL[3]]
    assert imported(to_csv(shuffled)) == imported(to_csv(SMALL))


def test_a_mere_list_is_one_section():
    rows = [["A-1", "", "甲"], ["A-2", "", "乙"]]
    bank = bank_of(imported(to_csv(rows, HEADER[:3]))[0])
    assert [(s.id, s.title) for s in bank.sections] == [("ALL", DRAFT.title)]
    assert len(bank.questions) == 2


def test_a_weight_of_0_is_asked_but_not_scored():
    rows = [[*row] for row in SMALL]
    rows[1][4] = rows[3][4] = "0"
    rows.append(["3", "", "单项", "", "0", "Alone", ""])
    bank = bank_of(imported(to_csv(rows))[0])
    assert bank.question("c_1_1").modality == "optional"
    assert {s.id: s.weight for s in bank.sections} == {"C-1": 3, "C-2": 0, "C-3": 0}
    assert {p.code for p in lint(bank, {}) if p.severity == "error"} == set()


def test_without_english_lint_warns_and_nothing_more():
    rows = [row[:5] for row in SMALL]
    problems = lint(bank_of(imported(to_csv(rows, HEADER[:5]))[0]), {})
    assert {(p.severity, p.code) for p in problems} == {("warning", "missing_en")}


def test_text_that_starts_with_an_equals_sign_stays_text():
    rows = [["1", "", "=1+1", "=HYPERLINK(0)"], ["2", "", "+2", "@x"]]
    for data, file in (
        (to_csv(rows, HEADER[:4]), "a.csv"),
        (to_xlsx(rows, HEADER[:4]), "a.xlsx"),
    ):
        source, problems = imported(data, file)
        assert problems == ()
        assert source["clauses"][0]["title"] == {"zh": "=1+1"}
        assert source["questions"][0]["help"] == {"zh": "=HYPERLINK(0)"}


def test_further_columns_and_sheets_are_told_and_not_fatal():
    header = [*HEADER[:3], "责任人"]
    rows = [["1", "", "甲", "某部门"]]
    assert complaints(to_csv(rows, header)) == [("catalogue.csv:1:4", "extra_column")]
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet("一").write_row(0, 0, ["编号", "标题"])
        workbook.get_worksheet_by_name("一").write_row(1, 0, ["1", "甲"])
        workbook.add_worksheet("二").write(0, 0, Formula("x").text)
    assert complaints(book.getvalue()) == [("二!A1", "sheet_ignored")]


# What is wrong, and where


def changed(row, column, value):
    rows = [list(r) for r in SMALL]
    rows[row][column] = value
    return rows


BROKEN = [
    (changed(2, 1, "9"), (4, 2), "unknown_parent"),
    (changed(0, 1, "1.1"), (2, 2), "cycle"),
    (changed(2, 1, "1.2"), (4, 2), "cycle"),
    (changed(2, 0, "1.1"), (4, 1), "duplicate_id"),
    (changed(1, 0, ""), (3, 1), "missing_id"),
    (changed(4, 2, ""), (6, 3), "missing_title"),
    (changed(4, 4, "-1"), (6, 5), "bad_weight"),
    (changed(4, 4, "1e9"), (6, 5), "bad_weight"),
    (changed(4, 4, "٣"), (6, 5), "bad_weight"),
    (changed(1, 3, "长" * 2001), (3, 4), "text_too_long"),
    (changed(1, 2, "标\u202e题"), (3, 3), "bad_character"),
]


@pytest.mark.parametrize(
    ("rows", "place", "code"), BROKEN, ids=[f"{c}{p}" for _, p, c in BROKEN]
)
def test_each_mistake_is_named_with_row_and_cell(rows, place, code):
    row, column = place
    assert complaints(to_csv(rows)) == [(f"catalogue.csv:{row}:{column}", code)]
    cell = cell_name(row - 1, column - 1)
    assert complaints(to_xlsx(rows), "a.xlsx") == [(f"控制目录!{cell}", code)]


def test_all_mistakes_are_told_at_once():
    rows = changed(4, 4, "-1")
    rows[2][2] = ""
    rows[1][1] = "9"
    assert complaints(to_csv(rows)) == [
        ("catalogue.csv:4:3", "missing_title"),
        ("catalogue.csv:6:5", "bad_weight"),
        ("catalogue.csv:3:2", "unknown_parent"),
    ]


def test_a_circle_is_told_once_and_what_hangs_below_it_is_not_blamed():
    rows = [
        ["a", "b", "甲"], ["b", "c", "乙"], ["c", "a", "丙"], ["d", "a", "丁"],
        ["e", "d", "戊"],
    ]  # fmt: skip
    assert complaints(to_csv(rows, HEADER[:3])) == [("catalogue.csv:2:2", "cycle")]


def test_weights_without_effect_are_told():
    rows = [
        ["1", "", "甲", "", ""],
        ["1.1", "1", "乙", "", "5"],
        ["1.1.1", "1.1", "丙"],
    ]
    assert complaints(to_csv(rows, HEADER[:5])) == [
        ("catalogue.csv:3:5", "weight_ignored")
    ]


def test_a_catalogue_in_which_nothing_counts_is_refused():
    rows = [["1", "", "甲", "", "0"], ["1.1", "1", "乙", "", ""]]
    assert complaints(to_csv(rows, HEADER[:5])) == [
        ("catalogue.csv:2:5", "nothing_scored")
    ]


def test_the_header_is_checked_before_the_rows():
    header = ["编号", "id", "要求"]
    assert complaints(to_csv([["1", "1", "甲"]], header)) == [
        ("catalogue.csv:1:2", "duplicate_column"),
        ("catalogue.csv:1:1", "missing_column"),
    ]
    assert complaints(b"") == [("catalogue.csv:1:1", "empty_file")]
    assert complaints(to_csv([])) == [("catalogue.csv:2:1", "no_controls")]


def test_a_number_that_a_spreadsheet_shortened_is_not_guessed():
    rows = [[1.0, "", "甲", "", ""], [1.1, 1, "乙", "", ""]]
    assert complaints(to_xlsx(rows, HEADER[:5]), "a.xlsx") == [
        ("控制目录!A3", "id_not_text")
    ]


def test_a_formula_is_refused_with_its_cell():
    rows = [["1", "", "甲", Formula("=1+1"), Formula('=IMPORTXML("http://x","y")')]]
    assert complaints(to_xlsx(rows, HEADER[:5]), "a.xlsx") == [
        ("控制目录!D2", "formula"),
        ("控制目录!E2", "formula"),
    ]


@pytest.mark.parametrize("bad", ["", "Trade", "../x", "a b", "9a", "商业秘密"])
def test_a_banks_id_is_checked(bad):
    draft = Draft(bad, {"zh": "甲"}, "甲")
    source, problems = draft_bank(EXAMPLE.read_bytes(), file="a.csv", draft=draft)
    assert (source, [p.code for p in problems]) == (None, ["bad_bank_id"])


@pytest.mark.parametrize(
    ("title", "edition"),
    [("", "甲"), ("甲", ""), ("甲" * 201, "甲"), ("甲", "甲" * 65)],
)
def test_a_banks_title_and_edition_are_checked(title, edition):
    draft = Draft("a", {"zh": title}, edition)
    source, problems = draft_bank(EXAMPLE.read_bytes(), file="a.csv", draft=draft)
    assert (source, [p.code for p in problems]) == (None, ["bad_identity"])


# Bounds


def flat(count):
    return [[str(number), "", "项"] for number in range(1, count + 1)]


def test_3000_rows_are_read_and_3001_are_not():
    source, _ = imported(to_csv(flat(3000), HEADER[:3]))
    assert len(source["questions"]) == 3000
    assert complaints(to_csv(flat(3001), HEADER[:3])) == [
        ("catalogue.csv:3002:1", "too_many_rows")
    ]


def chain(depth):
    return [[str(n), str(n - 1) if n > 1 else "", "层"] for n in range(1, depth + 1)]


def test_depth_8_is_read_and_depth_9_is_not():
    source, _ = imported(to_csv(chain(8), HEADER[:3]))
    assert [q["id"] for q in source["questions"]] == ["c_8"]
    assert complaints(to_csv(chain(9), HEADER[:3])) == [
        ("catalogue.csv:10:2", "too_deep")
    ]
    assert complaints(to_csv(chain(3000), HEADER[:3])) == [
        ("catalogue.csv:10:2", "too_deep")
    ]


def test_a_file_of_10_mb_is_refused_unread():
    assert complaints(b"\xff" * 10_000_000) == [("catalogue.csv", "file_too_large")]


def test_51_columns_are_refused():
    assert complaints(to_csv([], ["编号"] * 51)) == [
        ("catalogue.csv", "too_many_columns")
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"," * 1_900_000, "too_many_columns"),
        (b"\n" * 1_900_000, "too_many_rows"),
        (b"a\n" * 900_000, "too_many_rows"),
    ],
)
def test_two_megabytes_do_not_become_millions_of_cells(data, code):
    tracemalloc.start()
    assert complaints(data) == [("catalogue.csv", code)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("编号,标题\n1,甲".encode("utf-16"), "encoding"),
        (b"\xff\xff\xff", "encoding"),
        ('编号,标题\n1,"甲"乙\n'.encode(), "csv_syntax"),
        ("编号,标题\n1,甲\x00\n".encode(), "bad_character"),
        ("编号,标题\n1," + "甲" * 200_000, "csv_syntax"),
    ],
)
def test_what_is_no_csv_is_refused(data, code):
    found = complaints(data.encode() if isinstance(data, str) else data)
    assert [name for _, name in found] == [code]


# Hostile workbooks (tests/project/test_workbooks.py has every shape)


def with_part(name, content):
    """A workbook with one part changed; content may be made of what was there."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(to_xlsx(SMALL))) as file,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        parts = {each: file.read(each) for each in file.namelist()}
        parts[name] = content(parts[name]) if callable(content) else content
        for each, data in parts.items():
            archive.writestr(each, data)
    return target.getvalue()


def with_rows(text):
    end = b"</sheetData>"
    return with_part(
        "xl/worksheets/sheet1.xml", lambda sheet: sheet.replace(end, text + end)
    )


@pytest.mark.parametrize(
    ("data", "place", "code"),
    [
        (
            with_part("xl/media/a.bin", bytes(5_000_000)),
            "a.xlsx",
            "workbook_too_large",
        ),
        (b"PK\x03\x04 and nothing else", "a.xlsx", "unreadable_workbook"),
        (
            with_part("xl/other.xml", b"<!DOCTYPE a><a/>"),
            "a.xlsx",
            "unreadable_workbook",
        ),
        (with_rows(b'<row><c r="CW9"/></row>'), "控制目录!CW9", "workbook_too_large"),
        (with_rows(b"<row/>" * 10_001), "控制目录!A10001", "workbook_too_large"),
        (
            with_rows(b'<row r="99999999999999"/>'),
            "控制目录!A99999999999999",
            "workbook_too_large",
        ),
    ],
)
def test_a_hostile_workbook_is_refused_with_its_place(data, place, code):
    assert complaints(data, "a.xlsx") == [(place, code)]


def test_rows_and_columns_within_the_bounds_are_read():
    assert complaints(with_rows(b"<row/>" * 9_000), "a.xlsx") == []
    assert complaints(with_rows(b'<row><c r="CV10000"/></row>'), "a.xlsx") == []
    wide = with_rows(b'<row><c r="AY7"><v>1</v></c></row>')
    assert complaints(wide, "a.xlsx") == [("控制目录!AY1", "too_many_columns")]


# Laws


NUMBERS = st.text(string.ascii_letters + string.digits + ".-_ 甲乙（", min_size=1).map(
    lambda text: " ".join(text.split())
)


@st.composite
def catalogues(draw):
    """A forest of at most 8 levels; each control hangs below an earlier one."""
    names = draw(
        st.lists(NUMBERS.filter(bool).filter(lambda n: len(n) < 60), min_size=1,
                 max_size=25, unique=True)
    )  # fmt: skip
    depth, rows = {}, []
    for name in names:
        above = [known for known, level in depth.items() if level < 8]
        parent = draw(st.sampled_from(["", *above]))
        depth[name] = depth.get(parent, 0) + 1
        rows.append([name, parent, f"标题 {name}", draw(st.sampled_from(["", "做。"]))])
    return draw(st.permutations(rows))


@settings(deadline=None, max_examples=60)
@given(rows=catalogues())
def test_any_tree_becomes_a_bank_that_asks_every_leaf_once(rows, tmp_path_factory):
    source, _ = imported(to_csv(rows, HEADER[:4]))
    bank = bank_of(source)
    assert [p for p in lint(bank, {}) if p.severity == "error"] == []
    parents = {row[1] for row in rows}
    leaves = {row[0] for row in rows if row[0] not in parents}
    asked = [bank.clause(question.clause).number for question in bank.questions]
    assert sorted(asked) == sorted(leaves)
    assert {clause.number for clause in bank.clauses} == {row[0] for row in rows}
    for clause in bank.clauses:
        above = bank.clause(clause.parent).number if clause.parent else ""
        assert [clause.number, above] in [row[:2] for row in rows]


@settings(deadline=None, max_examples=60)
@given(rows=catalogues(), data=st.data())
def test_ids_do_not_depend_on_the_other_rows(rows, data):
    """A catalogue imported again, sorted anew and extended, keeps its ids."""
    more = [*data.draw(st.permutations(rows)), ["新增", "", "新的一项", ""]]
    before = {
        q["clause"][0]: q["id"]
        for q in imported(to_csv(rows, HEADER[:4]))[0]["questions"]
    }
    after = {
        q["clause"][0]: q["id"]
        for q in imported(to_csv(more, HEADER[:4]))[0]["questions"]
    }
    assert before.items() <= after.items()


@given(NUMBERS, NUMBERS)
def test_different_numbers_give_different_ids(one, other):
    assert (control_id(one) == control_id(other)) == (one == other)


def test_numbers_that_look_alike_stay_apart():
    numbers = [
        "A.1",
        "a.1",
        "A-1",
        "A_1",
        "A1",
        "A 1",
        "1.1",
        "1-1",
        "11",
        "甲",
        "乙",
        "_",
    ]
    ids = {control_id(number) for number in numbers}
    assert len(ids) == len(numbers)
    assert control_id("A.5.1") == "c_a_5_1"
    assert control_id("7.10") != control_id("7.1")


def test_a_draft_can_be_answered_and_scored_without_gates():
    bank = bank_of(imported(EXAMPLE.read_bytes())[0])
    assert bank.gates == ()
    for level, total, band in ((4, 100, "A"), (0, 0, "D")):
        answers = {q.id: Answered(level) for q in bank.questions}
        strengths = dict.fromkeys(answers, "attached")
        card = score(bank, AnswerSheet(answers, AS_OF, strengths))
        assert (card.self_score, card.band) == (total, band)


# The command


def run(*arguments):
    out = io.StringIO()
    call_command("import_catalogue", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_writes_a_folder_that_lints(tmp_path):
    folder = tmp_path / "bank"
    options = ("--id", "trade_secrets", "--title", "商业秘密", "--out", folder)
    said = run(EXAMPLE, *options, "--title-en", "Trade secrets", "--edition", "示例")
    assert said == f"{folder}: 12 questions\n"
    call_command("lint_banks", folder)
    with pytest.raises(CommandError, match="exists already"):
        run(EXAMPLE, *options)


@settings(deadline=None, max_examples=20)
@given(rows=catalogues())
def test_what_is_written_reads_back_the_same(rows, tmp_path_factory):
    source, _ = imported(to_csv(rows, HEADER[:4]))
    folder = tmp_path_factory.mktemp("banks") / "bank"
    write_folder(source, folder)
    assert load_folder(folder)[0] == source


@pytest.mark.parametrize("sections", [1, 1500])
def test_a_full_catalogue_fits_into_the_bounds_of_a_folder(tmp_path, sections):
    rows = [[f"{n}", "", "长" * 80, "Long"] for n in range(1, sections + 1)]
    rows += [
        [f"1.{n}", f"{n % sections + 1}", "项", "One"] for n in range(3000 - sections)
    ]
    source, _ = imported(to_csv(rows, [*HEADER[:3], "英文标题"]))
    write_folder(source, tmp_path / "bank")
    files = [tmp_path / "bank" / "bank.yaml", *(tmp_path / "bank/sections").iterdir()]
    assert len(files) <= MAX_FILES
    assert max(file.stat().st_size for file in files) < MAX_BYTES
    bank, problems = load_bank(tmp_path / "bank")
    assert {problem.code for problem in problems} <= {"section_too_long"}
    assert bank.sha256 == bank_of(source).sha256


def test_a_catalogue_of_too_many_words_for_a_bank_leaves_nothing_behind(tmp_path):
    rows = [[f"{n}", "", "长" * 200] for n in range(1, 3001)]
    rows = [["0", "", "总"], *[[n, "0", title] for n, _, title in rows[:2999]]]
    file = tmp_path / "wordy.csv"
    file.write_bytes(to_csv(rows, HEADER[:3], "gb18030"))
    with pytest.raises(CommandError, match="split the catalogue"):
        run(file, "--id", "a", "--title", "甲", "--out", tmp_path / "bank")
    assert not (tmp_path / "bank").exists()


def test_long_texts_that_fit_into_a_folder_are_written(tmp_path):
    rows = [[f"{n}", "", "项", "长" * 2000, "long " * 600] for n in range(1, 251)]
    source, _ = imported(to_csv(rows, [*HEADER[:4], "英文要求"], "gb18030"))
    write_folder(source, tmp_path / "bank")
    assert load_folder(tmp_path / "bank")[0] == source


def test_a_wide_catalogue_reads_back_from_its_folder(tmp_path):
    rows = [[f"{n}", "" if n <= 150 else f"{n - 150}", "项"] for n in range(1, 301)]
    source, _ = imported(to_csv(rows, HEADER[:3]))
    write_folder(source, tmp_path / "bank")
    bank, problems = load_bank(tmp_path / "bank")
    assert [p for p in problems if p.severity == "error"] == []
    assert len(bank.questions) == 150


def test_the_command_says_where_a_catalogue_is_wrong(tmp_path):
    file = tmp_path / "broken.csv"
    file.write_bytes(to_csv(changed(2, 1, "9")))
    out = io.StringIO()
    arguments = (str(file), "--id", "x", "--title", "甲", "--out", str(tmp_path / "b"))
    with pytest.raises(CommandError, match="not imported"):
        call_command("import_catalogue", *arguments, stdout=out)
    assert out.getvalue().startswith("broken.csv:4:2: error unknown_parent: 没有编号")
    assert not (tmp_path / "b").exists()
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.csv", "--id", "x", "--title", "甲")
