"""What is published over a year is attacked by one who knows all firms but one.

The attacker reads the published bytes and counts firms in its own way. It knows the
method: that a number is within 26 of its count when drawn, that a hidden one is below
5, that a kept one has changed by 12 at most and a moved one by 5 at least.
"""

import json
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from oversight.disclosure.keys import record_key
from oversight.disclosure.publish import Prepared, Refused, prepare
from oversight.disclosure.records import Record
from oversight.disclosure.scheme import Scheme

POPULATIONS = 200
MONTHS = 12
SMALL = Scheme(
    zones=("z1", "z2"),
    districts=("d1", "d2", "d3"),
    industries=("i1", "i2"),
    sizes=("small", "large"),
    stages=("registered", "submitted"),
    bands=("A", "B", "C"),
    clauses=(("2023", ("c1", "c2")),),
    agencies=("a1", "a2"),
)


def firm(chance: random.Random, name: str, secret: bytes) -> Record:
    place = chance.randrange(3)
    points = chance.randint(0, 100)
    return Record(
        unit=name,
        group=name,
        zone=SMALL.zones[place // 2],
        district=SMALL.districts[place],
        industry=chance.choice(SMALL.industries),
        size=chance.choice(SMALL.sizes),
        stage="submitted",
        edition="2023",
        key=record_key(secret, name),
        band=SMALL.bands[2 - min(points // 34, 2)],
        score=Fraction(points),
        gaps=frozenset(c for c in ("c1", "c2") if chance.random() < 0.4),
        agency=chance.choice((None, "a1", "a2")),
    )


class Attacker:
    """Keeps what was published and who was there; asks what one band could be."""

    def __init__(self) -> None:
        self.cities: dict[int, list[Record]] = {}
        self.last: dict[tuple[str, ...], tuple[int, int]] = {}
        self.broken: list[tuple[int, str]] = []

    def see(self, snapshot: int, city: list[Record], published: bytes) -> None:
        self.cities[snapshot] = city
        tables = json.loads(published)["tables"]
        wanted = [t for t in tables if t["key"] in ("band", "zone_band")]
        cells = [(t["key"], e) for t in wanted for e in t["entries"]]
        for zone, band in sorted({(f.zone, f.band) for f in city}):
            possible = {
                other
                for other in SMALL.bands
                if all(
                    self._fits(key, e, snapshot, zone, band, other) for key, e in cells
                )
            }
            assert band in possible
            if len(possible) < 2:
                self.broken.append((snapshot, f"{zone} {band}"))
        for key, entry in cells:
            self.last[self._name(key, entry)] = (entry["since"], snapshot)

    @staticmethod
    def _name(key: str, entry: dict) -> tuple[str, ...]:
        return (key, "+".join(entry["row"]), "+".join(entry["column"]))

    def _fits(self, key, entry, snapshot, zone, band, other) -> bool:
        parts = max(1, len(entry["row"])) * max(1, len(entry["column"]))
        now = self._count(key, entry, snapshot)
        bent = (
            now - self._in(key, entry, zone, band) + self._in(key, entry, zone, other)
        )
        if parts > 1:
            return True if entry["held"] else self._within(entry, bent, parts)
        if not entry["held"]:
            return self._within(entry, bent, parts)
        then = self._count(key, entry, entry["since"])
        return abs(bent - then) <= 12

    @staticmethod
    def _within(entry, count, parts) -> bool:
        reach = 26 * parts
        if entry["value"] is None:
            return 0 <= count <= 4 + reach
        return max(0, entry["value"] - reach) <= count <= entry["value"] + reach

    def _count(self, key, entry, snapshot) -> int:
        return sum(self._in(key, entry, f.zone, f.band) for f in self.cities[snapshot])

    @staticmethod
    def _in(key, entry, zone, band) -> int:
        if key == "band":
            return int(band in entry["row"])
        return int(zone in entry["row"] and band in entry["column"])


def a_year(seed: int):
    """Yield (snapshot, city, result) for twelve months of joins, leaves and changes."""
    chance = random.Random(seed)
    secret = f"secret of population {seed:>11}".encode()
    city = [firm(chance, f"f{n}", secret) for n in range(chance.choice((12, 40, 90)))]
    ledger = None
    for snapshot in range(1, MONTHS + 1):
        result = prepare(
            records=city, previous=ledger, snapshot=snapshot,
            scheme=SMALL, secret=secret,
        )  # fmt: skip
        if isinstance(result, Prepared):
            ledger = result.ledger
        yield snapshot, city, result
        stay = [one for one in city if chance.random() > 0.03]
        new = chance.randrange(6)
        city = [*stay, *(firm(chance, f"{snapshot}-{n}", secret) for n in range(new))]
        if chance.random() < 0.3:
            city[0] = replace(city[0], band=chance.choice(SMALL.bands))


def by_threshold(city: list[Record]) -> dict[str, int | None]:
    """Publish bands as a threshold does."""
    counts = {band: sum(f.band == band for f in city) for band in SMALL.bands}
    return {band: None if 0 < n < 5 else n for band, n in counts.items()}


def broken_threshold(city: list[Record]) -> bool:
    """Whether one who knows all others can tell some firm's band from such numbers."""
    shown = by_threshold(city)
    counts = {band: sum(f.band == band for f in city) for band in SMALL.bands}
    for band in {f.band for f in city}:
        others = counts | {band: counts[band] - 1}
        fitting = [
            b
            for b in SMALL.bands
            if by_threshold_counts(others | {b: others[b] + 1}) == shown
        ]
        if fitting == [band]:
            return True
    return False


def by_threshold_counts(counts: dict[str, int]) -> dict[str, int | None]:
    return {band: None if 0 < n < 5 else n for band, n in counts.items()}


@pytest.mark.parametrize("block", range(4))
def test_a_year_gives_nobody_away_where_a_threshold_does(block):
    """A refusal is allowed: it publishes nothing. It is also hardly ever seen."""
    broken, refused, by_threshold_broken = [], 0, 0
    for seed in range(block, POPULATIONS, 4):
        attacker = Attacker()
        weak = False
        for snapshot, city, result in a_year(seed):
            weak |= broken_threshold(city)
            if isinstance(result, Refused):
                refused += 1
            else:
                attacker.see(snapshot, city, result.published.canonical)
        broken += [(seed, *one) for one in attacker.broken]
        by_threshold_broken += weak
    assert broken == []
    assert by_threshold_broken == POPULATIONS // 4
    assert refused <= 3
