"""What the model city is made of: districts, industries, sizes, with their shares.

Codes are those of public code lists; shares are assumptions that give a coastal
manufacturing city its look. None of them is a statistic of a real place.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from oversight.city.chances import Mix

BOUNDARIES_CHANGED = date(2020, 6, 5)
"""The State Council's approval 国函〔2020〕81号: two divisions became 370614."""


@dataclass(frozen=True)
class District:
    """A division or functional zone; `successor` took it over when boundaries changed.

    `share` is its part of the city's enterprises.
    """

    code: str
    share: float
    successor: str = ""
    zone: bool = False


DISTRICTS = (
    District("370602", 0.14),
    District("370611", 0.08),
    District("370612", 0.06),
    District("370613", 0.09),
    District("370634", 0.01, successor="370614"),
    District("370681", 0.10),
    District("370682", 0.06),
    District("370683", 0.08),
    District("370684", 0.07, successor="370614"),
    District("370685", 0.06),
    District("370686", 0.03),
    District("370687", 0.05),
    District("370671", 0.05, zone=True),
    District("370672", 0.12, zone=True),
)
"""The zones' codes are those of the statistics office. A seventh of the enterprises
sits in the two zones, since that is where industry was asked to settle."""

INDUSTRIES = Mix(
    (
        ("C3484", 0.10), ("C3511", 0.05), ("C3311", 0.06), ("C3670", 0.09),
        ("C3829", 0.05), ("C3731", 0.02), ("C3912", 0.04), ("C3973", 0.02),
        ("C2614", 0.05), ("C2651", 0.04), ("C2929", 0.05), ("C2710", 0.02),
        ("C2720", 0.03), ("C1515", 0.02), ("C1361", 0.05), ("C1371", 0.04),
        ("B0921", 0.01), ("C3221", 0.01), ("I6513", 0.07), ("I6531", 0.03),
        ("M7320", 0.05), ("M7452", 0.02), ("F5179", 0.03), ("A0141", 0.02),
        ("A0411", 0.01), ("E4890", 0.02),
    )
)  # fmt: skip
"""GB/T 4754-2017 with its section letter (own knowledge, high certainty): machinery,
vehicles, chemistry, electronics, medicine, food and wine, gold, software, research."""


class Size(StrEnum):
    """Size classes of 2017, as the data sheet has them."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SIZES = Mix(
    ((Size.MICRO, 0.38), (Size.SMALL, 0.42), (Size.MEDIUM, 0.16), (Size.LARGE, 0.04))
)
"""Larger than a city's enterprises are: the larger ones take part more often."""

FLOORS: dict[str, tuple[tuple[int, int], ...]] = {
    "industry": ((20, 300), (300, 2000), (1000, 40000)),
    "A": ((1, 50), (1, 500), (1, 20000)),
    "E": ((1, 300), (1, 6000), (1, 80000)),
    "F": ((5, 1000), (20, 5000), (200, 40000)),
    "I": ((10, 50), (100, 1000), (300, 10000)),
    "M": ((10, 1), (100, 1), (300, 1)),
}
"""Staff and revenue (万元) from which an enterprise is small, medium, large by the
rules of 2017; 1 where a measure isn't asked. B, C and D are industry, F is wholesale,
I is software."""


def floors_of(industry: str) -> tuple[tuple[int, int], ...]:
    """Return the floors of an industry code."""
    return FLOORS.get(industry[0], FLOORS["industry"])


AGENCY_STEEPNESS = 0.9
"""The n-th agency has n^-0.9 as many clients: few large ones, many small."""
