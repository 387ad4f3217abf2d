"""From a draft to a version: what differs, who proposes and approves, what was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.forms import show_problem
from assessments.version_use import open_assessments
from backend.errors import ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.authoring.doors import (
    crumbs,
    draft_or_404,
    for_experts,
    may_approve,
)
from frontend.pages.authoring.tree import draft_frame
from frontend.pages.authoring.words import (
    EFFECT_WORDS,
    KIND_OF_CHANGE,
    LEVEL_WORDS,
    PART_WORDS,
    SHORT_LEVELS,
    SUBJECT_WORDS,
    field_word,
    readable,
)
from frontend.templatetags.texts import localized
from question_bank.drafting import Checked, checked_text
from question_bank.models import BankDraft, BankDraftEvent, BankVersion
from question_bank.releases import release
from question_bank.selectors import newest_version
from question_bank.services import (
    discard_draft,
    publish_draft,
    request_publication,
    return_draft,
)
from question_bank.services.publication import Proposal, differences, least_version

EVENTS_A_PAGE = 50


@dataclass(frozen=True)
class ChangeRow:
    """One difference in words."""

    subject: str
    subject_id: str
    url: str
    what: str
    restore: str
    field: str
    before: str
    after: str
    level: str
    reason: str


@dataclass(frozen=True)
class EffectGroup:
    """All differences of one effect on assessments."""

    effect: str
    title: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs from the newest version, and what the new number must be."""

    newest: BankVersion | None
    level: str
    level_word: str
    least: str
    groups: tuple[EffectGroup, ...]
    total: int
    touched: tuple[tuple[BankVersion, int], ...]


def comparison(draft: BankDraft, found: Checked) -> Comparison | None:
    """Return how a draft differs; None while its bank cannot be built."""
    if found.bank is None:
        return None
    changes = differences(found.bank)
    level: Any = "major" if changes is None else changes.level
    listed = () if changes is None else changes.changes
    groups = tuple(
        EffectGroup(effect, str(title), rows)
        for effect, title in EFFECT_WORDS.items()
        if (rows := tuple(_rows(draft, listed, effect)))
    )
    return Comparison(
        newest=newest_version(draft.bank),
        level=level,
        level_word=str(LEVEL_WORDS[level]),
        least=least_version(draft.bank, level),
        groups=groups,
        total=len(listed),
        touched=_touched(draft.bank),
    )


def _rows(draft: BankDraft, changes: Iterable[Any], effect: str) -> Iterable[ChangeRow]:
    for change in changes:
        if change.effect == effect:
            yield ChangeRow(
                subject=str(SUBJECT_WORDS.get(change.subject, change.subject)),
                subject_id=change.subject_id,
                url=_url(draft, change.subject, change.subject_id, change.kind),
                what=str(KIND_OF_CHANGE[change.kind]),
                restore=_restore_url(draft, change),
                field=field_word(change.field) if change.field else "",
                before=change.before,
                after=change.after,
                level=str(SHORT_LEVELS[change.level]),
                reason=localized(change.reason),
            )


def _restore_url(draft: BankDraft, change: Any) -> str:
    """Return where a removed question is put back, empty for anything else."""
    if change.subject != "question" or change.kind != "removed" or change.field:
        return ""
    if not draft.is_editable or draft.base_id is None:
        return ""
    return reverse("bank-question-restore", args=(draft.pk, change.subject_id))


def _url(draft: BankDraft, subject: str, subject_id: str, kind: str) -> str:
    """Return where a part is edited, empty for what is gone or has no page."""
    if kind == "removed":
        return ""
    if subject == "bank":
        return reverse("bank-part", args=(draft.pk, "frame", "-"))
    try:
        if subject == "question":
            return reverse("bank-question", args=(draft.pk, subject_id))
        if subject in PART_WORDS:
            return reverse("bank-part", args=(draft.pk, subject, subject_id or "-"))
    except NoReverseMatch:
        return ""
    return ""


def _touched(bank: str) -> tuple[tuple[BankVersion, int], ...]:
    """Return the versions with open assessments and their number, newest first."""
    counts = open_assessments()
    rows = BankVersion.objects.open().light().filter(bank=bank)
    used = [(row, counts[row.pk]) for row in rows if counts.get(row.pk)]
    return tuple(
        sorted(used, key=lambda p: release(p[0].version) or (0, 0, 0), reverse=True)
    )


@require_safe
@for_experts
def draft_differences(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show every difference from the newest version, grouped by its effect."""
    draft = draft_or_404(request, draft_id)
    found = checked_text(draft.source)
    context = {
        **draft_frame(draft, "bank-differences", found),
        "comparison": comparison(draft, found),
    }
    return render(request, "authoring/differences.html", context)


class ProposalForm(forms.Form):
    """The number and the words of a new version."""

    version = forms.CharField(
        label=gettext_lazy("版本号"),
        max_length=20,
        help_text=gettext_lazy("三段数字，例如 1.2.0。"),
    )
    text_zh = forms.CharField(
        label=gettext_lazy("变更说明（中文）"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy("改了什么、为什么改。企业在修订记录里看到这段文字。"),
    )
    text_en = forms.CharField(
        label=gettext_lazy("变更说明（英文）"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )

    def proposal(self) -> Proposal:
        """Return what the form says."""
        given = self.cleaned_data
        texts = {"zh": given["text_zh"], "en": given["text_en"]}
        return Proposal(given["version"].strip(), texts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def publish_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show where publication stands; a post proposes it."""
    draft = draft_or_404(request, draft_id)
    found = checked_text(draft.source)
    compared = comparison(draft, found)
    posted = request.POST if request.method == "POST" else None
    form = ProposalForm(posted, initial={"version": compared.least if compared else ""})
    if posted is not None and form.is_valid():
        try:
            _propose(request, draft, form)
        except ServiceError as error:
            show_problem(form, error)
        else:
            messages.success(request, _("已提请发布，请另一位主管批准。"))
            return redirect("bank-publish", draft.pk)
    context = {
        **draft_frame(draft, "bank-publish", found),
        "comparison": compared,
        "form": form,
        "own": draft.requested_by_id == person(request).pk,
        "may_approve": may_approve(request),
        "proposed_version": draft.data().get("version", ""),
        "proposed_text": _proposed_text(draft),
        "moved_on": _moved_on(draft, compared),
    }
    return render(request, "authoring/publish.html", context)


def _propose(request: HttpRequest, draft: BankDraft, form: ProposalForm) -> None:
    request_publication(
        draft_id=draft.pk,
        proposal=form.proposal(),
        revision=_revision(request),
        actor=person(request),
        at=timezone.now(),
    )


def _proposed_text(draft: BankDraft) -> str:
    log = draft.data().get("changelog")
    entry = log[0] if isinstance(log, list) and log else {}
    return localized(entry.get("text")) if isinstance(entry, dict) else ""


def _moved_on(draft: BankDraft, compared: Comparison | None) -> bool:
    """Whether another version came out since the draft was opened."""
    newest = compared.newest if compared else None
    return newest is not None and draft.base_id not in (None, newest.pk)


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() else 0


@require_POST
@for_experts
def approve(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Publish what another person proposed."""
    version = publish_draft(
        draft_id=draft_id,
        revision=_revision(request),
        actor=person(request),
        at=timezone.now(),
    )
    text = _("%(bank)s %(version)s 已发布，新的自评从现在起使用这个版本。")
    words = {"bank": version.bank, "version": version.version}
    messages.success(request, text % words)
    return redirect("banks")


@require_POST
@for_experts
def give_back(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Give a proposed draft back for editing."""
    return_draft(
        draft_id=draft_id,
        remark=request.POST.get("remark", ""),
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("草稿已退回，可以继续修改。"))
    return redirect("bank-publish", draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then close a draft without publishing it."""
    draft = draft_or_404(request, draft_id)
    if request.method == "POST":
        discard_draft(draft_id=draft.pk, actor=person(request), at=timezone.now())
        messages.success(request, _("草稿已放弃，已发布的版本不受影响。"))
        return redirect("banks")
    context = {"draft": draft, "crumbs": crumbs(draft, Link("", _("放弃草稿")))}
    return render(request, "authoring/discard.html", context)


@require_safe
@for_experts
def history(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show who did what to a draft, the last first."""
    draft = draft_or_404(request, draft_id)
    events = (
        BankDraftEvent.objects.filter(draft=draft)
        .select_related("actor")
        .order_by("-pk")
    )
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **draft_frame(draft, "bank-history", checked_text(draft.source)),
        "page": page,
        "events": [_event_row(event) for event in page],
    }
    return render(request, "authoring/history.html", context)


def _event_row(event: BankDraftEvent) -> dict[str, Any]:
    """Return one line of the history in words."""
    return {
        "event": event,
        "subject": str(PART_WORDS.get(event.subject, "")),
        "field": field_word(event.field) if event.field else "",
        "before": readable(event.before),
        "after": readable(event.after),
    }
