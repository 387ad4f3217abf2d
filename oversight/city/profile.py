"""Who lives in the model city: enterprises in blocks of forty, agencies, bodies.

A block is drawn as a whole, because enterprises of one block share controlling groups
and take each other over. Every 25th block holds a large group in one district, which
any rule that hides small numbers must cope with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from oversight.city.chances import Mix, between, day_between, happens, some, stream
from oversight.city.credit_codes import AGENCY, BODY, credit_code
from oversight.city.mixes import (
    AGENCY_STEEPNESS,
    BOUNDARIES_CHANGED,
    INDUSTRIES,
    SIZES,
    District,
    Size,
    floors_of,
)
from oversight.city.scenarios import Scenario, is_certified_early, scenario_of
from oversight.counting.facts import Enterprise, Presence

BLOCK = 40
BLOCKS_PER_LARGE_GROUP = 25
LARGE_GROUP = 24
NEW_FIRMS = 0.2
"""Share of enterprises founded within the years of the city."""
CLOSED_A_YEAR = 0.012
MERGED_OF_CLOSED = 0.15
RENAMES = 0.06
CLOSE_BETWEEN = (date(2022, 3, 1), date(2023, 10, 1))
"""When scenarios end an enterprise: certified and titled by then."""
COACHED = 0.55
"""Share of enterprises that have an agency."""


@dataclass(frozen=True, slots=True)
class ModelOrganisation:
    """A coaching agency or certification body of the model."""

    number: int
    credit_code: str
    name: str


@dataclass(frozen=True, slots=True)
class ModelEnterprise:
    """An enterprise of the model.

    `former_names` are names with the last day each was borne. `revenue` is in 万元 a
    year. `group` is the credit code of the enterprise that heads its controlling
    group, empty for none, and `agency` that of its coaching agency. `ability` is the
    model's own secret: how good the management of IP was at the start, about −3 to 3.
    """

    number: int
    unit: Enterprise
    founded_on: date
    industry: str
    size: Size
    staff: int
    revenue: int
    ability: float
    group: str = ""
    agency: str = ""
    former_names: tuple[tuple[str, date], ...] = ()

    @property
    def credit_code(self) -> str:
        """Return the credit code."""
        return self.unit.credit_code


@dataclass(frozen=True)
class Population:
    """What all enterprises of a city share: seed, days, districts, organisations."""

    seed: int
    first: date
    last: date
    districts: tuple[District, ...]
    agencies: tuple[ModelOrganisation, ...]
    bodies: tuple[ModelOrganisation, ...]

    def stream(self, *labels: str | int) -> Random:
        """Return the stream of chance of these labels."""
        return stream(self.seed, *labels)


def agencies_for(enterprises: int) -> tuple[ModelOrganisation, ...]:
    """Return the coaching agencies: one to a hundred enterprises, 6 to 120."""
    count = min(max(enterprises // 100, 6), 120)
    return tuple(
        ModelOrganisation(n, credit_code(n, AGENCY), f"示例服务机构 {n:03d}")
        for n in range(1, count + 1)
    )


def certification_bodies() -> tuple[ModelOrganisation, ...]:
    """Return the eight certification bodies."""
    return tuple(
        ModelOrganisation(n, credit_code(n, BODY), f"示例认证机构 {n:02d}")
        for n in range(1, 9)
    )


def block_of(people: Population, block: int, size: int) -> Iterator[ModelEnterprise]:
    """Yield the first `size` enterprises of a block, numbered from `block` × 40."""
    numbers = range(block * BLOCK, block * BLOCK + size)
    groups = _groups(people, block)
    districts = Mix(tuple((d, d.share) for d in people.districts))
    clients = Mix(tuple((a, a.number**-AGENCY_STEEPNESS) for a in people.agencies))
    for number in numbers:
        chance = people.stream("enterprise", number)
        group, home = groups.get(number % BLOCK, ("", None))
        district = _district(people, districts, number, chance, home)
        yield _enterprise(people, chance, number, district, group, clients, numbers)


def _groups(people: Population, block: int) -> dict[int, tuple[str, District | None]]:
    """Return the places in the block that belong to a group, and its one district."""
    chance = people.stream("groups", block)
    if block % BLOCKS_PER_LARGE_GROUP == 7:
        home = some(chance, people.districts)
        head = credit_code(block * BLOCK)
        return dict.fromkeys(range(LARGE_GROUP), (head, home))
    if not happens(chance, 0.6):
        return {}
    members = chance.sample(range(BLOCK), chance.randint(2, 7))
    head = credit_code(block * BLOCK + min(members))
    return dict.fromkeys(members, (head, None))


def _district(
    people: Population,
    mix: Mix[District],
    number: int,
    chance: Random,
    home: District | None,
) -> District:
    drawn = mix.draw(chance)
    if scenario_of(number) is Scenario.BOUNDARIES_CHANGE:
        dissolved = [d for d in people.districts if d.successor]
        return some(chance, dissolved) if dissolved else drawn
    return home or drawn


def _enterprise(
    people: Population,
    chance: Random,
    number: int,
    district: District,
    group: str,
    clients: Mix[ModelOrganisation],
    block: range,
) -> ModelEnterprise:
    scenario = scenario_of(number)
    industry, size = INDUSTRIES.draw(chance), SIZES.draw(chance)
    founded = _founded(people, chance, old=scenario is not None)
    closed, heir = _end(people, chance, number, founded, block)
    presences = _presences(people, chance, district, founded, scenario)
    renamed = _renamed(people, chance, founded, closed, scenario)
    name = f"示例城市企业 {number:05d}"
    staff, revenue = _figures(chance, industry, size)
    return ModelEnterprise(
        number=number,
        unit=Enterprise(
            credit_code=credit_code(number),
            name=f"{name}（更名后）" if renamed else name,
            presences=presences,
            deregistered_on=closed,
            merged_into=credit_code(heir) if heir is not None else "",
        ),
        founded_on=founded,
        industry=industry,
        size=size,
        staff=staff,
        revenue=revenue,
        ability=_ability(chance, size),
        group=group,
        agency=clients.draw(chance).credit_code if happens(chance, COACHED) else "",
        former_names=((name, renamed - timedelta(days=1)),) if renamed else (),
    )


def _ability(chance: Random, size: Size) -> float:
    """Return the ability at the start: larger enterprises manage better."""
    # Three decimals: machines may differ in the last digit of a logarithm.
    return round(chance.gauss(-0.5, 0.8) + 0.25 * list(Size).index(size), 3)


def _figures(chance: Random, industry: str, size: Size) -> tuple[int, int]:
    """Return staff and revenue that make the size class by the rules of 2017."""
    floors = floors_of(industry)
    place = list(Size).index(size)
    low = floors[place - 1] if place else (1, 1)
    high = floors[place] if place < len(floors) else tuple(8 * f for f in low)
    staff, revenue = (
        # Where a measure isn't asked its floors are 1: any figure will do.
        int(between(chance, bottom, top) if top > 1 else between(chance, 5, 5000))
        for bottom, top in zip(low, high, strict=True)
    )
    return staff, revenue


def _founded(people: Population, chance: Random, *, old: bool) -> date:
    if not old and happens(chance, NEW_FIRMS):
        return day_between(chance, people.first, people.last - timedelta(days=90))
    return day_between(chance, date(1988, 1, 4), people.first - timedelta(days=365))


def _end(
    people: Population, chance: Random, number: int, founded: date, block: range
) -> tuple[date | None, int | None]:
    """Return the day of deregistration and the number of who took it over."""
    scenario = scenario_of(number)
    if scenario and not _ends(number):
        return None, None
    start = max(founded, people.first)
    day = start + timedelta(days=int(chance.expovariate(CLOSED_A_YEAR / 365.25)))
    heir = some(chance, block) if happens(chance, MERGED_OF_CLOSED) else None
    if scenario:
        day = day_between(chance, *CLOSE_BETWEEN)
        heir = number + 1 if scenario is Scenario.MERGED else None
    if day > people.last:
        return None, None
    return day, heir if heir is not None and _takes_over(heir, block) else None


def _takes_over(number: int, block: range) -> bool:
    """Whether it can: it must be of the block and live to the end for certain."""
    return number in block and scenario_of(number) is not None and not _ends(number)


def _ends(number: int) -> bool:
    return scenario_of(number) in (Scenario.MERGED, Scenario.DEREGISTERED_WITH_TITLE)


class _Move(StrEnum):
    IN = "in"
    OUT = "out"
    BETWEEN = "between"


MOVES = Mix(
    ((None, 0.948), (_Move.IN, 0.006), (_Move.OUT, 0.006), (_Move.BETWEEN, 0.04))
)
PLANNED_MOVES = {
    Scenario.MOVES_IN_CERTIFIED: (_Move.IN, date(2019, 1, 5)),
    Scenario.MOVES_OUT_CERTIFIED: (_Move.OUT, date(2022, 1, 5)),
    Scenario.MOVES_BETWEEN_DISTRICTS: (_Move.BETWEEN, date(2018, 1, 5)),
}
"""The move of a scenario with the first day of the year in which it happens."""


def _presences(
    people: Population,
    chance: Random,
    home: District,
    founded: date,
    scenario: Scenario | None,
) -> tuple[Presence, ...]:
    """Return where it was: outside, in a district, in another, in its successor."""
    move, day = _move(people, chance, founded, scenario)
    others = [other for other in people.districts if other != home]
    other = some(chance, others) if others else home
    before, after = {
        None: (_in_district(home, founded), ()),
        _Move.IN: ((Presence("", founded),), _in_district(home, day)),
        _Move.OUT: (_in_district(home, founded), (Presence("", day),)),
        _Move.BETWEEN: (_in_district(home, founded), _in_district(other, day)),
    }[move]
    return _joined(people, before, after)


def _move(
    people: Population, chance: Random, founded: date, scenario: Scenario | None
) -> tuple[_Move | None, date]:
    """Return how it moved, and when."""
    start = max(founded, people.first) + timedelta(days=60)
    move, day = MOVES.draw(chance), day_between(chance, start, people.last)
    if scenario in PLANNED_MOVES:
        move, first = PLANNED_MOVES[scenario]
        return move, day_between(chance, first, first + timedelta(days=350))
    return None if scenario else move, day


def _in_district(district: District, since: date) -> tuple[Presence, ...]:
    if not district.successor:
        return (Presence(district.code, since),)
    if since >= BOUNDARIES_CHANGED:
        return (Presence(district.successor, since),)
    return (
        Presence(district.code, since, BOUNDARIES_CHANGED),
        Presence(district.successor, BOUNDARIES_CHANGED),
    )


def _joined(
    people: Population, before: tuple[Presence, ...], after: tuple[Presence, ...]
) -> tuple[Presence, ...]:
    """Join stays, each ending where the next begins, without what lies ahead."""
    moved = min((p.since for p in after if p.since), default=date.max)
    stays = [p for p in before if p.since and p.since < moved] + list(after)
    known = [(p.division, p.since) for p in stays if p.since and p.since <= people.last]
    # Two dissolved districts have one successor: that is one stay.
    entered = [
        stay
        for place, stay in enumerate(known)
        if not place or stay[0] != known[place - 1][0]
    ]
    ends = [since for _division, since in entered[1:]] + [None]
    return tuple(
        Presence(division, since, end)
        for (division, since), end in zip(entered, ends, strict=True)
    )


def _renamed(
    people: Population,
    chance: Random,
    founded: date,
    closed: date | None,
    scenario: Scenario | None,
) -> date | None:
    start = max(founded, people.first) + timedelta(days=30)
    day = day_between(chance, start, closed or people.last)
    drawn = happens(chance, RENAMES) or scenario is Scenario.RENAMED
    return day if drawn and day < (closed or people.last) else None


def is_early(enterprise: ModelEnterprise) -> bool:
    """Whether its scenario asks for a certificate of the first years."""
    return is_certified_early(scenario_of(enterprise.number))
