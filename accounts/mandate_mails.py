"""Mails about mandates: that something happened, never between whom or about what."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts import mails
from accounts.models import Mandate, MandateInvitation, Membership


def tell_change(mandate: Mandate, kind: str) -> None:
    """Tell those who manage both organisations, after the commit."""
    addresses = managers_of(mandate.enterprise_id, mandate.agency_id)
    template = f"mandates/email/{kind}"
    transaction.on_commit(lambda: mails.send_notices(template, addresses))


def send_request(invitation: MandateInvitation, token: str) -> None:
    """Send an agency's request to the address it was made out to, after the commit."""
    if not invitation.email:
        return
    context = {
        "agency": invitation.agency.name,
        "url": mails.mandate_request_url(token),
        "expires_at": invitation.expires_at,
    }
    address = invitation.email
    transaction.on_commit(
        lambda: mails.send_notices("mandates/email/request", [address], context)
    )


def managers_of(*organisations: UUID) -> list[str]:
    """Return the addresses of those who manage these organisations."""
    found: Iterable[str] = (
        Membership.objects.filter(organisation__in=organisations)
        .managing()
        .order_by("user__email")
        .values_list("user__email", flat=True)
    )
    return list(found)
