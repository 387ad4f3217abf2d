"""The worked example, to the digit."""

from question_bank.engine.scorecard import display
from question_bank.engine.scoring import score
from tests.engine.worked_example import (
    EXPECTED_SECTIONS,
    FIRST_REPAIR,
    SECOND_REPAIR,
    example_bank,
    example_sheet,
)


def test_sections_are_exact():
    card = score(example_bank(), example_sheet())

    found = {s.id: (s.self_score, s.evidenced_score) for s in card.sections}

    assert found == {
        key: (100 * s, 100 * v) for key, (s, v) in EXPECTED_SECTIONS.items()
    }


def test_totals_are_those_of_the_example():
    card = score(example_bank(), example_sheet())

    assert round(float(card.self_score), 1) == 72.5
    assert round(float(card.evidenced_score), 1) == 71.0
    assert display(card.maturity) == "2.29"


def test_a_missing_management_review_shuts_the_gate_whatever_the_score():
    card = score(example_bank(), example_sheet())

    assert card.band == "X"
    assert card.blocked_until_done == ("gate_review",)


def test_exactly_three_majors_the_review_merged_with_its_chapter():
    card = score(example_bank(), example_sheet())

    majors = [f.id for f in card.findings if f.severity == "major"]

    assert majors == [
        "critical:review_and_reports",
        "critical:management_review",
        "systemic:C6",
    ]


def test_first_repair_exceeds_85_and_is_still_band_c():
    card = score(example_bank(), example_sheet(FIRST_REPAIR))

    assert round(float(card.self_score), 1) == 86.8
    assert round(float(card.evidenced_score), 1) == 85.3
    assert [f.id for f in card.findings if f.severity == "major"] == ["systemic:C6"]
    assert card.band == "C"


def test_second_repair_reaches_b_with_nine_minors_of_32():
    card = score(example_bank(), example_sheet(SECOND_REPAIR))

    assert round(float(card.self_score), 1) == 88.5
    assert round(float(card.evidenced_score), 1) == 87.0
    assert card.count("major") == 0
    assert (card.minor_share.numerator, card.minor_share.denominator) == (9, 32)
    assert card.band == "B"
