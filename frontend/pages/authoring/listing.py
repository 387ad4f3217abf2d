"""The list of banks: versions, drafts, opening a draft, taking a version out of use."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.version_use import open_assessments
from frontend.pages.answering.doors import person
from frontend.pages.authoring.doors import for_experts, may_approve
from frontend.templatetags.texts import localized
from question_bank.models import BankDraft, BankPublication, BankVersion
from question_bank.releases import release
from question_bank.selectors import compiled_bank
from question_bank.services import open_draft, retire_version


@dataclass(frozen=True)
class VersionRow:
    """One stored version with who made it and how much it is in use."""

    version: BankVersion
    publication: BankPublication | None
    open: int

    @property
    def offered(self) -> bool:
        """Whether new assessments use it."""
        return bool(self.version.status == BankVersion.Status.PUBLISHED)


@dataclass(frozen=True)
class BankNode:
    """A bank with its open draft and its versions, newest first."""

    id: str
    title: str
    draft: BankDraft | None
    rows: tuple[VersionRow, ...]


@require_safe
@for_experts
def banks(request: HttpRequest) -> HttpResponse:
    """List every bank with its versions and the draft in work."""
    drafts = {
        draft.bank: draft
        for draft in BankDraft.objects.visible_to(request.user).open().for_list()
    }
    context = {
        "nodes": tuple(_nodes(drafts)),
        "may_approve": may_approve(request),
    }
    return render(request, "authoring/banks.html", context)


def _nodes(drafts: dict[str, BankDraft]) -> Iterable[BankNode]:
    rows: dict[str, list[VersionRow]] = {}
    publications = {
        found.version_id: found
        for found in BankPublication.objects.select_related(
            "proposed_by", "approved_by"
        )
    }
    counts = open_assessments()
    for version in BankVersion.objects.open().light().order_by("bank", "-pk"):
        row = VersionRow(
            version, publications.get(version.pk), counts.get(version.pk, 0)
        )
        rows.setdefault(version.bank, []).append(row)
    for bank in sorted({*rows, *drafts}):
        own = sorted(rows.get(bank, ()), key=_number, reverse=True)
        yield BankNode(bank, _title(own) or bank, drafts.get(bank), tuple(own))


def _number(row: VersionRow) -> tuple[tuple[int, int, int], int]:
    return release(row.version.version) or (0, 0, 0), row.version.pk


def _title(rows: list[VersionRow]) -> str:
    return localized(compiled_bank(rows[0].version.sha256).title) if rows else ""


@require_POST
@for_experts
def draft_open(request: HttpRequest, bank: str, version: str) -> HttpResponse:
    """Open a draft from a stored version."""
    base = _version(bank, version)
    draft = open_draft(base=base, actor=person(request), at=timezone.now())
    messages.success(request, _("草稿已打开。修改会自动记入历史，发布前不影响企业。"))
    return redirect("bank-draft", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def version_retire(request: HttpRequest, bank: str, version: str) -> HttpResponse:
    """Ask, then take a version out of use."""
    found = _version(bank, version)
    if request.method == "POST":
        retire_version(version=found, actor=person(request), at=timezone.now())
        messages.success(request, _("版本已停用，新的自评不再使用它。"))
        return redirect("banks")
    context = {
        "version": found,
        "open": open_assessments().get(found.pk, 0),
        "may_approve": may_approve(request),
    }
    return render(request, "authoring/retire.html", context)


def _version(bank: str, version: str) -> BankVersion:
    rows = BankVersion.objects.open().light().filter(bank=bank, version=version)
    found: BankVersion | None = rows.first()
    if found is None:
        raise Http404
    return found
