"""A bureau with two officials, and things to put into its registers."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from accounts.models import Membership
from accounts.rules import Kind, Role
from oversight.counting.facts import Issue, Level, Stage, Standard, Title
from oversight.entries import (
    CertificateEntry,
    Holder,
    RecognitionEntry,
    SeriesEntry,
)
from oversight.models import Certificate, CertificationBody, Recognition, Via
from oversight.services.certificates import enter_certificate
from oversight.services.recognitions import enter_recognition
from oversight.services.verifying import verify_record
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    credit_code,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Noon of 2 March 2026 in Shanghai."""

DAY = timedelta(days=1)
FORM = {"source": "证书复印件", "via": Via.FORM}


@dataclass
class Bureau:
    """Two officials who check each other's entries, and a certification body."""

    first: Membership
    second: Membership
    body: CertificationBody

    def certificate(self, at=NOON, **changes) -> Certificate:
        """Enter a certificate, not verified yet."""
        entry = certificate_entry(self.body, **changes)
        return enter_certificate(entry=entry, actor=self.first.user, at=at, **FORM)

    def verified_certificate(self, at=NOON, **changes) -> Certificate:
        """Enter a certificate and let the second official verify it."""
        return self.verify(self.certificate(at, **changes), at)

    def recognition(self, at=NOON, **changes) -> Recognition:
        """Enter a title, not verified yet."""
        entry = recognition_entry(**changes)
        return enter_recognition(entry=entry, actor=self.first.user, at=at, **FORM)

    def verify(self, record, at=NOON):
        """Let the second official verify the latest revision."""
        return verify_record(
            model=type(record),
            record_id=record.pk,
            seq=record.latest.seq,
            via=Via.FORM,
            actor=self.second.user,
            at=at,
        )


def make_bureau() -> Bureau:
    """Return a bureau with a manager and an analyst."""
    office = OrganisationFactory(kind=Kind.BUREAU)
    return Bureau(
        first=MembershipFactory(organisation=office, role=Role.ANALYST),
        second=MembershipFactory(organisation=office, role=Role.BUREAU_MANAGER),
        body=CertificationBody.objects.create(
            name="示例认证机构", approval_number="CNCA-R-2014-165", created_at=NOON
        ),
    )


def holder(number: int = 1) -> Holder:
    """Return an enterprise the registers do not know yet."""
    return Holder(credit_code(900_000 + number), f"示例企业{number}", "370602")


def certificate_entry(body: CertificationBody, **changes) -> CertificateEntry:
    """Return a first certificate of 2025."""
    entry = CertificateEntry(
        number="165IP250001R0M",
        body=body.pk,
        holder=holder(),
        standard=Standard.ENTERPRISE_2023,
        issue=Issue.INITIAL,
        first_issued_on=date(2025, 5, 6),
        issued_on=date(2025, 5, 6),
        expires_on=date(2028, 5, 5),
        scope="研发、生产、销售的知识产权管理",
    )
    return replace(entry, **changes)


def recognition_entry(**changes) -> RecognitionEntry:
    """Return a municipal title of 2024."""
    entry = RecognitionEntry(
        holder=holder(),
        level=Level.MUNICIPAL,
        title=Title.ADVANTAGE,
        stage=Stage.RECOGNISED,
        name="烟台市知识产权优势企业",
        document="示例〔2024〕1号",
        since=date(2024, 7, 1),
        term_ends_on=date(2027, 6, 30),
    )
    return replace(entry, **changes)


def series_entry(**changes) -> SeriesEntry:
    """Return a ratio of 2020 with its denominator."""
    from decimal import Decimal

    entry = SeriesEntry(
        indicator="P2",
        period="2020",
        value=Decimal("12.02"),
        numerator=Decimal(8563),
        denominator=Decimal("712.18"),
        denominator_of="2018年末常住人口（万人）",
    )
    return replace(entry, **changes)
