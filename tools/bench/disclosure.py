"""Disclosure control: one snapshot with its audit, and how it grows."""

import random
import time
from collections.abc import Iterator
from fractions import Fraction

from oversight.disclosure.keys import record_key
from oversight.disclosure.publish import Prepared, prepare
from oversight.disclosure.records import Record
from oversight.disclosure.scheme import Scheme
from tools.bench.table import Figure

SECRET = b"the secret key of the benchmark."
SIZES = (1_000, 10_000, 100_000)
GOAL = 60.0
SCHEME = Scheme(
    zones=tuple(f"zone {n}" for n in range(5)),
    districts=tuple(f"district {n}" for n in range(14)),
    industries=tuple(f"industry {n}" for n in range(6)),
    sizes=("micro", "small", "medium", "large"),
    stages=("registered", "started", "submitted", "certified"),
    bands=("A", "B", "C", "D", "X"),
    clauses=(("2023", tuple(f"clause {n}" for n in range(80))),),
    agencies=tuple(f"agency {n}" for n in range(100)),
)


def disclosure_figures() -> Iterator[Figure]:
    """Yield the time of the second snapshot of cities of growing size."""
    for size in SIZES:
        city = synthetic_firms(size)
        first = _snapshot(city[: size * 99 // 100], 1, None)
        started = time.perf_counter()
        _snapshot(city, 2, first)
        taken = time.perf_counter() - started
        goal = GOAL if size == SIZES[-1] else None
        yield Figure(f"snapshot with audit, {size:,} firms", taken, "s", goal)


def synthetic_firms(count: int) -> list[Record]:
    """Return made-up firms, the same ones every time."""
    chance = random.Random(count)
    return [_firm(chance, f"firm {number}") for number in range(count)]


def _firm(chance: random.Random, unit: str) -> Record:
    submitted = chance.random() < 0.6
    place = min(int(chance.expovariate(0.3)), 13)
    points = chance.randint(0, 100)
    clauses = SCHEME.clauses[0][1]
    return Record(
        unit=unit,
        group=unit,
        zone=SCHEME.zones[place % 5],
        district=SCHEME.districts[place],
        industry=chance.choice(SCHEME.industries),
        size=chance.choice(SCHEME.sizes),
        stage=chance.choice(SCHEME.stages[2:] if submitted else SCHEME.stages[:2]),
        edition="2023",
        key=record_key(SECRET, unit),
        band=SCHEME.bands[4 - min(points // 20, 4)] if submitted else None,
        score=Fraction(points) if submitted else None,
        gaps=frozenset(chance.sample(clauses, 12) if submitted else ()),
        agency=chance.choice((None, *SCHEME.agencies)),
    )


def _snapshot(city: list[Record], number: int, before: Prepared | None) -> Prepared:
    made = prepare(
        records=city,
        previous=before.ledger if before else None,
        snapshot=number,
        scheme=SCHEME,
        secret=SECRET,
    )
    if not isinstance(made, Prepared):
        raise TypeError(f"The benchmark's snapshot was refused: {made}")
    return made
