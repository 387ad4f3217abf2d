"""The finest cells: every number that is ever drawn, and nothing finer.

What is shown is made of these cells alone, by adding, hiding and dividing what was
drawn. A cell is named by its table and its categories.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oversight.disclosure.records import Record
from oversight.disclosure.scheme import SCORES, STAYS, Scheme, score_class

Cell = tuple[str, ...]

ALL: Cell = ("all",)
SUBMITTED: Cell = ("submitted",)
ADVISED: Cell = ("advised",)
"""Groups with an agency."""
ADVISED_CERTIFIED: Cell = ("advised_certified",)
"""Groups with an agency that have reached the last stage."""
WORD = 2**64


@dataclass(frozen=True, slots=True)
class Tally:
    """How many groups are in a cell, and the sum of their secret keys."""

    count: int = 0
    key: int = 0


def finest_cells(scheme: Scheme) -> tuple[Cell, ...]:
    """Return every cell, filled or not."""
    return (
        ALL,
        SUBMITTED,
        ADVISED,
        ADVISED_CERTIFIED,
        *(("stage", stage) for stage in scheme.stages),
        *(("stay", stage, days) for stage in scheme.stages[:-1] for days in STAYS),
        *(("wait", stage, days) for stage in scheme.stages for days in STAYS),
        *(("agency", agency) for agency in scheme.agencies),
        *(("agency_certified", agency) for agency in scheme.agencies),
        *(("district", district) for district in scheme.districts),
        *(("industry", industry) for industry in scheme.industries),
        *(("size", size) for size in scheme.sizes),
        *(("band", band) for band in scheme.bands),
        *(("score", low) for low in SCORES),
        *(("edition", edition) for edition in scheme.editions),
        *(("gap", e, clause) for e, clauses in scheme.clauses for clause in clauses),
        *(("zone_industry", z, i) for z in scheme.zones for i in scheme.industries),
        *(("zone_band", z, b) for z in scheme.zones for b in scheme.bands),
    )


def cells_of(record: Record, scheme: Scheme) -> Iterator[Cell]:
    """Name the cells a group is counted in: one of each table, its stays, its gaps."""
    yield ALL
    yield "stage", record.stage
    yield "wait", record.stage, record.wait
    for stage, days in record.stays:
        yield "stay", stage, days
    if record.agency is not None:
        yield ADVISED
        yield "agency", record.agency
        if record.stage == scheme.stages[-1]:
            yield ADVISED_CERTIFIED
            yield "agency_certified", record.agency
    if record.band is None:
        return
    yield SUBMITTED
    yield "district", record.district
    yield "industry", record.industry
    yield "size", record.size
    yield "band", record.band
    yield "edition", record.edition
    yield "zone_industry", record.zone, record.industry
    yield "zone_band", record.zone, record.band
    if record.score is not None:
        yield "score", score_class(record.score)
    for clause in record.gaps:
        yield "gap", record.edition, clause


def tally(records: Iterable[Record], scheme: Scheme) -> dict[Cell, Tally]:
    """Count groups in the finest cells; a clause no edition knows is an error."""
    counts = dict.fromkeys(finest_cells(scheme), 0)
    keys = dict.fromkeys(counts, 0)
    for record in records:
        for cell in cells_of(record, scheme):
            counts[cell] += 1
            keys[cell] += record.key
    return {cell: Tally(counts[cell], keys[cell] % WORD) for cell in counts}
