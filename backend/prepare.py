"""Bring the database, the banks and the static files up to date.

`python -m backend.prepare` is a process of its own, so that what filling a demo takes
is given back before the service runs.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Migrate, publish the banks, collect the static files, fill the demo."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    call_command("check", deploy=False)
    call_command("migrate", verbosity=0)
    call_command("publish_banks", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        call_command("seed_demo")


if __name__ == "__main__":
    main()
