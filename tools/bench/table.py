"""Measured figures, their goals and how they are printed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure; it is ok up to and including `goal`."""

    what: str
    value: float
    unit: str
    goal: float | None = None

    def line(self) -> tuple[str, str, str, str]:
        """Return the cells of the table."""
        if self.goal is None:
            return self.what, self._number(self.value), "", ""
        verdict = "ok" if self.value <= self.goal else "MISSED"
        return self.what, self._number(self.value), self._number(self.goal), verdict

    def _number(self, value: float) -> str:
        digits = 0 if value == int(value) or value >= 100 else 2 if value < 10 else 1
        return f"{value:,.{digits}f} {self.unit}".strip()


@dataclass(frozen=True)
class Skipped:
    """What was not measured, and why."""

    what: str

    def line(self) -> tuple[str, str, str, str]:
        """Return the cells of the table."""
        return self.what, "", "", "skipped"


def show(figures: Sequence[Figure | Skipped]) -> str:
    """Return the figures as one Markdown table."""
    rows = [("figure", "measured", "goal", ""), *(figure.line() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(widths[i]) for i, cell in enumerate(row)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def best_of(rounds: int, *jobs: Callable[[], object]) -> list[float]:
    """Return each job's best time in milliseconds.

    The jobs take turns, so that a disturbance of the machine hits all of them alike.
    """
    best = [float("inf")] * len(jobs)
    for _round in range(rounds):
        for index, job in enumerate(jobs):
            started = time.perf_counter()
            job()
            taken = (time.perf_counter() - started) * 1000
            best[index] = min(best[index], taken)
    return best
