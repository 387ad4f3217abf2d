"""The groups of statistics cover everything there is, once."""

import pytest

from accounts.districts import DISTRICT_CODES
from oversight.groupings import UNKNOWN, groupings
from question_bank.engine.size_class import CLASSES, SECTIONS


def test_every_district_is_in_one_zone() -> None:
    assert set(groupings().zone_of_district) == DISTRICT_CODES
    assert len(groupings().zones) <= 5


def test_every_industry_is_in_one_group() -> None:
    divisions = {
        division
        for first, last in SECTIONS.values()
        for division in range(first, last + 1)
    }
    assert set(groupings().industry_of_division) == divisions
    assert len(groupings().industries) <= 6


def test_every_size_has_a_name() -> None:
    assert set(groupings().sizes) == {UNKNOWN, *CLASSES}


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("C3484", "equipment"),
        ("2710", "materials"),
        ("I65", "services"),
        (None, UNKNOWN),
        ("", UNKNOWN),
        ("Z99", UNKNOWN),
    ],
)
def test_a_code_falls_into_its_group(code: str | None, group: str) -> None:
    assert groupings().industry_of(code) == group
