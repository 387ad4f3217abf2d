"""Small made-up worlds of calibration, with everything known."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from oversight.calibration.cells import AnswerSheet, Form, Pair, cells_of, tally
from oversight.calibration.findings import EditionFindings, findings
from oversight.disclosure.cells import Cell
from oversight.disclosure.change_rule import Figure
from oversight.disclosure.keys import record_key

SECRET = b"a secret key for tests, 32 bytes"
BANK = "2023"
QUESTIONS = tuple(f"q{number}" for number in range(12))
FORM = Form(BANK, ("A", "B", "X"), QUESTIONS)


def pair(name: str, score: int, *, certified: bool, band: str = "A") -> Pair:
    """Return a group's first submission with its outcome."""
    key = record_key(SECRET, name)
    return Pair(BANK, name, key, band, Fraction(score), certified)


def pairs(score: int, yes: int, no: int, band: str = "A") -> list[Pair]:
    """Return so many groups of one score that were certified, and were not."""
    made = [True] * yes + [False] * no
    return [
        pair(f"{band}{score}/{number}", score, certified=one, band=band)
        for number, one in enumerate(made)
    ]


def sheet(name: str, levels: Iterable[int], seconds: int = 900) -> AnswerSheet:
    """Return a group's newest sheet."""
    answers = dict(zip(QUESTIONS, levels, strict=False))
    return AnswerSheet(BANK, name, record_key(SECRET, name), answers, seconds)


def sheets(count: int, levels_of: Callable[[int], Iterable[int]]) -> list[AnswerSheet]:
    """Return so many sheets, each with the levels of its number."""
    return [sheet(f"group{n}", levels_of(n)) for n in range(count)]


def undrawn(
    given: Iterable[Pair] = (), sheets: Iterable[AnswerSheet] = ()
) -> EditionFindings:
    """Work out the findings of exact counts: what drawing would blur."""
    counts = tally([FORM], given, sheets)
    return findings(exact(counts), [FORM], 1)[0]


def exact(counts: dict[Cell, object]) -> dict[Cell, Figure]:
    """Return counts as if they had been drawn."""
    return {c: Figure(counts[c].count, 1) for c in cells_of(FORM)}  # type: ignore[attr-defined]
