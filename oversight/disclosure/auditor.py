"""Whether anything published so far gives a firm away. The last word before print.

Three readers are tried: an outsider who knows every firm of the public register and
who takes part; the largest agency, which knows all about its clients; and one who
knows everything about all firms but one. For each it is decided, exactly, whether
some firm's attribute has one possible value left, and how far each hidden count can
be narrowed down.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from oversight.disclosure.change_rule import K
from oversight.disclosure.worlds import Pair, System

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint as Constraint

SECONDS = 10.0
OPTIMAL = 0


class Undecided(Exception):
    """The programme found no answer in time; that counts as a disclosure."""


class Reader(StrEnum):
    """What somebody knows besides what is published."""

    OUTSIDER = "outsider"
    AGENCY = "agency"
    ALL_BUT_ONE = "all_but_one"


@dataclass(frozen=True)
class Determined:
    """Firms of a kind of which an attribute is certain."""

    reader: Reader
    kind: str
    attribute: str

    @property
    def about(self) -> str:
        """Name what is known, without saying what it is."""
        return self.kind

    @property
    def words(self) -> dict[str, str]:
        """Say it."""
        return {
            "zh": f"{_ZH[self.reader]}能确定“{self.kind}”企业的“{self.attribute}”。",
            "en": f"{_EN[self.reader]} can tell that a firm of “{self.kind}” "
            f"is “{self.attribute}”.",
        }


@dataclass(frozen=True)
class Narrow:
    """A hidden count that is known too well: it is from `low` to `high`."""

    reader: Reader
    about: str
    low: int
    high: int

    @property
    def words(self) -> dict[str, str]:
        """Say it."""
        return {
            "zh": f"{_ZH[self.reader]}能把未公布的“{self.about}”"
            f"缩小到 {self.low}–{self.high}。",
            "en": f"{_EN[self.reader]} can narrow the hidden “{self.about}” "
            f"down to {self.low}–{self.high}.",
        }


_ZH = {
    Reader.OUTSIDER: "只看公开数字的人",
    Reader.AGENCY: "客户最多的服务机构",
    Reader.ALL_BUT_ONE: "了解其余全部企业的人",
}
_EN = {
    Reader.OUTSIDER: "A reader of the published numbers",
    Reader.AGENCY: "The agency with most clients",
    Reader.ALL_BUT_ONE: "One who knows all firms but one",
}

Offence = Determined | Narrow


@dataclass(frozen=True)
class Verdict:
    """What the readers can find out; nothing of it may be published if anything."""

    offences: tuple[Offence, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing can be found out."""
        return not self.offences

    @property
    def first(self) -> Offence | None:
        """The first offence."""
        return self.offences[0] if self.offences else None


def audit(system: System, *, agency: Mapping[Pair, int] | None = None) -> Verdict:
    """Try all three readers; `agency` are the units the largest agency advises.

    The strongest comes first and the first to find something ends it. Raises NotTrue
    when a statement is false: false numbers are not audited.
    """
    system.check()
    offences: list[Offence] = list(of_all_but_one(system))
    if not offences:
        offences = of_reader(system, Reader.OUTSIDER)
    if not offences and agency:
        offences = of_reader(system.knowing(agency), Reader.AGENCY)
    return Verdict(tuple(offences))


def of_all_but_one(system: System) -> Iterator[Determined]:
    """Yield what one who knows all firms but one can tell of the one.

    One unit alone is free, so every world is the true one with one value changed.
    """
    for pair, count in sorted(system.counts.items()):
        if count and not any(
            system.can_swap(pair, value) for value in _others(system, pair)
        ):
            yield Determined(
                Reader.ALL_BUT_ONE,
                system.kinds[pair[0]],
                system.attributes[pair[1]],
            )


def of_reader(system: System, reader: Reader) -> list[Offence]:
    """Return what a reader can tell who knows nothing beyond the system."""
    determined = [
        Determined(reader, system.kinds[kind], attribute)
        for kind in range(len(system.kinds))
        if (attribute := certain(system, kind)) is not None
    ]
    narrow = [
        Narrow(reader, statement.about, low, high)
        for index, statement in enumerate(system.statements)
        if statement.hidden
        for low, high in [bounds(system, index)]
        if high - low < K
    ]
    return [*determined, *narrow]


def certain(system: System, kind: int) -> str | None:
    """Return the attribute that all units of a kind must have, None if open.

    Units of a kind look the same, so two attributes among them can change places.
    Otherwise one of them is given another value, first all else left as it is, then
    by an integer programme over all worlds.
    """
    here = [v for v in system.allowed[kind] if system.counts.get((kind, v), 0)]
    attributes = {system.attributes[value] for value in here}
    if len(attributes) != 1:
        return None
    others = _others(system, (kind, here[0]))
    if any(system.can_swap((kind, v), other) for v in here for other in others):
        return None
    if others and _Programme(system).allows(kind, others):
        return None
    return attributes.pop()


def bounds(system: System, statement: int) -> tuple[int, int]:
    """Return the smallest and the largest sum a statement has in any world."""
    programme = _Programme(system)
    weights = {
        pair: weight
        for pair in programme.pairs
        for index, weight in system.places[pair]
        if index == statement
    }
    opposite = {pair: -weight for pair, weight in weights.items()}
    return programme.least(weights), -programme.least(opposite)


def _others(system: System, pair: Pair) -> list[int]:
    mine = system.attributes[pair[1]]
    return [v for v in system.allowed[pair[0]] if system.attributes[v] != mine]


class _Programme:
    """The worlds of a system as an integer programme: a count for each pair."""

    def __init__(self, system: System) -> None:
        sizes = [0] * len(system.kinds)
        for (kind, _), count in system.counts.items():
            sizes[kind] += count
        self.pairs = [
            (kind, value)
            for kind, size in enumerate(sizes)
            if size
            for value in system.allowed[kind]
        ]
        self.place = {pair: index for index, pair in enumerate(self.pairs)}
        self.most = [sizes[kind] for kind, _ in self.pairs]
        self.constraint = self._constraint(system, sizes)

    def _constraint(self, system: System, sizes: list[int]) -> "Constraint":
        """One row for each kind, that it keeps its size, and for each statement."""
        # scipy weighs 50 MB in every process and is needed for audits alone.
        from scipy.optimize import LinearConstraint  # noqa: PLC0415
        from scipy.sparse import coo_array  # noqa: PLC0415

        cells = [(kind, self.place[kind, value], 1) for kind, value in self.pairs]
        cells += [
            (len(sizes) + index, place, weight)
            for pair, place in self.place.items()
            for index, weight in system.places[pair]
        ]
        low = [*sizes, *(statement.low for statement in system.statements)]
        high = [*sizes, *(statement.high for statement in system.statements)]
        rows, columns, weights = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (len(low), max(1, len(self.pairs)))
        matrix = coo_array((weights, (rows, columns)), shape=shape).tocsc()
        return LinearConstraint(matrix, low, high)

    def allows(self, kind: int, values: list[int]) -> bool:
        """Whether some world has a unit of a kind at one of these values."""
        return self.least({(kind, value): -1 for value in values}) < 0

    def least(self, weights: Mapping[Pair, int]) -> int:
        """Return the smallest weighted sum in any world."""
        from scipy.optimize import Bounds, milp  # noqa: PLC0415

        cost = np.zeros(max(1, len(self.pairs)))
        for pair, weight in weights.items():
            if pair in self.place:
                cost[self.place[pair]] = weight
        result = milp(
            cost,
            constraints=self.constraint,
            integrality=np.ones_like(cost),
            bounds=Bounds(0, self.most or [0]),
            options={"time_limit": SECONDS},
        )
        if result.status != OPTIMAL:
            raise Undecided(result.message)
        return round(float(result.fun))
