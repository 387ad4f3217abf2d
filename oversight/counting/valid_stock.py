"""Counting enterprises that hold a valid certificate on a day, by edition."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from oversight.counting.facts import (
    Certificate,
    CertificateState,
    Enterprise,
    Facts,
    Standard,
    Verification,
)
from oversight.counting.first_certifications import (
    ENTERPRISE_STANDARDS,
    NO_SUCCESSORS,
    certificates_by_holder,
    state_on,
    unverified,
)
from oversight.counting.lines import Line, Tally, both_divisions, in_order
from oversight.counting.places import (
    Successors,
    enterprises_by_code,
    place_on,
    registered_on,
)
from oversight.counting.reasons import Reason

TRANSITION_ENDED: Final = date(2025, 12, 31)
"""The last day of certificates to GB/T 29490-2013 (CNCA and CNIPA, 2023 No. 27)."""


def count_valid_stock(
    facts: Facts, day: date, successors: Successors = NO_SUCCESSORS
) -> Tally:
    """Return a line for every certificate; each enterprise is counted once.

    An enterprise with both editions counts under the newer one, so editions add up.
    """
    enterprises = enterprises_by_code(facts)
    lines: list[Line] = []
    for code, certificates in certificates_by_holder(facts.certificates).items():
        enterprise = enterprises.get(code)
        reasons = [(c, _reason(c, enterprise, day)) for c in certificates]
        valid = [c for c, reason in reasons if reason is Reason.VALID]
        best = max(valid, key=_strength, default=None)
        place = place_on(enterprise, day) if enterprise else None
        for certificate, found in reasons:
            again = found is Reason.VALID and certificate is not best
            lines.append(
                Line(
                    holder=code,
                    name=enterprise.name if enterprise else "",
                    reason=Reason.ALREADY_COUNTED if again else found,
                    rests_on=certificate.number,
                    on=day,
                    category=certificate.standard.value,
                    fact_id=certificate.id,
                    **both_divisions(place, successors),
                )
            )
    return in_order(lines)


def _reason(
    certificate: Certificate, enterprise: Enterprise | None, day: date
) -> Reason:
    if certificate.standard not in ENTERPRISE_STANDARDS:
        return Reason.OTHER_STANDARD
    if certificate.verification is not Verification.VERIFIED:
        return unverified(certificate.verification)
    if certificate.issued_on > day:
        return Reason.NOT_YET
    state = state_on(certificate, day)
    if state is not CertificateState.VALID:
        return _STATES[state]
    if certificate.expires_on < day:
        return Reason.EXPIRED
    if certificate.standard is Standard.ENTERPRISE_2013 and day > TRANSITION_ENDED:
        return Reason.EDITION_ENDED
    return _reason_of_holder(enterprise, day)


def _reason_of_holder(enterprise: Enterprise | None, day: date) -> Reason:
    if enterprise is None:
        return Reason.UNKNOWN_HOLDER
    if not registered_on(enterprise, day):
        return Reason.DEREGISTERED
    place = place_on(enterprise, day)
    if place is None:
        return Reason.PLACE_UNKNOWN
    return Reason.VALID if place else Reason.OUTSIDE


def _strength(certificate: Certificate) -> tuple[bool, date, str, str]:
    newer = certificate.standard is Standard.ENTERPRISE_2023
    return newer, certificate.expires_on, certificate.number, certificate.body


_STATES: Final[Mapping[CertificateState, Reason]] = {
    CertificateState.SUSPENDED: Reason.SUSPENDED,
    CertificateState.WITHDRAWN: Reason.WITHDRAWN,
    CertificateState.CANCELLED: Reason.CANCELLED,
}
