"""What the registers knew on a day, as the values counting rules look at.

Later recordings never change the answer for an earlier day: it is made of revisions
that were recorded before that day ended (Asia/Shanghai), and revisions never change.
"""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from oversight.counting import facts
from oversight.models import (
    CertificateRevision,
    RecognitionRevision,
    SeriesRevision,
    TitleEquivalence,
    UnitRevision,
    Verification,
)
from oversight.stored import groups_from, presences_from, reviews_from, states_from

ENTERPRISE_STANDARDS = tuple(s.value for s in facts.Standard if s.for_enterprises)


def end_of(day: date) -> datetime:
    """Return the first moment after a day in Asia/Shanghai."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return timezone.make_aware(midnight)


def facts_known_on(day: date) -> facts.Facts:
    """Return all facts as known at the end of a day; four queries.

    A certificate or title that waits for a correction to be verified is what was
    verified before; one that was never verified is there as pending or rejected.
    """
    moment = end_of(day)
    return facts.Facts(
        enterprises=enterprises_known_before(moment),
        certificates=certificates_known_before(moment),
        recognitions=recognitions_known_before(moment),
        series=series_known_before(moment),
    )


def counted_facts_known_on(day: date) -> facts.Facts:
    """Return all facts that counts can rest on: `facts_known_on` without idle units.

    Most registered units never held a certificate or title; no count speaks of them.
    """
    moment = end_of(day)
    certificates = certificates_known_before(moment)
    recognitions = recognitions_known_before(moment)
    return facts.Facts(
        enterprises=holders_known_before(moment),
        certificates=certificates,
        recognitions=recognitions,
        series=series_known_before(moment),
    )


def enterprises_known_before(moment: datetime) -> tuple[facts.Enterprise, ...]:
    """Return every unit, by credit code."""
    return _enterprises(UnitRevision.objects.known_before(moment))


def holders_known_before(moment: datetime) -> tuple[facts.Enterprise, ...]:
    """Return every unit that any revision of a certificate or title names."""
    certified = CertificateRevision.objects.order_by().values("holder")
    titled = RecognitionRevision.objects.order_by().values("holder")
    known = UnitRevision.objects.known_before(moment)
    return _enterprises(known.filter(Q(record__in=certified) | Q(record__in=titled)))


def _enterprises(known: QuerySet[UnitRevision]) -> tuple[facts.Enterprise, ...]:
    rows = known.filter(is_void=False).order_by("record__credit_code").values_list(
        "record__credit_code", "name", "presences", "deregistered_on", "merged_into"
    )  # fmt: skip
    return tuple(
        facts.Enterprise(code, name, presences_from(presences), gone_on, heir)
        for code, name, presences, gone_on, heir in rows.iterator()
    )


def certificates_known_before(moment: datetime) -> tuple[facts.Certificate, ...]:
    """Return every certificate, by first issue."""
    rows = CertificateRevision.objects.known_before(moment).filter(is_void=False)
    columns = rows.order_by("first_issued_on", "record").values_list(
        "number", "holder__credit_code", "body__name", "standard", "issue",
        "first_issued_on", "issued_on", "expires_on", "verification", "states",
        "group_holder", "record_id",
    )  # fmt: skip
    return tuple(_certificate(*row) for row in columns.iterator())


def recognitions_known_before(moment: datetime) -> tuple[facts.Recognition, ...]:
    """Return every title, by the day it was given."""
    rows = RecognitionRevision.objects.known_before(moment).filter(is_void=False)
    columns = rows.order_by("since", "record").values_list(
        "holder__credit_code", "level", "title", "stage", "name", "round", "document",
        "since", "verification", "term_ends_on", "reviews", "ended_on", "end_reason",
        "vetoed_on", "record_id",
    )  # fmt: skip
    return tuple(_recognition(*row) for row in columns.iterator())


def series_known_before(moment: datetime) -> tuple[facts.SeriesValue, ...]:
    """Return every figure, by indicator and period."""
    rows = SeriesRevision.objects.known_before(moment).filter(is_void=False)
    rows = rows.select_related("record").order_by("record__indicator", "record__period")
    return tuple(_series_value(row) for row in rows.iterator())


def _certificate(
    number: str, holder: str, body: str, standard: str, issue: str,
    first_issued_on: date, issued_on: date, expires_on: date, verification: str,
    states: list[dict[str, Any]], group_holder: str, record: UUID,
) -> facts.Certificate:  # fmt: skip
    return facts.Certificate(
        number=number,
        holder=holder,
        body=body,
        standard=facts.Standard(standard),
        issue=facts.Issue(issue),
        first_issued_on=first_issued_on,
        issued_on=issued_on,
        expires_on=expires_on,
        verification=facts.Verification(verification),
        states=states_from(states),
        group_holder=group_holder,
        id=str(record),
    )


def _recognition(
    holder: str, level: str, title: str, stage: str, name: str, batch: str,
    document: str, since: date, verification: str, term_ends_on: date | None,
    reviews: list[dict[str, Any]], ended_on: date | None, end_reason: str,
    vetoed_on: date | None, record: UUID,
) -> facts.Recognition:  # fmt: skip
    return facts.Recognition(
        holder=holder,
        level=facts.Level(level),
        title=facts.Title(title),
        stage=facts.Stage(stage),
        name=name,
        batch=batch,
        document=document,
        since=since,
        verification=facts.Verification(verification),
        term_ends_on=term_ends_on,
        reviews=reviews_from(reviews),
        ended_on=ended_on,
        end_reason=end_reason,
        vetoed_on=vetoed_on,
        id=str(record),
    )


def _series_value(row: SeriesRevision) -> facts.SeriesValue:
    return facts.SeriesValue(
        indicator=row.record.indicator,
        period=row.record.period,
        value=Fraction(row.value),
        source=row.source,
        numerator=None if row.numerator is None else Fraction(row.numerator),
        denominator=None if row.denominator is None else Fraction(row.denominator),
        denominator_of=row.denominator_of,
        note=row.note,
    )


def equivalences_known_on(day: date) -> dict[str, facts.Title]:
    """Return what titles of other names counted as, as known at the end of a day.

    A name that counts as OTHER was looked at and does not count.
    """
    rows = TitleEquivalence.objects.filter(created_at__lt=end_of(day)).order_by("pk")
    return {row.name: facts.Title(row.counts_as) for row in rows}


def groups_known_on(day: date) -> dict[str, str]:
    """Return the controlling group's id of every unit in one, by credit code.

    As known at the end of the day, and as it was on that day.
    """
    rows = UnitRevision.objects.known_before(end_of(day)).filter(is_void=False)
    rows = rows.exclude(groups=[])
    found = {}
    for code, groups in rows.values_list("record__credit_code", "groups").iterator():
        for item in groups_from(groups):
            if item.holds_on(day):
                found[code] = item.group
    return found


def certified_known_on(day: date) -> dict[str, date]:
    """Return the day of every first certificate of GB/T 29490, by credit code.

    Verified certificates of either edition, as known at the end of the day; one query.
    """
    rows = CertificateRevision.objects.known_before(end_of(day)).filter(
        is_void=False,
        verification=Verification.VERIFIED,
        standard__in=ENTERPRISE_STANDARDS,
        first_issued_on__lte=day,
    )
    firsts = rows.order_by().values_list("holder__credit_code")
    return dict(firsts.annotate(Min("first_issued_on")))
