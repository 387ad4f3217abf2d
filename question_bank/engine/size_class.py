"""Size classes of enterprises: 统计上大中小微型企业划分办法（2017）.

An enterprise is large, medium or small only if it reaches every floor of that class;
it is micro if any measure is below the small floor. So its class is the lowest that
any single measure gives. Industries outside the table (rail, education, health,
finance, public bodies, own property) have no class.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

SizeClass: TypeAlias = Literal["large", "medium", "small", "micro"]
Measure: TypeAlias = Literal["staff", "revenue", "assets"]
CLASSES: tuple[SizeClass, ...] = ("large", "medium", "small", "micro")

SECTIONS: Mapping[str, tuple[int, int]] = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}
"""The sections of GB/T 4754-2017 and the divisions each spans."""

_CODE = re.compile(r"([A-T]?)(\d{2,4})", re.ASCII)


@dataclass(frozen=True)
class Floors:
    """From what on a measure counts as large, medium or small; money in 万元."""

    measure: Measure
    large: int
    medium: int
    small: int

    def size_of(self, value: Fraction) -> SizeClass:
        """Return the class this measure alone gives."""
        for size in CLASSES[:3]:
            if value >= getattr(self, size):
                return size
        return "micro"


def _two(
    measure: Measure, one: tuple[int, ...], other: Measure, two: tuple[int, ...]
) -> tuple[Floors, ...]:
    return (Floors(measure, *one), Floors(other, *two))


_INDUSTRY = _two("staff", (1000, 300, 20), "revenue", (40000, 2000, 300))
_CATERING = _two("staff", (300, 100, 10), "revenue", (10000, 2000, 100))
_TRANSPORT = _two("staff", (1000, 300, 20), "revenue", (30000, 3000, 200))
_STORAGE = _two("staff", (200, 100, 20), "revenue", (30000, 1000, 100))
_STAFF_ONLY = (Floors("staff", 300, 100, 10),)

# The longest prefix of the code decides.
FLOORS: Mapping[str, tuple[Floors, ...]] = {
    "A": (Floors("revenue", 20000, 500, 50),),
    "B": _INDUSTRY,
    "C": _INDUSTRY,
    "D": _INDUSTRY,
    "E": _two("revenue", (80000, 6000, 300), "assets", (80000, 5000, 300)),
    "F51": _two("staff", (200, 20, 5), "revenue", (40000, 5000, 1000)),
    "F52": _two("staff", (300, 50, 10), "revenue", (20000, 500, 100)),
    "G54": _TRANSPORT,
    "G55": _TRANSPORT,
    "G56": _TRANSPORT,
    "G57": _TRANSPORT,
    "G58": _TRANSPORT,
    "G59": _STORAGE,
    "G591": _TRANSPORT,  # loading and unloading, not storage
    "G60": _two("staff", (1000, 300, 20), "revenue", (30000, 2000, 100)),
    "H": _CATERING,
    "I63": _two("staff", (2000, 100, 10), "revenue", (100000, 1000, 100)),
    "I64": _two("staff", (2000, 100, 10), "revenue", (100000, 1000, 100)),
    "I65": _two("staff", (300, 100, 10), "revenue", (10000, 1000, 50)),
    "K701": _two("revenue", (200000, 1000, 100), "assets", (10000, 5000, 2000)),
    "K702": _two("staff", (1000, 300, 100), "revenue", (5000, 1000, 500)),
    "K703": _STAFF_ONLY,
    "K709": _STAFF_ONLY,
    "L": _two("staff", (300, 100, 10), "assets", (120000, 8000, 100)),
    "M": _STAFF_ONLY,
    "N": _STAFF_ONLY,
    "O": _STAFF_ONLY,
    "Q85": _STAFF_ONLY,
    "R": _STAFF_ONLY,
}


def section_of(division: int) -> str | None:
    """Return the section letter of a two-digit division, None when there is none."""
    for letter, (first, last) in SECTIONS.items():
        if first <= division <= last:
            return letter
    return None


def parse_industry(text: str) -> str | None:
    """Return a code as letter and 2 to 4 digits; None when it is not one.

    A missing letter is added; a letter that does not fit its division is refused.
    """
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    letter, digits = match.groups()
    section = section_of(int(digits[:2]))
    if section is None or letter not in ("", section):
        return None
    return section + digits


def floors_of(industry: str) -> tuple[Floors, ...]:
    """Return the floors of an industry code, empty when the table has none."""
    for length in range(len(industry), 0, -1):
        if industry[:length] in FLOORS:
            return FLOORS[industry[:length]]
    return ()


def size_class(
    industry: str, measures: Mapping[Measure, Fraction | None]
) -> SizeClass | None:
    """Return the class; None for industries outside and for measures not known."""
    floors = floors_of(industry)
    found: list[SizeClass] = []
    for floor in floors:
        value = measures.get(floor.measure)
        if value is None:
            return None
        found.append(floor.size_of(value))
    return max(found, key=CLASSES.index) if found else None
