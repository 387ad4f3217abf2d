"""From YAML files to an immutable stored version."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from backend.errors import Conflict
from question_bank.engine.definition import Bank
from question_bank.engine.problems import Problem
from question_bank.models import BankVersion
from question_bank.selectors import newest_version
from question_bank.source import load_bank
from question_bank.versions import version_number

BANKS_DIR = Path(__file__).parent / "banks"


class VersionTaken(Conflict):
    """Another content was already published under this version number."""

    code = "version_taken"


class VersionBehind(Conflict):
    """A higher version of the bank is stored: publishing would go back."""

    code = "version_behind"


@dataclass(frozen=True)
class Compiled:
    """A bank read from files, with everything lint says about it."""

    bank: Bank | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that forbid publishing."""
        return tuple(p for p in self.problems if p.severity == "error")


def bank_folders() -> list[Path]:
    """Return the folders of the banks that ship with the service."""
    return sorted(path.parent for path in BANKS_DIR.glob("*/bank.yaml"))


def compile_bank(folder: Path) -> Compiled:
    """Read, compile and lint one bank folder."""
    bank, problems = load_bank(folder)
    return Compiled(bank, tuple(problems))


@transaction.atomic
def publish(*, bank: Bank, at: datetime) -> BankVersion:
    """Store `bank` as a published version; the same content again changes nothing.

    Raises VersionTaken when the version number stands for other content and
    VersionBehind when a higher one is stored. An older published version of the bank
    is retired: it stays readable for ever, but no new assessment uses it.
    """
    known: BankVersion | None = BankVersion.objects.filter(
        bank=bank.id, version=bank.version
    ).first()
    if known is not None:
        if known.sha256 != bank.sha256:
            raise VersionTaken(
                f"{bank.id} {bank.version} was published with other content; "
                "raise `version` in bank.yaml."
            )
        return known
    _require_higher(bank)
    BankVersion.objects.filter(bank=bank.id, status="published").update(
        status=BankVersion.Status.RETIRED, retired_at=at
    )
    return BankVersion.objects.create(
        bank=bank.id,
        edition=bank.edition,
        version=bank.version,
        document=bank.canonical_bytes().decode(),
        sha256=bank.sha256,
        status=BankVersion.Status.PUBLISHED,
        published_at=at,
    )


def _require_higher(bank: Bank) -> None:
    newest = newest_version(bank.id)
    number = version_number(bank.version)
    highest = version_number(newest.version) if newest else None
    if newest and number and highest and number < highest:
        raise VersionBehind(
            f"{bank.id} {bank.version} is behind the published {newest.version}."
        )
