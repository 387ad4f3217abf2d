"""Record that the claim to an enterprise was proved, or refuse it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.claims import Proof, approve_claim, refuse_claim
from accounts.models import EnterpriseClaim
from backend.errors import ServiceError


class Command(BaseCommand):
    """For operators, when no bureau decides on claims."""

    help = "Record that an enterprise's claim is proven; with --refuse, refuse it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the credit code, the kind of proof and a reason."""
        parser.add_argument("credit_code")
        parser.add_argument("--proof", default=Proof.LICENCE, choices=Proof.values)
        parser.add_argument("--reason", default="")
        parser.add_argument("--refuse", action="store_true")

    def handle(self, **options: Any) -> None:
        """Run."""
        code, reason, now = options["credit_code"], options["reason"], timezone.now()
        try:
            claim = EnterpriseClaim.objects.get(enterprise__credit_code=code)
        except EnterpriseClaim.DoesNotExist as error:
            raise CommandError(f"no enterprise has the credit code {code}") from error
        try:
            if options["refuse"]:
                refuse_claim(claim=claim, reason=reason, actor=None, at=now)
            else:
                approve_claim(
                    claim=claim,
                    proof=options["proof"],
                    reason=reason,
                    actor=None,
                    at=now,
                )
        except ServiceError as error:
            raise CommandError(str(error.message)) from error
