"""The public change log of a bank: every version, when, what and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontend.components import Link, State, Status
from frontend.templatetags.texts import localized
from question_bank.engine.definition import Bank, Change
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank
from question_bank.versions import destinations


@dataclass(frozen=True)
class VersionEntry:
    """One version of a bank as the log tells it."""

    version: str
    status: Status
    published_at: datetime | None
    sha256: str
    texts: tuple[str, ...]
    document_url: str


@require_safe
def bank_changes(request: HttpRequest, bank: str) -> HttpResponse:
    """Show the versions of a bank, the newest first."""
    rows = BankVersion.objects.open().light().filter(bank=bank)
    versions = tuple(rows.order_by("-published_at", "-pk"))
    if not versions:
        raise Http404
    newest = versions[0]
    shown = compiled_bank(newest.sha256)
    later = [v for v in destinations(newest) if v.bank != bank]
    context = {
        "bank": shown,
        "later": later[0] if later else None,
        "entries": tuple(_entries(versions, superseded=bool(later))),
        "crumbs": (
            Link(reverse("questionnaire"), _("全部题目")),
            Link("", _("修订记录")),
        ),
    }
    return render(request, "public/changes.html", context)


def _entries(
    versions: Iterable[BankVersion], *, superseded: bool
) -> Iterable[VersionEntry]:
    log: dict[str, list[Change]] = {}
    for row in versions:
        if row.version not in log:
            # A version tells of itself and of those before it: few are read.
            _add(log, compiled_bank(row.sha256))
        yield VersionEntry(
            row.version,
            _status(row, superseded=superseded),
            row.published_at,
            row.sha256,
            tuple(localized(change.text) for change in log.get(row.version, ())),
            reverse("api-bank", args=(row.bank, row.version)),
        )


def _add(log: dict[str, list[Change]], bank: Bank) -> None:
    found: dict[str, list[Change]] = {}
    for change in bank.changelog:
        found.setdefault(change.version, []).append(change)
    for version, changes in found.items():
        log.setdefault(version, changes)


def _status(row: BankVersion, *, superseded: bool) -> Status:
    if row.status == BankVersion.Status.RETIRED:
        return Status(State.NONE, _("已停用"))
    if superseded:
        return Status(State.ATTENTION, _("已有新版"))
    return Status(State.DONE, _("现行"))


urlpatterns = [
    path("questionnaire/<slug:bank>/changes/", bank_changes, name="bank-changes"),
]
