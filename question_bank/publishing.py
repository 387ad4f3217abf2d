"""From YAML files to an immutable stored version."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from backend.errors import Conflict
from question_bank.engine.definition import Bank
from question_bank.engine.migration import BankMap
from question_bank.engine.problems import Problem
from question_bank.maps import load_maps
from question_bank.models import BankVersion, StoredMap
from question_bank.releases import release
from question_bank.selectors import newest_version
from question_bank.source import load_bank

BANKS_DIR = Path(__file__).parent / "banks"


class VersionTaken(Conflict):
    """Another content was already published under this version number."""

    code = "version_taken"


class VersionBehind(Conflict):
    """A higher version of the bank is stored: publishing would go back."""

    code = "version_behind"


class MapTaken(Conflict):
    """Another map was already published for this version of the bank."""

    code = "map_taken"


@dataclass(frozen=True)
class Compiled:
    """A bank and its maps read from files, with everything lint says about them."""

    bank: Bank | None
    problems: tuple[Problem, ...]
    maps: tuple[BankMap, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that forbid publishing."""
        return tuple(p for p in self.problems if p.severity == "error")


def bank_folders() -> list[Path]:
    """Return the folders of the banks that ship with the service."""
    return sorted(path.parent for path in BANKS_DIR.glob("*/bank.yaml"))


def compile_bank(folder: Path) -> Compiled:
    """Read, compile and lint one bank folder with its maps."""
    bank, problems = load_bank(folder)
    if bank is None:
        return Compiled(bank, tuple(problems))
    maps, faults = load_maps(folder, bank)
    return Compiled(bank, (*problems, *faults), maps)


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
    number = release(bank.version)
    highest = release(newest.version) if newest else None
    if newest and number and highest and number < highest:
        raise VersionBehind(
            f"{bank.id} {bank.version} is behind the published {newest.version}."
        )


@transaction.atomic
def publish_map(
    *, bank_map: BankMap, target_version: BankVersion, at: datetime
) -> StoredMap:
    """Store the map to a published version; the same content again changes nothing.

    Raises MapTaken when another map was published for that version: a version and the
    maps to it stand for one content.
    """
    known: StoredMap | None = StoredMap.objects.filter(
        source_bank=bank_map.source_bank, target_version=target_version
    ).first()
    if known is not None:
        if known.sha256 != bank_map.sha256:
            raise MapTaken(
                f"The map {bank_map.source_bank} to {target_version} was published "
                "with other content; raise `version` in bank.yaml."
            )
        return known
    return StoredMap.objects.create(
        source_bank=bank_map.source_bank,
        target_bank=target_version.bank,
        target_version=target_version,
        document=bank_map.canonical_bytes().decode(),
        sha256=bank_map.sha256,
        published_at=at,
    )
