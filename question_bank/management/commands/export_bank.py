"""Write a bank to files: `manage.py export_bank BANK --to FOLDER|FILE.xlsx`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.errors import ServiceError
from question_bank.exchange import export_bank


class Command(BaseCommand):
    """Write a stored version, a shipped bank, a folder or a workbook elsewhere."""

    help = "Write a bank to a folder of YAML files or to a workbook (.xlsx)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bank", help="id, id@version, folder or .xlsx file")
        parser.add_argument("--to", required=True, type=Path, dest="target")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            export_bank(name=options["bank"], target=options["target"])
        except ServiceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(options["target"]))
