"""One answering page: shown, and saved as a plain form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from assessments.models import Evidence
from assessments.selectors import (
    AnswerPage,
    QuestionView,
    answer_page as read_page,
    tally,
)
from assessments.suggestions import Suggestion, suggestions
from frontend.components import Link, Problem
from frontend.pages.answering.blocks import Block, Trouble, build_block
from frontend.pages.answering.browser import page_data, words
from frontend.pages.answering.carried import read_origins
from frontend.pages.answering.doors import (
    answers_errors,
    assessment_or_404,
    person,
    sealed_redirect,
)
from frontend.pages.answering.saving import save_page
from frontend.pages.answering.typed import raw_values
from frontend.pages.answering.words import (
    numbered_title,
    page_title,
    tally_note,
    value_words,
)
from frontend.templatetags.texts import localized
from question_bank.paging import Page, layout

NO_TROUBLES: Mapping[str, Trouble] = {}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answers_errors
def answer_page(request: HttpRequest, assessment_id: UUID, key: str) -> HttpResponse:
    """Show one page of questions, or save what was filled in on it."""
    assessment = assessment_or_404(request, assessment_id)
    if not assessment.is_draft:
        return sealed_redirect(assessment_id)
    now = timezone.now()
    page = read_page(assessment, key, at=now)
    if page is None:
        raise Http404
    if request.method != "POST":
        return _show(request, page)
    troubles = save_page(
        page, request.POST, request.FILES, actor=person(request), at=now
    )
    after = read_page(assessment, key, at=now) or page
    if troubles:
        return _show(request, after, troubles)
    return _go_on(request, page, after)


def _go_on(request: HttpRequest, before: AnswerPage, page: AnswerPage) -> HttpResponse:
    """Lead on after everything was saved."""
    if removed := _file_on_page(page, request.POST.get("remove", "")):
        return redirect("evidence-remove", removed.pk)
    here = request.get_full_path()
    for name in ("upload", "clear", "confirm", "adopt"):
        if name in request.POST:
            messages.success(request, _("已保存。"))
            question, _colon, _value = request.POST[name].partition(":")
            return redirect(f"{here}#q-{question}")
    if appeared := _appeared(before, page):
        text = ngettext(
            "已保存。根据您的回答，本页多出 %(number)s 道题。",
            "已保存。根据您的回答，本页多出 %(number)s 道题。",
            len(appeared),
        )
        messages.info(request, text % {"number": len(appeared)})
        return redirect(f"{here}#q-{appeared[0]}")
    if request.POST.get("then") != "next":
        messages.success(request, _("已保存。"))
        return redirect(here)
    return redirect(_next_url(page, request))


def _appeared(before: AnswerPage, after: AnswerPage) -> list[str]:
    """Return the questions that are asked now and weren't before the save."""
    return [
        new.question.id
        for old, new in zip(before.questions, after.questions, strict=True)
        if new.state == "applies" != old.state
    ]


def _file_on_page(page: AnswerPage, evidence_id: str) -> Evidence | None:
    files = (file for view in page.questions for file in view.evidence)
    return next((file for file in files if str(file.pk) == evidence_id), None)


def _page_url(page: AnswerPage, other: Page) -> str:
    return reverse("answer-page", args=(page.assessment.pk, other.key))


def _returns_to_check(request: HttpRequest) -> bool:
    return request.GET.get("return") == "check"


def _next_url(page: AnswerPage, request: HttpRequest) -> str:
    if _returns_to_check(request) or page.next is None:
        return reverse("check", args=(page.assessment.pk,))
    return _page_url(page, page.next)


def _show(
    request: HttpRequest,
    page: AnswerPage,
    troubles: Mapping[str, Trouble] = NO_TROUBLES,
) -> HttpResponse:
    origins = read_origins(page)
    offered = _suggestions(page)
    blocks = tuple(
        replace(
            build_block(page, view, troubles.get(view.question.id)),
            origin=origins.get(view.question.id),
            **_suggested(page, view, offered),
        )
        for view in page.questions
    )
    problems = tuple(_problems(blocks))
    next_url = _next_url(page, request)
    context = {
        "page": page,
        "blocks": blocks,
        "title": page_title(page.page),
        "clause": page.page.clause,
        "crumbs": _crumbs(page),
        "sections": tuple(_section_links(page)),
        "pages": tuple(_page_links(page)),
        "problems": problems,
        "has_errors": bool(problems),
        "is_empty": all(block.state == "hidden" for block in blocks),
        "saved_at": _saved_at(page),
        "back_url": _page_url(page, page.previous) if page.previous else "",
        "save_text": _save_text(page, request),
        "data": page_data(page, next_url=next_url, request=request),
        "words": words(),
    }
    return render(request, "answering/page.html", context)


def _suggestions(page: AnswerPage) -> dict[str, Suggestion]:
    answers = {v.question.id: v.answer for v in page.questions if v.answer}
    asked = [v.question for v in page.questions if v.state == "applies"]
    day = page.evaluation.sheet.as_of
    return suggestions(page.assessment, asked, answers, as_of=day)


def _suggested(
    page: AnswerPage, view: QuestionView, offered: Mapping[str, Suggestion]
) -> dict[str, Any]:
    """Return what a block shows of a suggestion: its words and its standing."""
    found = offered.get(view.question.id)
    if found is None:
        return {}
    return {
        "suggestion": value_words(page.bank, view.question, found.value),
        "suggestion_raw": raw_values(view.question, found.value)[0],
        "suggestion_differs": found.differs,
    }


def _save_text(page: AnswerPage, request: HttpRequest) -> str:
    if _returns_to_check(request):
        return _("保存并返回检查")
    return _("保存并继续") if page.next else _("保存并检查")


def _saved_at(page: AnswerPage) -> datetime | None:
    times = [view.answer.updated_at for view in page.questions if view.answer]
    return max(times, default=None)


def _crumbs(page: AnswerPage) -> tuple[Link, ...]:
    return (
        Link(reverse("home"), _("工作台")),
        Link(reverse("assessment", args=(page.assessment.pk,)), _("自评")),
        Link("", numbered_title(page.page)),
    )


@dataclass(frozen=True)
class SectionLink:
    """A section in the sidebar; `note` is how much of it is done."""

    id: str
    url: str
    text: str
    note: str
    current: bool


def _section_links(page: AnswerPage) -> Iterable[SectionLink]:
    pages = layout(page.bank).pages
    for section in page.bank.sections:
        first = next((p for p in _shown(page, pages) if p.section == section), None)
        if first is None:
            continue
        part = tally(page.evaluation, page.bank.section_questions(section.id))
        yield SectionLink(
            section.id,
            _page_url(page, first),
            localized(section.title),
            tally_note(part),
            section == page.page.section,
        )


def _page_links(page: AnswerPage) -> Iterable[Link]:
    """Yield the pages of the current section, unless it is the only one."""
    own = [
        other
        for other in _shown(page, layout(page.bank).pages)
        if other.section == page.page.section
    ]
    if len(own) < 2:
        return
    for other in own:
        url = _page_url(page, other)
        yield Link(url, numbered_title(other), current=other.key == page.page.key)


def _shown(page: AnswerPage, pages: Iterable[Page]) -> Iterable[Page]:
    """Yield the pages with anything to answer now or later."""
    states: Any = page.evaluation.applicability
    for other in pages:
        if any(states.state(q.id) != "hidden" for q in other.questions):
            yield other


def _problems(blocks: Iterable[Block]) -> Iterable[Problem]:
    for block in blocks:
        key, question = block.question.id, localized(block.question.text)
        if block.conflict:
            text = _("“%(question)s”已在别处被修改，请选择保留哪一份。")
            yield Problem(f"conflict-{key}", text % {"question": question})
        for control, message in block.errors.items():
            field_id = f"a-{key}" if control == "value" else f"{control}-{key}"
            yield Problem(field_id, f"{question} {message}")
