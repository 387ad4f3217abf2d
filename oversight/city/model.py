"""The model city: everything about N enterprises over years, drawn when asked for.

    city = build_city(enterprises=2_000, years=(2014, 2026), seed=7)
    for history in city.histories(): …

Nothing is kept: asking twice draws the same twice. Memory is that of one block of
forty enterprises, but for `facts`, which is what it returns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from oversight.city.assessments import Assessment, assessments_of
from oversight.city.certificates import certificates_of
from oversight.city.credit_codes import LARGEST
from oversight.city.figures import figures
from oversight.city.journey import Journey, journey_of
from oversight.city.mixes import DISTRICTS, District
from oversight.city.profile import (
    BLOCK,
    ModelEnterprise,
    ModelOrganisation,
    Population,
    agencies_for,
    block_of,
    certification_bodies,
)
from oversight.city.questionnaires import Questionnaire, model_questionnaires
from oversight.city.titles import titles_of
from oversight.counting.facts import (
    Certificate,
    Enterprise,
    Facts,
    Recognition,
    SeriesValue,
)


@dataclass(frozen=True, slots=True)
class History:
    """All registers know of one enterprise, and where it stood when."""

    enterprise: ModelEnterprise
    journey: Journey
    certificates: tuple[Certificate, ...]
    recognitions: tuple[Recognition, ...]


@dataclass(frozen=True)
class City:
    """A model city; `mean_assessments` is that of those that submit at all."""

    enterprises: int
    years: tuple[int, int]
    people: Population
    questionnaires: tuple[Questionnaire, ...]
    mean_assessments: float

    @property
    def agencies(self) -> tuple[ModelOrganisation, ...]:
        """Return the coaching agencies, the largest first."""
        return self.people.agencies

    @property
    def bodies(self) -> tuple[ModelOrganisation, ...]:
        """Return the certification bodies."""
        return self.people.bodies

    def profiles(self) -> Iterator[ModelEnterprise]:
        """Yield the enterprises by number."""
        for block in range(-(-self.enterprises // BLOCK)):
            size = min(BLOCK, self.enterprises - block * BLOCK)
            yield from block_of(self.people, block, size)

    def histories(self) -> Iterator[History]:
        """Yield the history of each enterprise, by number."""
        for enterprise in self.profiles():
            journey = journey_of(self.people, enterprise)
            yield History(
                enterprise,
                journey,
                certificates_of(self.people, enterprise, journey),
                titles_of(self.people, enterprise, journey),
            )

    def assessments(self) -> Iterator[Assessment]:
        """Yield every submitted assessment, by enterprise and day."""
        for enterprise in self.profiles():
            journey = journey_of(self.people, enterprise)
            yield from self.assessments_of(enterprise, journey)

    def assessments_of(
        self, enterprise: ModelEnterprise, journey: Journey
    ) -> Iterator[Assessment]:
        """Yield the assessments of one enterprise by day."""
        return assessments_of(
            self.people,
            enterprise,
            journey,
            self.questionnaires,
            self.mean_assessments,
        )

    def series(self) -> tuple[SeriesValue, ...]:
        """Return the yearly figures; the year of an early end has none."""
        complete = self.people.last == date(self.years[1], 12, 31)
        end = self.years[1] if complete else self.people.last.year - 1
        return tuple(figures(self.people.seed, (self.years[0], end)))

    def facts(self) -> Facts:
        """Return what counting rules look at, of the whole city."""
        units: list[Enterprise] = []
        certificates: list[Certificate] = []
        recognitions: list[Recognition] = []
        for history in self.histories():
            units.append(history.enterprise.unit)
            certificates += history.certificates
            recognitions += history.recognitions
        return Facts(
            tuple(units), tuple(certificates), tuple(recognitions), self.series()
        )

    def fingerprint(self) -> str:
        """Return the SHA-256 of everything in the city, assessments included."""
        digest = sha256()
        for history in self.histories():
            digest.update(repr(history).encode())
            for given in self.assessments_of(history.enterprise, history.journey):
                digest.update(f"{given.id}{given.submitted_on}".encode())
                digest.update(f"{given.band}{given.seconds}".encode())
                digest.update(given.levels)
        digest.update(repr(self.series()).encode())
        return digest.hexdigest()


def build_city(
    *,
    enterprises: int,
    seed: int,
    years: tuple[int, int] = (2014, 2026),
    until: date | None = None,
    assessments_each: float = 14,
    districts: Sequence[District] = DISTRICTS,
    questionnaires: Sequence[Questionnaire] | None = None,
) -> City:
    """Return the model city of a seed.

    `years` are the first and last; `until` ends the city earlier, as it would be known
    on that day. `assessments_each` is the mean number of an enterprise that submits
    and has the time for so many; 14 make about ten for each enterprise of the city.
    Raises ValueError when there would be nothing to draw or no code to give.
    """
    first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    end = min(until, last) if until else last
    if not 0 < enterprises <= LARGEST + 1:
        raise ValueError(f"a model city has 1 to {LARGEST + 1} enterprises")
    if end < first:
        raise ValueError("the city would end before it begins")
    people = Population(
        seed=seed,
        first=first,
        last=end,
        districts=tuple(districts),
        agencies=agencies_for(enterprises),
        bodies=certification_bodies(),
    )
    asked = tuple(questionnaires or model_questionnaires(seed))
    return City(enterprises, years, people, asked, assessments_each)
