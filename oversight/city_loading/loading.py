"""Put a model city into the database, in bulk and in one transaction.

Constraints and guards hold for every row. What the registers say is recorded by
nobody, as commands do, and on the days on which it would have become known: the
answer for an earlier day is what was known then.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Model

from accounts.audit import record
from accounts.models import (
    EnterpriseClaim,
    Mandate,
    MandateEvent,
    Membership,
    Organisation,
    User,
)
from assessments.local_day import local_date
from assessments.models import Assessment, DataSheet
from backend.errors import Conflict
from backend.long_statements import long_statements
from oversight.city.model import City, History, build_city
from oversight.city_loading.answered import answered_rows
from oversight.city_loading.held import certificate_rows, figure_rows, title_rows
from oversight.city_loading.identity import Loading
from oversight.city_loading.people import (
    MAIL_DOMAIN,
    agency_row,
    mandate_rows,
    member_rows,
)
from oversight.city_loading.questionnaires import AskedBank, asked_banks
from oversight.city_loading.units import group_row, unit_rows
from oversight.city_loading.writing import Writer
from oversight.counting.facts import Standard
from oversight.models import (
    Certificate,
    CertificateRevision,
    CertificationBody,
    ControllingGroup,
    Recognition,
    RecognitionRevision,
    RegisteredUnit,
    SeriesFigure,
    SeriesRevision,
    SubmittedFigures,
    UnitRevision,
)
from reviews.models import ImprovementPlan

TABLES: tuple[type[Model], ...] = (
    User,
    Organisation,
    EnterpriseClaim,
    Membership,
    DataSheet,
    Mandate,
    MandateEvent,
    CertificationBody,
    ControllingGroup,
    RegisteredUnit,
    UnitRevision,
    Certificate,
    CertificateRevision,
    Recognition,
    RecognitionRevision,
    SeriesFigure,
    SeriesRevision,
    Assessment,
    SubmittedFigures,
    ImprovementPlan,
)


class CityIsLoaded(Conflict):
    """There is a model city already; two would share their credit codes."""

    code = "city_is_loaded"


def is_loaded() -> bool:
    """Whether the database holds a model city."""
    return (
        User.objects.get_queryset().filter(email__endswith=f"@{MAIL_DOMAIN}").exists()
    )


def load_city(
    city: City,
    *,
    at: datetime,
    numbers: range | None = None,
    series: bool = True,
    levels: bool = True,
) -> Mapping[type[Model], int]:
    """Store a city as of `at`; return how many rows of each table.

    `numbers` names a part of its enterprises: a city may be loaded part by part, the
    one with number 0 first. A yearly figure that is there already stays; without
    `series` none is added. Raises CityIsLoaded, or BankVersion.DoesNotExist when a
    bank is not published.
    """
    part = numbers or range(city.enterprises)
    loader = _Loader(city, Loading(city.people.seed, at, levels))
    with long_statements():
        if part.start == 0:
            if is_loaded():
                raise CityIsLoaded
            loader.load_organisations(series=series)
        loader.load_enterprises(part)
        record(
            action="city.loaded",
            actor=None,
            organisation=None,
            subject=None,
            at=at,
            detail={"seed": city.people.seed, "enterprises": len(part)},
        )
    return loader.writer.stored


def city_of_banks(
    *, enterprises: int, seed: int, years: tuple[int, int], at: datetime,
    assessments_each: float = 14,
) -> City:  # fmt: skip
    """Return a model city until yesterday that answers the shipped banks."""
    return build_city(
        enterprises=enterprises,
        seed=seed,
        years=years,
        until=local_date(at) - timedelta(days=1),
        assessments_each=assessments_each,
        questionnaires=[one.questions for one in asked_banks(seed).values()],
    )


class _Loader:
    def __init__(self, city: City, loading: Loading) -> None:
        self.city = city
        self.loading = loading
        self.banks: dict[Standard, AskedBank] = asked_banks(loading.seed)
        self.writer = Writer(TABLES)

    def load_organisations(self, *, series: bool) -> None:
        """Store agencies, certification bodies and yearly figures."""
        first, loading = self.city.people.first, self.loading
        for agency in self.city.agencies:
            self.writer.add([agency_row(agency, first, loading)])
        for body in self.city.bodies:
            key = loading.key("body", body.credit_code)
            row = CertificationBody(
                id=key, name=body.name, created_at=loading.moment(first)
            )
            self.writer.add([row])
        if series:
            self._add_figures()
        self.writer.store()

    def _add_figures(self) -> None:
        """Keep the yearly figures but those that the registers hold already."""
        held = set(SeriesFigure.objects.values_list("indicator", "period"))
        for value in self.city.series():
            if (value.indicator, value.period) not in held:
                self.writer.add(figure_rows(value, self.loading))

    def load_enterprises(self, numbers: range) -> None:
        """Store a part of the enterprises with all that is theirs."""
        # A part may begin amid the enterprises of a group.
        before = islice(self.city.profiles(), numbers.start)
        stored = {enterprise.group for enterprise in before}
        for history in islice(self.city.histories(), numbers.start, numbers.stop):
            self.writer.add(self._rows(history, stored))
            self.writer.store_when_many()
        self.writer.store()

    def _rows(self, history: History, groups: set[str]) -> Iterator[Model]:
        enterprise, loading = history.enterprise, self.loading
        first = self.city.people.first
        if enterprise.group and enterprise.group not in groups:
            groups.add(enterprise.group)
            yield group_row(enterprise, loading, first)
        yield from unit_rows(enterprise, first, loading)
        for certificate in history.certificates:
            yield from certificate_rows(certificate, loading)
        for title in history.recognitions:
            yield from title_rows(title, loading)
        if history.journey.entries:
            yield from self._service_rows(history)

    def _service_rows(self, history: History) -> Iterator[Model]:
        enterprise, journey = history.enterprise, history.journey
        yield from member_rows(enterprise, journey.entries[0].on, self.loading)
        yield from mandate_rows(enterprise, journey, self.loading)
        given = list(self.city.assessments_of(enterprise, journey))
        yield from answered_rows(enterprise, journey, given, self.banks, self.loading)
