"""Tell both sides of mandates that end soon."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import mandate_mails
from accounts.models import Mandate

WARNED_BEFORE = timedelta(days=14)


def remind(at: datetime) -> int:
    """Remind of each mandate that ends within two weeks, once; return how many."""
    soon = Mandate.objects.running(at).filter(
        starts_at__lte=at, ends_at__lte=at + WARNED_BEFORE, reminded_at=None
    )
    told = 0
    for mandate_id in list(soon.order_by("pk").values_list("pk", flat=True)):
        told += _remind_of(mandate_id, at)
    return told


@transaction.atomic
def _remind_of(mandate_id: UUID, at: datetime) -> int:
    rows = Mandate.objects.running(at).filter(pk=mandate_id, reminded_at=None)
    if not rows.update(reminded_at=at):
        return 0
    mandate_mails.tell_change(Mandate.objects.get(pk=mandate_id), "ending", at)
    return 1
