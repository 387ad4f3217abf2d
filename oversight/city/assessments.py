"""Submitted assessments of a model enterprise over time.

Answers follow from the ability of that day: what it was at the start, what the
journey added since, and how rosy the enterprise sees itself. Some answer without
reading: all top levels at once, one level all the way down, or too fast to have read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import log
from random import Random

from oversight.city.certificates import EDITION_2023
from oversight.city.chances import Mix, between, logistic
from oversight.city.journey import GAINS, Journey, PathStage
from oversight.city.profile import ModelEnterprise, Population
from oversight.city.questionnaires import Questionnaire, of_standard
from oversight.city.scenarios import Scenario, scenario_of
from oversight.counting.facts import Standard

ROSY = 0.25
ROSY_GAIN = 0.9
"""A quarter of the enterprises see themselves better than they are."""
EVIDENCED_AT_BEST = 0.98
DAYS_BETWEEN = 7
MOST = 60
GATE_MISSED = 0.12
READ_A_QUESTION = 6.0
"""Seconds below which nobody can have read a question."""


class Pattern(StrEnum):
    """How an assessment was answered."""

    HONEST = "honest"
    ALL_TOP = "all_top"
    STRAIGHT_LINE = "straight_line"
    HURRIED = "hurried"


PATTERNS = Mix(
    (
        (Pattern.HONEST, 0.955),
        (Pattern.ALL_TOP, 0.01),
        (Pattern.STRAIGHT_LINE, 0.015),
        (Pattern.HURRIED, 0.02),
    )
)
FIXED_PATTERNS = {
    Scenario.ALL_TOP: Pattern.ALL_TOP,
    Scenario.STRAIGHT_LINE: Pattern.STRAIGHT_LINE,
    Scenario.HURRIED: Pattern.HURRIED,
}


class Band(StrEnum):
    """Bands as the question banks name them; X: a precondition is missing."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    X = "X"


@dataclass(frozen=True, slots=True)
class Assessment:
    """One submitted assessment. `levels` holds a level for each question in order.

    Scores go from 0 to 100. `pattern` is the model's own secret: how it was answered.
    """

    id: str
    holder: str
    submitted_on: date
    questionnaire: Questionnaire
    levels: bytes
    score: float
    evidenced: float
    band: Band
    seconds: int
    pattern: Pattern

    @property
    def standard(self) -> Standard:
        """Return the edition it was asked by."""
        return self.questionnaire.standard

    @property
    def minutes(self) -> float:
        """Return how long answering took."""
        return self.seconds / 60

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return the clauses with an answer below level 2, weakest first."""
        return self.questionnaire.gaps(self.levels)


def assessments_of(
    people: Population,
    enterprise: ModelEnterprise,
    journey: Journey,
    questionnaires: Sequence[Questionnaire],
    mean: float,
) -> Iterator[Assessment]:
    """Yield the assessments of an enterprise by day; those that submit have `mean`."""
    chance = people.stream("assessments", enterprise.number)
    rosy = ROSY_GAIN if chance.random() < ROSY else 0.0
    trust = 0.7 + 0.28 * chance.random()
    gains = [(entry.on, GAINS[entry.stage], entry.stage) for entry in journey.entries]
    for place, day in enumerate(_days(people, enterprise, journey, chance, mean)):
        gain, stage = next((g, s) for on, g, s in reversed(gains) if on <= day)
        ability = enterprise.ability + gain + rosy + chance.gauss(0, 0.3)
        standard = _edition(chance, day)
        asked = of_standard(questionnaires, standard)
        pattern = _pattern(enterprise, chance, place)
        levels = _levels(chance, asked, ability, pattern)
        score = asked.score(levels)
        evidenced = score * min(trust + 0.08 * gain, EVIDENCED_AT_BEST)
        yield Assessment(
            id=f"{enterprise.number:06d}-{place + 1:02d}",
            holder=enterprise.credit_code,
            submitted_on=day,
            questionnaire=asked,
            levels=levels,
            score=round(score, 1),
            evidenced=round(evidenced, 1),
            band=_band(chance, score, evidenced, stage),
            seconds=_seconds(chance, len(levels), pattern, first=place == 0),
            pattern=pattern,
        )


def _days(
    people: Population,
    enterprise: ModelEnterprise,
    journey: Journey,
    chance: Random,
    mean: float,
) -> list[date]:
    """Return the days of submission: the first by the journey, more until its end."""
    first = journey.day_of(PathStage.SUBMITTED)
    if first is None:
        return []
    ends = (journey.dropped_on, enterprise.unit.deregistered_on, people.last)
    span = (min(end for end in ends if end) - first).days
    wanted = _count(chance, mean)
    places = span // DAYS_BETWEEN
    later = chance.sample(range(1, places + 1), min(wanted - 1, places))
    return [first + timedelta(days=DAYS_BETWEEN * n) for n in (0, *sorted(later))]


def _count(chance: Random, mean: float) -> int:
    """Return 1 or more with this mean, geometric: most come back a few times."""
    if mean <= 1:
        return 1
    more = int(chance.expovariate(log(mean / (mean - 1))))
    return min(1 + more, max(MOST, int(6 * mean)))


def _edition(chance: Random, day: date) -> Standard:
    """Return the edition asked: the old one fades out within 2024."""
    if day < EDITION_2023:
        return Standard.ENTERPRISE_2013
    fades = (day - EDITION_2023).days / 365
    if chance.random() > fades + 0.3:
        return Standard.ENTERPRISE_2013
    return Standard.ENTERPRISE_2023


def _pattern(enterprise: ModelEnterprise, chance: Random, place: int) -> Pattern:
    drawn = PATTERNS.draw(chance)
    scenario = scenario_of(enterprise.number)
    fixed = FIXED_PATTERNS.get(scenario) if scenario else None
    return fixed if fixed and place == 0 else drawn


def _levels(
    chance: Random, asked: Questionnaire, ability: float, pattern: Pattern
) -> bytes:
    if pattern is Pattern.ALL_TOP:
        return bytes([4]) * len(asked.questions)
    if pattern is Pattern.STRAIGHT_LINE:
        return bytes([2 + (chance.random() < 0.5)]) * len(asked.questions)
    return asked.answer(chance, ability)


def _band(chance: Random, score: float, evidenced: float, stage: PathStage) -> Band:
    """Return the band by the floors of the banks, X where a precondition is missing."""
    unaudited = stage in (PathStage.SUBMITTED, PathStage.IMPROVING, PathStage.RUNNING)
    if unaudited and chance.random() < GATE_MISSED:
        return Band.X
    if score >= 85 and evidenced >= 85:
        return Band.A
    if evidenced >= 75:
        return Band.B
    return Band.C if evidenced >= 60 else Band.D


def _seconds(chance: Random, questions: int, pattern: Pattern, *, first: bool) -> int:
    """Return how long it took: about 40 minutes at first, a third of it later."""
    if pattern is Pattern.ALL_TOP:
        return int(between(chance, 35, 119))
    if pattern is Pattern.STRAIGHT_LINE:
        return int(between(chance, 90, 600))
    if pattern is Pattern.HURRIED:
        return int(questions * between(chance, 1.5, READ_A_QUESTION * 0.9))
    share = logistic(chance.gauss(0, 1))
    usual = questions * (35 if first else 14) * (0.5 + share)
    return int(max(usual, questions * READ_A_QUESTION))
