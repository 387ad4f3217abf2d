"""The run clock: how long the system has run, and what must have happened meanwhile.

Before a first audit on site the system has run for some months (three, by the bank's
gate), and in this time one complete internal audit and after it one management review
were held. The clock says how far that is on a given day; the dates are the
enterprise's own word.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from question_bank.engine.definition import Bank
from question_bank.engine.months import add_months

USUAL_MONTHS = 3

StepState = Literal["missing", "planned", "held", "misplaced"]


@dataclass(frozen=True)
class RunDates:
    """The first day of running, the days of internal audit and review, and the day
    certification was applied for.
    """

    start: date | None
    audit: date | None
    review: date | None
    applied: date | None = None


@dataclass(frozen=True)
class RunClock:
    """Where the run stands on `today`.

    An audit before the start, or a review before the audit, is misplaced: it proves
    nothing of this run. `earliest` is the first day on which the clock no longer
    stands in the way, by the dates given; None while one is missing or misplaced.
    """

    dates: RunDates
    months: int
    today: date
    full_on: date | None
    audit: StepState
    review: StepState
    earliest: date | None

    @property
    def is_over(self) -> bool:
        """Whether the run is long enough and both events have been held."""
        return self.earliest is not None and self.earliest <= self.today

    @property
    def days_left(self) -> int:
        """How many days of running are still to come."""
        if self.full_on is None:
            return 0
        return max(0, (self.full_on - self.today).days)

    @property
    def is_full(self) -> bool:
        """Whether the months are over."""
        return self.full_on is not None and self.full_on <= self.today


def run_clock(dates: RunDates, *, months: int, today: date) -> RunClock:
    """Return where the run stands."""
    full_on = add_months(dates.start, months) if dates.start else None
    audit = _step(dates.audit, dates.start, today)
    after = dates.audit if audit in ("held", "planned") else None
    review = _step(dates.review, after or dates.start, today)
    return RunClock(
        dates=dates,
        months=months,
        today=today,
        full_on=full_on,
        audit=audit,
        review=review,
        earliest=_earliest(full_on, dates, (audit, review)),
    )


def _step(day: date | None, not_before: date | None, today: date) -> StepState:
    if day is None:
        return "missing"
    if not_before is not None and day < not_before:
        return "misplaced"
    return "held" if day <= today else "planned"


def _earliest(
    full_on: date | None, dates: RunDates, steps: tuple[StepState, ...]
) -> date | None:
    if full_on is None or dates.audit is None or dates.review is None:
        return None
    if "misplaced" in steps:
        return None
    return max(full_on, dates.audit, dates.review)


def months_of_running(bank: Bank) -> int:
    """Return how long the bank's gate asks the system to run."""
    return max(
        (gate.wait.months for gate in bank.gates if gate.wait), default=USUAL_MONTHS
    )


def start_question(bank: Bank) -> str:
    """Return the question that asks for the first day of running, "" if none does."""
    return next((gate.wait.question_id for gate in bank.gates if gate.wait), "")


def date_question(bank: Bank, fact: str) -> str:
    """Return the date question the data sheet's `fact` answers, "" if none."""
    for question in bank.questions:
        if question.suggest is not None and question.suggest.text == fact:
            return question.id
    return ""
