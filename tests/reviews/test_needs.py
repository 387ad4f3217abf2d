"""What a client needs today follows from its dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reviews.needs import ClientDates, Need, needs_of, next_audit

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
QUIET = {"granted_at": NOW - DAY, "ends_at": NOW + 90 * DAY, "active_at": NOW - DAY}


def needs(**dates: object) -> tuple[Need, ...]:
    return needs_of(ClientDates(**{**QUIET, **dates}), at=NOW, today=TODAY)


def test_a_quiet_client_needs_nothing():
    assert needs() == ()


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"submitted_at": NOW}, (Need.SUBMISSION,)),
        ({"submitted_at": NOW, "seen_at": NOW - DAY}, (Need.SUBMISSION,)),
        ({"submitted_at": NOW - DAY, "seen_at": NOW}, ()),
        ({"changed_at": NOW, "seen_at": NOW - DAY}, (Need.CHANGED,)),
        ({"changed_at": NOW - DAY, "seen_at": NOW}, ()),
        ({"submitted_at": NOW, "changed_at": NOW}, (Need.SUBMISSION,)),
        ({"answered_at": NOW}, (Need.ANSWERED,)),
        ({"answered_at": NOW - DAY, "seen_at": NOW}, (Need.ANSWERED,)),
        ({"ends_at": NOW + 14 * DAY}, (Need.ENDING,)),
        ({"ends_at": NOW + 14 * DAY + timedelta(seconds=1)}, ()),
        ({"stage_due": TODAY + 7 * DAY}, (Need.DEADLINE,)),
        ({"stage_due": TODAY - 7 * DAY}, (Need.DEADLINE,)),
        ({"stage_due": TODAY + 8 * DAY}, ()),
        ({"active_at": NOW - 30 * DAY}, (Need.IDLE,)),
        ({"active_at": NOW - 29 * DAY}, ()),
        ({"cert_expiry": TODAY + 60 * DAY}, (Need.SURVEILLANCE,)),
        ({"cert_expiry": TODAY + 61 * DAY}, ()),
        ({"cert_expiry": TODAY - DAY}, ()),
    ],
)
def test_each_need_has_its_border(dates: dict[str, object], expected: tuple[Need, ...]):
    assert needs(**dates) == expected


def test_needs_come_in_the_order_of_urgency():
    found = needs(
        submitted_at=NOW,
        answered_at=NOW,
        stage_due=TODAY,
        ends_at=NOW + DAY,
        cert_expiry=TODAY,
        active_at=NOW - 40 * DAY,
    )
    assert found == tuple(need for need in Need if need != Need.CHANGED)


@pytest.mark.parametrize(
    ("issued", "expiry", "due"),
    [
        (date(2026, 1, 10), date(2029, 1, 9), date(2027, 1, 10)),
        (date(2024, 1, 10), date(2027, 1, 9), date(2027, 1, 9)),
        (None, date(2028, 12, 1), date(2026, 12, 1)),
        (date(2026, 1, 10), None, date(2027, 1, 10)),
        (date(2024, 2, 29), date(2027, 2, 28), date(2027, 2, 28)),
        (date(2020, 1, 1), None, None),
        (date(2023, 1, 1), date(2026, 1, 1), None),
        (None, None, None),
    ],
)
def test_a_certificate_asks_for_an_audit_each_year(issued, expiry, due):
    assert next_audit(issued, expiry, TODAY) == due
