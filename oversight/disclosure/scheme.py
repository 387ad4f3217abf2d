"""The reference data that tables are made of.

Categories come from here and never from the firms: whether a cell exists must not
depend on anybody being in it.
"""

from dataclasses import dataclass
from fractions import Fraction

from oversight.disclosure.records import Record

MOST_ZONES = 5
MOST_INDUSTRIES = 6
SCORE_STEP = 10
SCORES = tuple(str(low) for low in range(0, 100, SCORE_STEP))
"""Lower ends of the classes of scores; 100 is in the last."""
STAYS = ("0", "31", "92", "183", "366", "731")
"""Lower ends of the classes of days spent in a stage."""


class UnknownCategory(Exception):
    """A record names something the reference data does not have."""


@dataclass(frozen=True)
class Scheme:
    """What there is, each in the order it is shown and merged in.

    `stages` go from the first step to the last, `sizes` from the smallest to the
    largest, `bands` from the best to the weakest. `clauses` are (edition, its
    clauses) pairs; every edition in use is among them. `agencies` are all agencies
    of the register, with clients or without.
    """

    zones: tuple[str, ...]
    districts: tuple[str, ...]
    industries: tuple[str, ...]
    sizes: tuple[str, ...]
    stages: tuple[str, ...]
    bands: tuple[str, ...]
    clauses: tuple[tuple[str, tuple[str, ...]], ...]
    agencies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.zones) > MOST_ZONES or len(self.industries) > MOST_INDUSTRIES:
            raise ValueError("A two-way table has at most 5 zones and 6 industries.")

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions whose clauses are known."""
        return tuple(edition for edition, _ in self.clauses)

    def check(self, record: Record) -> None:
        """Raise UnknownCategory unless every value of a record is in the scheme."""
        known = (
            (record.zone, self.zones),
            (record.district, self.districts),
            (record.industry, self.industries),
            (record.size, self.sizes),
            (record.stage, self.stages),
            (record.edition, self.editions),
            (record.band, (None, *self.bands)),
            (record.agency, (None, *self.agencies)),
            (record.wait, STAYS),
        )
        stays = (
            (value, every)
            for stay in record.stays
            for value, every in ((stay[0], self.stages), (stay[1], STAYS))
        )
        for value, values in (*known, *stays):
            if value not in values:
                raise UnknownCategory(str(value))


def stay_class(days: int) -> str:
    """Return the class of a finished stay of so many days."""
    return max((low for low in STAYS if int(low) <= days), key=int)


def score_class(score: Fraction) -> str:
    """Return the class of scores that a score of 0 to 100 points falls into."""
    points = min(max(int(score), 0), 99)
    return SCORES[points // SCORE_STEP]
