"""What waits for somebody of the bureau: one query for all of it.

A new kind of work is one more line in `_SOURCES`.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import CharField, Count, Value

from accounts.models import EnterpriseClaim, NamedAccess
from accounts.querysets import Subject, person_id
from oversight.known import end_of
from oversight.models import Certificate, ImportBatch, Recognition

EXPIRY_DAYS: Final = 90


class Work(StrEnum):
    """A kind of work, in the order it is shown."""

    CERTIFICATES = "certificates"
    TITLES = "titles"
    IMPORTS = "imports"
    CLAIMS = "claims"
    ACCESSES = "accesses"
    EXPIRING = "expiring"


def waiting(user: Subject, day: date) -> Mapping[Work, int]:
    """Return how much of each kind of work waits that the person may do."""
    counts = [
        source(user, day)
        .order_by()
        .annotate(work=Value(work.value, output_field=CharField()))
        .values("work")
        .annotate(number=Count("pk", distinct=True))
        .values_list("work", "number")
        for work, source in _SOURCES.items()
    ]
    found = dict(counts[0].union(*counts[1:], all=True))
    return {work: found.get(work.value, 0) for work in Work}


def expiring(user: Subject, day: date) -> Any:
    """Return valid certificates whose last day is within the next 90 days."""
    rows = Certificate.objects.kept_by(user).public()
    return rows.filter(
        in_force__state="valid",
        in_force__expires_on__gte=day,
        in_force__expires_on__lte=day + timedelta(days=EXPIRY_DAYS),
    )


def _accesses(user: Subject, day: date) -> Any:
    """Return accesses on a ground that another official asked for."""
    rows = NamedAccess.objects.visible_to(user).undecided(end_of(day))
    return rows.filter(basis="ground").exclude(asked_by=person_id(user))


_SOURCES: Final[Mapping[Work, Callable[[Subject, date], Any]]] = {
    Work.CERTIFICATES: lambda user, _day: Certificate.objects.kept_by(user).awaiting(),
    Work.TITLES: lambda user, _day: Recognition.objects.kept_by(user).awaiting(),
    Work.IMPORTS: lambda user, _day: ImportBatch.objects.visible_to(user).filter(
        state="checked"
    ),
    Work.CLAIMS: lambda user, _day: EnterpriseClaim.objects.visible_to(user).filter(
        state="pending"
    ),
    Work.ACCESSES: _accesses,
    Work.EXPIRING: expiring,
}
