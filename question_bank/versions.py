"""Ways from one bank version to another: patches to follow, versions to move to."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.errors import Conflict, NotFound
from question_bank.engine.definition import Bank, Change
from question_bank.engine.migration import BankMap, version_map
from question_bank.engine.wording import differs_in_words_alone
from question_bank.models import BankVersion, StoredMap
from question_bank.releases import release as release
from question_bank.selectors import compiled_bank


class NoRoute(Conflict):
    """No map leads from the one bank to the other."""

    code = "no_route"
    message = _("没有从原题库到该题库的对应表，不能移植。")


@dataclass(frozen=True)
class Route:
    """A map with the stored row it comes from; None when derived from two versions."""

    bank_map: BankMap
    stored: StoredMap | None


def route(source: BankVersion, target: BankVersion) -> Route:
    """Return how answers get from one version to the other; NoRoute when no way leads.

    One query once the map is known, none between versions of one bank.
    """
    if source.bank == target.bank:
        return Route(_between_versions(source.sha256, target.sha256), None)
    rows = StoredMap.objects.between(source.bank, target).defer("document")
    stored: StoredMap | None = rows.first()
    if stored is None:
        raise NoRoute
    return Route(map_of(stored), stored)


def map_of(stored: StoredMap) -> BankMap:
    """Return the map a stored row holds; it is read and parsed once a process."""
    return _stored_map(stored.sha256)


@lru_cache(maxsize=32)
def _between_versions(source_sha256: str, target_sha256: str) -> BankMap:
    return version_map(compiled_bank(source_sha256), compiled_bank(target_sha256))


@lru_cache(maxsize=32)
def _stored_map(sha256: str) -> BankMap:
    documents = StoredMap.objects.filter(sha256=sha256).values_list("document")
    return BankMap.from_json(json.loads(documents[:1].get()[0]))


def destinations(source: BankVersion) -> tuple[BankVersion, ...]:
    """Return the offered versions that answers can be moved to; one query.

    Newer versions of the bank itself come before other banks.
    """
    mapped = StoredMap.objects.filter(source_bank=source.bank).values("target_bank")
    rows = BankVersion.objects.offered().light().exclude(pk=source.pk)
    found = rows.filter(Q(bank=source.bank) | Q(bank__in=mapped))
    return tuple(sorted(found, key=lambda version: version.bank != source.bank))


def version_of(bank: str, version: str) -> BankVersion:
    """Return a published or retired version; NotFound when there is none."""
    found: BankVersion | None = (
        BankVersion.objects.open().light().filter(bank=bank, version=version).first()
    )
    if found is None:
        raise NotFound(_("没有这个版本的题库。"), code="unknown_version")
    return found


def patch_after(version: BankVersion) -> BankVersion | None:
    """Return the offered version that corrects words of this one alone, if any."""
    rows = BankVersion.objects.offered().light().filter(bank=version.bank)
    return next((row for row in rows if is_patch(version, row)), None)


def is_patch(old: BankVersion, new: BankVersion) -> bool:
    """Whether `new` may take the place of `old` under a draft.

    Being numbered as a patch is not enough: both contents are compared.
    """
    before, after = release(old.version), release(new.version)
    if old.bank != new.bank or before is None or after is None:
        return False
    if before[:2] != after[:2] or before >= after:
        return False
    return _same_substance(old.sha256, new.sha256)


@lru_cache(maxsize=64)
def _same_substance(old_sha256: str, new_sha256: str) -> bool:
    return differs_in_words_alone(compiled_bank(old_sha256), compiled_bank(new_sha256))


def changes_after(bank: Bank, version: str) -> tuple[Change, ...]:
    """Return the entries of a bank's changelog that are newer than `version`."""
    known = release(version)
    return tuple(
        change
        for change in bank.changelog
        if known is not None and (release(change.version) or known) > known
    )
