"""Facts as known on a day, out of a register that only ever grows.

A correction is a later revision of the same fact. Last year's bulletin stays
computable because nothing that was recorded is changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from oversight.counting.facts import (
    Certificate,
    Enterprise,
    Facts,
    Recognition,
    SeriesValue,
)

Fact: TypeAlias = Enterprise | Certificate | Recognition | SeriesValue


@dataclass(frozen=True)
class Revision:
    """What the register said of one thing from a day on; None takes it back.

    `order` tells several revisions of one day apart.
    """

    key: str
    recorded_on: date
    fact: Fact | None
    order: int = 0


def facts_as_known(revisions: Iterable[Revision], day: date) -> Facts:
    """Return the facts as the register gave them at the end of a day."""
    latest: dict[str, Revision] = {}
    for revision in sorted(revisions, key=lambda r: (r.recorded_on, r.order)):
        if revision.recorded_on <= day:
            latest[revision.key] = revision
    known = [r.fact for _key, r in sorted(latest.items()) if r.fact is not None]
    return Facts(
        enterprises=tuple(fact for fact in known if isinstance(fact, Enterprise)),
        certificates=tuple(fact for fact in known if isinstance(fact, Certificate)),
        recognitions=tuple(fact for fact in known if isinstance(fact, Recognition)),
        series=tuple(fact for fact in known if isinstance(fact, SeriesValue)),
    )
