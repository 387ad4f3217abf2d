"""The exact audit of one snapshot's drawn numbers, for bands and for stages.

`proofs.py` argues with counts alone and over all snapshots; here the readers of
`auditor.py` try the numbers of this snapshot on the very firms behind them. Two ways
to the same end, so that a mistake in one is caught by the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from oversight.disclosure.auditor import Verdict, audit
from oversight.disclosure.cells import Cell, cells_of
from oversight.disclosure.change_rule import Held
from oversight.disclosure.records import Record
from oversight.disclosure.rounding import window
from oversight.disclosure.scheme import STAYS, Scheme, score_class
from oversight.disclosure.worlds import Pair, Places, Statement, System

APART = frozenset(
    {"agency", "advised", "agency_certified", "advised_certified", "gap", "stay", "all"}
)
"""Tables that no firm's band or stage moves, but for whether it is certified: that is
in the public register, and whose client it is is for `proofs.py`.
"""


Value = tuple[str, str, str | None, str | None]
"""Stage, class of days in it, band and class of scores."""


class Kinds:
    """Firms by their looks, and the values they could have.

    What everybody can see of a firm is where it is, what it makes and how large it
    is; that it submitted, and its stage, too when `stage_known`.
    """

    def __init__(
        self, groups: Sequence[Record], scheme: Scheme, *, stage_known: bool
    ) -> None:
        self.scheme = scheme
        self.stage_known = stage_known
        self.values = self._values(groups, scheme)
        places = {value: place for place, value in enumerate(self.values)}
        self.kinds: dict[tuple[str, ...], int] = {}
        self.examples: list[Record] = []
        self.pairs: list[Pair] = []
        for group in groups:
            kind = self.kinds.setdefault(self._looks(group), len(self.kinds))
            if kind == len(self.examples):
                self.examples.append(group)
            self.pairs.append((kind, places[self._value(group)]))

    def _looks(self, group: Record) -> tuple[str, ...]:
        looks = (group.zone, group.district, group.industry, group.size, group.edition)
        return (*looks, group.stage) if self.stage_known else looks

    def allowed(self) -> tuple[tuple[int, ...], ...]:
        """Return the values each kind can have."""
        if not self.stage_known:
            every = tuple(range(len(self.values)))
            return tuple(every for _ in self.examples)
        by_stage: dict[str, list[int]] = {}
        for place, (stage, _, band, _) in enumerate(self.values):
            if band is not None:
                by_stage.setdefault(stage, []).append(place)
        return tuple(tuple(by_stage[one.stage]) for one in self.examples)

    def names(self) -> tuple[str, ...]:
        """Name the kinds by their looks."""
        return tuple("/".join(looks) for looks in self.kinds)

    def attributes(self) -> tuple[str, ...]:
        """Say what each value gives away."""
        return tuple(
            str(band) if self.stage_known else stage
            for stage, _, band, _ in self.values
        )

    def _value(self, group: Record) -> Value:
        """Return a firm's value; days in a known stage tell nothing about bands."""
        score = None if group.score is None else score_class(group.score)
        return (
            group.stage,
            STAYS[0] if self.stage_known else group.wait,
            group.band,
            score,
        )

    def _values(self, groups: Iterable[Record], scheme: Scheme) -> list[Value]:
        """Return the values there are: whoever submitted may have any band, with a
        score that somebody has with it; of a band that nobody has, the score is open.
        """
        found = [self._value(group) for group in groups if group.band is not None]
        scored = dict.fromkeys((band, score) for _, _, band, score in found)
        seen = {band for band, _ in scored}
        scored |= {(band, None): None for band in scheme.bands if band not in seen}
        stages = dict.fromkeys(stage for stage, _, _, _ in found)
        waits = STAYS[:1] if self.stage_known else STAYS
        started = [
            (stage, wait, band, score)
            for stage, wait in product(stages, waits)
            for band, score in scored
        ]
        return [*started, *((s, w, None, None) for s in scheme.stages for w in waits)]


class _Cells(dict[Pair, Places]):
    """Where each pair is counted, worked out when it is asked for."""

    def __init__(self, kinds: Kinds, index: Mapping[Cell, int]) -> None:
        super().__init__()
        self._kinds = kinds
        self._index = index

    def __missing__(self, pair: Pair) -> Places:
        stage, wait, band, score = self._kinds.values[pair[1]]
        firm = replace(
            self._kinds.examples[pair[0]],
            stage=stage,
            band=band,
            score=None if score is None else Fraction(score),
            gaps=frozenset(),
            stays=frozenset(),
            wait=wait,
        )
        found = tuple(
            (self._index[cell], 1)
            for cell in cells_of(firm, self._kinds.scheme)
            if cell in self._index
        )
        self[pair] = found
        return found


def audit_snapshot(
    groups: Sequence[Record],
    held: Mapping[Cell, Held],
    scheme: Scheme,
    snapshot: int,
) -> Verdict:
    """Let all readers try the numbers drawn in a snapshot.

    Bands are tried on those who submitted, their stage being known; stages on all.
    """
    windows = {
        cell: window(one.value)
        for cell, one in held.items()
        if one.since == snapshot and cell[0] not in APART
    }
    submitted = [group for group in groups if group.band is not None]
    per_band = {c: w for c, w in windows.items() if c[0] not in ("stage", "wait")}
    bands = _verdict(Kinds(submitted, scheme, stage_known=True), submitted, per_band)
    stages = _verdict(Kinds(groups, scheme, stage_known=False), groups, windows)
    return Verdict((*bands.offences, *stages.offences))


def _verdict(
    kinds: Kinds, groups: Sequence[Record], windows: Mapping[Cell, tuple[int, int]]
) -> Verdict:
    system = system_of(kinds, windows)
    largest = Counter(group.agency for group in groups if group.agency).most_common(1)
    clients = Counter(
        pair
        for group, pair in zip(groups, kinds.pairs, strict=True)
        if largest and group.agency == largest[0][0]
    )
    return audit(system, agency=clients)


def system_of(kinds: Kinds, windows: Mapping[Cell, tuple[int, int]]) -> System:
    """State windows of cells about firms, to protect their bands or stages."""
    statements = tuple(
        Statement("/".join(cell), low, high) for cell, (low, high) in windows.items()
    )
    return System(
        kinds=kinds.names(),
        attributes=kinds.attributes(),
        counts=Counter(kinds.pairs),
        statements=statements,
        allowed=kinds.allowed(),
        places=_Cells(kinds, {cell: place for place, cell in enumerate(windows)}),
    )
