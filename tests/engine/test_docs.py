"""The documentation of rules and scoring is executed, example by example."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from question_bank.engine.answers import NotApplicable, NotOccurred
from question_bank.engine.language import FUNCTIONS, RuleSyntaxError, parse
from question_bank.engine.rules import _LEAVES, _OPERATORS, NA, compute
from question_bank.engine.scorecard import display
from question_bank.engine.scoring import score
from tests.engine import fuzz
from tests.engine.builders import BANDS, SCALE
from tests.engine.worked_example import (
    FIRST_REPAIR,
    ITEMS,
    SECOND_REPAIR,
    example_bank,
    example_sheet,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
RULES = (DOCS / "rules.md").read_text("utf-8")
SCORING = (DOCS / "scoring.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    """Return the bodies of all fenced blocks of a kind in docs/rules.md."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", RULES, re.DOTALL | re.MULTILINE)


def examples(kind: str) -> list[tuple[str, str]]:
    """Return (rule, what stands behind the arrow) of every line of such blocks."""
    lines = [line for block in blocks(kind) for line in block.splitlines()]
    pairs = [line.split("   → ") for line in lines]
    return [(rule, result) for rule, result in pairs]


ENV: dict[str, Any] = {
    name: NA if isinstance(value, dict) else value
    for name, value in json.loads(blocks("json answers")[0]).items()
}


@pytest.mark.parametrize(("rule", "result"), examples("rules"))
def test_rule_example(rule, result):
    expected = {"unknown": True} if result == "unknown" else json.loads(result)

    assert fuzz.agrees(expected, fuzz.plain(compute(parse(rule), ENV)))


@pytest.mark.parametrize(("rule", "result"), examples("rule-errors"))
def test_error_example(rule, result):
    with pytest.raises(RuleSyntaxError) as caught:
        parse(rule)

    assert f"{caught.value.column}: {caught.value.hint['en']}" == result


@pytest.mark.parametrize(("rule", "result"), examples("rule-trees"))
def test_tree_example(rule, result):
    assert json.loads(json.dumps(parse(rule))) == json.loads(result)


def test_every_function_and_operator_is_documented_with_an_example():
    shown = " ".join(rule for rule, _ in examples("rules"))
    listed = RULES.split("运算符：`")[1].split("`")[0].split()

    assert all(f"{name}(" in shown for name in FUNCTIONS)
    assert set(listed) == {*_OPERATORS, *_LEAVES} - {"q", "k"}


def test_scoring_tables_are_the_scale_and_bands_of_the_examples():
    for level, points in enumerate(SCALE.points):
        row = next(r for r in SCORING.splitlines() if r.startswith(f"| {level} |"))
        assert row.split("|")[-2].strip() == f"{float(points):g}"
    for band in BANDS:
        assert f"\n| {band.id} " in SCORING


def item_rows() -> list[str]:
    """Return the rows of the example's items as the document prints them."""
    rows = []
    for name, section, weight, critical, answer, strength in ITEMS:
        mark = "●" if critical else ""
        level, shown = str(answer), strength
        if isinstance(answer, NotOccurred):
            level = f"U{answer.value}"
        elif isinstance(answer, NotApplicable):
            level, shown = "N", ""
        rows.append(
            f"| {section[1:]} | {name} | {weight} | {mark} | {level} | {shown} |"
        )
    return rows


def section_rows() -> list[str]:
    """Return the rows of the example's chapters."""
    card = score(example_bank(), example_sheet())
    return [
        f"| {s.id[1:]} | {display(s.self_score)} | {display(s.evidenced_score)} "
        f"| {display(s.maturity)} |"
        for s in card.sections
    ]


def result_rows() -> list[str]:
    """Return the rows of the example's three cases."""
    rows = []
    for name, repaired in (
        ("现状 / as it is", ()),
        ("整改一 / first repair", FIRST_REPAIR),
        ("整改二 / second repair", SECOND_REPAIR),
    ):
        card = score(example_bank(), example_sheet(repaired))
        figures = (card.self_score, card.evidenced_score, card.maturity)
        shown = " | ".join(display(figure) or "" for figure in figures)
        counts = f"{card.count('major')} | {card.count('minor')} | {card.band}"
        rows.append(f"| {name} | {shown} | {counts} |")
    return rows


@pytest.mark.parametrize(
    ("mark", "rows"),
    [("items", item_rows), ("sections", section_rows), ("results", result_rows)],
)
def test_example_table_is_what_the_engine_computes(mark, rows):
    table = SCORING.split(f"<!-- {mark} -->\n")[1].split("\n\n")[0]

    assert table.splitlines()[2:] == rows()


def test_figures_in_the_text_are_those_of_the_tables():
    shown = [
        display(s.self_score) for s in score(example_bank(), example_sheet()).sections
    ]
    weights = (8, 12, 10, 18, 36, 10, 6)
    total = " + ".join(f"{w}×{s}" for w, s in zip(weights, shown, strict=True))

    assert SCORING.count(f"({total}) ÷ 100") == 2
    assert SCORING.count("= 3 ÷ 8 = 37.50") == 2
    assert SCORING.count("16 ÷ 22 = 72.73") == 2
