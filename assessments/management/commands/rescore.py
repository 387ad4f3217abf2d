"""Score every sealed assessment again: `manage.py rescore`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.rescoring import rescore


class Command(BaseCommand):
    """Print every difference; fail when the same scorer gives another result."""

    help = "Recompute every sealed assessment from its pinned bank version and compare."

    def handle(self, *_args: Any, **_options: Any) -> None:
        checked = faults = 0
        for found in rescore():
            checked += 1
            faults += found.is_fault
            if found.differences:
                names = ", ".join(found.differences)
                self.stdout.write(
                    f"{found.assessment} scorer {found.scorer_version}: {names}"
                )
        if faults:
            raise CommandError(f"{faults} of {checked} differ from what was sealed")
        self.stdout.write(f"{checked} sealed assessments recomputed")
