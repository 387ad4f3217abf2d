"""What the registers knew on a day, as the values counting rules look at.

Later recordings never change the answer for an earlier day: it is made of revisions
that were recorded before that day ended (Asia/Shanghai), and revisions never change.
"""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.db.models import Min
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


def enterprises_known_before(moment: datetime) -> tuple[facts.Enterprise, ...]:
    """Return every unit, by credit code."""
    rows = UnitRevision.objects.known_before(moment).filter(is_void=False)
    rows = rows.select_related("record").order_by("record__credit_code")
    return tuple(
        facts.Enterprise(
            credit_code=row.record.credit_code,
            name=row.name,
            presences=presences_from(row.presences),
            deregistered_on=row.deregistered_on,
            merged_into=row.merged_into,
        )
        for row in rows.iterator()
    )


def certificates_known_before(moment: datetime) -> tuple[facts.Certificate, ...]:
    """Return every certificate, by first issue."""
    rows = CertificateRevision.objects.known_before(moment).filter(is_void=False)
    rows = rows.select_related("holder", "body").order_by("first_issued_on", "record")
    return tuple(certificate_fact(row) for row in rows.iterator())


def recognitions_known_before(moment: datetime) -> tuple[facts.Recognition, ...]:
    """Return every title, by the day it was given."""
    rows = RecognitionRevision.objects.known_before(moment).filter(is_void=False)
    rows = rows.select_related("holder").order_by("since", "record")
    return tuple(recognition_fact(row) for row in rows.iterator())


def series_known_before(moment: datetime) -> tuple[facts.SeriesValue, ...]:
    """Return every figure, by indicator and period."""
    rows = SeriesRevision.objects.known_before(moment).filter(is_void=False)
    rows = rows.select_related("record").order_by("record__indicator", "record__period")
    return tuple(series_fact(row) for row in rows.iterator())


def certificate_fact(row: CertificateRevision) -> facts.Certificate:
    """Return a revision, with its holder and body, as a fact."""
    return facts.Certificate(
        number=row.number,
        holder=row.holder.credit_code,
        body=row.body.name,
        standard=facts.Standard(row.standard),
        issue=facts.Issue(row.issue),
        first_issued_on=row.first_issued_on,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        verification=facts.Verification(row.verification),
        states=states_from(row.states),
        group_holder=row.group_holder,
        id=str(row.record_id),
    )


def recognition_fact(row: RecognitionRevision) -> facts.Recognition:
    """Return a revision, with its holder, as a fact."""
    return facts.Recognition(
        holder=row.holder.credit_code,
        level=facts.Level(row.level),
        title=facts.Title(row.title),
        stage=facts.Stage(row.stage),
        name=row.name,
        batch=row.round,
        document=row.document,
        since=row.since,
        verification=facts.Verification(row.verification),
        term_ends_on=row.term_ends_on,
        reviews=reviews_from(row.reviews),
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        vetoed_on=row.vetoed_on,
        id=str(row.record_id),
    )


def series_fact(row: SeriesRevision) -> facts.SeriesValue:
    """Return a revision, with its figure, as a fact."""
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
    found = {}
    for code, groups in rows.values_list("record__credit_code", "groups"):
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
