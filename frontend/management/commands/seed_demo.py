"""Fill an empty service with the demo: `manage.py seed_demo`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone, translation

from frontend.demo import is_empty, lines, seed
from frontend.demo_city import seed_city


class Command(BaseCommand):
    """Seed once; a service that knows anybody is left alone."""

    help = "Seed demo enterprises, an agency, the bureau and a small model city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to leave the model city out."""
        parser.add_argument(
            "--without-city",
            action="store_true",
            help="leave out the model city that fills the bureau's registers",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seed all of it, or nothing when something fails."""
        if not is_empty():
            return
        self.stdout.write("正在准备演示数据 / Seeding the demo …")
        at = timezone.now()
        with translation.override("zh-hans"), transaction.atomic():
            accounts = seed(at=at)
            if not options["without_city"]:
                seed_city(at=at)
        self.stdout.write(
            "演示账户（密码只显示这一次）/ Demo accounts (passwords are shown once):"
        )
        for line in lines(accounts):
            self.stdout.write(line)
