"""What drawn numbers say of scores, bands, questions and sheets.

No function here can see a firm or a count: all is worked out from numbers that were
drawn before, so nothing here tells more than those. Numbers are whole: shares in per
cent, Brier scores in thousandths, correlations and difficulties in tenths.

A score of 0 to 100 is read as a share, class by class: 73 points stand for 75 %, the
middle of their class. That is no probability; it is what people take it for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from oversight.calibration.cells import (
    NO,
    OUTCOMES,
    RESTS,
    ROOM,
    SHEETS,
    SIGNS,
    YES,
    Form,
    question_cells,
)
from oversight.calibration.questions import TOP, WEAK
from oversight.calibration.reliability import Bin, Forecast, calibrate, wilson
from oversight.disclosure.cells import Cell
from oversight.disclosure.change_rule import Figure, K
from oversight.disclosure.scheme import SCORE_STEP, SCORES

GROUPS_FROM = 100
"""满 100 家后显示: an edition's outcomes, and each question."""
POINT_FROM = 50
"""A point of the diagram and a band speak of this many; with fewer, noise speaks."""
SPREAD_FROM = 20
"""So many must answer otherwise than most, or a correlation is of noise."""
MOST_QUESTIONS = 20
BLUR = 6
"""Nineteen of twenty drawn numbers are no further than this from their counts."""
WEAK_TENTHS = round(10 * WEAK)


@dataclass(frozen=True)
class Share:
    """How many of `of` came true, in per cent, from `low` to `high`."""

    of: int
    percent: int
    low: int
    high: int


@dataclass(frozen=True)
class Point:
    """Scores from `from_score` to below `to_score`, read as `forecast` per cent."""

    from_score: int
    to_score: int
    forecast: int
    observed: Share


@dataclass(frozen=True)
class Parts:
    """The Brier score and its parts, in thousandths."""

    score: int
    reliability: int
    resolution: int
    uncertainty: int
    within: int


@dataclass(frozen=True)
class BandOutcome:
    """What became of a band; None below `POINT_FROM`."""

    band: str
    observed: Share | None


@dataclass(frozen=True)
class QuestionFinding:
    """What `of` sheets tell of a question, in tenths.

    `discrimination` is None where nearly all answer alike.
    """

    question: str
    of: int
    difficulty: int
    discrimination: int | None

    @property
    def is_weak(self) -> bool:
        """Whether it tells less than it should."""
        return self.discrimination is not None and self.discrimination < WEAK_TENTHS


@dataclass(frozen=True)
class Questions:
    """Those that tell least, and those nearly all answer alike; the rest as counts."""

    weakest: tuple[QuestionFinding, ...]
    alike: tuple[QuestionFinding, ...]
    spoken: int
    silent: int


@dataclass(frozen=True)
class Signs:
    """How many of `sheets` groups' sheets show a sign; below 5 None."""

    sheets: int
    all_top_at_once: int | None
    straight_line: int | None
    too_quick: int | None


@dataclass(frozen=True)
class EditionFindings:
    """What is said of one edition; what there is too little for is empty or None.

    `held`: some number was drawn in an earlier snapshot.
    """

    bank: str
    groups: int
    points: tuple[Point, ...]
    brier: Parts | None
    bands: tuple[BandOutcome, ...]
    questions: Questions
    signs: Signs | None
    held: bool


def findings(
    figures: Mapping[Cell, Figure], forms: Iterable[Form], snapshot: int
) -> tuple[EditionFindings, ...]:
    """Work out what the drawn numbers of a snapshot say, edition by edition."""
    return tuple(_Edition(figures, form).found(snapshot) for form in forms)


class _Edition:
    def __init__(self, figures: Mapping[Cell, Figure], form: Form) -> None:
        self._form = form
        self._all = {c: f for c, f in figures.items() if c[1] == form.bank}

    def found(self, snapshot: int) -> EditionFindings:
        groups = sum(self._drawn("score", low, o) for low in SCORES for o in OUTCOMES)
        enough = groups >= GROUPS_FROM
        points, brier = self._outcomes() if enough else ((), None)
        return EditionFindings(
            bank=self._form.bank,
            groups=max(groups, 0) if enough else 0,
            points=points,
            brier=brier,
            bands=tuple(map(self._band, self._form.bands)) if enough else (),
            questions=self._questions(),
            signs=self._signs(),
            held=any(figure.since < snapshot for figure in self._all.values()),
        )

    def _drawn(self, *name: str) -> int:
        return self._all[(ROOM, self._form.bank, *name)].value

    def _some(self, *name: str) -> int:
        return max(0, self._drawn(*name))

    def _outcomes(self) -> tuple[tuple[Point, ...], Parts]:
        forecasts = [
            forecast
            for low in SCORES
            for outcome in OUTCOMES
            for forecast in [Forecast(_middle(low), outcome == YES)]
            * self._some("score", low, outcome)
        ]
        found = calibrate(forecasts, least=POINT_FROM)
        brier = found.brier
        parts = Parts(
            score=_thousandths(brier.score),
            reliability=_thousandths(brier.reliability),
            resolution=_thousandths(brier.resolution),
            uncertainty=_thousandths(brier.uncertainty),
            within=_thousandths(brier.within),
        )
        return tuple(map(_point, found.bins)), parts

    def _band(self, band: str) -> BandOutcome:
        yes, no = self._some("band", band, YES), self._some("band", band, NO)
        observed = _share(yes, yes + no) if yes + no >= POINT_FROM else None
        return BandOutcome(band, observed)

    def _questions(self) -> Questions:
        names = self._form.questions
        if self._drawn(SHEETS) < GROUPS_FROM:
            return Questions((), (), 0, len(names))
        found = [self._question(name) for name in names]
        spoken = [one for one in found if one is not None]
        told = [one for one in spoken if one.discrimination is not None]
        alike = [one for one in spoken if one.discrimination is None]
        told.sort(key=lambda one: one.discrimination or 0)
        return Questions(
            weakest=tuple(told[:MOST_QUESTIONS]),
            alike=tuple(alike[:MOST_QUESTIONS]),
            spoken=len(spoken),
            silent=len(names) - len(spoken),
        )

    def _question(self, question: str) -> QuestionFinding | None:
        drawn = [self._all[c].value for c in question_cells(self._form.bank, question)]
        size = len(RESTS)
        grid = [drawn[at : at + size] for at in range(0, len(drawn), size)]
        of = sum(drawn)
        if of < GROUPS_FROM:
            return None
        levels = [sum(row) for row in grid]
        points = sum(level * n for level, n in enumerate(levels))
        tells = _varies(levels) and _varies(list(map(sum, zip(*grid, strict=True))))
        return QuestionFinding(
            question=question,
            of=of,
            difficulty=min(max(_tenths(Fraction(points, TOP * of)), 0), 10),
            discrimination=correlation(grid) if tells else None,
        )

    def _signs(self) -> Signs | None:
        sheets = self._drawn(SHEETS)
        if sheets < GROUPS_FROM:
            return None
        shown = (self._drawn("sign", sign) for sign in SIGNS)
        return Signs(sheets, *(value if value >= K else None for value in shown))


def correlation(grid: Sequence[Sequence[int]]) -> int | None:
    """Return Pearson's r of row and column in tenths, None when a side is constant."""
    of = sum(map(sum, grid))
    rows = [sum(row) for row in grid]
    columns = [sum(column) for column in zip(*grid, strict=True)]
    product = sum(x * y * n for x, row in enumerate(grid) for y, n in enumerate(row))
    both = Fraction(product, of) - _mean(rows, of) * _mean(columns, of)
    spread = _variance(rows, of) * _variance(columns, of)
    if _variance(rows, of) <= 0 or spread <= 0:
        return None
    return min(max(_tenths(float(both) / sqrt(spread)), -10), 10)


def _mean(counts: Sequence[int], of: int) -> Fraction:
    return Fraction(sum(value * n for value, n in enumerate(counts)), of)


def _variance(counts: Sequence[int], of: int) -> Fraction:
    squares = Fraction(sum(value * value * n for value, n in enumerate(counts)), of)
    return squares - _mean(counts, of) ** 2


def _varies(counts: Sequence[int]) -> bool:
    return sum(counts) - max(counts) >= SPREAD_FROM


def _middle(low: str) -> float:
    return (int(low) + SCORE_STEP / 2) / 100


def _point(found: Bin) -> Point:
    return Point(
        from_score=round(100 * found.low),
        to_score=round(100 * found.high),
        forecast=round(100 * found.forecast),
        observed=_share(round(found.observed * found.n), found.n),
    )


def _share(yes: int, of: int) -> Share:
    """Return a share with its Wilson interval, widened by what blurring may do."""
    found, blur = wilson(yes, of), BLUR / of
    return Share(
        of=of,
        percent=round(100 * yes / of),
        low=round(100 * max(0.0, found.low - blur)),
        high=round(100 * min(1.0, found.high + blur)),
    )


def _tenths(value: Fraction | float) -> int:
    return round(10 * value)


def _thousandths(value: float) -> int:
    return round(1000 * value)
