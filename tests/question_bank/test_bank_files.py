"""Folders of YAML: written in the house's hand, read again without loss."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from question_bank.bank_files import (
    MAPS_KEY,
    folder_texts,
    load_with_maps,
    write_folder,
)
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.source_writer import bank_source
from question_bank.publishing import bank_folders
from question_bank.source import MAX_FILES, load_bank, load_folder
from question_bank.yaml_reading import SourceError, load_text
from question_bank.yaml_writer import MAX_KEY, WIDTH, yaml_text
from tests.engine.whole_banks import NASTY, example_bank, seeds, whole_bank

SMALL = Path(__file__).parents[1] / "banks" / "small"
FOLDERS = [*bank_folders(), SMALL]


def written(source: dict[str, Any]) -> dict[str, Any]:
    """Return the source after a way through a folder."""
    with TemporaryDirectory() as folder:
        write_folder(source, Path(folder))
        return load_folder(Path(folder))[0]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_our_folders_come_back_in_the_same_files(folder, tmp_path):
    source, _places = load_folder(folder)
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)

    write_folder(source, tmp_path)

    again = load_folder(tmp_path)[0]
    assert again == source
    assert load_bank(tmp_path)[0].sha256 == load_bank(folder)[0].sha256
    for file in folder.rglob("*.yaml"):
        copy = tmp_path / file.relative_to(folder)
        assert yaml.load(copy.read_text("utf-8"), yaml.BaseLoader) == yaml.load(
            file.read_text("utf-8"), yaml.BaseLoader
        )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_stored_bank_becomes_a_folder_with_the_same_hash(folder, tmp_path):
    of = load_bank(folder)[0]

    write_folder(bank_source(of), tmp_path)

    assert load_bank(tmp_path)[0].sha256 == of.sha256


@settings(max_examples=60, deadline=None, database=None)
@given(seeds())
def test_any_bank_survives_a_folder(seed):
    of = whole_bank(seed)

    again, problems = parse_bank(written(bank_source(of)), {})

    assert problems == ()
    assert again == of
    assert again.sha256 == of.sha256


def test_a_full_bank_survives_a_folder():
    source = bank_source(example_bank())

    assert written(source) == source


TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=("Cs",)))
)
KEYS = TEXTS.filter(lambda text: len(text) <= MAX_KEY)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None, database=None)
@given(st.dictionaries(KEYS, TREES, max_size=4), st.booleans())
def test_every_text_reads_as_it_was_written(data, spread):
    text = yaml_text(data, frozenset(data) if spread else frozenset())

    assert (yaml.load(text, yaml.CBaseLoader) or {}) == data
    assert (yaml.load(text, yaml.BaseLoader) or {}) == data


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_stand_everywhere(text):
    key = text[:MAX_KEY]
    data = {
        key: text,
        "list": [text, {key: text}],
        "flow": {"zh": text, "en": text},
        "tree": {"a": {"b": {"c": text}}},
    }

    assert load_text(yaml_text(data), "x.yaml")[0] == data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"id": "a", "version": "1.10"}, "id: a\nversion: 1.10\n"),
        ({"text": {"zh": "中文", "en": "Words"}}, "text: {zh: 中文, en: Words}\n"),
        ({"text": {"zh": "一", "en": "a, b"}}, 'text: {zh: 一, en: "a, b"}\n'),
        (
            {"rule": "has_rd = 是 and a in (1, 2)"},
            "rule: has_rd = 是 and a in (1, 2)\n",
        ),
        ({"a": "x: y"}, 'a: "x: y"\n'),
        ({"a": "x #y"}, 'a: "x #y"\n'),
        ({"a": " x"}, 'a: " x"\n'),
        ({"a": "say “yes”"}, "a: say “yes”\n"),
        ({"a": "-1"}, "a: -1\n"),
        ({"a": "- b"}, 'a: "- b"\n'),
        ({"a": "first\n\nsecond"}, "a: |-\n  first\n\n  second\n"),
        ({"a": " first\nsecond"}, 'a: " first\\nsecond"\n'),
        ({"a": "\u202e"}, 'a: "\\u202e"\n'),
        ({"a": []}, "a: []\n"),
        ({"a": [["0", "1/3"], ["1", "1"]]}, "a: [[0, 1/3], [1, 1]]\n"),
        ({"a": [{"b": {"c": {"d": "e"}}}]}, "a:\n  - b: {c: {d: e}}\n"),
    ],
)
def test_the_hand_it_is_written_in(data, text):
    assert yaml_text(data) == text


def test_long_leaves_stand_in_blocks():
    half = "字" * (WIDTH // 2)

    assert yaml_text({"text": {"zh": half, "en": half}}) == (
        f"text:\n  zh: {half}\n  en: {half}\n"
    )


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError):
        yaml_text({"a": 1})
    with pytest.raises(ValueError, match="a key of 129"):
        yaml_text({"k" * (MAX_KEY + 1): "x"})


def test_a_section_keeps_its_file_and_a_lost_one_loses_it(tmp_path):
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    (tmp_path / "notes.txt").write_text("stays")
    source = load_folder(tmp_path)[0]
    source["questions"] = [q for q in source["questions"] if q["section"] != "ONE"]
    source["checks"] = []

    write_folder(source, tmp_path)

    names = sorted(path.name for path in tmp_path.rglob("*.*"))
    assert names == ["10_start.yaml", "30_two.yaml", "bank.yaml", "notes.txt"]


def test_a_new_section_numbers_the_files_afresh():
    source = load_folder(SMALL)[0]
    source["questions"].insert(2, {"id": "new", "section": "NEW-PART 新"})

    files = folder_texts(source, {"START": "10_start.yaml", "ONE": "20_one.yaml"})

    assert list(files) == [
        "bank.yaml",
        "sections/00_start.yaml",
        "sections/10_new_part.yaml",
        "sections/20_one.yaml",
        "sections/30_two.yaml",
    ]


def test_names_that_would_change_the_order_are_not_kept():
    source = load_folder(SMALL)[0]
    names = {"START": "90_start.yaml", "ONE": "20_one.yaml", "TWO": "30_two.yaml"}

    assert written(source)["questions"] == source["questions"]
    assert list(folder_texts(source, names))[1] == "sections/00_start.yaml"


def test_sections_that_interleave_keep_their_order():
    source = load_folder(SMALL)[0]
    source["questions"] = source["questions"][::-1] + source["questions"][-1:]

    assert written(source)["questions"] == source["questions"]


def test_checks_stay_in_order_and_near_their_questions():
    source = load_folder(SMALL)[0]
    homes = ["has_export", "words", "level_one", "kinds", "nowhere", "main_kind"]
    source["checks"] = [
        {"id": f"c{i}", "questions": [home]} for i, home in enumerate(homes)
    ]

    texts = folder_texts(source)
    ids = {
        name: [check["id"] for check in load_text(text, name)[0].get("checks", [])]
        for name, text in texts.items()
    }

    assert written(source)["checks"] == source["checks"]
    assert ids == {
        "bank.yaml": [],
        "sections/00_start.yaml": ["c0", "c1"],
        "sections/10_one.yaml": ["c2"],
        "sections/20_two.yaml": ["c3", "c4", "c5"],
    }


def test_clauses_out_of_the_trees_order_name_their_parent():
    source = load_folder(SMALL)[0]
    keys = [("A", None), ("B", None), ("A1", "A"), ("A11", "A1"), ("B1", "B")]
    deep = [("D0", None), *((f"D{i}", f"D{i - 1}") for i in range(1, 9))]
    source["clauses"] = [
        {"key": key, "title": {"zh": key}, **({"parent": up} if up else {})}
        for key, up in keys + deep
    ]

    assert written(source)["clauses"] == source["clauses"]


@pytest.mark.parametrize(
    "broken",
    [
        {"clauses": "none"},
        {"clauses": ["only words"]},
        {"questions": ["only words"]},
        {"questions": [], "checks": ["only words"]},
        {"checks": [{"questions": "x"}]},
        {"odd": {"a": ["b"]}},
    ],
)
def test_a_draft_with_faults_is_written_all_the_same(broken):
    source = {"questions": [], "checks": [], "clauses": [], "id": "x", **broken}

    again = written(source)

    sections = [question for question in again["questions"] if question != "only words"]
    assert again | {"questions": sections} == source | {"questions": sections}


def test_questions_that_change_section_too_often_for_files_name_it_themselves():
    questions = [{"id": f"q{i}", "section": f"S{i % 2}"} for i in range(250)]
    questions[7] = {"id": "q7"}
    checks = [{"id": f"c{i}", "questions": [f"q{i}"]} for i in (3, 110, 249)]
    source = {"id": "x", "questions": questions, "checks": checks, "clauses": []}

    texts = folder_texts(source)

    assert [*texts] == [
        "bank.yaml", "sections/00_section.yaml", "sections/10_section.yaml",
        "sections/20_section.yaml",
    ]  # fmt: skip
    assert "c110" in texts["sections/10_section.yaml"]
    assert written(source) == source


def test_a_section_of_many_questions_takes_several_files():
    questions = [{"id": f"q{i}", "section": "ONE"} for i in range(201)]
    source = {"id": "x", "questions": questions, "checks": [], "clauses": []}

    texts = folder_texts(source, {"ONE": "20_one.yaml"})

    assert [*texts][1:] == [f"sections/{n}_one.yaml" for n in ("00", "10", "20")]
    assert written(source) == source


def test_a_bank_of_very_many_questions_never_takes_too_many_files():
    questions = [{"id": f"q{i}", "section": f"S{i}"} for i in range(10_100)]

    assert len(folder_texts({"id": "x", "questions": questions})) <= MAX_FILES + 1


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("question_bank.bank_files.MAX_BYTES", 100)

    with pytest.raises(SourceError, match="file_too_large"):
        folder_texts(load_folder(SMALL)[0])


def test_files_too_large_together_are_refused(monkeypatch):
    sizes = [len(t.encode()) for t in folder_texts(load_folder(SMALL)[0]).values()][1:]
    monkeypatch.setattr("question_bank.bank_files.MAX_FOLDER_BYTES", sum(sizes))
    assert folder_texts(load_folder(SMALL)[0])
    monkeypatch.setattr("question_bank.bank_files.MAX_FOLDER_BYTES", sum(sizes) - 1)

    with pytest.raises(SourceError, match="folder_too_large"):
        folder_texts(load_folder(SMALL)[0])


def test_maps_travel_in_files_of_their_own(tmp_path):
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    source = load_folder(tmp_path)[0]
    rows = [
        {"from_bank": "old", "from": "a", "to": "level_one", "relation": "same"},
        {"from_bank": "old", "from": "b", "relation": "dropped", "note": {"zh": "无"}},
        {"from_bank": "older", "from": "a", "to": "words", "relation": "related"},
    ]

    write_folder({**source, MAPS_KEY: rows}, tmp_path)

    again, places = load_with_maps(tmp_path)
    assert again[MAPS_KEY] == rows
    assert places["maps/1"].file == "maps/old.yaml"
    assert load_text((tmp_path / "maps/old.yaml").read_text("utf-8"), "x")[0] == {
        "from": "old",
        "to": "small",
        "entries": [
            {key: value for key, value in row.items() if key != "from_bank"}
            for row in rows[:2]
        ],
    }
    assert load_with_maps(SMALL)[0] == source


def test_a_map_names_a_bank_and_not_a_path():
    with pytest.raises(SourceError, match="bad_bank_id"):
        folder_texts({"id": "x", MAPS_KEY: [{"from_bank": "../x", "from": "a"}]})
