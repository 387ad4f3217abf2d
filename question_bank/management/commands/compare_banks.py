"""Print what differs between two banks: `manage.py compare_banks OLD NEW`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.errors import ServiceError
from question_bank.exchange import compare_by_name


class Command(BaseCommand):
    """Print one line a difference, and the step of version they ask for."""

    help = "Print the differences of two banks and what they ask of the version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("old", "new"):
            parser.add_argument(name, help="id, id@version, folder or .xlsx file")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            found = compare_by_name(options["old"], options["new"])
        except ServiceError as error:
            raise CommandError(str(error)) from error
        for change in found.changes:
            self.stdout.write(str(change))
        self.stdout.write(f"level: {found.level}")
