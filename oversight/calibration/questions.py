"""What questions tell: how hard each is, and whether it goes with all the others.

Difficulty is the mean share of the points it gave: 1 is a question everybody answers
at the top. Discrimination is the corrected item-total correlation (item-rest, Henrysson
1963): Pearson's r between a question's level and the mean level of the others that the
same sheet answers. For a yes-or-no question that is the corrected point-biserial.
`point_biserial` is Pearson's r with one side yes or no, here a level and whether the
enterprise was certified:
    r = (m₁ − m₀) / s · √(n₁ n₀) / n,   s = √(Σ (x − m)² / n)
Below 0.2 a question tells too little (Ebel's rule of thumb: 0.4 very good, 0.3 good,
0.2 marginal).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from oversight.calibration.enough import LEAST, require_enough

TOP = 4
WEAK = 0.2


@dataclass(frozen=True)
class QuestionFigures:
    """What is known of a question by `n` sheets.

    Difficulty and discrimination are None below ten sheets; discrimination also where
    all gave the same level.
    """

    question: str
    n: int
    difficulty: float | None
    discrimination: float | None

    @property
    def is_weak(self) -> bool:
        """Whether it tells less than it should."""
        return self.discrimination is not None and self.discrimination < WEAK


class _Sums:
    """Running sums of levels and of what the rest of the sheet says.

    Both are shifted by the first pair, so that sums of squares lose no digits.
    """

    __slots__ = ("_first", "level", "n", "product", "rest", "rests", "squares")

    def __init__(self) -> None:
        self.n = 0
        self.level = self.squares = self.rest = self.rests = self.product = 0.0
        self._first = (0.0, 0.0)

    def add(self, level: float, rest: float) -> None:
        if not self.n:
            self._first = (level, rest)
        x, y = level - self._first[0], rest - self._first[1]
        self.n += 1
        self.level += x
        self.squares += x * x
        self.rest += y
        self.rests += y * y
        self.product += x * y

    @property
    def mean(self) -> float:
        return self._first[0] + self.level / self.n

    @property
    def correlation(self) -> float | None:
        """Return Pearson's r, None when one side never changes."""
        x = self.squares - self.level**2 / self.n
        y = self.rests - self.rest**2 / self.n
        both = self.product - self.level * self.rest / self.n
        return both / sqrt(x * y) if x > 1e-12 and y > 1e-12 else None


def analyse_questions(
    questions: Sequence[str],
    sheets: Iterable[Sequence[int | None]],
    *,
    top: int = TOP,
) -> tuple[QuestionFigures, ...]:
    """Return the figures of each question in order.

    A sheet holds a level for each question, None where it wasn't asked or doesn't
    apply. Sheets are read once and not kept.
    """
    sums = [_Sums() for _ in questions]
    for sheet in sheets:
        _add_sheet(sums, sheet)
    return tuple(
        _figures(question, held, top)
        for question, held in zip(questions, sums, strict=True)
    )


def _add_sheet(sums: Sequence[_Sums], sheet: Sequence[int | None]) -> None:
    answered = [level for level in sheet if level is not None]
    others, total = len(answered) - 1, sum(answered)
    if others < 1:
        return
    for held, level in zip(sums, sheet, strict=True):
        if level is not None:
            held.add(level, (total - level) / others)


def _figures(question: str, sums: _Sums, top: int) -> QuestionFigures:
    if sums.n < LEAST:
        return QuestionFigures(question, sums.n, None, None)
    return QuestionFigures(question, sums.n, sums.mean / top, sums.correlation)


def point_biserial(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """Return the correlation of a value with yes or no, None when a side is constant.

    Raises TooFew below ten pairs.
    """
    held = list(pairs)
    require_enough(len(held))
    n = len(held)
    yes = [value for value, happened in held if happened]
    no = [value for value, happened in held if not happened]
    mean = fsum(value for value, _happened in held) / n
    spread = sqrt(fsum((value - mean) ** 2 for value, _happened in held) / n)
    if not yes or not no or not spread:
        return None
    distance = fsum(yes) / len(yes) - fsum(no) / len(no)
    return distance / spread * sqrt(len(yes) * len(no)) / n
