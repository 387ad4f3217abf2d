"""How the lists of the registers are narrowed, on pages and over the API alike."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from oversight.models import CertificateRevision
from oversight.waiting import EXPIRY_DAYS

SOON = timedelta(days=180)
VERIFICATIONS = ("pending", "verified", "rejected", "void")
STATES = (
    "valid",
    "soon",
    "very-soon",
    "expired",
    *CertificateRevision.State.values[1:],
)


def checked_as(rows: Any, word: str) -> Any:
    """Return records by how far they were checked; all but void ones for "".

    A verified record with a correction that waits is both verified and pending.
    """
    if word == "pending":
        return rows.standing().filter(latest__verification="pending")
    if word == "void":
        return rows.filter(in_force__is_void=True)
    rows = rows.filter(in_force__is_void=False)
    return rows.filter(in_force__verification=word) if word else rows


def in_state(rows: Any, word: str, today: date) -> Any:
    """Return certificates in a state today; all of them for ""."""
    if not word:
        return rows
    if word in CertificateRevision.State.values[1:]:
        return rows.filter(in_force__state=word)
    rows = rows.filter(in_force__state="valid")
    if word == "expired":
        return rows.filter(in_force__expires_on__lt=today)
    rows = rows.filter(in_force__expires_on__gte=today)
    if word == "valid":
        return rows
    within = SOON if word == "soon" else timedelta(days=EXPIRY_DAYS)
    return rows.filter(in_force__expires_on__lte=today + within)


def holder_like(text: str) -> Q:
    """Return what finds records by their holder's name or credit code."""
    return Q(in_force__holder__name__icontains=text) | Q(
        in_force__holder__credit_code__icontains=text
    )
