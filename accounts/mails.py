"""The mails that services send; those of allauth are templates of its own.

A mail says what happened and where to sign in. It never holds what an
enterprise answered, and links lead to the configured address only.
"""

import logging
from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Invitation

logger = logging.getLogger(__name__)


def invitation_url(token: str) -> str:
    """Return the full address of an invitation."""
    return f"{settings.SITE_URL}{reverse('invitation-accept', args=[token])}"


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Send the link to the invited address; tell whether that worked."""
    context = {
        "organisation": invitation.organisation.name,
        "url": invitation_url(token),
        "expires_at": invitation.expires_at,
    }
    return _send("people/email/invitation", invitation.email, context)


def tell_repeated_registration(addresses: Iterable[str]) -> None:
    """Tell the owners of an enterprise that somebody tried to register it."""
    for address in addresses:
        _send("people/email/repeated_registration", address, {})


def send_registration_refused(address: str) -> None:
    """Tell the applicant that their enterprise has an account already."""
    _send("people/email/registration_refused", address, {})


def mandate_request_url(token: str) -> str:
    """Return the full address of an agency's request for a mandate."""
    return f"{settings.SITE_URL}{reverse('mandate-request', args=[token])}"


def send_notices(
    template: str, addresses: Iterable[str], context: dict[str, Any] | None = None
) -> None:
    """Send the same short mail to each of the addresses."""
    for address in addresses:
        _send(template, address, context or {})


def _send(template: str, address: str, context: dict[str, Any]) -> bool:
    full = {"site_url": settings.SITE_URL, **context}
    subject = render_to_string(f"{template}_subject.txt", full).strip()
    body = render_to_string(f"{template}_message.txt", full).strip()
    try:
        EmailMessage(" ".join(subject.split()), body, to=[address]).send()
    except (SMTPException, OSError) as error:
        # What was stored stays; a mail server that is down must not undo it.
        logger.warning("mail %s not sent: %s", template, type(error).__name__)
        return False
    return True
