"""From groups to what experts may read of calibration, or why there is nothing.

The room of `disclosure.publish`, for the cells of calibration: they are drawn under
the same change rule, the same short proof is asked for, and only then is anything
worked out, from drawn numbers alone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from oversight.calibration.cells import AnswerSheet, Form, Pair, Repeated, tally
from oversight.calibration.findings import (
    GROUPS_FROM,
    MOST_QUESTIONS,
    POINT_FROM,
    EditionFindings,
    findings,
)
from oversight.disclosure.cells import Cell
from oversight.disclosure.change_rule import Held, K, figures, next_held
from oversight.disclosure.proofs import first_at_edge, proofs
from oversight.disclosure.publish import SECRET_BYTES, Reason, Refused
from oversight.disclosure.scheme import UnknownCategory
from question_bank.engine.codec import canonical_bytes

RULES = "1"
"""Goes up with every change of method; a ledger of another method is refused."""


@dataclass(frozen=True)
class Ledger:
    """What the next report has to know: confidential, never shown.

    Earlier proofs need not be kept: what they state was true with room to spare when
    they were looked at, and the counts of the past do not change.
    """

    snapshot: int
    held: Mapping[Cell, Held]

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        held = [[list(c), h.value, h.count, h.since] for c, h in self.held.items()]
        return {"rules": RULES, "snapshot": self.snapshot, "held": held}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Ledger":
        """Read what `to_plain` wrote; raise ValueError for another method's."""
        if plain["rules"] != RULES:
            raise ValueError("This ledger belongs to another method.")
        held = {tuple(c): Held(*numbers) for c, *numbers in plain["held"]}
        return cls(plain["snapshot"], held)


@dataclass(frozen=True)
class Published:
    """What experts may read. Nothing in it may not be shown to all of them."""

    snapshot: int
    editions: tuple[EditionFindings, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "rules": {
                "version": RULES,
                "groups_from": GROUPS_FROM,
                "point_from": POINT_FROM,
                "most_questions": MOST_QUESTIONS,
                "k": K,
            },
            "snapshot": self.snapshot,
            "editions": [asdict(edition) for edition in self.editions],
        }

    @cached_property
    def canonical(self) -> bytes:
        """The bytes that are stored and that all doors read."""
        return canonical_bytes(self.to_plain())

    @property
    def sha256(self) -> str:
        """Return the hash of the canonical bytes."""
        return hashlib.sha256(self.canonical).hexdigest()


@dataclass(frozen=True)
class Prepared:
    """What may be read, and the ledger to keep for the next report."""

    published: Published
    ledger: Ledger


def prepare(
    *,
    forms: Sequence[Form],
    pairs: Iterable[Pair],
    sheets: Iterable[AnswerSheet],
    previous: Ledger | None,
    snapshot: int,
    secret: bytes,
) -> Prepared | Refused:
    """Make the report of a snapshot; the same arguments give the same bytes.

    `previous` is the ledger of the last report that was published.
    """
    if len(secret) < SECRET_BYTES:
        raise ValueError("The secret key is too short.")
    if previous is not None and previous.snapshot >= snapshot:
        return Refused(Reason.OUT_OF_ORDER, str(snapshot))
    try:
        tallies = tally(forms, pairs, sheets)
    except UnknownCategory as unknown:
        return Refused(Reason.UNKNOWN_CATEGORY, str(unknown))
    except Repeated:
        return Refused(Reason.DOUBLE_UNIT, "")
    before = previous.held if previous is not None else {}
    held = next_held(tallies, before, snapshot=snapshot, secret=secret)
    edge = first_at_edge(proofs(tallies, before, held, snapshot))
    if edge is not None:
        return Refused(Reason.AT_EDGE, "/".join(edge.cell))
    found = findings(figures(held), forms, snapshot)
    return Prepared(Published(snapshot, found), Ledger(snapshot, held))
