"""Fill an empty service with the demo: `manage.py seed_demo`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from frontend.demo import is_empty, lines, seed


class Command(BaseCommand):
    """Seed once; a service that knows anybody is left alone."""

    help = "Seed demo enterprises, an agency and the bureau into an empty database."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not is_empty():
            return
        self.stdout.write("正在准备演示数据 / Seeding the demo …")
        with translation.override("zh-hans"):
            accounts = seed(at=timezone.now())
        self.stdout.write(
            "演示账户（密码只显示这一次）/ Demo accounts (passwords are shown once):"
        )
        for line in lines(accounts):
            self.stdout.write(line)
