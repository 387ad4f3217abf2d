"""From records to tables that may be shown, or to the reason why there are none.

`prepare` is the only way. It counts, draws, states what the drawn numbers tell, proves
that this gives nobody away, and only then makes tables, of drawn numbers alone.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from oversight.disclosure.auditor import Undecided
from oversight.disclosure.cells import Cell, tally
from oversight.disclosure.change_rule import Held, K, figures, next_held
from oversight.disclosure.durations import Duration
from oversight.disclosure.linked import hidden_enough
from oversight.disclosure.menu import Menu, menu
from oversight.disclosure.proofs import Proof, first_at_edge, proofs
from oversight.disclosure.records import Record, representatives
from oversight.disclosure.rounding import BASE, REACH
from oversight.disclosure.scheme import Scheme, UnknownCategory
from oversight.disclosure.snapshot_audit import audit_snapshot
from oversight.disclosure.suppression import NotProtected
from oversight.disclosure.tables import Average, Table
from question_bank.engine.codec import canonical_bytes

RULES = "1"
"""Goes up with every change of method; a ledger of another method is refused."""
SECRET_BYTES = 32


class Reason(StrEnum):
    """Why nothing is published; `words.py` says it in two languages."""

    UNKNOWN_CATEGORY = "unknown_category"
    DOUBLE_UNIT = "double_unit"
    OUT_OF_ORDER = "out_of_order"
    AT_EDGE = "at_edge"
    DETERMINED = "determined"
    NARROW = "narrow"


@dataclass(frozen=True)
class Refused:
    """Nothing may be published; the last snapshot stays. `about` names what it is."""

    reason: Reason
    about: str


@dataclass(frozen=True)
class Ledger:
    """What the next snapshot has to know: confidential, never shown.

    `proofs` are the statements of all snapshots so far.
    """

    snapshot: int
    held: Mapping[Cell, Held]
    proofs: tuple[Proof, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "rules": RULES,
            "snapshot": self.snapshot,
            "held": [
                [list(cell), one.value, one.count, one.since]
                for cell, one in self.held.items()
            ],
            "proofs": [
                [p.snapshot, list(p.cell), p.what, p.low, p.high, p.true]
                for p in self.proofs
            ],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Ledger":
        """Read what `to_plain` wrote; raise ValueError for another method's."""
        if plain["rules"] != RULES:
            raise ValueError("This ledger belongs to another method.")
        held = {
            tuple(cell): Held(value, count, since)
            for cell, value, count, since in plain["held"]
        }
        stated = tuple(
            Proof(snapshot, tuple(cell), what, low, high, true)
            for snapshot, cell, what, low, high, true in plain["proofs"]
        )
        return cls(plain["snapshot"], held, stated)


@dataclass(frozen=True)
class Published:
    """The tables of one snapshot. Nothing in it may not be shown to everybody."""

    snapshot: int
    tables: tuple[Table, ...]
    average: Average | None
    durations: tuple[Duration, ...] = ()

    def table(self, key: str) -> Table:
        """Return a table of the menu."""
        return next(table for table in self.tables if table.key == key)

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "rules": {"version": RULES, "k": K, "base": BASE, "reach": REACH},
            "snapshot": self.snapshot,
            "tables": [asdict(table) for table in self.tables],
            "average": asdict(self.average) if self.average else None,
            "durations": [asdict(one) for one in self.durations],
        }

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that are stored and that exports, pages and prints are made of."""
        return canonical_bytes(self.to_plain())

    @property
    def sha256(self) -> str:
        """Return the hash of the canonical bytes."""
        return hashlib.sha256(self.canonical).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """What may be published, and the ledger to keep for the next snapshot."""

    published: Published
    ledger: Ledger


def prepare(
    *,
    records: Iterable[Record],
    previous: Ledger | None,
    snapshot: int,
    scheme: Scheme,
    secret: bytes,
) -> Prepared | Refused:
    """Make the tables of a snapshot; the same arguments give the same bytes.

    `previous` is the ledger of the last snapshot that was published. `secret` is a
    key of at least 32 bytes that never changes and is stored apart from the data.
    """
    if len(secret) < SECRET_BYTES:
        raise ValueError("The secret key is too short.")
    if previous is not None and previous.snapshot >= snapshot:
        return Refused(Reason.OUT_OF_ORDER, str(snapshot))
    firms = tuple(records)
    wrong = _wrong(firms, scheme)
    if wrong is not None:
        return wrong
    groups = representatives(firms, stages=scheme.stages, sizes=scheme.sizes)
    ledger = _drawn(groups, previous, snapshot, scheme, secret)
    return _given_away(groups, ledger, scheme) or _published(ledger, scheme)


def _given_away(
    groups: tuple[Record, ...], ledger: Ledger, scheme: Scheme
) -> Refused | None:
    """Audit everything drawn so far; a question left open is a disclosure."""
    edge = first_at_edge(ledger.proofs)
    if edge is not None:
        return Refused(Reason.AT_EDGE, "/".join(edge.cell))
    try:
        first = audit_snapshot(groups, ledger.held, scheme, ledger.snapshot).first
    except Undecided as undecided:
        return Refused(Reason.DETERMINED, str(undecided))
    return Refused(Reason.DETERMINED, first.about) if first else None


def _wrong(firms: tuple[Record, ...], scheme: Scheme) -> Refused | None:
    units: set[str] = set()
    clauses = {edition: frozenset(names) for edition, names in scheme.clauses}
    try:
        for record in firms:
            scheme.check(record)
            if not record.gaps <= clauses[record.edition]:
                raise UnknownCategory(min(record.gaps - clauses[record.edition]))
            if record.unit in units:
                return Refused(Reason.DOUBLE_UNIT, "")
            units.add(record.unit)
    except UnknownCategory as unknown:
        return Refused(Reason.UNKNOWN_CATEGORY, str(unknown))
    return None


def _drawn(
    groups: tuple[Record, ...],
    previous: Ledger | None,
    snapshot: int,
    scheme: Scheme,
    secret: bytes,
) -> Ledger:
    tallies = tally(groups, scheme)
    before = previous.held if previous is not None else {}
    held = next_held(tallies, before, snapshot=snapshot, secret=secret)
    earlier = previous.proofs if previous is not None else ()
    return Ledger(snapshot, held, (*earlier, *proofs(tallies, before, held, snapshot)))


def _published(ledger: Ledger, scheme: Scheme) -> Prepared | Refused:
    made: Menu = menu(figures(ledger.held), scheme, ledger.snapshot)
    tables = made.tables
    if any(proof.cramped for proof in ledger.proofs):
        try:
            tables = hidden_enough(tables)
        except NotProtected as narrow:
            return Refused(Reason.NARROW, str(narrow))
    return Prepared(
        Published(ledger.snapshot, tables, made.average, made.durations), ledger
    )
