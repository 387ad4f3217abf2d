"""A page of questions as a respondent will see it; nothing is saved."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontend.components import Link
from frontend.pages.answering.blocks import preview_block
from frontend.pages.answering.words import numbered_title, page_title
from frontend.pages.authoring.doors import crumbs, draft_or_404, for_experts
from question_bank.drafting import Checked, checked_text
from question_bank.engine.definition import Bank, Question
from question_bank.engine.language import names
from question_bank.paging import Layout, layout


@require_safe
@for_experts
def preview(request: HttpRequest, draft_id: UUID, page_key: str) -> HttpResponse:
    """Show one answering page of the draft with all its questions."""
    draft = draft_or_404(request, draft_id)
    found = checked_text(draft.source)
    pages = pages_of(found)
    if found.bank is None or pages is None:
        # The tree says what is wrong.
        return redirect("bank-draft", draft.pk)
    if page_key not in pages.by_key:
        raise Http404
    page = pages.by_key[page_key]
    context = {
        "draft": draft,
        "page": page,
        "title": page_title(page),
        "items": tuple(_item(found.bank, q) for q in page.questions),
        "links": tuple(_links(draft_id, pages, page_key)),
        "crumbs": crumbs(draft, Link("", _("预览：%s") % numbered_title(page))),
    }
    return render(request, "authoring/preview.html", context)


def pages_of(found: Checked) -> Layout | None:
    """Return the answering pages; None while a question has no place in the bank."""
    homeless = any(p.path.endswith(("/section", "/clause")) for p in found.errors)
    return None if found.bank is None or homeless else layout(found.bank)


def _item(bank: Bank, question: Question) -> dict[str, object]:
    deciding = names(question.applies_when.tree) if question.applies_when else ()
    return {
        "block": preview_block(bank, question),
        "asked_if": tuple(bank.question(n) for n in deciding if bank.has_question(n)),
    }


def _links(draft_id: UUID, pages: Layout, current: str) -> list[Link]:
    return [
        Link(
            reverse("bank-preview", args=(draft_id, page.key)),
            numbered_title(page),
            current=page.key == current,
        )
        for page in pages.pages
    ]
