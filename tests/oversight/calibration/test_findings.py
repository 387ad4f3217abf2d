"""What is worked out of numbers: outcomes, questions and signs of a known world."""

from fractions import Fraction

import pytest

from oversight.calibration.cells import (
    ROOM,
    YES,
    AnswerSheet,
    Pair,
    Repeated,
    question_cells,
    tally,
)
from oversight.calibration.findings import (
    BandOutcome,
    Parts,
    QuestionFinding,
    Signs,
    correlation,
    findings,
)
from oversight.disclosure.change_rule import Figure
from oversight.disclosure.scheme import UnknownCategory
from tests.oversight.calibration.world import (
    BANK,
    FORM,
    exact,
    pair,
    pairs,
    sheet,
    sheets,
    undrawn,
)


def test_the_brier_score_of_a_known_world():
    """15 of 60 at 25 % and 45 of 60 at 75 %: perfectly reliable.

    Brier 0.1875, resolution (0.25)² = 0.0625, uncertainty 0.25.
    """
    found = undrawn([*pairs(20, 15, 45), *pairs(70, 45, 15)])
    assert found.brier == Parts(188, 0, 62, 250, 0)
    shown = [(p.forecast, p.observed.percent, p.observed.of) for p in found.points]
    assert shown == [(25, 25, 60), (75, 75, 60)]
    assert found.groups == 120


def test_classes_below_fifty_are_merged():
    found = undrawn([*pairs(20, 5, 15), *pairs(30, 5, 35), *pairs(90, 60, 0)])
    assert [(p.from_score, p.to_score, p.observed.of) for p in found.points] == [
        (0, 40, 60),
        (40, 100, 60),
    ]


def test_an_interval_counts_the_blur():
    """Wilson for 30 of 60 is 38–62 %; six of sixty more either way."""
    observed = undrawn([*pairs(50, 30, 30), *pairs(90, 60, 0)]).points[0].observed
    assert (observed.percent, observed.low, observed.high) == (50, 28, 72)


def test_below_a_hundred_groups_nothing_is_said_of_outcomes():
    found = undrawn(pairs(70, 50, 49))
    assert (found.groups, found.points, found.brier, found.bands) == (0, (), None, ())


def test_bands_are_compared_by_their_shares():
    found = undrawn([*pairs(90, 45, 15), *pairs(50, 6, 54, band="B")])
    shown = [(b.band, b.observed and b.observed.percent) for b in found.bands]
    assert shown == [("A", 75), ("B", 10), ("X", None)]
    assert found.bands[2] == BandOutcome("X", None)


def test_a_number_drawn_below_nothing_counts_as_none():
    drawn = exact(tally([FORM], [*pairs(90, 0, 60), *pairs(50, 30, 30, band="B")], ()))
    below = Figure(-5, 1)
    drawn |= {(ROOM, BANK, "band", "A", YES): below}
    found = findings(drawn, [FORM], 1)[0].bands[0].observed
    assert found is not None
    assert (found.percent, found.of) == (0, 60)


def test_a_group_speaks_once_in_an_edition():
    twice = pair("a", 50, certified=True)
    with pytest.raises(Repeated):
        tally([FORM], [twice, twice], ())
    with pytest.raises(Repeated):
        tally([FORM], (), [sheet("a", [1, 2]), sheet("a", [1, 2])])


def test_unknown_banks_and_bands_are_refused():
    with pytest.raises(UnknownCategory):
        tally([FORM], [pair("a", 50, certified=True, band="Q")], ())
    with pytest.raises(UnknownCategory):
        tally([FORM], (), [AnswerSheet("other", "a", 1, {"q1": 2}, 1)])


def test_what_no_form_asks_is_counted_nowhere():
    odd = AnswerSheet(BANK, "a", 1, {"old": 4, "q0": 4, "q1": 0, "q2": 0}, 1)
    counts = tally([FORM], (), [odd])
    filled = [cell[3:] for cell, held in counts.items() if held.count]
    assert filled == [("q0", "4", "0"), ("q1", "0", "0"), ("q2", "0", "0")]


def test_a_question_stands_in_the_cell_of_its_level_and_of_the_rest():
    """The rest of q1 earned 8 of 8, that of the others 7 of 8 and 4 + 3: 87 %."""
    counts = tally([FORM], (), [sheet("a", [4, 3, 4])])
    filled = [cell[3:] for cell, held in counts.items() if held.count]
    assert filled == [("q0", "4", "80"), ("q1", "3", "80"), ("q2", "4", "80")]
    counts = tally([FORM], (), [sheet("a", [4, 2, 0])])
    rests = {cell[3]: cell[5] for cell, held in counts.items() if held.count}
    assert rests == {"q0": "0", "q1": "0", "q2": "60"}


def test_pearson_of_a_grid():
    """Levels 0 and 4 against two classes: 2 × 30 alike, 2 × 10 not: r = 0.5."""
    grid = [[30, 10, 0], [0] * 3, [0] * 3, [0] * 3, [10, 30, 0]]
    assert correlation(grid) == 5
    assert correlation([[10, 0, 0]] * 5) is None


def test_questions_come_with_the_worst_first():
    """All questions follow the group but q3, which is the same for both kinds."""

    def levels(number: int) -> list[int]:
        able = number % 2 == 0
        found = [4 if able else 1] * 12
        found[3] = 4 if number % 4 < 2 else 1
        return found

    questions = undrawn(sheets=sheets(160, levels)).questions
    assert questions.weakest[0] == QuestionFinding("q3", 160, 6, 0)
    assert questions.weakest[0].is_weak
    assert questions.weakest[1].discrimination == 10
    assert (questions.spoken, questions.silent, questions.alike) == (12, 0, ())


def test_where_nearly_all_answer_alike_no_correlation_is_given():
    def levels(number: int) -> list[int]:
        return [4 if number % 2 else 1] * 11 + [4 if number > 18 else 0]

    questions = undrawn(sheets=sheets(120, levels)).questions
    assert [one.question for one in questions.alike] == ["q11"]
    assert questions.alike[0].discrimination is None


def test_below_a_hundred_sheets_no_question_is_told():
    questions = undrawn(sheets=sheets(99, lambda n: [n % 5] * 12)).questions
    assert (questions.weakest, questions.spoken, questions.silent) == ((), 0, 12)
    assert undrawn(sheets=sheets(99, lambda n: [4] * 12)).signs is None


def test_signs_are_counted_and_few_are_not_told():
    given = sheets(100, lambda n: [4 * (n % 2), 2, *[1 + n % 4] * 10])
    hasty = [sheet(f"hasty{n}", [4] * 12, seconds=20) for n in range(6)]
    quick = [sheet(f"quick{n}", [1, 2, 3, *[4] * 9], seconds=10) for n in range(3)]
    found = undrawn(sheets=[*given, *hasty, *quick]).signs
    assert found == Signs(109, 6, 6, 9)
    assert undrawn(sheets=[*given, *quick]).signs == Signs(103, None, None, None)


def test_a_score_is_a_point_of_its_class():
    cells = tally([FORM], [Pair(BANK, "a", 1, "", Fraction(100), certified=True)], ())
    filled = [cell[2:] for cell, held in cells.items() if held.count]
    assert filled == [("score", "90", "yes")]
    assert len(list(question_cells(BANK, "q0"))) == 15
