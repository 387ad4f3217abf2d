"""The pure engine: reading, checking, deciding and scoring a bank."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from frontend.demo_answers import plausible_answers
from question_bank.engine.answers import AnswerSheet
from question_bank.engine.branching import resolve
from question_bank.engine.definition import Bank
from question_bank.engine.language import parse
from question_bank.engine.lint import lint
from question_bank.engine.rules import compile_tree
from question_bank.engine.scoring import score
from tools.bench.growth import grown
from tools.bench.table import Figure, best_of

AS_OF = date(2026, 11, 24)
SIZES = (1, 10, 100)


def engine_figures(bank: Bank) -> Iterator[Figure]:
    """Yield the figures of the engine."""
    yield from _scoring(bank)
    yield _rules()
    yield from _sizes(bank)


def sheet_for(bank: Bank) -> AnswerSheet:
    """Return a sheet in which a middling firm has answered everything."""
    answers = plausible_answers(bank, seed="bench", quality=0.6, as_of=AS_OF)
    return AnswerSheet(answers=answers, as_of=AS_OF)


def _scoring(bank: Bank) -> Iterator[Figure]:
    sheet = sheet_for(bank)
    kept = _first(bank, 200)
    few = replace(sheet, answers={q.id: sheet.answers[q.id] for q in kept.questions
                                  if q.id in sheet.answers})  # fmt: skip
    items, whole, branches = best_of(
        7,
        lambda: score(kept, few),
        lambda: score(bank, sheet),
        lambda: resolve(bank, sheet),
    )
    size = len(bank.questions)
    yield Figure("score 200 questions", items, "ms", 3)
    yield Figure(f"score the whole bank ({size} questions)", whole, "ms", 150)
    yield Figure(f"decide what applies ({size} questions)", branches, "ms", 10)


def _first(bank: Bank, count: int) -> Bank:
    """Return the bank cut down to its first questions and what hangs on them."""
    questions = bank.questions[:count]
    used = {question.section for question in questions}
    sections = tuple(section for section in bank.sections if section.id in used)
    return replace(
        bank, questions=questions, sections=sections, gates=(), checks=(), quick_scan=()
    )


def _rules() -> Figure:
    """300 rules over 200 answers, compiled beforehand as a bank's are."""
    chance = random.Random(29490)
    names = [f"q{number}" for number in range(200)]
    values = {name: chance.randrange(5) for name in names}
    rules = []
    for _rule in range(300):
        one, two, three = chance.sample(names, 3)
        text = f"{one} >= 2 and ({two} < 3 or not {three} = 4) and count({one} > 1) > 0"
        rules.append(compile_tree(parse(text)))
    [taken] = best_of(15, lambda: [rule(values) for rule in rules])
    return Figure("300 rules over 200 answers", taken, "ms", 1)


def _sizes(bank: Bank) -> Iterator[Figure]:
    documents = {times: grown(bank, times).to_json() for times in SIZES}
    reads = {}
    for times in SIZES:
        [reads[times]] = best_of(
            3 if times < 100 else 1,
            lambda: Bank.from_json(documents[times]),  # noqa: B023
        )
        goal = 50 * times
        yield Figure(f"read a stored bank, ×{times}", reads[times], "ms", goal)
    yield Figure("… growth of ×100 over ×1", reads[100] / reads[1], "×", 200)
    lints = {}
    for times in SIZES:
        grew = grown(bank, times)
        [lints[times]] = best_of(1, lambda: lint(grew, {}))  # noqa: B023
        yield Figure(f"check a bank, ×{times}", lints[times], "ms", 500 * times)
