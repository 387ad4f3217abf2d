"""Mark an agency as a certification body: it can't hold mandates any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.agencies import find_agency
from accounts.mandates import mark_certification_body
from backend.errors import ServiceError


class Command(BaseCommand):
    """Ends the mandates it holds at once."""

    help = "Mark an agency as a certification body; ends the mandates it holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the agency's exact name or credit code."""
        parser.add_argument("agency")

    def handle(self, **options: Any) -> None:
        """Run."""
        try:
            agency = find_agency(options["agency"])
            mark_certification_body(organisation=agency, at=timezone.now())
        except ServiceError as error:
            raise CommandError(str(error.message)) from error
