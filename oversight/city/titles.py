"""Advantage titles of a model enterprise: the ladder, its reviews and its ends.

Municipal cultivation, then recognition, perhaps a national title, perhaps the higher
national one. A term is three years, and the review at its end can be passed, failed,
missed or still to come.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from oversight.city.chances import happens
from oversight.city.journey import Journey, PathStage
from oversight.city.mixes import Size
from oversight.city.profile import ModelEnterprise, Population
from oversight.city.scenarios import Scenario, is_certified_early, scenario_of
from oversight.counting.facts import (
    Level,
    Recognition,
    ReviewResult,
    Stage,
    Title,
    TitleReview,
    Verification,
)

TERM = 3
STARTS = {True: 0.35, False: 0.05}
"""Who is cultivated: many of the certified, few of the others."""
RECOGNISED = 0.6
NATIONAL = 0.25
PROMOTED = 0.35
PROVINCIAL = 0.06
COUNTY = 0.03
OTHER = 0.02
VETOED = 0.01
PASSED, FAILED = 0.8, 0.1

NAMES = {
    (Level.COUNTY, Title.ADVANTAGE): "示例区市级知识产权优势企业",
    (Level.MUNICIPAL, Title.ADVANTAGE): "市知识产权优势企业",
    (Level.PROVINCIAL, Title.ADVANTAGE): "省知识产权优势企业",
    (Level.NATIONAL, Title.ADVANTAGE): "国家知识产权优势企业",
    (Level.NATIONAL, Title.DEMONSTRATION): "国家知识产权示范企业",
    (Level.MUNICIPAL, Title.OTHER): "示例贯标示范单位",
}
RECOGNISES = {
    Level.COUNTY: (9, 15),
    Level.MUNICIPAL: (11, 20),
    Level.PROVINCIAL: (12, 5),
    Level.NATIONAL: (10, 28),
}
"""Month and day of each level's yearly document, an assumption."""

CLIMBS = frozenset({Scenario.ALL_LEVELS, Scenario.PROMOTED})
FIXED_REVIEWS = {
    Scenario.REVIEW_FAILED: ReviewResult.FAILED,
    Scenario.REVIEW_MISSED: ReviewResult.MISSED,
}
RECOGNISED_FOR_CERTAIN = CLIMBS | {
    *FIXED_REVIEWS, Scenario.REVIEW_PENDING, Scenario.VETOED,
    Scenario.DEREGISTERED_WITH_TITLE,
}  # fmt: skip
NEVER_RECOGNISED = Scenario.ONLY_CULTIVATED


@dataclass
class _Ladder:
    """The titles so far, while they are drawn."""

    people: Population
    enterprise: ModelEnterprise
    chance: Random
    last: date
    made: list[Recognition] = field(default_factory=list)

    @property
    def scenario(self) -> Scenario | None:
        return scenario_of(self.enterprise.number)

    def give(
        self, year: int, level: Level, title: Title, stage: Stage = Stage.RECOGNISED
    ) -> Recognition | None:
        """Add a title of a year's batch, unless that lies ahead."""
        month, day = (3, 21) if stage is Stage.CULTIVATED else RECOGNISES[level]
        since = date(year, month, day)
        if since > self.last:
            return None
        name = NAMES[level, title]
        if stage is Stage.CULTIVATED:
            name = name.replace("优势企业", "优势培育企业")
        made = Recognition(
            holder=self.enterprise.credit_code,
            level=level,
            title=title,
            stage=stage,
            name=name,
            batch=f"{year}年度",
            document=f"示例文号〔{year}〕{RECOGNISES[level][0]}号",
            since=since,
            verification=_verification(self),
            term_ends_on=_term_end(since),
            id=f"{self.enterprise.number:06d}-{len(self.made) + 1}",
        )
        self.made.append(made)
        return made


def titles_of(
    people: Population, enterprise: ModelEnterprise, journey: Journey
) -> tuple[Recognition, ...]:
    """Return the titles of an enterprise in the order it got them."""
    chance = people.stream("titles", enterprise.number)
    scenario = scenario_of(enterprise.number)
    last = min(enterprise.unit.deregistered_on or people.last, people.last)
    ladder = _Ladder(people, enterprise, chance, last)
    certified = journey.day_of(PathStage.CERTIFIED)
    registered = journey.day_of(PathStage.REGISTERED)
    start = (certified or registered or people.last).year + 1
    if _is_cultivated(ladder, certified):
        _climb(ladder, start)
    known = max(people.first.year, enterprise.founded_on.year) + 2
    if scenario is Scenario.COUNTY_TITLE or happens(chance, COUNTY):
        ladder.give(known, Level.COUNTY, Title.ADVANTAGE)
    if scenario is Scenario.OTHER_TITLE or happens(chance, OTHER):
        ladder.give(known, Level.MUNICIPAL, Title.OTHER)
    return tuple(_ended(ladder, given) for given in ladder.made)


def _is_cultivated(ladder: _Ladder, certified: date | None) -> bool:
    large = ladder.enterprise.size in (Size.MEDIUM, Size.LARGE)
    share = STARTS[certified is not None] * (1.5 if large else 0.8)
    planned = ladder.scenario in RECOGNISED_FOR_CERTAIN | {NEVER_RECOGNISED}
    return happens(ladder.chance, share) or planned


def _climb(ladder: _Ladder, year: int) -> None:
    """Go up the ladder as far as chance and scenario let it."""
    chance, scenario = ladder.chance, ladder.scenario
    municipal = (Level.MUNICIPAL, Title.ADVANTAGE)
    if not ladder.give(year, *municipal, Stage.CULTIVATED):
        return
    year += 1 + happens(chance, 0.5)
    planned = scenario in RECOGNISED_FOR_CERTAIN
    recognised = happens(chance, RECOGNISED) or planned
    if not recognised or scenario is NEVER_RECOGNISED:
        return
    given = ladder.give(year, *municipal)
    if given is None:
        return
    _end(ladder, -2, given.since, "转为优势企业")
    ladder.made[-1] = _reviewed(ladder, given)
    _climb_further(ladder, year)


def _climb_further(ladder: _Ladder, year: int) -> None:
    chance, scenario = ladder.chance, ladder.scenario
    if happens(chance, PROVINCIAL) or scenario is Scenario.ALL_LEVELS:
        ladder.give(year + 1, Level.PROVINCIAL, Title.ADVANTAGE)
    if not (happens(chance, NATIONAL) or scenario in CLIMBS):
        return
    national = ladder.give(year + 1, Level.NATIONAL, Title.ADVANTAGE)
    if national is None:
        return
    # The higher national title asks for a completed term of the lower.
    place, after = len(ladder.made) - 1, year + 1 + TERM
    if happens(chance, PROMOTED) or scenario is Scenario.PROMOTED:
        higher = ladder.give(after, Level.NATIONAL, Title.DEMONSTRATION)
        if higher:
            _end(ladder, place, higher.since, "晋升为国家知识产权示范企业")
            return
    ladder.made[place] = _reviewed(ladder, national)


def _end(ladder: _Ladder, place: int, on: date, reason: str) -> None:
    ladder.made[place] = replace(ladder.made[place], ended_on=on, end_reason=reason)


def _reviewed(ladder: _Ladder, given: Recognition) -> Recognition:
    """Draw the reviews at the ends of the terms that are over."""
    reviews: list[TitleReview] = []
    end = given.term_ends_on or ladder.last
    while end < ladder.last:
        result = _result(ladder, first=not reviews)
        on = end + timedelta(days=30 + int(ladder.chance.random() * 120))
        following = _term_end(end + timedelta(days=1))
        pending = ladder.scenario is Scenario.REVIEW_PENDING
        if on > ladder.last or (pending and following >= ladder.last):
            break
        passed = result is ReviewResult.PASSED
        end = following
        review = TitleReview(result, on, "示例复核公告", end if passed else None)
        reviews.append(review)
        if not passed:
            break
    vetoed = _vetoed(ladder, given)
    return replace(given, reviews=tuple(reviews), vetoed_on=vetoed)


def _result(ladder: _Ladder, *, first: bool) -> ReviewResult:
    fate = ladder.chance.random()
    fixed = FIXED_REVIEWS.get(ladder.scenario) if ladder.scenario else None
    if fixed and first:
        return fixed
    if fate < PASSED or ladder.scenario:
        return ReviewResult.PASSED
    return ReviewResult.FAILED if fate < PASSED + FAILED else ReviewResult.MISSED


def _vetoed(ladder: _Ladder, given: Recognition) -> date | None:
    drawn = happens(ladder.chance, VETOED) and ladder.scenario is None
    if not drawn and ladder.scenario is not Scenario.VETOED:
        return None
    on = given.since + timedelta(days=200)
    return on if on <= ladder.last else None


def _ended(ladder: _Ladder, given: Recognition) -> Recognition:
    """End what an enterprise still holds when it is deregistered."""
    closed = ladder.enterprise.unit.deregistered_on
    if closed is None or given.ended_on:
        return given
    return replace(given, ended_on=closed, end_reason="企业注销")


def _verification(ladder: _Ladder) -> Verification:
    if is_certified_early(ladder.scenario) or happens(ladder.chance, 0.95):
        return Verification.VERIFIED
    return Verification.PENDING


def _term_end(since: date) -> date:
    return since.replace(year=since.year + TERM) - timedelta(days=1)
