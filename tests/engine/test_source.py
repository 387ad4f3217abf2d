"""Reading a folder of YAML files: strings only, and every fault with its place."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from question_bank.engine.definition import Kind, Point, Superseded
from question_bank.engine.scoring import score
from question_bank.source import load_bank, load_folder
from question_bank.yaml_reading import SourceError, load_text
from tests.engine.builders import sheet

BANK = """\
id: small
edition: Test 1
version: 1.10
title: {zh: 小题库, en: Small bank}
summary: {zh: 用于测试, en: For tests}
departments:
  - {id: ip, title: {zh: 知识产权部, en: IP}}
facts:
  - {id: staff, type: number, title: {zh: 人数, en: Staff}, unit: {zh: 人, en: people}}
scale:
  levels:
    "0": {zh: 没有, en: Nothing}
    "1": {zh: 口头, en: Oral}
    "2": {zh: 不全, en: Patchy}
    "3": {zh: 符合, en: Conforming}
    "4": {zh: 改进, en: Improved}
  points: [0, 0.2, 3/5, 1, 1]
  conforming_level: 3
  nonconforming_below: 2
  evidence_caps: {said: 0.6, named: 0.8, attached: 1, sampled: 1}
bands:
  - {id: A, title: {zh: 甲, en: A}, meaning: {zh: 好, en: Good}, min_self: 85}
  - {id: D, title: {zh: 丁, en: D}, meaning: {zh: 差, en: Bad}}
gate_band: {id: X, title: {zh: 不可, en: No}, meaning: {zh: 不可, en: No}}
gates:
  - id: run
    title: {zh: 运行, en: Run}
    help: {zh: 说明, en: Help}
    rule: answered(start)
    wait: {question: start, months: 3}
    clause: [C1]
    guidance: {zh: 等待, en: Wait}
    source: {status: verified}
clauses:
  - key: C
    number: "4"
    title: {zh: 章, en: Chapter}
    certainty: A
    children:
      - {key: C1, number: 4.10, title: {zh: 一, en: One}, certainty: B}
      - {key: C2, title: {zh: 二, en: Two}, certainty: A, normative: no}
sections:
  - {id: P, chapter: "0", title: {zh: 情况, en: Profile}, weight: 0}
  - {id: S, chapter: "4", title: {zh: 章, en: Chapter}, weight: 8, na_allowed: yes}
quick_scan: [item]
changelog:
  - {version: 1.10, date: 2026-11-24, text: {zh: 首版, en: First}}
"""

PROFILE = """\
section: P
questions:
  - id: start
    clause: [C1]
    type: date
    text: {zh: 何时发布？, en: When issued?}
    help: {zh: 说明, en: Help}
    weight: 0
    departments: [ip]
"""

ITEMS = """\
section: S
questions:
  - id: item
    clause: [C1]
    type: level
    text: {zh: 是否做到？, en: Done?}
    help: {zh: 说明, en: Help}
    weight: 2
    looks_at: [document, record]
    mandatory: {min_level: 2, severity: major, cap: 74}
    event_based: true
    applies_when: answered(start)
    departments: [ip]
    levels:
      0: {zh: 没有, en: None}
      1: {zh: 口头, en: Oral}
      2: {zh: 不全, en: Patchy}
      3: {zh: 符合, en: Conforming}
      4: {zh: 改进, en: Improved}
    evidence:
      - {id: doc, text: {zh: 文件, en: Document}, required_from: 2}
    guidance:
      "0": {zh: 建立, en: Build, effort: M, days: 8, owner: ip, weeks: 3}
      "1-2": {zh: 补全, en: Complete, effort: S, days: 3, owner: ip, weeks: 2}
    finding: {zh: 未做到。, en: Not done.}
    laws: [{zh: 某法, en: An act, status: verified}]
    source: {status: verified}
  - id: named
    clause: [C1]
    type: yesno
    text: {zh: 有无？, en: Any?}
    help: {zh: 说明, en: Help}
    weight: 1
    na: {allowed: yes, reviewer_confirms: yes}
    points: {yes: 1, no: 0}
    departments: [ip]
  - id: share
    clause: [C1]
    type: number
    text: {zh: 多少？, en: How many?}
    help: {zh: 说明, en: Help}
    unit: {zh: 套, en: sets}
    min: 0
    max: 10.5
    weight: 1
    points: [[0, 0], [10, 1]]
    departments: [ip]
  - id: form
    clause: [C1]
    type: choice
    text: {zh: 哪种？, en: Which?}
    help: {zh: 说明, en: Help}
    weight: 0
    choices:
      - {id: a, text: {zh: 甲, en: A}}
    departments: [ip]
  - id: rows
    clause: [C1]
    type: table
    text: {zh: 清单, en: List}
    help: {zh: 说明, en: Help}
    weight: 0
    optional: true
    columns:
      - {id: name, type: text, text: {zh: 名称, en: Name}, optional: no}
    departments: [ip]
  - id: double
    clause: [C1]
    type: calculated
    text: {zh: 两倍, en: Double}
    help: {zh: 说明, en: Help}
    weight: 0
    rule: share * 2
checks:
  - id: odd
    when: item >= 3 and share = 0
    kind: contradiction
    questions: [item, share]
    text: {zh: 不一致, en: Odd}
"""


def write(folder: Path, bank: str = BANK, items: str = ITEMS) -> Path:
    sections = folder / "sections"
    sections.mkdir(exist_ok=True)
    (folder / "bank.yaml").write_text(bank, encoding="utf-8")
    (sections / "00_profile.yaml").write_text(PROFILE, encoding="utf-8")
    (sections / "10_items.yaml").write_text(items, encoding="utf-8")
    return folder


def test_folder_becomes_a_bank_without_problems(tmp_path):
    bank, problems = load_bank(write(tmp_path))

    assert problems == ()
    assert bank.version == "1.10"
    assert bank.clause("C1").number == "4.10"
    assert [(c.key, c.parent, c.leaf) for c in bank.clauses] == [
        ("C", None, False),
        ("C1", "C", True),
        ("C2", "C", True),
    ]
    assert [c.number_status for c in bank.clauses] == [
        "verified",
        "to_verify",
        "to_verify",
    ]
    assert [c.normative for c in bank.clauses] == [True, True, False]
    assert [q.id for q in bank.questions] == [
        "start",
        "item",
        "named",
        "share",
        "form",
        "rows",
        "double",
    ]
    assert bank.question("item").mandatory.cap == 74
    assert [(g.first, g.last) for g in bank.question("item").guidance] == [
        (0, 0),
        (1, 2),
    ]
    assert bank.question("named").points == (Point(0, 0), Point(1, 1))
    assert bank.question("share").max == 10.5
    assert bank.question("double").type is Kind.CALCULATED
    assert bank.gates[0].wait.question_id == "start"
    assert bank.gates[0].source.status == "verified"
    assert bank.checks[0].questions == ("item", "share")
    assert bank.policy.weak_items_per_clause == 3


def test_28_comments_and_file_names_never_change_a_score(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    write(first)
    write(
        second, "# a comment\n" + BANK, ITEMS.replace("weight: 2", "weight: 2  # two")
    )
    (second / "sections/10_items.yaml").rename(second / "sections/zz.yaml")
    one, other = load_bank(first)[0], load_bank(second)[0]

    assert one.sha256 == other.sha256
    filled = sheet({"start": "2026-01-01", "item": 2, "share": 4, "named": True})
    assert score(one, filled) == score(other, filled)


def problems_of(tmp_path: Path, bank: str = BANK, items: str = ITEMS):
    return load_bank(write(tmp_path, bank, items))[1]


SUPERSEDED = """\
superseded:
  by: newer
  on: 2024-01-01
  certificates_until: 2025-12-31
  note: {zh: 已被取代, en: Replaced}
  status: verified
"""


def test_a_bank_says_what_replaced_it(tmp_path):
    bank, problems = load_bank(write(tmp_path, bank=BANK + SUPERSEDED))

    assert problems == ()
    assert bank.superseded == Superseded(
        by="newer",
        on=date(2024, 1, 1),
        note={"zh": "已被取代", "en": "Replaced"},
        status="verified",
        certificates_until=date(2025, 12, 31),
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("by: newer", "by: small", "superseded_by", 49),
        ("by: newer", "by: Newer Edition", "superseded_by", 49),
        ("on: 2024-01-01", "on: 2026-01-01", "superseded_dates", 49),
        ("on: 2024-01-01", "on: soon", "not_a_date", 50),
        ("  by: newer\n", "", "missing_key", 49),
        ("by: newer", "by: newer\n  because: reasons", "unknown_key", 50),
        (", en: Replaced", "", "missing_en", 52),
    ],
)
def test_faults_of_what_replaced_a_bank(tmp_path, old, new, code, line):
    assert SUPERSEDED.count(old) == 1
    problems = problems_of(tmp_path, bank=BANK + SUPERSEDED.replace(old, new))

    assert (code, line) in [(p.code, p.line) for p in problems]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("    weight: 2\n", "    weight: two\n", "not_a_number", 8),
        ("    weight: 2\n", "    weigth: 2\n", "unknown_key", 8),
        ("    weight: 2\n", "", "missing_key", 3),
        ("type: level", "type: grade", "unknown_word", 5),
        ("event_based: true", "event_based: perhaps", "not_yes_or_no", 11),
        ("answered(start)", "answered(start) and", "rule_syntax", 12),
        ("answered(start)", "answered(begin)", "unknown_name", 12),
        ("required_from: 2", "required_from: two", "not_an_integer", 21),
        ("      4: {zh: 改进", "      4a: {zh: 改进", "not_a_level", 19),
        ('      "1-2":', '      "1–2":', "not_a_level", 24),
        ("owner: ip, weeks: 3", "weeks: 3", "missing_key", 23),
        ("looks_at: [document, record]", "looks_at: document", "not_a_list", 9),
        ("text: {zh: 是否做到？, en: Done?}", "text: Done?", "not_an_object", 6),
        ("text: {zh: 是否做到？, en: Done?}", "text: {zh: [x]}", "not_text", 6),
        ("points: [[0, 0], [10, 1]]", "points: [[0], [10, 1]]", "not_a_pair", 46),
        ("points: {yes: 1, no: 0}", "points: {yes: 1, maybe: 0}", "unknown_key", 35),
        ("min_level: 2", "min_level: 9", "min_level_range", 10),
        ("  - id: item\n", "  - only words\n  - id: item\n", "not_an_object", 3),
        ("section: S\n", "", "missing_key", 2),
        ("points: {yes: 1, no: 0}", "points: 1", "not_an_object", 35),
        (
            "departments: [ip]\n    levels",
            "departments: [it]\n    levels",
            "unknown_department",
            13,
        ),
        ("section: S", "section: Z", "unknown_section", 1),
        ("  - id: odd", "  - id: odd\n    id: even", "duplicate_key", 76),
        ("section: S", "section: S\nother: 1", "unknown_key", 2),
        ("section: S", "section: &a S", "alias", 1),
        ("section: S", "section: !!str S", "tag", 1),
        ("section: S", "section: S\n---\na: 1", "several_documents", 2),
        ("section: S", "section: [", "yaml_syntax", 3),
        (
            "questions:\n  - id: item",
            "questions:\n  ? [a]\n  : b\n  - id: item",
            "yaml_syntax",
            5,
        ),
    ],
)
def test_fault_is_reported_where_it_stands(tmp_path, old, new, code, line):
    assert ITEMS.count(old) == 1
    problems = problems_of(tmp_path, items=ITEMS.replace(old, new))

    found = [(p.code, p.file, p.line) for p in problems]
    assert (code, "sections/10_items.yaml", line) in found


def test_what_is_missing_is_reported_once(tmp_path):
    items = ITEMS.replace("    weight: 2\n", "").replace(
        "    text: {zh: 是否做到？, en: Done?}\n", ""
    )

    assert [(p.code, p.line) for p in problems_of(tmp_path, items=items)] == [
        ("missing_key", 3),
        ("missing_key", 3),
    ]


def test_rule_errors_have_the_column(tmp_path):
    items = ITEMS.replace(
        "applies_when: answered(start)", "applies_when: answered(start) && item = 1"
    )
    problem = problems_of(tmp_path, items=items)[0]

    assert (problem.line, problem.column) == (12, 35)
    assert problem.hint["en"] == "Write and (or 且)."


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: small", "id: small\nid: smaller", "duplicate_key"),
        ("date: 2026-11-24", "date: yesterday", "not_a_date"),
        (
            '    "0": {zh: 没有, en: Nothing}',
            "    zero: {zh: 没有, en: Nothing}",
            "not_an_integer",
        ),
        ("points: [0, 0.2, 3/5, 1, 1]", "points: [0, 0.2, 1/0, 1, 1]", "not_a_number"),
        ("id: small", "ident: small", "missing_key"),
        ("certainty: B", "certainty: D", "unknown_word"),
        ("clauses:\n", "clauses:\n  - only words\n", "not_an_object"),
        ("key: C1", "key: C", "duplicate_id"),
        (
            "edition: Test 1",
            "edition: Test 1\npolicy: {systemic_share: 2}",
            "policy_range",
        ),
        (
            "edition: Test 1",
            "edition: Test 1\npolicy: {weak_items_per_clause: 4}",
            None,
        ),
        ("edition: Test 1", "edition: Test 1\nlocales: zh", "not_a_list"),
        (
            "facts:",
            "facts:\n  - {id: extra, type: text, title: {zh: 事实}}",
            "missing_en",
        ),
    ],
)
def test_faults_of_the_frame(tmp_path, old, new, code):
    assert BANK.count(old) == 1
    problems = problems_of(tmp_path, bank=BANK.replace(old, new))

    assert {p.code for p in problems} == ({code} if code else set()) or code in {
        p.code for p in problems
    }
    assert all(p.file == "bank.yaml" for p in problems if p.code == code)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (
            "    children:\n      - {key: C1",
            "    children: none\n  - {key: C1",
            "unknown_key",
            39,
        ),
        ("certainty: B}", "certainty: E}", "unknown_word", 40),
        ("number: 4.10, title: {zh: 一, en: One}", "number: 4.10", "missing_key", 40),
    ],
)
def test_faults_of_the_clause_tree_have_their_place(tmp_path, old, new, code, line):
    assert BANK.count(old) == 1
    text = BANK.replace(old, new)
    if "children: none" in new:
        text = text.replace("      - {key: C2", "  - {key: C2")

    found = [(p.code, p.line) for p in problems_of(tmp_path, bank=text)]

    assert (code, line) in found


def test_clauses_must_be_a_list(tmp_path):
    head, tail = BANK.split("clauses:\n")
    text = head + "clauses: none\n" + tail[tail.index("sections:") :]

    assert "not_a_list" in [p.code for p in problems_of(tmp_path, bank=text)]


def test_scalars_stay_strings():
    data, places = load_text("a: 7.10\nb: no\nc: [1, 2026-01-01]\n", "x.yaml")

    assert data == {"a": "7.10", "b": "no", "c": ["1", "2026-01-01"]}
    assert (places["c/1"].line, places["c/1"].column) == (3, 8)
    assert load_text("", "x.yaml")[0] == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\nb: *x\n", "alias"),
        ("a: *x\n", "alias"),
        ("a: !!python/object:os.system x\n", "tag"),
        ("[" * 30 + "]" * 30, "too_deep"),
        ("a: 1\na: 2\n", "duplicate_key"),
        ("? {b: 1}\n: 2\n", "key_not_text"),
        ("a: \x01", "yaml_syntax"),
        ("a: b: c", "yaml_syntax"),
    ],
)
def test_hostile_or_broken_text_is_refused(text, code):
    with pytest.raises(SourceError) as caught:
        load_text(text, "x.yaml")

    assert [p.code for p in caught.value.problems] == [code]
    assert caught.value.problems[0].line >= 1
    assert code in str(caught.value)


def test_files_are_bounded(tmp_path, monkeypatch):
    write(tmp_path)
    monkeypatch.setattr("question_bank.source.MAX_FILES", 1)
    assert [p.code for p in load_bank(tmp_path)[1]] == ["too_many_files"]

    monkeypatch.setattr("question_bank.yaml_reading.MAX_BYTES", 10)
    assert [p.code for p in load_bank(tmp_path)[1]] == ["file_too_large"]


def test_files_must_be_mappings_in_utf8(tmp_path):
    write(tmp_path, bank="- a\n")
    assert [p.code for p in load_bank(tmp_path)[1]] == ["not_an_object"]

    write(tmp_path, items="- a\n")
    assert [p.code for p in load_bank(tmp_path)[1]] == ["not_an_object"]

    write(tmp_path, items="section: S\nquestions: none\n")
    assert [p.code for p in load_bank(tmp_path)[1]] == ["not_a_list"]

    write(tmp_path)
    (tmp_path / "bank.yaml").write_bytes("标题".encode("gb18030"))
    assert [p.code for p in load_bank(tmp_path)[1]] == ["not_utf8"]


def test_places_follow_questions_checks_and_clauses(tmp_path):
    data, places = load_folder(write(tmp_path))

    assert len(data["questions"]) == 7
    assert places["questions/1/applies_when"].file == "sections/10_items.yaml"
    assert places["questions/1/section"].line == 1
    assert places["checks/0/when"].line == 76
    assert data["clauses"][1]["parent"] == "C"
    assert places["clauses/1"].file == "bank.yaml"


def test_quoted_rules_point_behind_the_quotation_mark():
    quoted, plain = dedent("a: 'x'"), dedent("a: x")

    assert (
        load_text(quoted, "x")[1]["a"].column
        == load_text(plain, "x")[1]["a"].column + 1
    )
