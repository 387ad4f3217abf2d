"""Reads of question banks.

A compiled bank is cached in the process by its hash: it never changes, so
answering needs no query for questions.
"""

import json
from functools import lru_cache

from question_bank.engine.definition import Bank, PassLine
from question_bank.models import BankVersion
from question_bank.releases import release

MAIN_BANK = "gbt29490_2023"


@lru_cache(maxsize=16)
def compiled_bank(sha256: str) -> Bank:
    """Return the bank with this hash; BankVersion.DoesNotExist when unknown."""
    document = BankVersion.objects.values_list("document", flat=True).get(sha256=sha256)
    return Bank.from_json(json.loads(document))


@lru_cache(maxsize=64)
def pinned_sha256(version_id: int) -> str:
    """Return the hash of a stored version by its key; both never change."""
    return BankVersion.objects.values_list("sha256", flat=True).get(pk=version_id)


def offered_version(bank: str = MAIN_BANK) -> BankVersion:
    """Return the version a new assessment uses; DoesNotExist when none is offered."""
    version: BankVersion | None = (
        BankVersion.objects.offered().light().filter(bank=bank).first()
    )
    if version is None:
        raise BankVersion.DoesNotExist(bank)
    return version


def newest_version(bank: str) -> BankVersion | None:
    """Return the stored version of a bank with the highest number, None if none.

    It may be retired: a new version follows it all the same.
    """
    rows = BankVersion.objects.open().light().filter(bank=bank)
    found: BankVersion | None = max(
        rows,
        key=lambda row: (release(row.version) or (0, 0, 0), row.pk),
        default=None,
    )
    return found


def offered_banks() -> tuple[Bank, ...]:
    """Return the banks a new assessment may use, the main one first, then by id."""
    newest: dict[str, str] = {}
    for bank, sha256 in BankVersion.objects.offered().values_list("bank", "sha256"):
        newest.setdefault(bank, sha256)
    order = sorted(newest, key=lambda bank: (bank != MAIN_BANK, bank))
    return tuple(compiled_bank(newest[bank]) for bank in order)


def newest_pass_lines(bank: Bank) -> tuple[PassLine, ...]:
    """Return the pass lines known today, newest first.

    A line is published after its round, so a version that is already pinned learns of
    it from the version on offer.
    """
    try:
        found = compiled_bank(offered_version(bank.id).sha256)
    except BankVersion.DoesNotExist:
        found = bank
    return tuple(sorted(found.pass_lines, key=lambda line: -line.year))


def version_by_key(version_id: int) -> BankVersion:
    """Return a stored version without its document; DoesNotExist when unknown."""
    version: BankVersion = BankVersion.objects.light().get(pk=version_id)
    return version
