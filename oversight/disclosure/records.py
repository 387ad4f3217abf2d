"""One firm as statistics see it, and one firm for each controlling group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Record:
    """A firm on the day of a snapshot. Whoever has a `band` has submitted.

    `group` is the controlling group, the firm's own `unit` when it has none.
    `gaps` are the clauses below level 2. `stays` are the finished stays as pairs of
    stage and class of days (`scheme.stay_class`), `wait` is the class of days in the
    present stage. `key` is the firm's secret number (`keys.record_key`), the same in
    every snapshot.
    """

    unit: str
    group: str
    zone: str
    district: str
    industry: str
    size: str
    stage: str
    edition: str
    key: int
    band: str | None = None
    score: Fraction | None = None
    gaps: frozenset[str] = frozenset()
    agency: str | None = None
    stays: frozenset[tuple[str, str]] = frozenset()
    wait: str = "0"


def representatives(
    records: Iterable[Record], *, stages: Sequence[str], sizes: Sequence[str]
) -> tuple[Record, ...]:
    """Return the one firm that speaks for each group, ordered by group.

    It is the firm furthest along, then the largest, then the first by its unit key.
    The others are counted nowhere, so that every table adds up to distinct groups
    and all attributes of a group are those of one real firm.
    """
    far = {stage: place for place, stage in enumerate(stages)}
    large = {size: place for place, size in enumerate(sizes)}
    chosen: dict[str, Record] = {}
    for record in records:
        other = chosen.get(record.group)
        if other is None or _rank(record, far, large) < _rank(other, far, large):
            chosen[record.group] = record
    return tuple(chosen[group] for group in sorted(chosen))


def _rank(
    record: Record, far: dict[str, int], large: dict[str, int]
) -> tuple[bool, int, int, str]:
    return (
        record.band is None,
        -far[record.stage],
        -large[record.size],
        record.unit,
    )
