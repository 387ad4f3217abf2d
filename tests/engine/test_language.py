"""The rule language: reading, writing errors for people, bounds."""

import pytest
from hypothesis import given, settings, strategies as st

from question_bank.engine.language import (
    MAX_TEXT,
    RuleSyntaxError,
    TypeInfo,
    check_types,
    depth,
    names,
    narrowed,
    nodes,
    parse,
    size,
)

HAS_RD = ("q", "has_rd")


@pytest.mark.parametrize(
    ("rule", "tree"),
    [
        ("has_rd", HAS_RD),
        ("has_rd = 是", ("eq", HAS_RD, ("k", True))),
        ("a and b and c", ("and", ("q", "a"), ("q", "b"), ("q", "c"))),
        ("a or b and c", ("or", ("q", "a"), ("and", ("q", "b"), ("q", "c")))),
        ("not a or b", ("or", ("not", ("q", "a")), ("q", "b"))),
        ("not not a", ("not", ("not", ("q", "a")))),
        ("a = -1", ("eq", ("q", "a"), ("k", -1))),
        ("-a", ("neg", ("q", "a"))),
        ("1.50", ("k", 1.5)),
        ("2.0", ("k", 2)),
        ("a in ('x')", ("in", ("q", "a"), ("k", ("x",)))),
        ("a in (yes, 否)", ("in", ("q", "a"), ("k", (True, False)))),
        ("a has_any b", ("has_any", ("q", "a"), ("q", "b"))),
        ("x - 1 - 2", ("sub", ("sub", ("q", "x"), ("k", 1)), ("k", 2))),
        ("android", ("q", "android")),
        ("order = 1", ("eq", ("q", "order"), ("k", 1))),
        ("noted", ("q", "noted")),
        ("min", ("q", "min")),
        ("a='it’s'", ("eq", ("q", "a"), ("k", "it’s"))),
        ("a = “，且”", ("eq", ("q", "a"), ("k", "，且"))),
        ("answered(a)", ("answered", ("q", "a"))),
    ],
)
def test_rule_becomes_tree(rule, tree):
    assert parse(rule) == tree


def test_chinese_english_and_ime_marks_give_the_same_tree():
    wanted = parse("has_rd = yes and employees >= 50 and ip_types has 'patent'")

    assert parse("has_rd = 是 且 employees >= 50 且 ip_types 包含 'patent'") == wanted
    assert parse("has_rd＝是且employees≥50且ip_types包含“patent”") == wanted
    assert (
        parse("（has_rd　＝　是）且employees＞＝５０且ip_types包含‘patent’") == wanted
    )


def test_full_width_marks_inside_strings_stay():
    assert narrowed("ａ＝“（，）”") == "a=“（，）”"


@pytest.mark.parametrize(
    ("rule", "column", "hint"),
    [
        ("a == 1", 4, "Equality is a single =."),
        ("a && b", 3, "Write and (or 且)."),
        ("a || b", 3, "Write or (or 或)."),
        ("a <> 1", 4, "Inequality is != (or ≠)."),
        ("a =< 1", 4, "Write <= or >=."),
        ("!a", 1, "Write not (or 非)."),
        ("a % 2 = 0", 3, "There is no remainder operator."),
        ("A = 1", 1, "Ids and words are in lower case."),
        ("a = True", 5, "Yes/no values are yes and no (or 是 and 否)."),
        ("a = None", 5, "Use answered(id) to ask whether there is an answer."),
        (
            "a = 5.",
            5,
            "Numbers are written 50 or 0.5, without units, separators or letters.",
        ),
        ("a = 'x", 5, "A quotation mark has no partner."),
        ("a 并且 b", 3, "Write and (or 且)."),
        ("a 等于 1", 3, "Equality is =."),
        ("a 大于 1", 3, "Compare with > < >= <=."),
        (
            "a = 5人",
            6,
            "The Chinese words are 且 或 非 是 否 包含; text needs quotation marks.",
        ),
        (
            "a < b < c",
            7,
            "Comparisons do not chain: write a < b and b < c.",
        ),
        ("a)", 2, "A closing bracket too many?"),
        (
            "(a",
            3,
            "A closing bracket or the operand after the last operator is missing.",
        ),
        (
            "a and",
            6,
            "A closing bracket or the operand after the last operator is missing.",
        ),
        ("", 1, "A closing bracket or the operand after the last operator is missing."),
        (
            "a b",
            3,
            "Like has_rd = yes and employees >= 50; choice codes stand in quotes.",
        ),
    ],
)
def test_error_says_where_and_what_would_help(rule, column, hint):
    with pytest.raises(RuleSyntaxError) as caught:
        parse(rule)

    assert (caught.value.column, caught.value.hint["en"]) == (column, hint)
    assert caught.value.hint["zh"]
    assert f"column {column}" in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("a = 1 and size(b)", "There is no function size."),
        ("if(a, 1)", "if takes 3 arguments, not 2."),
        ("days_between(a)", "days_between takes 2 arguments, not 1."),
        ("min()", "min takes ≥ 1 arguments, not 0."),
        ("answered(1)", "answered takes a question's id."),
        ("a = 99999999999999999", "The number is too large."),
        ("a in (-99999999999999999)", "The number is too large."),
    ],
)
def test_functions_and_numbers_are_checked_when_read(rule, message):
    with pytest.raises(RuleSyntaxError) as caught:
        parse(rule)

    assert caught.value.message["en"] == message


@pytest.mark.parametrize(
    "rule",
    [
        "x" * (MAX_TEXT + 1),
        " and ".join(["a"] * 100),
        "not " * 12 + "a",
        "(" * 400 + "-" * 300 + "a" + ")" * 400,
        "a in (" + ", ".join(["1"] * 100) + ")",
    ],
)
def test_size_and_depth_are_bounded(rule):
    with pytest.raises(RuleSyntaxError) as caught:
        parse(rule)

    assert "exceeds" in caught.value.message["en"]


def test_bounds_are_inclusive():
    assert size(parse(" and ".join(["a"] * 99))) == 100
    assert depth(parse("not " * 11 + "a")) == 12


def test_names_are_listed_once_without_as_of():
    tree = parse("a = 1 and days_between(b, as_of) > 1 and answered(a) and c in (1, 2)")

    assert names(tree) == ("a", "b", "c")
    assert [node[0] for node in nodes(parse("not a = 1"))] == ["not", "eq", "q", "k"]


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.text(alphabet="ab12 .,'“”()（）=<>!+-*/且或非是否包含andornotyesif", max_size=60)
)
def test_any_text_is_read_or_refused_with_a_place(rule):
    column = _column_of_error(rule)

    assert column is None or 1 <= column <= len(rule) + 1


def _column_of_error(rule: str) -> int | None:
    try:
        assert depth(parse(rule)) <= 12
    except RuleSyntaxError as error:
        return error.column
    return None


TYPES = {
    "level": TypeInfo("number"),
    "has_rd": TypeInfo("yesno"),
    "form": TypeInfo("choice", ("limited", "sole")),
    "other_form": TypeInfo("choice", ("sole", "joint")),
    "colour": TypeInfo("choice", ("red",)),
    "kinds": TypeInfo("set", ("patent", "mark")),
    "start": TypeInfo("date"),
    "remark": TypeInfo("text"),
    "rows": TypeInfo("other"),
}


@pytest.mark.parametrize(
    "rule",
    [
        "has_rd",
        "has_rd = yes and level >= 2",
        "form = 'limited' or form in ('sole', 'limited')",
        "form = other_form",
        "kinds has 'patent'",
        "kinds has_any ('patent', 'mark')",
        "kinds has form or kinds has_all kinds",
        "start >= '2026-01-01' and start <= as_of",
        "'2026-01-01' < start",
        "days_between(start, '2026-12-31') > 30",
        "count(kinds) >= 2 and count(has_rd, level > 1) = 1",
        "if(has_rd, level, 0) >= 2",
        "coalesce(level, 0) + min(1, level) > -level",
        "coalesce(has_rd, no) = yes",
        "coalesce(form, 'sole') = 'limited'",
        "remark = '保密' or remark != 'x'",
        "answered(rows) and not is_na(level)",
        "missing_is_any_after_report = missing_is_any_after_report or has_rd",
    ],
)
def test_sound_rules_have_no_type_problems(rule):
    types = {**TYPES, "missing_is_any_after_report": TypeInfo("any")}

    assert check_types(parse(rule), types) == ()


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("level", "type_mismatch"),
        ("level + 1", "type_mismatch"),
        ("has_rd = 1", "type_mismatch"),
        ("has_rd and level", "type_mismatch"),
        ("not level", "type_mismatch"),
        ("level = 'x'", "type_mismatch"),
        ("form = 'joint'", "unknown_choice"),
        ("form in ('limited', 'joint')", "unknown_choice"),
        ("form < 'limited'", "type_mismatch"),
        ("form = colour", "type_mismatch"),
        ("has_rd < yes", "type_mismatch"),
        ("kinds = kinds", "type_mismatch"),
        ("kinds has 'design'", "unknown_choice"),
        ("kinds has_any ('patent', 'design')", "unknown_choice"),
        ("kinds has 1", "unknown_choice"),
        ("kinds has level", "type_mismatch"),
        ("kinds has kinds", "type_mismatch"),
        ("level has 'patent'", "type_mismatch"),
        ("start = 'today'", "not_a_date"),
        ("start > '2026-02-30'", "not_a_date"),
        ("days_between(start, 'x') > 1", "not_a_date"),
        ("days_between(level, start) > 1", "type_mismatch"),
        ("remark < 'b'", "type_mismatch"),
        ("remark < remark", "type_mismatch"),
        ("level + has_rd > 1", "type_mismatch"),
        ("min(level, form) > 1", "type_mismatch"),
        ("count(level) = 1", "type_mismatch"),
        ("if(level, 1, 2) = 1", "type_mismatch"),
        ("if(has_rd, 1, yes) = 1", "type_mismatch"),
        ("coalesce(level, no)", "type_mismatch"),
        ("rows = 1", "type_mismatch"),
        ("missing = yes", "unknown_name"),
        ("answered(missing)", "unknown_name"),
    ],
)
def test_misfits_are_reported(rule, code):
    problems = check_types(parse(rule), TYPES)

    assert code in [problem.code for problem in problems]
    assert all(problem.message["zh"] and problem.message["en"] for problem in problems)


def test_result_may_be_left_free():
    assert check_types(parse("level + 1"), TYPES, None) == ()
    assert check_types(parse("level + 1"), TYPES, "number") == ()
