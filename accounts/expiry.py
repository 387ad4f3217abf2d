"""Delete what has had its time: sessions, lock-outs, records, links, read notices."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.models import Invitation, Notice

RECORDS_KEPT = timedelta(days=190)
"""Records of sign-ins stay at least six months, as the law on networks asks."""

NOTICES_KEPT = timedelta(days=180)
"""A notice that was read stays this long; an unread one stays until it is read."""

INVITATIONS_KEPT = timedelta(days=30)
"""An invitation nobody used is kept this long after it expired."""


@dataclass(frozen=True)
class Cleared:
    """How many rows of each kind were deleted."""

    sessions: int
    lockouts: int
    sign_in_records: int
    invitations: int
    confirmations: int
    notices: int


def clear(at: datetime) -> Cleared:
    """Delete what has expired before `at`; may run at any time and twice."""
    sessions, _rows = Session.objects.filter(expire_date__lt=at).delete()
    # A session that lasts ends after SESSION_MAX_HOURS; its row may be older.
    age = timedelta(hours=settings.SESSION_MAX_HOURS + 24)
    UserSession.objects.filter(created_at__lt=at - age).delete()
    cool_off = timedelta(hours=settings.AXES_COOLOFF_TIME)
    lockouts, _rows = AccessAttempt.objects.filter(
        attempt_time__lt=at - cool_off
    ).delete()
    records, _rows = AccessLog.objects.filter(
        attempt_time__lt=at - RECORDS_KEPT
    ).delete()
    invitations, _rows = Invitation.objects.filter(
        accepted_at=None, expires_at__lt=at - INVITATIONS_KEPT
    ).delete()
    confirmations, _rows = EmailConfirmation.objects.all_expired().delete()
    read = Notice.objects.filter(read_at__lt=at - NOTICES_KEPT)
    notices, _rows = read.delete()
    return Cleared(sessions, lockouts, records, invitations, confirmations, notices)
