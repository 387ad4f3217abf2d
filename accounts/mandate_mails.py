"""What is said about mandates: that something happened, never between whom."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts import mails
from accounts.models import Mandate, MandateInvitation, Notice
from accounts.notices import notify
from accounts.rules import MANAGING_ROLES

KINDS = {
    "granted": Notice.Kind.MANDATE_GRANTED,
    "extended": Notice.Kind.MANDATE_CHANGED,
    "narrowed": Notice.Kind.MANDATE_CHANGED,
    "ending": Notice.Kind.MANDATE_ENDING,
    "revoked": Notice.Kind.MANDATE_REVOKED,
}


def tell_change(mandate: Mandate, change: str, at: datetime) -> None:
    """Tell those who manage both organisations."""
    for organisation in (mandate.enterprise_id, mandate.agency_id):
        notify(
            kind=KINDS[change],
            text=f"mandate_{change}",
            organisation=organisation,
            roles=MANAGING_ROLES,
            url=reverse("mandate", args=[mandate.pk]),
            at=at,
        )


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
