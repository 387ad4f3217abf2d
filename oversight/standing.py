"""Where every enterprise stands on a day: confidential, never shown.

Only disclosure control reads it, to make the tables of a snapshot. A dozen queries,
however many enterprises there are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import F, Min, Window
from django.db.models.fields.json import KT
from django.db.models.functions import RowNumber

from accounts.models import Mandate, Organisation
from accounts.rules import Kind
from assessments.local_day import local_date
from assessments.models import Assessment, DataSheet
from oversight.counting.facts import Standard, Verification
from oversight.counting.pipeline import History, PipelineStage
from oversight.groupings import UNKNOWN, groupings
from oversight.known import end_of, groups_known_on
from oversight.models import CertificateRevision, SubmittedFigures, UnitRevision
from question_bank.engine.size_class import size_class
from reviews.models import ImprovementPlan

STANDARD_BANKS = ("gbt29490_2023", "gbt29490_2013")
"""The banks of the enterprise standard, the current edition first."""


@dataclass(frozen=True)
class Latest:
    """The figures of the newest submission."""

    bank: str
    band: str
    points: Fraction | None
    gaps: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """One enterprise on a day. `industry` and `size` are groups of statistics."""

    enterprise: UUID
    credit_code: str
    district: str
    history: History
    industry: str = UNKNOWN
    size: str = UNKNOWN
    group: str = ""
    agency: str = ""
    latest: Latest | None = None


@dataclass
class _Found:
    """What is gathered of one enterprise, source by source."""

    credit_code: str
    district: str
    entered: dict[PipelineStage, date]
    industry: str = UNKNOWN
    size: str = UNKNOWN
    agency: str = ""
    latest: Latest | None = None


@dataclass(frozen=True)
class _Register:
    """What the registers say, by credit code."""

    certified: Mapping[str, date]
    deregistered: Mapping[str, date]
    groups: Mapping[str, str]


def standings_on(day: date) -> Iterator[Standing]:
    """Give every enterprise of the service as it stood at the end of a day."""
    moment = end_of(day)
    found = _registered(moment)
    _add_answering(found, moment)
    _add_submitted(found, moment)
    _add_plans(found, day)
    _add_sheets(found, moment)
    _add_agencies(found, moment)
    register = _register(day)
    for enterprise, one in found.items():
        yield _standing(enterprise, one, register)


def _standing(enterprise: UUID, one: _Found, register: _Register) -> Standing:
    code = one.credit_code
    if code in register.certified:
        one.entered[PipelineStage.CERTIFIED] = register.certified[code]
    return Standing(
        enterprise=enterprise,
        credit_code=code,
        district=one.district,
        history=History(str(enterprise), one.entered, register.deregistered.get(code)),
        industry=one.industry,
        size=one.size,
        group=register.groups.get(code, ""),
        agency=one.agency,
        latest=one.latest,
    )


def _registered(moment: datetime) -> dict[UUID, _Found]:
    rows = Organisation.objects.filter(kind=Kind.ENTERPRISE, created_at__lt=moment)
    columns = rows.order_by("pk").values_list(
        "pk", "credit_code", "district", "created_at"
    )
    return {
        pk: _Found(code, district, {PipelineStage.REGISTERED: local_date(created_at)})
        for pk, code, district, created_at in columns.iterator()
    }


def _add_answering(found: Mapping[UUID, _Found], moment: datetime) -> None:
    rows = Assessment.objects.filter(
        bank_version__bank__in=STANDARD_BANKS, created_at__lt=moment
    )
    firsts = rows.order_by().values_list("enterprise").annotate(Min("created_at"))
    for enterprise, first in firsts.iterator():
        found[enterprise].entered[PipelineStage.ANSWERING] = local_date(first)


def _add_submitted(found: Mapping[UUID, _Found], moment: datetime) -> None:
    rows = SubmittedFigures.objects.filter(
        bank__in=STANDARD_BANKS, submitted_at__lt=moment
    )
    firsts = rows.order_by().values_list("enterprise").annotate(Min("submitted_at"))
    for enterprise, first in firsts.iterator():
        found[enterprise].entered[PipelineStage.SUBMITTED] = local_date(first)
    # The numbering reads an index alone; the rows are wide.
    newest = rows.annotate(place=_newest("submitted_at")).filter(place=1).values("pk")
    columns = SubmittedFigures.objects.filter(pk__in=newest).values_list(
        "enterprise", "bank", "band", "points", "gaps"
    )
    for enterprise, bank, band, points, gaps in columns.iterator():
        exact = None if points is None else Fraction(points)
        found[enterprise].latest = Latest(bank, band, exact, frozenset(gaps))


def _newest(column: str) -> Window:
    """Number an enterprise's rows from 1, the newest first."""
    return Window(
        RowNumber(), partition_by="enterprise", order_by=[F(column).desc(), F("pk")]
    )


def _add_plans(found: Mapping[UUID, _Found], day: date) -> None:
    """Take the dates of plans: the first plan, and the earliest of each date held."""
    rows = ImprovementPlan.objects.filter(
        assessment__bank_version__bank__in=STANDARD_BANKS, created_at__lt=end_of(day)
    )
    columns = rows.order_by("created_at", "pk").values_list(
        "assessment__enterprise", "created_at", "system_start_on", "audit_on",
        "review_on", "applied_on",
    )  # fmt: skip
    for enterprise, created_at, start, audit, review, applied in columns.iterator():
        entered = found[enterprise].entered
        entered.setdefault(PipelineStage.IMPROVING, local_date(created_at))
        if start is not None and start <= day:
            entered.setdefault(PipelineStage.RUNNING, start)
        if audit is not None and review is not None and max(audit, review) <= day:
            entered.setdefault(PipelineStage.REVIEWED, max(audit, review))
        if applied is not None and applied <= day:
            entered.setdefault(PipelineStage.APPLIED, applied)


def _add_sheets(found: Mapping[UUID, _Found], moment: datetime) -> None:
    rows = DataSheet.objects.filter(created_at__lt=moment)
    newest = rows.annotate(place=_newest("year")).filter(place=1)
    columns = newest.values_list(
        "enterprise",
        *(KT(f"values__{slot}__value") for slot in ("industry", *_MEASURES.values())),
    )
    for enterprise, industry, *values in columns.iterator():
        measures = {
            measure: _exact(value)
            for measure, value in zip(_MEASURES, values, strict=True)
        }
        one = found[enterprise]
        one.industry = groupings().industry_of(industry)
        if industry:
            one.size = size_class(industry, measures) or UNKNOWN


_MEASURES: Mapping[Any, str] = {
    "staff": "staff",
    "revenue": "revenue_y0",
    "assets": "assets",
}
"""The slot of the data sheet that holds each measure of a size class."""


def _exact(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _add_agencies(found: Mapping[UUID, _Found], moment: datetime) -> None:
    """Take the agency of the mandate granted last among those in force."""
    rows = Mandate.objects.running(moment).filter(starts_at__lt=moment)
    columns = rows.order_by("granted_at", "pk").values_list("enterprise", "agency")
    for enterprise, agency in columns.iterator():
        if enterprise in found:
            found[enterprise].agency = str(agency)


def _register(day: date) -> _Register:
    moment = end_of(day)
    certificates = CertificateRevision.objects.known_before(moment).filter(
        is_void=False,
        verification=Verification.VERIFIED.value,
        standard__in=_STANDARDS,
        first_issued_on__lte=day,
    )
    units = UnitRevision.objects.known_before(moment).filter(
        is_void=False, deregistered_on__lte=day
    )
    firsts = certificates.order_by().values_list("holder__credit_code")
    return _Register(
        certified=dict(firsts.annotate(Min("first_issued_on"))),
        deregistered=dict(units.values_list("record__credit_code", "deregistered_on")),
        groups=groups_known_on(day),
    )


_STANDARDS = tuple(s.value for s in Standard if s.for_enterprises)
