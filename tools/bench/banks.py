"""Reading, checking and publishing banks: the largest, and one of 3,000 questions."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from question_bank.data_sheet import known_facts
from question_bank.engine.definition import Bank
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint import lint
from question_bank.engine.source_writer import bank_source
from question_bank.publishing import bank_folders, compile_bank, publish
from tools.bench.growth import grown
from tools.bench.table import Figure, best_of

TIMES = 15
"""Fifteen times the largest bank is nearly 3,000 questions, the most accepted."""


def bank_figures() -> Iterator[Figure]:
    """Yield the times of reading, checking and publishing."""
    compiled = [compile_bank(folder) for folder in bank_folders()]
    banks = [one.bank for one in compiled if one.bank is not None]
    largest = max(banks, key=lambda bank: len(bank.questions))
    folder = next(f for f in bank_folders() if f.name == largest.id)
    [loaded] = best_of(3, lambda: compile_bank(folder))
    size = len(largest.questions)
    yield Figure(
        f"load and check the largest bank ({size} questions)", loaded, "ms", 1000
    )
    fresh = replace(largest, id="bench_publish", version="1.0.0")
    [published] = best_of(1, lambda: publish(bank=fresh, at=timezone.now()))
    yield Figure("publish it", published, "ms", 2000)
    yield from _growth(largest)


def _growth(bank: Bank) -> Iterator[Figure]:
    large = grown(bank, TIMES)
    few, many = bank_source(bank), bank_source(large)
    one, all_of_them = best_of(1, lambda: _checked(few), lambda: _checked(many))
    count = len(large.questions)
    yield Figure(
        f"check a bank of {count:,} questions from its source", all_of_them, "ms"
    )
    growth = all_of_them / one
    yield Figure(f"… growth over the largest bank (×{TIMES})", growth, "×", 2 * TIMES)
    stored = replace(large, id="bench_three_thousand")
    [published] = best_of(1, lambda: publish(bank=stored, at=timezone.now()))
    yield Figure(f"publish a bank of {count:,} questions", published, "ms")


def _checked(source: dict[str, object]) -> None:
    bank, _problems = parse_bank(source, {}, known_facts())
    if bank is None:
        raise RuntimeError("the bank of the bench is not sound")
    lint(bank, {})
