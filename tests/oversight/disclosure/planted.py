"""Small random cities, published with a threshold alone, with a disclosure planted.

A number is described by what it counts, in words of the tables (`Number`). The oracle
reads numbers firm by firm; `as_system` hands the same ones to the auditor.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from oversight.disclosure.worlds import Pair, Statement, System

THRESHOLD = 3
BANDS = 3
DISTRICTS = 3
INDUSTRIES = 2
LARGEST = 1


@dataclass(frozen=True)
class Firm:
    """`since` is the snapshot it takes part from, 1 or 2."""

    district: int
    industry: int
    band: int
    since: int = 1
    agency: int = 0


@dataclass(frozen=True)
class Number:
    """A cell of a table: None counts all. The count is from `low` to `high`."""

    snapshot: int
    district: int | None
    industry: int | None
    band: int | None
    low: int
    high: int
    hidden: bool = False

    def counts(self, firm: Firm) -> bool:
        """Whether a firm is in the cell."""
        return self.covers(firm) and self.band in (None, firm.band)

    def covers(self, firm: Firm) -> bool:
        """Whether a firm is in the cell if its band is."""
        return (
            firm.since <= self.snapshot
            and self.district in (None, firm.district)
            and self.industry in (None, firm.industry)
        )


@dataclass(frozen=True)
class City:
    """A city, what is published of it, and which reader the plant is meant for."""

    plant: str
    reader: str
    firms: tuple[Firm, ...]
    numbers: tuple[Number, ...]


def city(seed: int) -> City:
    """Return a city with the plant whose turn it is."""
    chance = random.Random(seed)
    plants = list(PLANTS)
    return PLANTS[plants[seed % len(plants)]](chance)


def number(firms: Iterable[Firm], snapshot: int, *, district: int | None = None,
           industry: int | None = None, band: int | None = None) -> Number:  # fmt: skip
    """Publish one cell as a threshold does: 1 and 2 are hidden, and known to be so."""
    cell = Number(snapshot, district, industry, band, 0, 0)
    count = sum(cell.counts(firm) for firm in firms)
    if 0 < count < THRESHOLD:
        return Number(snapshot, district, industry, band, 1, THRESHOLD - 1, hidden=True)
    return Number(snapshot, district, industry, band, count, count)


def exact(firms: Iterable[Firm], snapshot: int, **cell: int) -> Number:
    """Publish one cell as it is."""
    shown = number(firms, snapshot, **cell)
    count = sum(shown.counts(firm) for firm in firms)
    return Number(snapshot, shown.district, shown.industry, shown.band, count, count)


def grid(firms: Iterable[Firm], snapshot: int = 1) -> list[Number]:
    """Publish districts by bands, without sums."""
    return [
        number(firms, snapshot, district=district, band=band)
        for district in range(DISTRICTS)
        for band in range(BANDS)
    ]


def _some(chance: random.Random, count: int, **fixed: int) -> list[Firm]:
    return [
        Firm(
            fixed.get("district", chance.randrange(DISTRICTS)),
            fixed.get("industry", chance.randrange(INDUSTRIES)),
            fixed.get("band", chance.randrange(BANDS)),
            agency=chance.randrange(3),
        )
        for _ in range(count)
    ]


def _margins(chance: random.Random) -> City:
    """A district hides one cell alone: its sum minus the others."""
    firms = [
        *_some(chance, 3, district=0, band=1),
        *_some(chance, chance.randint(1, 2), district=0, band=0),
        *(Firm(chance.choice((1, 2)), chance.randrange(2), chance.randrange(3))
          for _ in range(3)),
    ]  # fmt: skip
    sums = [exact(firms, 1, district=district) for district in range(DISTRICTS)]
    return City("margins", "outsider", tuple(firms), (*grid(firms), *sums))


def _linked(chance: random.Random) -> City:
    """Districts by bands hide a cell that industries by bands give away."""
    firms = [
        *_some(chance, 3, district=0, industry=0, band=0),
        *_some(chance, chance.randint(1, 2), district=1, industry=0, band=0),
        *_some(chance, chance.randint(2, 3), band=2),
    ]
    other = [exact(firms, 1, industry=i, band=b) for i in range(2) for b in range(3)]
    return City("linked", "outsider", tuple(firms), (*grid(firms), *other))


def _joiner(chance: random.Random) -> City:
    """Two snapshots differ by one firm that joined."""
    firms = _some(chance, 6)
    firms.append(Firm(chance.randrange(3), chance.randrange(2), chance.randrange(3), 2))
    bands = [exact(firms, t, band=band) for t in (1, 2) for band in range(BANDS)]
    return City("joiner", "outsider", tuple(firms), tuple(bands))


def _all_but_one(chance: random.Random) -> City:
    """Exact sums are enough for one who knows all others."""
    firms = _some(chance, 7)
    bands = [exact(firms, 1, band=band) for band in range(BANDS)]
    return City("all but one", "all_but_one", tuple(firms), tuple(bands))


def _agency(chance: random.Random) -> City:
    """An agency advises all firms of a district but one."""
    mine = [
        Firm(0, chance.randrange(2), chance.randrange(3), agency=LARGEST)
        for _ in range(4)
    ]
    lone = Firm(0, chance.randrange(2), chance.randrange(3), agency=2)
    firms = [*mine, lone, *_some(chance, 2, district=2)]
    cells = [exact(firms, 1, district=0, band=band) for band in range(BANDS)]
    return City("agency", "agency", tuple(firms), tuple(cells))


def _alike(chance: random.Random) -> City:
    """All firms of a district have one band, and enough of them to be shown."""
    band = chance.randrange(3)
    firms = [
        *_some(chance, chance.randint(3, 4), district=0, band=band),
        *(Firm(chance.choice((1, 2)), chance.randrange(2), chance.randrange(3))
          for _ in range(3)),
    ]  # fmt: skip
    return City("100 %", "outsider", tuple(firms), tuple(grid(firms)))


PLANTS: dict[str, Callable[[random.Random], City]] = {
    "margins": _margins,
    "linked": _linked,
    "joiner": _joiner,
    "all but one": _all_but_one,
    "agency": _agency,
    "100 %": _alike,
}


def known_to_agency(firm: Firm) -> bool:
    """Whether the largest agency advises a firm."""
    return firm.agency == LARGEST


def kind_of(firm: Firm) -> tuple[int, int, int]:
    """What anybody can see of a firm."""
    return firm.district, firm.industry, firm.since


def as_system(firms: Iterable[Firm], numbers: Iterable[Number]) -> System:
    """Put a city and its numbers into the auditor's terms."""
    firms, numbers = tuple(firms), tuple(numbers)
    looks = sorted({kind_of(firm) for firm in firms})
    examples = [Firm(d, i, 0, since) for d, i, since in looks]
    places: dict[Pair, tuple[tuple[int, int], ...]] = {
        (kind, band): tuple(
            (index, 1)
            for index, cell in enumerate(numbers)
            if cell.covers(example) and cell.band in (None, band)
        )
        for kind, example in enumerate(examples)
        for band in range(BANDS)
    }
    return System(
        kinds=tuple(str(look) for look in looks),
        attributes=tuple(str(band) for band in range(BANDS)),
        counts=Counter(pairs_of(firms, firms)),
        statements=tuple(
            Statement(str(index), cell.low, cell.high, cell.hidden)
            for index, cell in enumerate(numbers)
        ),
        allowed=tuple(tuple(range(BANDS)) for _ in looks),
        places=places,
    )


def pairs_of(firms: Iterable[Firm], city: Iterable[Firm]) -> list[Pair]:
    """Name some firms of a city as the auditor does."""
    looks = sorted({kind_of(firm) for firm in city})
    return [(looks.index(kind_of(firm)), firm.band) for firm in firms]
