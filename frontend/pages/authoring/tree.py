"""A draft seen as a whole: its questions, its clauses, its other contents."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.authoring import outline
from frontend.pages.authoring.doors import (
    crumbs,
    draft_or_404,
    draft_tabs,
    for_experts,
)
from frontend.pages.authoring.words import PART_WORDS, said
from frontend.templatetags.texts import localized
from question_bank.drafting import Checked, checked_text
from question_bank.models import BankDraft
from question_bank.services import move_part
from question_bank.source_tree import LISTS, Part, Source


def draft_frame(draft: BankDraft, current: str, found: Checked) -> dict[str, object]:
    """Return what every page of a draft shows around its content."""
    return {
        "draft": draft,
        "tabs": draft_tabs(draft, current),
        "crumbs": crumbs(draft),
        "errors": len(found.errors),
        "warnings": len(found.warnings),
    }


@require_safe
@for_experts
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show sections and questions with what lint says of each."""
    found_draft = draft_or_404(request, draft_id)
    source, found = found_draft.data(), checked_text(found_draft.source)
    rows = outline.question_rows(source, found)
    sections = outline.sections(source, found, rows)
    clauses = outline.clauses(source, found, rows)
    context = {
        **draft_frame(found_draft, "bank-draft", found),
        "title": _title(source, found_draft),
        "total": len(rows),
        "sections": sections,
        "contents": tuple(
            Link(f"#section-{node.id}", node.title, note=str(len(node.rows)))
            for node in sections
        ),
        "uncovered": sum(node.uncovered for node in clauses),
        "general": _general(found),
    }
    return render(request, "authoring/draft.html", context)


@require_safe
@for_experts
def clauses(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the clause tree with the questions that cover each clause."""
    found_draft = draft_or_404(request, draft_id)
    source, found = found_draft.data(), checked_text(found_draft.source)
    nodes = outline.clauses(source, found, outline.question_rows(source, found))
    leaves = [node for node in nodes if node.leaf and node.normative]
    context = {
        **draft_frame(found_draft, "bank-clauses", found),
        "nodes": nodes,
        "leaves": len(leaves),
        "covered": sum(not node.uncovered for node in leaves),
        "uncovered": tuple(node for node in leaves if node.uncovered),
    }
    return render(request, "authoring/clauses.html", context)


@require_safe
@for_experts
def parts(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """List everything that is no question: the frame, sections, gates, checks."""
    found_draft = draft_or_404(request, draft_id)
    source, found = found_draft.data(), checked_text(found_draft.source)
    counts = outline.counts(found)
    groups = []
    for kind in ("section", "gate", "check"):
        name, key = LISTS[kind]
        rows = [
            (
                str(item.get(key, "")),
                localized(outline.texts(item.get("title") or item.get("text"))),
                counts.get((name, str(index)), outline.Count()),
            )
            for index, item in enumerate(source.get(name) or [])
            if isinstance(item, dict)
        ]
        groups.append((kind, PART_WORDS[kind], rows))
    context = {**draft_frame(found_draft, "bank-parts", found), "groups": groups}
    return render(request, "authoring/parts.html", context)


@require_POST
@for_experts
def question_move(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Move a question one place: the button's value is “up:id” or “down:id”."""
    direction, _colon, question_id = request.POST.get("move", "").partition(":")
    move_part(
        draft_id=draft_id,
        part=Part("question", question_id),
        step=-1 if direction == "up" else 1,
        actor=person(request),
        at=timezone.now(),
    )
    return redirect(f"{reverse('bank-draft', args=(draft_id,))}#row-{question_id}")


def _title(source: Source, found_draft: BankDraft) -> str:
    return localized(outline.texts(source.get("title"))) or found_draft.bank


def _general(found: Checked) -> tuple[object, ...]:
    """Return the problems that belong to no listed part."""
    names = {name for name, _key in LISTS.values()}
    return tuple(
        said(p) for p in found.problems if p.path.partition("/")[0] not in names
    )
