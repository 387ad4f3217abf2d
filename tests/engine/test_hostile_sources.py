"""Sources made to harm: refused with their place, without much work.

Work is counted in calls of functions, not in seconds: doubling the size of what is read
must not multiply it.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.workbooks import cell_name
from question_bank import source as source_module, source_limits, yaml_reading
from question_bank.bank_workbook import from_workbook, to_workbook
from question_bank.catalogue import MAX_ROWS
from question_bank.engine import lint_trials, source_node
from question_bank.engine.characters import (
    MAX_TEXT,
    has_markup,
    hidden_character,
    visible,
)
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint import lint
from question_bank.engine.problems import Problem
from question_bank.engine.source_writer import bank_source
from question_bank.source import load_bank, load_folder
from question_bank.workbook_question_layout import QUESTION_SHEETS
from question_bank.yaml_reading import SourceError, load_text
from tests.engine.builders import bank, question
from tests.engine.test_source import BANK, ITEMS, write

SMALL = Path(__file__).parents[1] / "banks" / "small"
MORE_THAN_LINEAR = 2.6


def calls(work: Callable[[], Any]) -> int:
    """Return how many Python functions are called."""
    count = 0

    def profile(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def refused(text: str) -> Problem:
    with pytest.raises(SourceError) as caught:
        load_text(text, "x.yaml")
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: " + "[" * 5000, "too_deep", 2),
        ("a: 1\nb: " + "{a: " * 40 + "}" * 40, "too_deep", 2),
        ("a: 1\nb: &x [1]\nc: *x\n", "alias", 2),
        ("\n\na: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "alias", 3),
        ("a: 1\nb: !!python/object/apply:os.system [x]\n", "tag", 2),
        ("a: 1\nb: !x y\n", "tag", 2),
        ("a: 1\nb: 2\na: 3\n", "duplicate_key", 3),
        ("a: 1\n? " + "k" * 200 + "\n: x\n", "key_too_long", 2),
        ("a: 1\nb: \x07\n", "yaml_syntax", 2),
        ("a: 1\nb: 2\n---\nc: 3\n", "several_documents", 3),
    ],
)
def test_hostile_text_is_refused_where_it_stands(text, code, line):
    problem = refused(text)

    assert (problem.code, problem.line) == (code, line)
    assert problem.place == f"x.yaml:{line}:{problem.column}"


def test_depth_is_refused_before_anything_is_built():
    assert calls(lambda: refused("[" * 100_000)) < 1000


def test_a_thousand_aliases_are_refused_at_the_first():
    text = "a: &a [x]\n" + "b: [" + "*a, " * 50_000 + "]\n"

    assert calls(lambda: refused(text)) < 1000


def test_values_are_bounded():
    text = "".join(f"- {number}\n" for number in range(yaml_reading.MAX_VALUES + 1))

    assert (refused(text).code, refused(text).line) == (
        "too_many_values",
        yaml_reading.MAX_VALUES,
    )


def test_a_large_file_and_a_large_folder_are_not_read(tmp_path, monkeypatch):
    write(tmp_path)
    with (tmp_path / "bank.yaml").open("ab") as file:
        file.truncate(yaml_reading.MAX_BYTES + 1)
    assert [p.code for p in load_bank(tmp_path)[1]] == ["file_too_large"]

    write(tmp_path)
    monkeypatch.setattr(source_module, "MAX_FOLDER_BYTES", 1000)
    assert [p.code for p in load_bank(tmp_path)[1]] == ["folder_too_large"]


def found_in(tmp_path: Path, old: str, new: str) -> list[tuple[str, int]]:
    assert ITEMS.count(old) == 1
    return [
        (p.code, p.line)
        for p in load_bank(write(tmp_path, items=ITEMS.replace(old, new)))[1]
    ]


DEEP_RULE = "not (" * 13 + "item = 1" + ")" * 13
LONG_RULE = " or ".join(["share = 1"] * 34)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("en: Done?", "en: " + "x" * 1_000_000, "text_too_long", 6),
        ("en: Done?", 'en: "<script>alert(1)</script>"', "markup", 6),
        ("en: Done?", 'en: "<img src=x onerror=y"', "markup", 6),
        ("en: Done?", 'en: "a <!-- b"', "markup", 6),
        ("en: Done?", 'en: "ab\\u202Ecd"', "hidden_character", 6),
        ("en: Done?", 'en: "ab\\x07"', "hidden_character", 6),
        ("en: Done?", 'en: "a\\u2028b"', "hidden_character", 6),
        ("zh: 建立, en: Build", 'zh: "建\\u2066立", en: Build', "hidden_character", 23),
        ("zh: 建立, en: Build", 'zh: "<b>建</b>", en: B', "markup", 23),
        ("zh: 某法, en: An act", 'zh: "<b>法</b>", en: Act', "markup", 26),
        ("id: item\n", 'id: "it\\u202Eem"\n', "hidden_character", 3),
        ("    weight: 2\n", "    weight: " + "9" * 5000 + "\n", "not_a_number", 8),
        ("required_from: 2", "required_from: " + "9" * 5000, "not_an_integer", 21),
        ("min_level: 2", "min_level: " + "9" * 99, "min_level_range", 10),
        ("max: 10.5", "max: " + "9" * 400, "not_a_number", 44),
        (
            "applies_when: answered(start)",
            f"applies_when: {LONG_RULE}",
            "rule_syntax",
            12,
        ),
        (
            "applies_when: answered(start)",
            f"applies_when: {DEEP_RULE}",
            "rule_syntax",
            12,
        ),
        (
            "applies_when: answered(start)",
            "applies_when: " + "(" * 900 + "1 = 1" + ")" * 90,
            "rule_syntax",
            12,
        ),
        (
            "applies_when: answered(start)",
            "applies_when: " + "a" * 1_000_000,
            "text_too_long",
            12,
        ),
    ],
)
def test_hostile_values_are_refused_with_their_line(tmp_path, old, new, code, line):
    assert (code, line) in found_in(tmp_path, old, new)


def test_a_comparison_is_no_markup(tmp_path):
    assert found_in(tmp_path, "en: Done?", 'en: "is a < b and c > d?"') == []
    assert found_in(tmp_path, "answered(start)", "start <as_of") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain 中文 😀 𬭎 é\n\ttext", None),
        ("family 👨\u200d👩", None),
        ("a\u202eb", (1, "U+202E")),
        ("\u2066a", (0, "U+2066")),
        ("a\x00", (1, "U+0000")),
        ("a\u200bb", (1, "U+200B")),
        ("\ufeff", (0, "U+FEFF")),
        ("a\U000e0041", (1, "U+E0041")),
        ("a\r", (1, "U+000D")),
    ],
)
def test_hidden_characters(text, found):
    assert hidden_character(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>x", True),
        ("</p>", True),
        ("<SCRIPT src", True),
        ("<svg/onload", True),
        ("<!doctype html>", True),
        ("a < b > c", False),
        ("x<5 且 y>3", False),
        ("a<b", False),
        ("《办法》", False),
    ],
)
def test_markup(text, found):
    assert has_markup(text) is found


def test_problems_are_printed_without_what_they_complain_of():
    problem = Problem("error", "x", {"zh": "a\u202eb\x1b[31m\nc", "en": "x"}, "f", 1, 2)

    assert str(problem) == "f:1:2: error x: a\\u202eb\\x1b[31m\\nc"
    assert visible("中文 😀") == "中文 😀"


def test_many_unknown_keys_are_reported_once_in_a_while():
    source = {f"key{number}": "x" for number in range(5000)}

    unknown = [p for p in parse_bank(source, {})[1] if p.code == "unknown_key"]
    assert len(unknown) == source_node.MAX_UNKNOWN


def test_many_entries_are_refused_once():
    data, places = load_folder(SMALL)
    data["departments"] = [{"id": "x", "title": {"zh": "x"}}] * 5000
    data["scale"]["evidence_caps"] = {f"k{i}": "1" for i in range(5000)}

    found = [(p.code, p.place) for p in parse_bank(data, places)[1]]

    assert found == [
        ("too_many_entries", "bank.yaml:19:18"),
        ("too_many_entries", "bank.yaml:7:3"),
    ]


def test_as_many_questions_are_read_as_a_draft_may_hold():
    limits = (source_limits.MAX_QUESTIONS, source_limits.MAX_ITEMS, MAX_ROWS)
    assert {source_node.MAX_ENTRIES} == {*limits}


def chained(size: int) -> Any:
    """Return a bank in which each question hangs on the one before it."""
    questions = [
        question(
            f"q{i}",
            f"S{i // 40}",
            applies_when=f"q{i - 1} >= 2" if i else None,
            after=(f"q{i - 1}",) if i else (),
        )
        for i in range(size)
    ]
    return bank({f"S{i}": 1 for i in range(size // 40 + 1)}, questions)


def test_a_long_chain_of_conditions_is_not_tried_for_ever():
    found = [p.code for p in lint(chained(400), {})]

    assert found.count("rules_not_tried") == 1
    trials = lint_trials.Trials()
    of = chained(400)
    for asked in of.questions[1:]:
        lint_trials.can_stay_unknown(of, asked.applies_when.tree, trials)
    assert trials.spent()
    assert trials.steps > -500 * 400


def test_names_are_checked_although_nothing_is_tried_any_more(monkeypatch):
    monkeypatch.setattr(lint_trials.Trials, "allow", lambda self, steps: False)
    of = chained(3)
    wrong = question("last", "S0", applies_when="nothing = 1")
    of = bank({"S0": 1}, [*of.questions, wrong])

    assert "unknown_name" in [p.code for p in lint(of, {})]


@pytest.mark.parametrize("door", ["data", "workbook"])
def test_work_grows_with_size_and_not_faster(door):
    def work(size: int) -> Callable[[], Any]:
        source = bank_source(chained(size))
        if door == "data":
            return lambda: parse_bank(source, {})
        data = to_workbook(source)
        return lambda: from_workbook(data)

    assert calls(work(200)) < MORE_THAN_LINEAR * calls(work(100))


def test_a_wide_clause_tree_is_read_in_one_go(tmp_path):
    def work(size: int) -> Callable[[], Any]:
        lines = "".join(
            f"  - {{key: K{i}, title: {{zh: 一, en: One}}, certainty: C}}\n"
            for i in range(size)
        )
        write(tmp_path, bank=BANK.replace("clauses:\n", f"clauses:\n{lines}"))
        return lambda: load_folder(tmp_path)

    assert calls(work(400)) < MORE_THAN_LINEAR * calls(work(200))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("text", {"zh": "<script>x</script>"}, "markup"),
        ("text", {"zh": "a\u202eb"}, "hidden_character"),
        ("applies_when", LONG_RULE, "rule_syntax"),
        ("help", {"zh": "x" * (MAX_TEXT + 1)}, "text_too_long"),
    ],
)
def test_a_workbook_is_refused_with_sheet_and_cell(field, value, code):
    source = load_folder(SMALL)[0]
    source["questions"][3][field] = value

    of, found = parse_bank(*from_workbook(to_workbook(source)))

    names = [column.key for column in QUESTION_SHEETS[0].columns]
    column = field if field == "applies_when" else f"{field}.zh"
    cell = cell_name(4, names.index(column))
    assert of is None
    assert (code, f"questions!{cell}") in [(p.code, p.file) for p in found]
