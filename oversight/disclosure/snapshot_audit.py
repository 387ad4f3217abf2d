"""The exact audit of one snapshot's drawn numbers, for bands and for stages.

`proofs.py` argues with counts alone and over all snapshots; here the readers of
`auditor.py` try the numbers of this snapshot on the very firms behind them. Two ways
to the same end, so that a mistake in one is caught by the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from oversight.disclosure.auditor import Verdict, audit
from oversight.disclosure.cells import Cell, cells_of
from oversight.disclosure.change_rule import Held
from oversight.disclosure.records import Record
from oversight.disclosure.rounding import window
from oversight.disclosure.worlds import Pair, Places, Statement, System

APART = frozenset({"agency", "advised", "gap", "stay", "all"})
"""Tables that no firm's band or stage moves."""


class Kinds:
    """Firms by their looks, and the values they have or could have.

    What everybody can see of a firm is where it is, what it makes and how large it
    is; its stage too when `stage_known`.
    """

    def __init__(self, groups: Iterable[Record], *, stage_known: bool) -> None:
        self.stage_known = stage_known
        self.kinds: dict[tuple[str, ...], int] = {}
        self.values: dict[tuple[object, ...], int] = {}
        self.examples: list[Record] = []
        self.models: list[Record] = []
        self.pairs = [self._add(group) for group in groups]

    def _add(self, group: Record) -> Pair:
        kind = self.kinds.setdefault(self._looks(group), len(self.kinds))
        if kind == len(self.examples):
            self.examples.append(group)
        return kind, self._add_value(group)

    def _add_value(self, group: Record) -> int:
        value: tuple[object, ...] = (group.stage, group.band, group.score)
        if not self.stage_known:
            value = (*value, group.wait)
        place = self.values.setdefault(value, len(self.values))
        if place == len(self.models):
            self.models.append(group)
        return place

    def add_possible(self, held: Mapping[Cell, Held]) -> None:
        """Add what a firm could be though none is: any other band, or any stage."""
        table = "band" if self.stage_known else "stage"
        names = [cell[1] for cell in held if cell[0] == table]
        for model in list(self.models):
            for name in names:
                other = (
                    {table: name, "score": None} if self.stage_known else {table: name}
                )
                self._add_value(replace(model, **other))

    def _looks(self, group: Record) -> tuple[str, ...]:
        looks = (group.zone, group.district, group.industry, group.size, group.edition)
        return (*looks, group.stage) if self.stage_known else looks

    def allowed(self) -> tuple[tuple[int, ...], ...]:
        """Return the values each kind can have."""
        if not self.stage_known:
            every = tuple(range(len(self.models)))
            return tuple(every for _ in self.examples)
        by_stage: dict[str, list[int]] = {}
        for place, model in enumerate(self.models):
            by_stage.setdefault(model.stage, []).append(place)
        return tuple(tuple(by_stage[one.stage]) for one in self.examples)

    def names(self) -> tuple[str, ...]:
        """Name the kinds by their looks."""
        return tuple("/".join(looks) for looks in self.kinds)


class _Cells(dict[Pair, Places]):
    """Where each pair is counted, worked out when it is asked for."""

    def __init__(self, kinds: Kinds, index: Mapping[Cell, int]) -> None:
        super().__init__()
        self._kinds = kinds
        self._index = index

    def __missing__(self, pair: Pair) -> Places:
        model = self._kinds.models[pair[1]]
        firm = replace(
            self._kinds.examples[pair[0]],
            stage=model.stage,
            band=model.band,
            score=model.score,
            gaps=frozenset(),
            stays=frozenset(),
            wait=model.wait,
        )
        found = tuple(
            (self._index[cell], 1) for cell in cells_of(firm) if cell in self._index
        )
        self[pair] = found
        return found


def audit_snapshot(
    groups: Sequence[Record], held: Mapping[Cell, Held], snapshot: int
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
    by_band = Kinds(submitted, stage_known=True)
    by_band.add_possible(held)
    by_stage = Kinds(groups, stage_known=False)
    by_stage.add_possible(held)
    bands = _verdict(submitted, by_band, per_band)
    stages = _verdict(groups, by_stage, windows)
    return Verdict((*bands.offences, *stages.offences))


def _verdict(
    groups: Sequence[Record], kinds: Kinds, windows: Mapping[Cell, tuple[int, int]]
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
        attributes=tuple(
            str(model.band) if kinds.stage_known else model.stage
            for model in kinds.models
        ),
        counts=Counter(kinds.pairs),
        statements=statements,
        allowed=kinds.allowed(),
        places=_Cells(kinds, {cell: place for place, cell in enumerate(windows)}),
    )
