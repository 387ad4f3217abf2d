"""Fill the service with a model city: `manage.py load_city --enterprises 2000`."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from assessments.local_day import local_date
from oversight.city_loading.loading import CityIsLoaded, city_of_banks, load_city
from oversight.city_loading.people import MAIL_DOMAIN
from question_bank.models import BankVersion

MODEL_DOMAINS = ("@demo.example", f"@{MAIL_DOMAIN}")
ABOUT = """\
Load a model city: enterprises that nobody is, with registers, titles, agencies and
assessments over years, drawn from a seed. For demonstrations, training and measuring;
every name says 示例 and every source says that it is model data. The accounts of the
city are closed. Nothing that is loaded can be taken out again, so the command stops
where anybody but the demo's accounts is registered, unless --force says otherwise.
"""


class Command(BaseCommand):
    """Load a model city into an empty service, or one with the demo in it."""

    help = ABOUT

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the description."""
        return super().create_parser(
            *args, **options, formatter_class=RawDescriptionHelpFormatter
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say how large, how long and which."""
        parser.add_argument("--enterprises", type=int, required=True, metavar="N")
        parser.add_argument(
            "--years",
            type=int,
            default=local_date(timezone.now()).year - 2014 + 1,
            metavar="N",
            help="how many calendar years until today; since 2014 unless given",
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--assessments-each",
            type=float,
            default=14,
            metavar="N",
            help="mean number of submissions of an enterprise that submits at all",
        )
        parser.add_argument(
            "--force", action="store_true", help="load it next to real accounts"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load it, or say why not."""
        if not options["force"] and _somebody_real():
            raise CommandError(
                "This service has accounts besides the demo's. A model city among "
                "real data can't be taken out again; --force loads it all the same."
            )
        at = timezone.now()
        last = local_date(at).year
        try:
            city = city_of_banks(
                enterprises=options["enterprises"],
                seed=options["seed"],
                years=(last - options["years"] + 1, last),
                assessments_each=options["assessments_each"],
                at=at,
            )
            stored = load_city(city, at=at)
        except BankVersion.DoesNotExist as error:
            raise CommandError("Publish the banks first: publish_banks.") from error
        except CityIsLoaded as error:
            raise CommandError("There is a model city already.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        for table, rows in stored.items():
            name = table._meta.label  # noqa: SLF001 - Django's public name
            self.stdout.write(f"{rows:>10,}  {name}")


def _somebody_real() -> bool:
    people = User.objects.get_queryset()
    for domain in MODEL_DOMAINS:
        people = people.exclude(email__endswith=domain)
    return people.exists()
