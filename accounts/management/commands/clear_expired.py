"""Delete what has expired; the scheduler does the same once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import expiry


class Command(BaseCommand):
    """Prints how many rows of each kind were deleted."""

    help = "Delete expired sessions, lock-outs, sign-in records, links, read notices."

    def handle(self, **options: Any) -> None:
        """Run."""
        cleared = expiry.clear(timezone.now())
        self.stdout.write(
            f"sessions {cleared.sessions}, lock-outs {cleared.lockouts}, "
            f"sign-in records {cleared.sign_in_records}, "
            f"invitations {cleared.invitations}, "
            f"e-mail confirmations {cleared.confirmations}, "
            f"read notices {cleared.notices}"
        )
