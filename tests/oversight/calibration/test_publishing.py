"""The room of calibration: drawn numbers, held numbers, neighbours, refusals."""

import random
from collections.abc import Sequence

import pytest

from oversight.calibration.cells import AnswerSheet, Pair, tally
from oversight.calibration.publish import Ledger, Prepared, Published, prepare
from oversight.disclosure.change_rule import Held, K, threshold
from oversight.disclosure.keys import draw, record_key
from oversight.disclosure.proofs import first_at_edge, proofs
from oversight.disclosure.publish import Reason, Refused
from oversight.disclosure.rounding import REACH
from tests.oversight.calibration.world import (
    BANK,
    FORM,
    QUESTIONS,
    SECRET,
    pair,
    pairs,
    sheet,
    sheets,
)


def answers(number: int) -> list[int]:
    chance = random.Random(number)
    able = chance.gauss(2, 1)
    return [min(4, max(0, round(able + chance.gauss(0, 1)))) for _ in QUESTIONS]


WORLD = [*pairs(20, 21, 61), *pairs(70, 61, 21)]
SHEETS = sheets(163, answers)


def made(
    given: Sequence[Pair] = WORLD,
    answered: Sequence[AnswerSheet] = SHEETS,
    previous: Ledger | None = None,
    snapshot: int = 1,
    secret: bytes = SECRET,
) -> Prepared | Refused:
    return prepare(
        forms=[FORM],
        pairs=given,
        sheets=answered,
        previous=previous,
        snapshot=snapshot,
        secret=secret,
    )


def published(outcome: Prepared | Refused) -> Published:
    assert isinstance(outcome, Prepared)
    return outcome.published


def test_the_same_world_gives_the_same_bytes():
    assert published(made()).sha256 == published(made()).sha256


def test_every_number_shown_was_drawn():
    """Each is a multiple of 5 and stands for counts that reach far around it."""
    edition = published(made()).editions[0]
    told = [p.observed.of for p in edition.points]
    told += [b.observed.of for b in edition.bands if b.observed]
    told += [q.of for q in edition.questions.weakest]
    told += [edition.groups]
    assert told
    assert all(number % 5 == 0 for number in told)


def test_a_ledger_travels_as_json():
    outcome = made()
    assert isinstance(outcome, Prepared)
    assert Ledger.from_plain(outcome.ledger.to_plain()) == outcome.ledger
    with pytest.raises(ValueError, match="another method"):
        Ledger.from_plain({**outcome.ledger.to_plain(), "rules": "0"})


def test_nothing_moves_for_four_more_groups():
    first = made()
    assert isinstance(first, Prepared)
    more = [*SHEETS, *[sheet(f"new{n}", [4] * 12) for n in range(4)]]
    second = made(answered=more, previous=first.ledger, snapshot=2)
    before, after = first.published.editions[0], published(second).editions[0]
    assert after.questions == before.questions
    assert after.held
    assert not before.held


def test_many_more_groups_are_drawn_anew():
    first = made()
    assert isinstance(first, Prepared)
    more = [*SHEETS, *[sheet(f"new{n}", [4] * 12) for n in range(80)]]
    second = made(answered=more, previous=first.ledger, snapshot=2)
    assert isinstance(second, Prepared)
    moved = [cell for cell, held in second.ledger.held.items() if held.since == 2]
    assert {cell[2] for cell in moved} >= {"question", "sheets"}


def test_order_and_secret_are_asked_for():
    first = made()
    assert isinstance(first, Prepared)
    again = made(previous=first.ledger, snapshot=1)
    assert again == Refused(Reason.OUT_OF_ORDER, "1")
    with pytest.raises(ValueError, match="secret"):
        made(secret=b"short")


def test_who_speaks_twice_is_refused():
    twice = pair("a", 50, certified=True)
    assert made(given=[twice, twice]) == Refused(Reason.DOUBLE_UNIT, "")


def test_at_the_edge_of_a_statement_nothing_is_published():
    """A number that moved for five, the fewest there can be, would give one away."""
    counts = tally([FORM], WORLD, SHEETS)
    snapshot, edge = next(
        (number, cell)
        for number in range(2, 2_000)
        for cell in counts
        if threshold(draw(SECRET, "threshold", cell, number)) == K
    )
    held = {cell: Held(5, now.count, 1) for cell, now in counts.items()}
    held[edge] = Held(5, counts[edge].count - K, 1)
    outcome = made(previous=Ledger(1, held), snapshot=snapshot)
    assert outcome == Refused(Reason.AT_EDGE, "/".join(edge))


def test_any_group_could_have_any_other_sheet():
    """The short proof: with one sheet changed, every statement stays true.

    What was drawn for the true world must be possible in each neighbouring one.
    """
    first = made()
    assert isinstance(first, Prepared)
    counts = tally([FORM], WORLD, SHEETS)
    assert first_at_edge(proofs(counts, {}, first.ledger.held, 1)) is None
    for number in range(0, 160, 8):
        for levels in ([0] * 12, [4] * 12, [4, 0] * 6):
            other = [*SHEETS]
            other[number] = sheet(f"group{number}", levels, seconds=30)
            near = tally([FORM], WORLD, other)
            assert all(
                abs(first.ledger.held[cell].value - near[cell].count) <= REACH
                for cell in near
            )


def guesses(worlds: Sequence[Sequence[AnswerSheet]], runs: int) -> list[list[float]]:
    """Return for each world the mean difficulty published, run after run."""
    found: list[list[float]] = [[] for _ in worlds]
    for run in range(runs):
        for place, world in enumerate(worlds):
            secret = f"run {run} of world {place}".encode().ljust(32, b".")
            keyed = [
                AnswerSheet(BANK, s.group, record_key(secret, s.group), s.levels, 900)
                for s in world
            ]
            told = published(made((), keyed, secret=secret)).editions[0].questions
            levels = [one.difficulty for one in told.weakest]
            found[place].append(sum(levels) / len(levels))
    return found


def test_who_knows_all_but_one_can_hardly_guess_its_sheet():
    """All top or all bottom? The best threshold is right in fewer than 7 of 10."""
    known = sheets(119, answers)
    bottom, top = guesses(
        [[*known, sheet("x", [0] * 12)], [*known, sheet("x", [4] * 12)]], 60
    )
    right = max(
        sum(value < limit for value in bottom) + sum(value >= limit for value in top)
        for limit in {*bottom, *top}
    )
    assert right / 120 < 0.7


def test_a_firm_changes_few_published_values():
    """With the same draws elsewhere, one sheet in 163 moves few tenths."""
    before = published(made()).editions[0].questions.weakest
    other = [*SHEETS[:-1], sheet("group162", [0] * 12)]
    after = published(made(answered=other)).editions[0].questions.weakest
    was = {one.question: one for one in before}
    changes = [
        abs(one.difficulty - was[one.question].difficulty)
        for one in after
        if one.question in was
    ]
    assert max(changes) <= 1
