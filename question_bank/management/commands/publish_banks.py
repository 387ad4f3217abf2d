"""Publish the banks that ship with the service: `manage.py publish_banks`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from question_bank.publishing import (
    MapTaken,
    VersionBehind,
    VersionTaken,
    bank_folders,
    compile_bank,
    publish,
    publish_map,
)


class Command(BaseCommand):
    """Compile every bank folder and store versions that are not stored yet."""

    help = "Publish the question banks in question_bank/banks."

    def handle(self, *_args: Any, **options: Any) -> None:
        for folder in bank_folders():
            compiled = compile_bank(folder)
            if compiled.bank is None or compiled.errors:
                lines = "\n".join(str(problem) for problem in compiled.errors)
                raise CommandError(f"{folder.name} can't be published:\n{lines}")
            try:
                at = timezone.now()
                version = publish(bank=compiled.bank, at=at)
                for bank_map in compiled.maps:
                    publish_map(bank_map=bank_map, target_version=version, at=at)
            except (VersionTaken, MapTaken) as error:
                raise CommandError(str(error)) from error
            except VersionBehind as error:
                # Experts published a higher version meanwhile: that one stays.
                self.stderr.write(str(error))
                continue
            if options["verbosity"]:
                self.stdout.write(f"{version} {version.sha256[:12]}")
