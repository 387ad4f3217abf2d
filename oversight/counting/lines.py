"""The outcome of a count: one line for every certificate or title looked at."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from oversight.counting.places import Successors, current_division
from oversight.counting.reasons import Flag, Outcome, Reason


@dataclass(frozen=True)
class Line:
    """One certificate or title and what became of it.

    `on` is the day that decides: of the event in a flow, of the count in a stock.
    `division` is where the enterprise was then, `division_now` the same place in
    today's boundaries. `rests_on` is a certificate's number or a title's document.
    `category` is the edition or the tier. `detail` are words of the source.
    """

    holder: str
    name: str
    reason: Reason
    rests_on: str
    on: date
    division: str = ""
    division_now: str = ""
    category: str = ""
    flags: tuple[Flag, ...] = ()
    detail: str = ""
    fact_id: str = ""

    @property
    def counted(self) -> bool:
        """Whether the unit is in the total."""
        return self.reason.outcome is Outcome.COUNTED

    @property
    def year(self) -> int:
        """The calendar year it belongs to."""
        return self.on.year


@dataclass(frozen=True)
class Tally:
    """All lines of one count, in an order that does not depend on the facts' order."""

    lines: tuple[Line, ...]

    @property
    def counted(self) -> tuple[Line, ...]:
        """The lines that make up the total."""
        return tuple(line for line in self.lines if line.counted)

    @property
    def to_verify(self) -> tuple[Line, ...]:
        """The lines somebody has to look into."""
        outcome = Outcome.TO_VERIFY
        return tuple(line for line in self.lines if line.reason.outcome is outcome)

    @property
    def corrections(self) -> tuple[Line, ...]:
        """What was counted once and was taken out because it was got by deceit."""
        return tuple(line for line in self.lines if line.reason is Reason.FRAUD)

    @property
    def total(self) -> int:
        """How many are counted."""
        return len(self.counted)

    def by_year(self) -> dict[int, int]:
        """Return how many are counted in each year that has any."""
        return dict(sorted(Counter(line.year for line in self.counted).items()))

    def by_division(self, *, current: bool) -> dict[str, int]:
        """Return how many are counted by place, then or in current boundaries."""
        places = (
            line.division_now if current else line.division for line in self.counted
        )
        return dict(sorted(Counter(places).items()))

    def by_category(self) -> dict[str, int]:
        """Return how many are counted by edition or tier; these add up."""
        return dict(sorted(Counter(line.category for line in self.counted).items()))

    def between(self, first_year: int, last_year: int) -> "Tally":
        """Return the lines of some years."""
        return Tally(
            tuple(line for line in self.lines if first_year <= line.year <= last_year)
        )


def in_order(lines: list[Line]) -> Tally:
    """Return the tally of lines, sorted by day, holder and document."""
    return Tally(
        tuple(
            sorted(
                lines,
                key=lambda x: (x.on, x.holder, x.rests_on, x.reason, x.fact_id),
            )
        )
    )


class Divisions(TypedDict):
    """A place in the boundaries of the time and in today's, as fields of a line."""

    division: str
    division_now: str


def both_divisions(place: str | None, successors: Successors) -> Divisions:
    """Return a place in the boundaries of the time and in today's."""
    code = place or ""
    return {"division": code, "division_now": current_division(code, successors)}
