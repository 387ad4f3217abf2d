"""What a client needs today: decided from dates alone, without a clock or a query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

ENDING_DAYS = 14
IDLE_DAYS = 30
DEADLINE_DAYS = 7
SURVEILLANCE_DAYS = 60
CYCLE_YEARS = 3
"""A certificate is valid for three years, with an audit in each of them."""


class Need(models.TextChoices):
    """Why somebody should look at a client today; the most urgent first."""

    SUBMISSION = "submission", _("新提交")
    ANSWERED = "answered", _("意见已答复")
    CHANGED = "changed", _("有更新")
    DEADLINE = "deadline", _("阶段到期")
    ENDING = "ending", _("授权将到期")
    SURVEILLANCE = "surveillance", _("监督审核")
    IDLE = "idle", _("久未推进")


@dataclass(frozen=True)
class ClientDates:
    """The dates of one client from which its needs follow.

    `answered_at` is when the client last answered a remark that is not settled,
    `seen_at` one's own last visit, `active_at` the last time anybody of either
    side did something.
    """

    granted_at: datetime
    ends_at: datetime
    submitted_at: datetime | None = None
    answered_at: datetime | None = None
    changed_at: datetime | None = None
    seen_at: datetime | None = None
    active_at: datetime | None = None
    stage_due: date | None = None
    cert_issued: date | None = None
    cert_expiry: date | None = None


def needs_of(client: ClientDates, *, at: datetime, today: date) -> tuple[Need, ...]:
    """Return what the client needs, the most urgent first."""
    return tuple(_needs(client, at, today))


def _needs(client: ClientDates, at: datetime, today: date) -> Iterator[Need]:
    submitted = _after(client.submitted_at, client.seen_at)
    if submitted:
        yield Need.SUBMISSION
    if client.answered_at:
        yield Need.ANSWERED
    if not submitted and _after(client.changed_at, client.seen_at):
        yield Need.CHANGED
    if client.stage_due and client.stage_due <= today + timedelta(days=DEADLINE_DAYS):
        yield Need.DEADLINE
    if client.ends_at <= at + timedelta(days=ENDING_DAYS):
        yield Need.ENDING
    due = next_audit(client.cert_issued, client.cert_expiry, today)
    if due and due <= today + timedelta(days=SURVEILLANCE_DAYS):
        yield Need.SURVEILLANCE
    if (client.active_at or client.granted_at) <= at - timedelta(days=IDLE_DAYS):
        yield Need.IDLE


def next_audit(issued: date | None, expiry: date | None, today: date) -> date | None:
    """Return the day by which a certificate asks for its next audit.

    The anniversaries of the issue, then the expiry. One of the two dates is enough.
    A certificate that has expired asks for none.
    """
    if expiry is not None and expiry < today:
        return None
    days = [_years_after(issued, years) for years in range(1, CYCLE_YEARS + 1)] if (
        issued
    ) else []  # fmt: skip
    if expiry is not None:
        before = [_years_after(expiry, -years) for years in range(1, CYCLE_YEARS)]
        days = [day for day in days or before if day < expiry] + [expiry]
    return min((day for day in days if day >= today), default=None)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


def _after(moment: datetime | None, seen: datetime | None) -> bool:
    return moment is not None and (seen is None or moment > seen)
