"""The banks of both editions of GB/T 29490 as they ship: complete, sound, bilingual."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from frontend.demo_answers import plausible_answers
from question_bank.engine.answers import Answered, AnswerSheet
from question_bank.engine.definition import Bank, Kind, Question
from question_bank.engine.scoring import score
from question_bank.models import BankVersion
from question_bank.publishing import BANKS_DIR, bank_folders, compile_bank
from question_bank.yaml_reading import load_file

DAY = date(2026, 11, 24)
LEVELS = (0, 1, 2, 3, 4)

LEAVES_2013 = """
4.1 4.2.1 4.2.2 4.2.3 4.2.4 5.1 5.2 5.3.1 5.3.2 5.3.3 5.4.1 5.4.2 5.4.3 5.5.1 5.5.2
5.5.3 6.1.1 6.1.2 6.1.3 6.1.4 6.1.5 6.1.6 6.2 6.3 6.4 7.1 7.2 7.3.1 7.3.2 7.3.3 7.3.4
7.3.5 7.4.1 7.4.2 7.4.3 7.5 7.6 8.1 8.2 8.3 8.4 8.5 9.1 9.2 9.3
"""


def level_questions(bank: Bank) -> list[Question]:
    return [question for question in bank.questions if question.type is Kind.LEVEL]


def sheet_at(bank: Bank, level: int) -> AnswerSheet:
    """A sheet of a sound firm in which every level question stands at `level`."""
    answers = plausible_answers(bank, seed="level", quality=1.0, as_of=DAY)
    answers |= {question.id: Answered(level) for question in level_questions(bank)}
    strengths: dict[str, Any] = {
        question.id: "attached" for question in level_questions(bank)
    }
    return AnswerSheet(answers=answers, strengths=strengths, as_of=DAY)


def test_lint_finds_nothing(management_bank):
    compiled = compile_bank(BANKS_DIR / management_bank.id)
    assert compiled.problems == ()


def test_every_leaf_clause_is_asked(management_bank):
    asked = {key for question in management_bank.questions for key in question.clauses}
    leaves = {c.key for c in management_bank.clauses if c.leaf and c.normative}
    assert leaves <= asked


def test_every_leaf_clause_has_a_level_question_in_the_old_edition(old_edition):
    numbers = {
        old_edition.clause(key).number
        for question in level_questions(old_edition)
        for key in question.clauses
    }
    leaves = [clause.number for clause in old_edition.clauses if clause.leaf]
    assert leaves == LEAVES_2013.split()
    assert numbers == set(leaves)


def test_level_questions_have_five_anchors_and_advice_below_conforming(
    management_bank,
):
    for question in level_questions(management_bank):
        assert tuple(anchor.value for anchor in question.levels) == LEVELS, question.id
        advised = {
            level
            for advice in question.guidance
            for level in range(advice.first, advice.last + 1)
        }
        assert advised >= {0, 1, 2}, question.id
        assert question.evidence, question.id
        assert question.finding, question.id


def test_anchors_of_a_question_differ(management_bank):
    for question in level_questions(management_bank):
        for locale in ("zh", "en"):
            words = {anchor.text[locale] for anchor in question.levels}
            assert len(words) == len(LEVELS), (question.id, locale)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every text by locale in JSON data, with its place."""
    if isinstance(value, dict) and set(value) <= {"zh", "en"}:
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}/{index}")


def test_every_text_is_written_in_both_languages(management_bank):
    for path, words in texts(management_bank.to_json()):
        assert words.get("zh"), path
        assert words.get("en"), path


def test_everything_at_the_top_is_full_marks_and_the_top_band(management_bank):
    card = score(management_bank, sheet_at(management_bank, 4))
    assert (card.self_score, card.evidenced_score) == (100, 100)
    assert card.band == management_bank.bands[0].id


def test_nothing_in_place_is_no_marks(management_bank):
    card = score(management_bank, sheet_at(management_bank, 0))
    assert (card.self_score, card.evidenced_score) == (0, 0)
    assert card.band == management_bank.bands[-1].id


def test_an_open_precondition_withholds_the_top_band(management_bank):
    sheet = sheet_at(management_bank, 4)
    answers = {**sheet.answers, "review_done": Answered(value=False)}
    card = score(management_bank, replace(sheet, answers=answers))
    assert card.band == management_bank.gate_band.id


def test_the_old_edition_asks_for_nothing_the_new_one_brought(old_edition):
    words = [
        text
        for question in old_edition.questions
        for text in (question.text, *(anchor.text for anchor in question.levels))
    ]
    for text in words:
        assert "合规" not in text["zh"], text
        assert "举报" not in text["zh"], text
        assert "complian" not in text["en"].lower(), text
    assert not any(question.prohibited for question in old_edition.questions)


def test_the_old_edition_says_what_replaced_it(old_edition, real_bank):
    found = old_edition.superseded
    assert found is not None
    assert found.by == real_bank.id
    dates = (found.on, found.applications_until, found.certificates_until)
    assert dates == (date(2024, 1, 1), date(2024, 12, 31), date(2025, 12, 31))
    assert real_bank.superseded is None


def test_a_requirement_that_is_optional_never_counts(old_edition):
    optional = [q for q in old_edition.questions if q.modality == "optional"]
    assert {q.weight for q in optional} == {0}
    assert {"sup_risk_reserve", "sup_database", "mnt_grading"} <= {
        q.id for q in optional
    }


@pytest.mark.django_db
def test_all_banks_that_ship_are_published_together():
    call_command("publish_banks", verbosity=0)
    offered = BankVersion.objects.offered().values_list("bank", flat=True)
    assert sorted(offered) == sorted(folder.name for folder in bank_folders())


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    """The entries of the map from the old edition to the new one."""
    path = BANKS_DIR / "gbt29490_2023" / "maps" / "gbt29490_2013.yaml"
    data, _ = load_file(path, path.name)
    assert (data["from"], data["to"]) == ("gbt29490_2013", "gbt29490_2023")
    found: list[dict[str, Any]] = data["entries"]
    return found


def test_the_map_names_questions_that_exist(entries, old_edition, real_bank):
    for entry in entries:
        assert old_edition.has_question(entry["from"]), entry
        assert (entry["relation"] == "dropped") == ("to" not in entry), entry
        assert "to" not in entry or real_bank.has_question(entry["to"]), entry


def test_the_map_speaks_of_every_old_question(entries, old_edition):
    mapped = {entry["from"] for entry in entries}
    assert mapped == {question.id for question in old_edition.questions}


def test_the_map_says_nothing_twice(entries):
    pairs = [(entry["from"], entry.get("to")) for entry in entries]
    assert len(pairs) == len(set(pairs))


def test_what_the_map_calls_the_same_is_asked_in_the_same_words(
    entries, old_edition, real_bank
):
    for entry in entries:
        if entry["relation"] != "same":
            continue
        old = old_edition.question(entry["from"])
        new = real_bank.question(entry["to"])
        assert (old.type, old.text) == (new.type, new.text), entry
        anchors = [[anchor.text for anchor in q.levels] for q in (old, new)]
        assert anchors[0] == anchors[1], entry
        assert old.choices == new.choices, entry


def test_what_is_not_the_same_is_explained(entries):
    for entry in entries:
        if entry["relation"] != "same":
            assert all(entry["note"].get(locale) for locale in ("zh", "en")), entry
