"""Who hears of what happens to the registers and the statistics."""

from datetime import datetime

from django.urls import reverse

from accounts.models import Notice, Organisation
from accounts.notices import notify
from accounts.rules import Kind, Role
from oversight.models import Certificate, Recognition, Via
from oversight.rules import KEEPING_ROLES


def tell_handed_in(at: datetime) -> None:
    """Tell those who keep the registers that an enterprise's record waits."""
    notify(
        kind=Notice.Kind.REGISTER,
        text="register_handed_in",
        roles=KEEPING_ROLES,
        url=reverse("registers"),
        at=at,
    )


def tell_decided(
    record: Certificate | Recognition, *, verified: bool, at: datetime
) -> None:
    """Tell the enterprise what became of a record it handed in itself."""
    if not record.revisions.filter(via=Via.ENTERPRISE).exists():
        return
    enterprise = Organisation.objects.filter(
        kind=Kind.ENTERPRISE, credit_code=record.latest.holder.credit_code
    ).first()
    if enterprise is not None:
        notify(
            kind=Notice.Kind.REGISTER,
            text="register_verified" if verified else "register_rejected",
            organisation=enterprise,
            roles=(Role.OWNER,),
            url=reverse("own-records"),
            at=at,
        )


def tell_refused(at: datetime) -> None:
    """Tell those who read statistics that a month was not published."""
    notify(
        kind=Notice.Kind.STATISTICS,
        text="statistics_refused",
        roles=KEEPING_ROLES,
        url=reverse("oversight-snapshots"),
        at=at,
    )
