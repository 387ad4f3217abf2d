"""Check a workbook and write it to a folder: `manage.py import_bank FILE.xlsx`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.errors import ServiceError
from question_bank.exchange import import_workbook


class Command(BaseCommand):
    """Print every problem with sheet and cell; without `--to` nothing is written."""

    help = "Check a bank's workbook and write it to a folder of YAML files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workbook", type=Path)
        parser.add_argument("--to", type=Path, dest="folder", metavar="FOLDER")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            found = import_workbook(
                workbook=options["workbook"], folder=options["folder"]
            )
        except ServiceError as error:
            raise CommandError(str(error)) from error
        for problem in found.warnings:
            self.stdout.write(str(problem))
        self.stdout.write(f"{found.bank.id} {found.bank.version} {found.bank.sha256}")
