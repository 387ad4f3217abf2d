"""Random firms for disclosure control: plain records of a made-up scheme."""

import random
from dataclasses import replace
from fractions import Fraction

from oversight.disclosure.keys import record_key
from oversight.disclosure.records import Record
from oversight.disclosure.scheme import Scheme

SECRET = b"a secret key for tests, 32 bytes"
SCHEME = Scheme(
    zones=("z1", "z2", "z3", "z4", "z5"),
    districts=tuple(f"d{number}" for number in range(14)),
    industries=("i1", "i2", "i3", "i4", "i5", "i6"),
    sizes=("micro", "small", "medium", "large"),
    stages=("registered", "started", "submitted", "certified"),
    bands=("A", "B", "C", "D", "X"),
    clauses=(
        ("2013", tuple(f"o{number}" for number in range(10))),
        ("2023", tuple(f"c{number}" for number in range(40))),
    ),
    agencies=tuple(f"agency{number}" for number in range(12)),
)


def firm(chance: random.Random, number: int, **values: object) -> Record:
    """Draw one firm; skewed like a city: few large districts, many weak bands."""
    place = min(int(chance.expovariate(0.35)), 13)
    submitted = chance.random() < 0.7
    edition = "2023" if chance.random() < 0.9 else "2013"
    clauses = dict(SCHEME.clauses)[edition]
    record = Record(
        unit=f"firm{number}",
        group=f"firm{number}",
        zone=SCHEME.zones[place % 5],
        district=SCHEME.districts[place],
        industry=chance.choice(SCHEME.industries),
        size=chance.choice(SCHEME.sizes),
        stage=chance.choice(SCHEME.stages[2:] if submitted else SCHEME.stages[:2]),
        edition=edition,
        key=record_key(SECRET, f"firm{number}"),
        agency=chance.choice(SCHEME.agencies) if chance.random() < 0.5 else None,
    )
    if submitted:
        points = chance.randint(0, 100)
        record = replace(
            record,
            band=SCHEME.bands[4 - min(points // 20, 4)],
            score=Fraction(points),
            gaps=frozenset(chance.sample(clauses, chance.randint(0, 8))),
        )
    return replace(record, **values)  # type: ignore[arg-type]


def firms(chance: random.Random, count: int, start: int = 0) -> list[Record]:
    """Draw some firms."""
    return [firm(chance, number) for number in range(start, start + count)]
