"""Two banks side by side: nothing is overlooked, and everything has its judgement."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from question_bank.engine import difference_verdicts
from question_bank.engine.definition import (
    Band,
    Bank,
    Change,
    Check,
    Choice,
    Clause,
    Column,
    Department,
    Evidence,
    Fact,
    Kind,
    Law,
    LevelAnchor,
    Mandatory,
    NaPolicy,
    Point,
    Question,
    Rule,
    Section,
    Source,
)
from question_bank.engine.difference_rules import RULES, Parts, Value
from question_bank.engine.difference_verdicts import Verdict
from question_bank.engine.differences import (
    Differences,
    compare_banks,
    required_version,
    version_suffices,
)
from question_bank.engine.source_writer import KEYS
from question_bank.source import load_bank
from tests.engine.builders import bank, gate, question, rule, text, yesno
from tests.engine.test_source_writer import CLASSES
from tests.engine.whole_banks import example_bank, seeds, whole_bank

WHOLE = {"Rule", "Source", "Law", "Point"}
"""Classes without a line of their own: what holds them is compared as a whole."""


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_field_of_the_model_is_judged(cls):
    fields = {field.name for field in dataclasses.fields(cls)}

    assert set(RULES.get(cls, {})) == (set() if cls.__name__ in WHOLE else fields)


def test_every_verdict_says_why_in_both_languages():
    verdicts = [v for v in vars(difference_verdicts).values() if isinstance(v, Verdict)]

    assert len(verdicts) > 15
    for verdict in verdicts:
        assert set(verdict.reason) == {"zh", "en"}
        assert (verdict.level == "major") is (verdict.effect == "incompatible")


@settings(max_examples=40, deadline=None, database=None)
@given(seeds())
def test_a_bank_does_not_differ_from_itself(seed):
    assert compare_banks(whole_bank(seed), whole_bank(seed)) == Differences(())
    assert compare_banks(whole_bank(seed), whole_bank(seed)).level == "none"


@settings(max_examples=40, deadline=None, database=None)
@given(seeds(), seeds())
def test_what_one_way_adds_the_other_way_removes(seed, other):
    one, two = whole_bank(seed), whole_bank(other)

    def named(of: Differences, kind: str) -> list[tuple[str, str, str]]:
        return sorted(
            (c.subject, "" if c.subject == "bank" else c.subject_id, c.field)
            for c in of.changes
            if c.kind == kind
        )

    there, back = compare_banks(one, two), compare_banks(two, one)
    assert named(there, "added") == named(back, "removed")
    assert named(there, "removed") == named(back, "added")


def mutants(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the value with one thing in it changed, and where."""
    if isinstance(value, tuple):
        yield from _mutant_lists(value)
    elif isinstance(value, Rule):
        yield "", Rule("2 = 2", ("eq", ("k", 2), ("k", 2)))
    elif dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        for name, path, new in _inside({n: getattr(value, n) for n in names}):
            yield f"{name}.{path}", replace(value, **{name: new})  # type: ignore[type-var]
    elif isinstance(value, Mapping):
        for key, path, new in _inside(value):
            yield f"{key}.{path}", {**value, key: new}
    else:
        yield "", _other(value)


def _mutant_lists(values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    if values:
        yield "-", values[:-1]
    if values != values[::-1]:
        yield "<>", values[::-1]
    for index, path, new in _inside(dict(enumerate(values))):
        yield f"{index}.{path}", (*values[:index], new, *values[index + 1 :])


def _inside(things: Mapping[Any, Any]) -> Iterator[tuple[Any, str, Any]]:
    for name, thing in things.items():
        for path, new in mutants(thing):
            yield name, path, new


def _other(value: Any) -> Any:
    if value is None:
        return "now here"
    if isinstance(value, bool):
        return not value
    if isinstance(value, Enum):
        return next(kind for kind in type(value) if kind is not value)
    if isinstance(value, date):
        return value + timedelta(1)
    return f"{value}x" if isinstance(value, str) else value + 1


def test_every_single_change_of_a_full_bank_is_found():
    of = example_bank()

    count = 0
    for path, changed in mutants(of):
        count += 1
        found = compare_banks(of, changed)
        assert found.changes, path
        assert (found.level == "none") is (path == "version."), path
    assert count > 500


@settings(max_examples=10, deadline=None, database=None)
@given(seeds())
def test_every_single_change_of_a_random_bank_is_found(seed):
    of = whole_bank(seed)

    for path, changed in mutants(of):
        assert compare_banks(of, changed).changes, path


OLD = question(
    "item",
    "S",
    na=NaPolicy(allowed=True),
    mandatory=Mandatory(2),
    event_based=True,
    applies_when="has_rd = yes",
)
NUMBER = question(
    "n", "S", type=Kind.NUMBER, min=1, max=10, unit={"zh": "人", "en": "people"}
)
SET = question(
    "set",
    "S",
    type=Kind.CHOICES,
    choices=(Choice("a", text("a")), Choice("b", text("b"))),
)
TABLE = question(
    "t",
    "S",
    type=Kind.TABLE,
    columns=(
        Column("a", Kind.TEXT, text("a")),
        Column("b", Kind.TEXT, text("b"), optional=True),
    ),
)


def changed(of: Question, **fields: Any) -> Differences:
    base = bank({"S": 1, "T": 1}, [yesno("has_rd", "S"), of])
    new = replace(of, **fields)
    return compare_banks(base, replace(base, questions=(base.questions[0], new)))


def only(found: Differences) -> tuple[str, str, str, str]:
    [change] = found.changes
    assert change.reason["zh"]
    assert change.reason["en"]
    return change.kind, change.field, change.level, change.effect


@pytest.mark.parametrize(
    ("of", "fields", "field", "level"),
    [
        (OLD, {"text": text("new")}, "text", "patch"),
        (OLD, {"text": {"zh": "中文 item"}}, "text", "patch"),
        (OLD, {"help": text("new")}, "help", "patch"),
        (OLD, {"departments": ("it",)}, "departments", "patch"),
        (OLD, {"finding": text("new")}, "finding", "patch"),
        (OLD, {"laws": (Law(text("law"), "verified"),)}, "laws", "patch"),
        (OLD, {"source": Source("verified")}, "source", "patch"),
        (OLD, {"after": ("has_rd",)}, "after", "patch"),
        (OLD, {"looks_at": ("site",)}, "looks_at", "patch"),
        (OLD, {"weight": Fraction(2)}, "weight", "minor"),
        (OLD, {"section": "T"}, "section", "minor"),
        (OLD, {"modality": "optional"}, "modality", "minor"),
        (OLD, {"optional": True}, "optional", "minor"),
        (OLD, {"prohibited": True}, "prohibited", "minor"),
        (OLD, {"mandatory": Mandatory(3)}, "mandatory.min_level", "minor"),
        (OLD, {"points": (Point(Fraction(0), Fraction(0)),)}, "points", "minor"),
        (OLD, {"applies_when": rule("has_rd = no")}, "applies_when", "minor"),
        (OLD, {"applies_when": None}, "applies_when", "minor"),
        (OLD, {"event_based": False}, "event_based", "major"),
        (OLD, {"na": NaPolicy(allowed=False)}, "na.allowed", "major"),
        (
            OLD,
            {"na": NaPolicy(allowed=True, reviewer_confirms=True)},
            "na.reviewer_confirms",
            "minor",
        ),
        (OLD, {"type": Kind.NUMBER}, "type", "major"),
        (NUMBER, {"min": 0}, "min", "minor"),
        (NUMBER, {"min": None}, "min", "minor"),
        (NUMBER, {"min": 2}, "min", "major"),
        (NUMBER, {"max": 11}, "max", "minor"),
        (NUMBER, {"max": 9}, "max", "major"),
        (NUMBER, {"max_length": 9}, "max_length", "major"),
        (NUMBER, {"integer": True}, "integer", "major"),
        (NUMBER, {"unit": {"zh": "人", "en": "persons"}}, "unit", "patch"),
        (NUMBER, {"unit": {"zh": "万人", "en": "people"}}, "unit", "major"),
        (NUMBER, {"unit": None}, "unit", "major"),
    ],
)
def test_fields_of_a_question(of, fields, field, level):
    kind, found, step, effect = only(changed(of, **fields))

    assert (kind, found, step) == ("changed", field, level)
    assert effect == ("incompatible" if level == "major" else "compatible")


@pytest.mark.parametrize(
    ("of", "fields", "kind", "field", "level"),
    [
        (
            OLD,
            {"levels": (LevelAnchor(0, text("moved")), *OLD.levels[1:])},
            "changed",
            "levels.0.text",
            "minor",
        ),
        (OLD, {"levels": OLD.levels[1:]}, "removed", "levels.0", "major"),
        (
            OLD,
            {"evidence": (Evidence("doc", text("new"), 2),)},
            "changed",
            "evidence.doc.text",
            "patch",
        ),
        (
            OLD,
            {"evidence": (Evidence("doc", text("document"), 3),)},
            "changed",
            "evidence.doc.required_from",
            "minor",
        ),
        (OLD, {"evidence": ()}, "removed", "evidence.doc", "minor"),
        (OLD, {"guidance": ()}, "removed", "guidance.0-2", "patch"),
        (
            OLD,
            {"guidance": (replace(OLD.guidance[0], days=9),)},
            "changed",
            "guidance.0-2.days",
            "patch",
        ),
        (OLD, {"mandatory": None}, "removed", "mandatory", "minor"),
        (SET, {"choices": SET.choices[:1]}, "removed", "choices.b", "major"),
        (
            SET,
            {"choices": (*SET.choices, Choice("c", text("c")))},
            "added",
            "choices.c",
            "minor",
        ),
        (SET, {"choices": SET.choices[::-1]}, "changed", "choices", "patch"),
        (TABLE, {"columns": TABLE.columns[:1]}, "removed", "columns.b", "major"),
        (
            TABLE,
            {"columns": (*TABLE.columns, Column("c", Kind.TEXT, text("c")))},
            "added",
            "columns.c",
            "major",
        ),
        (
            TABLE,
            {
                "columns": (
                    *TABLE.columns,
                    Column("c", Kind.TEXT, text("c"), optional=True),
                )
            },
            "added",
            "columns.c",
            "minor",
        ),
        (
            TABLE,
            {"columns": (TABLE.columns[0], replace(TABLE.columns[1], optional=False))},
            "changed",
            "columns.b.optional",
            "major",
        ),
    ],
)
def test_parts_of_a_question(of, fields, kind, field, level):
    assert only(changed(of, **fields))[:3] == (kind, field, level)


BASE = bank(
    {"S": 1},
    [yesno("has_rd", "S"), OLD],
    gates=(gate("g", "has_rd = yes"),),
    checks=(Check("c", rule("has_rd = no"), "weak", ("has_rd",), text("c")),),
    facts=(Fact("staff", Kind.NUMBER, text("staff")),),
)


@pytest.mark.parametrize(
    ("fields", "subject", "kind", "level"),
    [
        ({"edition": "other"}, "bank", "changed", "major"),
        ({"id": "other"}, "bank", "changed", "major"),
        ({"version": "1.0.1"}, "bank", "changed", "none"),
        ({"title": text("new")}, "bank", "changed", "patch"),
        ({"reviewed_by": "委员会"}, "bank", "changed", "patch"),
        ({"quick_scan": ("item",)}, "bank", "changed", "patch"),
        (
            {"changelog": (Change("1.0.0", date(2026, 1, 1), text("x")),)},
            "changelog",
            "added",
            "patch",
        ),
        ({"departments": ()}, "department", "removed", "patch"),
        (
            {"departments": (*BASE.departments, Department("it", text("IT")))},
            "department",
            "added",
            "patch",
        ),
        (
            {"scale": replace(BASE.scale, conforming_level=4)},
            "bank",
            "changed",
            "major",
        ),
        (
            {"policy": replace(BASE.policy, weak_items_per_clause=2)},
            "bank",
            "changed",
            "minor",
        ),
        ({"bands": BASE.bands[1:]}, "band", "removed", "minor"),
        (
            {"bands": (replace(BASE.bands[0], min_self=Fraction(80)), *BASE.bands[1:])},
            "band",
            "changed",
            "minor",
        ),
        (
            {"gate_band": Band("X", text("new"), BASE.gate_band.meaning)},
            "bank",
            "changed",
            "patch",
        ),
        ({"gates": ()}, "gate", "removed", "minor"),
        (
            {"gates": (replace(BASE.gates[0], rule=rule("has_rd = no")),)},
            "gate",
            "changed",
            "minor",
        ),
        (
            {"gates": (replace(BASE.gates[0], rule=rule("has_rd=是")),)},
            "gate",
            "changed",
            "patch",
        ),
        ({"checks": ()}, "check", "removed", "minor"),
        ({"facts": ()}, "fact", "removed", "minor"),
        (
            {"facts": (replace(BASE.facts[0], type=Kind.TEXT),)},
            "fact",
            "changed",
            "major",
        ),
        ({"clauses": ()}, "clause", "removed", "major"),
        (
            {"clauses": (replace(BASE.clauses[0], number="4.10"),)},
            "clause",
            "changed",
            "patch",
        ),
        (
            {
                "clauses": (
                    *BASE.clauses,
                    Clause("N", "9", text("n"), "A", "verified", None, True, True),
                )
            },
            "clause",
            "added",
            "minor",
        ),
        (
            {
                "sections": (
                    *BASE.sections,
                    Section("T", text("t"), Fraction(1), "9", False),
                )
            },
            "section",
            "added",
            "minor",
        ),
        ({"questions": BASE.questions[:1]}, "question", "removed", "minor"),
        (
            {"questions": (*BASE.questions, yesno("more", "S"))},
            "question",
            "added",
            "minor",
        ),
        ({"questions": BASE.questions[::-1]}, "bank", "changed", "patch"),
    ],
)
def test_parts_of_a_bank(fields, subject, kind, level):
    [change] = compare_banks(BASE, replace(BASE, **fields)).changes

    assert (change.subject, change.kind, change.level) == (subject, kind, level)
    assert (change.effect == "incompatible") is (level == "major")


def test_a_rule_that_means_the_same_is_identical():
    new = replace(BASE.gates[0], rule=rule("has_rd = 是"))

    [change] = compare_banks(BASE, replace(BASE, gates=(new,))).changes

    assert change.effect == "identical"
    assert (change.before, change.after) == ("has_rd = yes", "has_rd = 是")


def test_changes_name_their_place_and_show_both_sides():
    new = replace(OLD, weight=Fraction(1, 3), mandatory=None)

    found = compare_banks(BASE, replace(BASE, questions=(BASE.questions[0], new)))

    assert [
        (c.subject, c.subject_id, c.field, c.before, c.after) for c in found.changes
    ] == [
        ("question", "item", "weight", "1", "1/3"),
        ("question", "item", "mandatory", "2, major", ""),
    ]
    assert found.level == "minor"
    assert found.incompatible == ()


def test_the_strongest_change_decides():
    new = replace(BASE, edition="other", title=text("new"))

    found = compare_banks(BASE, new)

    assert found.level == "major"
    assert [change.field for change in found.incompatible] == ["edition"]


def test_an_id_used_twice_is_compared_all_the_same():
    twice = replace(BASE, questions=(*BASE.questions, OLD))

    [change] = compare_banks(BASE, twice).changes

    assert (change.kind, change.subject_id) == ("added", "item#2")


def test_a_field_without_a_judgement_counts_as_incompatible(monkeypatch):
    fields = {name: rule for name, rule in RULES[Question].items() if name != "weight"}
    monkeypatch.setitem(RULES, Question, fields)

    assert only(changed(OLD, weight=Fraction(2)))[2:] == ("major", "incompatible")


def test_our_bank_does_not_differ_from_itself():
    folder = Path(__file__).parents[1] / "banks" / "small"

    assert compare_banks(load_bank(folder)[0], load_bank(folder)[0]).changes == ()


@pytest.mark.parametrize(
    ("old", "level", "new"),
    [
        ("1.2.3", "none", "1.2.3"),
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
        ("1.10", "minor", "1.11.0"),
        ("2", "patch", "2.0.1"),
    ],
)
def test_the_version_that_a_level_asks_for(old, level, new):
    assert required_version(old, level) == new
    assert version_suffices(old, new, level)


@pytest.mark.parametrize(
    ("old", "new", "level", "enough"),
    [
        ("1.2.3", "1.2.3", "patch", False),
        ("1.2.3", "1.2.10", "patch", True),
        ("1.9.0", "1.10.0", "minor", True),
        ("1.2.3", "1.2.9", "minor", False),
        ("1.2.3", "2.0.0", "minor", True),
        ("1.2.3", "1.9.9", "major", False),
        ("1.2.3", "1.2.2", "none", False),
        ("1.0", "1.0.0", "none", True),
    ],
)
def test_whether_a_version_suffices(old, new, level, enough):
    assert version_suffices(old, new, level) is enough


@pytest.mark.parametrize("version", ["", "1.x", "v1.0", "1.2.3.4", "1.2.3-rc1", "１.0"])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(ValueError, match="is no version"):
        required_version(version, "patch")


DOCUMENT = Path(__file__).parents[2] / "docs" / "bank-format.md"
WORD = re.compile(r"`([a-z_]+)`")


def documented() -> dict[str, list[set[str]]]:
    """Return the fields that the document names under patch, minor and major."""
    rows = re.findall(
        r"^\| ([A-Z]\w+) \|(.*)\|$", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    return {
        name: [set(WORD.findall(cell)) for cell in cells.split("|")]
        for name, cells in rows
    }


@pytest.mark.parametrize("cls", list(RULES), ids=lambda cls: cls.__name__)
def test_the_document_tells_every_judgement(cls):
    key_of = {key.attribute: key.name or "text" for key in KEYS.get(cls, ())}
    told = documented()[cls.__name__]

    apart = {"version"} if cls is Bank else set()
    lists = {name for name, judged in RULES[cls].items() if isinstance(judged, Parts)}
    words = {key_of.get(name, name) for name in RULES[cls]} - apart
    if cls is Bank:
        words -= lists - {"changelog"}
    assert set.union(*told) == words
    for name, judged in RULES[cls].items():
        if isinstance(judged, Value) and "_always" in judged.judge.__qualname__:
            level = judged.judge(None, None).level
            expected = [level == step for step in ("patch", "minor", "major")]
            assert [key_of.get(name, name) in cell for cell in told] == expected
