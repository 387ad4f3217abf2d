"""Make a draft bank of a control catalogue: `manage.py import_catalogue FILE …`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from question_bank.bank_files import write_folder
from question_bank.catalogue import draft_bank
from question_bank.catalogue_draft import Draft
from question_bank.publishing import BANKS_DIR
from question_bank.yaml_reading import SourceError


class Command(BaseCommand):
    """Read a CSV or XLSX catalogue, print its problems, write a bank folder."""

    help = "Make a draft question bank of a control catalogue (CSV or XLSX)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--id", required=True, dest="bank")
        parser.add_argument("--title", required=True, help="Chinese title")
        parser.add_argument("--title-en", default="", help="English title")
        parser.add_argument("--edition", default="", help="default: the title")
        parser.add_argument("--out", type=Path, help="default: among the banks")

    def handle(self, *_args: Any, **options: Any) -> None:
        file, bank = options["file"], options["bank"]
        source, problems = draft_bank(
            _bytes(file), file=file.name, draft=_draft(options)
        )
        for problem in problems:
            self.stdout.write(str(problem))
        if source is None:
            raise CommandError(f"{file.name} was not imported.")
        folder = options["out"] or BANKS_DIR / bank
        if folder.exists():
            raise CommandError(f"{folder} exists already; nothing was overwritten.")
        try:
            write_folder(source, folder)
        except SourceError as error:
            message = "The texts are too long for a bank; split the catalogue."
            raise CommandError(message) from error
        self.stdout.write(f"{folder}: {len(source['questions'])} questions")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _draft(options: dict[str, Any]) -> Draft:
    title = {"zh": options["title"], "en": options["title_en"]}
    return Draft(
        id=options["bank"],
        title={locale: text for locale, text in title.items() if text},
        edition=options["edition"] or options["title"],
    )
