"""Check the bank files: `manage.py lint_banks [folder …]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from question_bank.publishing import bank_folders, compile_bank


class Command(BaseCommand):
    """Print every problem with file and line; fail when there is any."""

    help = "Check the question bank files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        count = 0
        for folder in options["folders"] or bank_folders():
            for problem in compile_bank(folder).problems:
                count += 1
                self.stdout.write(str(problem))
        if count:
            raise CommandError(f"{count} problems")
