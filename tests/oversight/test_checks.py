"""What a certificate may say, by edition and day."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from oversight.certificate_checks import certificate_faults, certificate_warnings
from oversight.counting.facts import CertificateState, Issue, Standard, StateChange
from oversight.entries import CertificateEntry
from tests.oversight.registers import holder

TODAY = date(2026, 11, 27)
BODY = UUID(int=1)
OLD = {
    "standard": Standard.ENTERPRISE_2013,
    "first_issued_on": date(2022, 5, 6),
    "issued_on": date(2022, 5, 6),
    "expires_on": date(2025, 5, 5),
}


def entry(**changes) -> CertificateEntry:
    plain = CertificateEntry(
        number="165IP250001R0M",
        body=BODY,
        holder=holder(),
        standard=Standard.ENTERPRISE_2023,
        issue=Issue.INITIAL,
        first_issued_on=date(2025, 5, 6),
        issued_on=date(2025, 5, 6),
        expires_on=date(2028, 5, 5),
    )
    return replace(plain, **changes)


def fields(faults) -> list[str]:
    return [fault.field for fault in faults]


def test_a_sound_certificate_has_neither_faults_nor_warnings():
    assert fields(certificate_faults(entry(), TODAY)) == []
    assert fields(certificate_warnings(entry())) == []


LATE = StateChange(CertificateState.VALID, date(2026, 1, 1))
FRAUD = StateChange(CertificateState.SUSPENDED, date(2026, 1, 1), fraud=True)
GONE = StateChange(CertificateState.WITHDRAWN, date(2026, 1, 1))
BACK = StateChange(CertificateState.VALID, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "№1"}, "number"),
        ({"first_issued_on": date(2025, 6, 1)}, "first_issued_on"),
        ({"expires_on": date(2025, 1, 1)}, "expires_on"),
        ({"expires_on": date(2029, 5, 6)}, "expires_on"),
        ({"group_holder": holder().credit_code}, "group_holder"),
        ({"states": (FRAUD,)}, "states"),
        ({"states": (GONE, BACK)}, "states"),
        ({"states": (replace(GONE, on=date(2025, 1, 1)),)}, "states"),
        ({"states": (replace(GONE, on=date(2027, 1, 1)),)}, "states"),
        (OLD | {"states": (LATE,)}, "states"),
        (OLD | {"first_issued_on": date(2012, 1, 1)}, "first_issued_on"),
    ],
)
def test_a_fault_is_at_its_field(changes, field):
    assert fields(certificate_faults(entry(**changes), TODAY)) == [field]


def test_a_2023_certificate_is_not_issued_before_2024():
    early = {"first_issued_on": date(2023, 12, 31), "issued_on": date(2023, 12, 31)}
    early |= {"expires_on": date(2026, 12, 30)}
    assert fields(certificate_faults(entry(**early), TODAY)) == ["issued_on"]


def test_a_2013_certificate_is_not_issued_after_2025():
    late = {"first_issued_on": date(2026, 1, 1), "issued_on": date(2026, 1, 1)}
    late |= {"expires_on": date(2028, 12, 31), "standard": Standard.ENTERPRISE_2013}
    assert fields(certificate_faults(entry(**late), TODAY)) == ["issued_on"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"number": "ABC-123456"}, ["number"]),
        ({"issue": Issue.RECERTIFICATION}, ["first_issued_on"]),
        ({"expires_on": date(2027, 5, 5)}, ["expires_on"]),
        (
            OLD | {"issued_on": date(2024, 5, 6), "expires_on": date(2027, 5, 5)},
            ["first_issued_on", "expires_on"],
        ),
        ({"holder": replace(holder(), credit_code="92370602MA3KGTH80L")}, ["holder"]),
    ],
)
def test_what_is_odd_is_a_warning(changes, found):
    assert fields(certificate_warnings(entry(**changes))) == found


def test_an_upgrade_may_be_shorter():
    changes = {"issue": Issue.UPGRADE, "first_issued_on": date(2023, 5, 6)}
    short = entry(**changes, expires_on=date(2026, 5, 5))
    assert fields(certificate_warnings(short)) == []
