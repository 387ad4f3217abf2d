"""What holds for every bank that ships, whatever standard it is about."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command

from question_bank.engine.answers import Answered, AnswerSheet
from question_bank.engine.definition import Bank, Kind
from question_bank.engine.scoring import score
from question_bank.paging import layout
from question_bank.publishing import bank_folders, compile_bank
from question_bank.quick_scan import scan
from question_bank.selectors import compiled_bank, offered_version
from tests.conftest import load_bank_once

AS_OF = date(2026, 11, 24)
CHINESE = re.compile(r"[\u4e00-\u9fff，。；：、]")


@pytest.fixture(params=bank_folders(), ids=lambda folder: folder.name)
def bank(request) -> Bank:
    return load_bank_once(request.param)


def levels(bank):
    return [question for question in bank.questions if question.type is Kind.LEVEL]


@pytest.mark.parametrize("folder", bank_folders(), ids=lambda folder: folder.name)
def test_lint_has_nothing_to_say_and_the_folder_has_the_banks_name(folder):
    compiled = compile_bank(folder)
    assert compiled.problems == ()
    assert compiled.bank.id == folder.name


def test_a_bank_is_the_same_after_storing(bank):
    assert Bank.from_json(bank.to_json()).sha256 == bank.sha256


def test_every_question_stands_on_one_page_whose_key_fits_into_a_url(bank):
    pages = layout(bank).pages
    shown = [question.id for page in pages for question in page.questions]
    assert sorted(shown) == sorted(question.id for question in bank.questions)
    assert [p.key for p in pages if not re.fullmatch(r"[-A-Za-z0-9_]+", p.key)] == []


def texts(value):
    """Every text by language in a bank's JSON."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def test_english_is_english_and_chinese_is_not_english(bank):
    found = list(texts(bank.to_json()))
    assert len(found) > 10
    assert [t["en"] for t in found if CHINESE.search(t["en"])] == []
    assert [
        t for t in found if t["zh"] == t["en"] and re.search("[a-z]{3}", t["zh"])
    ] == []


def test_a_level_question_says_what_one_sees_shows_and_does(bank):
    for question in levels(bank):
        anchors = [anchor.text["zh"] for anchor in question.levels]
        assert len(set(anchors)) == len(bank.scale.points), question.id
        assert question.evidence, question.id
        # What experts judge is no audit finding.
        assert question.finding or question.expert, question.id
        assert question.departments[0] in {d.id for d in bank.departments}


def test_no_two_level_questions_ask_the_same(bank):
    asked = [question.text["zh"] for question in levels(bank)]
    assert len(set(asked)) == len(asked)


def test_the_ends_of_the_scale_reach_the_ends_of_the_score(bank):
    """Alone with its level questions, without conditions and preconditions."""
    scored = [question for question in bank.questions if question.scored]
    if not scored or any(question.type is not Kind.LEVEL for question in scored):
        pytest.skip("not a bank of levels")
    questions = tuple(replace(question, applies_when=None) for question in scored)
    used = {question.section for question in questions}
    alone = replace(
        bank, questions=questions, gates=(), checks=(), quick_scan=(),
        sections=tuple(section for section in bank.sections if section.id in used),
    )  # fmt: skip
    for level, total, band in (
        (bank.scale.top, 100, bank.bands[0].id),
        (0, 0, bank.bands[-1].id),
    ):
        answers = {question.id: Answered(level) for question in questions}
        strengths = dict.fromkeys(answers, "attached")
        card = score(alone, AnswerSheet(answers, AS_OF, strengths))
        assert (card.self_score, card.evidenced_score, card.band) == (
            total,
            total,
            band,
        )


def test_the_quick_scan_asks_8_to_12_level_questions_from_several_sections(bank):
    if not bank.quick_scan:
        pytest.skip("no quick scan")
    asked = [bank.question(question_id) for question_id in bank.quick_scan]
    assert 8 <= len(asked) <= 12
    assert {question.type for question in asked} == {Kind.LEVEL}
    assert len({question.section for question in asked}) >= 5
    for level, total in ((bank.scale.top, 100), (0, 0)):
        result = scan(bank, dict.fromkeys(bank.quick_scan, level), as_of=AS_OF)
        assert (result.score, result.answered) == (total, len(asked))


def test_only_certain_numbers_count_as_verified(bank):
    for clause in bank.clauses:
        verified = clause.number_status == "verified"
        assert not verified or (clause.certainty == "A" and clause.number), clause.key


SKELETONS = [
    folder
    for folder in bank_folders()
    if "骨架题库" in load_bank_once(folder).summary["zh"]
]


@pytest.mark.parametrize("folder", SKELETONS, ids=lambda folder: folder.name)
def test_a_skeleton_is_not_said_to_be_reviewed(folder):
    bank = load_bank_once(folder)
    assert bank.summary["zh"].startswith("骨架题库，尚未经专家审阅。")
    assert "not reviewed by experts" in bank.summary["en"]
    assert bank.version.startswith("0.")
    assert bank.reviewed_by is None
    assert {question.source.status for question in bank.questions} == {"to_verify"}
    assert {clause.number_status for clause in bank.clauses} == {"to_verify"}


@pytest.mark.parametrize(
    ("name", "chapters", "gates"),
    [
        ("gbt33250_2016", ["4", "5", "6", "7", "8", "9", "10", "11"], 4),
        ("gbt33251_2016", ["4", "5", "6", "7", "8", "9", "10"], 0),
    ],
)
def test_the_skeletons_follow_the_chapters_of_their_standards(name, chapters, gates):
    folder = next(folder for folder in bank_folders() if folder.name == name)
    bank = load_bank_once(folder)
    roots = [clause.number for clause in bank.clauses if clause.parent is None]
    scored = [section for section in bank.sections if section.weight > 0]
    assert roots == chapters
    assert [section.chapter for section in scored] == chapters
    assert sum(section.weight for section in scored) == 100
    assert len(bank.gates) == gates
    assert "骨架题库" in bank.summary["zh"]
    assert 35 <= len(levels(bank)) <= 50


@pytest.mark.django_db
def test_every_bank_that_ships_is_published_and_can_be_read_back():
    call_command("publish_banks", verbosity=0)
    for folder in bank_folders():
        bank = load_bank_once(folder)
        assert compiled_bank(offered_version(bank.id).sha256).sha256 == bank.sha256
