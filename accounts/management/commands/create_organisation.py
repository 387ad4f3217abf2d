"""Make an agency or a bureau and a link for the first who manages it."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from accounts import mails, services
from accounts.rules import Kind
from backend.errors import ServiceError


class Command(BaseCommand):
    """Prints the invitation link, which is shown this once."""

    help = "Create an agency or a bureau; prints a link for its first manager."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take kind, name and, if the link is for one person, an address."""
        parser.add_argument("kind", choices=[Kind.AGENCY.value, Kind.BUREAU.value])
        parser.add_argument("name")
        parser.add_argument(
            "--credit-code", default="", help="the agency's unified social credit code"
        )
        parser.add_argument("--email", default="", help="only this address may join")

    def handle(self, **options: Any) -> None:
        """Run."""
        try:
            if options["email"]:
                validate_email(options["email"])
            invited = services.create_organisation(
                kind=options["kind"],
                name=options["name"],
                email=options["email"],
                code=options["credit_code"],
                at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except ServiceError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(mails.invitation_url(invited.token))
