"""The split view: one answer beside its evidence, and what the agency thinks of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import show_problem
from backend.errors import Forbidden, NotFound, PreconditionFailed, ServiceError
from frontend.components import Link, Status
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.answering.words import answer_words
from frontend.pages.reviews.files import shown_files
from frontend.pages.reviews.forms import MarkForm
from frontend.pages.reviews.words import crumbs, row_status, threads
from question_bank.engine.definition import Section
from reviews.selectors import Board, Row, board_of, remarks_on
from reviews.services import mark_question


@dataclass(frozen=True)
class QuestionLine:
    """A question in the list beside the view."""

    row: Row
    url: str
    status: Status
    current: bool


@login_required
@never_cache
@require_safe
@answers_refusals
def work(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Lead to the first question to look at, or to the summary when none is left."""
    board = board_of(person(request), review_id, at=timezone.now())
    return redirect(_url(board, board.next_open()))


def _url(board: Board, row: Row | None) -> str:
    if row is None:
        return reverse("review", args=[board.review.pk])
    return reverse("review-question", args=[board.review.pk, row.question.id])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals
def review_question(
    request: HttpRequest, review_id: UUID, question_id: str
) -> HttpResponse:
    """Show one answer with its evidence, or save what the agency thinks of it."""
    board = board_of(person(request), review_id, at=timezone.now())
    row = board.row(question_id)
    if row is None:
        raise Http404
    form = MarkForm(request.POST or None, bank=board.bank, row=row)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(request, board, form, row)
    ):
        messages.success(request, _("已保存。"))
        goes_on = request.POST.get("then") == "next"
        after = board.next_open(question_id)
        return redirect(_url(board, after if goes_on else row))
    return render(request, "reviews/question.html", _context(request, board, row, form))


def _saved(request: HttpRequest, board: Board, form: MarkForm, row: Row) -> bool:
    """Save the mark; show on the form what was refused about it."""
    try:
        mark_question(
            review_id=board.review.pk,
            question_id=row.question.id,
            opinion=form.opinion(),
            revision=form.cleaned_data["revision"],
            answer_revision=form.cleaned_data["answer_revision"],
            actor=person(request),
            at=timezone.now(),
        )
    except (NotFound, Forbidden):
        raise
    except PreconditionFailed as error:
        # What is shown now is what was saved meanwhile; the next save is about that.
        show_problem(form, error)
        form.look_again(row)
        return False
    except ServiceError as error:
        show_problem(form, error)
        return False
    return True


def _context(
    request: HttpRequest, board: Board, row: Row, form: MarkForm
) -> dict[str, object]:
    question, held = row.question, board.held
    files = shown_files(request, row.files) if held.scope.evidence else ()
    return {
        "board": board,
        "row": row,
        "form": form,
        "question": question,
        "section": board.bank.section(question.section),
        "clause": board.bank.clause(question.clause) if question.clause else None,
        "words": answer_words(board.bank, question, row.answer),
        "chosen": row.answer.value if row.answer else None,
        "status": row_status(row),
        "shows_files": held.scope.evidence,
        "files": files,
        "shows_page": any(file.pdf and file.pdf.pages for file in files),
        "threads": threads(board.bank, remarks_on(held, question.id)),
        "next_url": _url(board, board.next_open(question.id)),
        "previous_url": _url(board, board.previous_open(question.id)),
        "sections": tuple(_lines(board, row)),
        "crumbs": crumbs(held, Link(request.path, _("逐题评审"), current=True)),
    }


def _lines(board: Board, current: Row) -> Iterable[tuple[Section, list[QuestionLine]]]:
    """Yield every section with its questions and where they stand."""
    for section in board.bank.sections:
        lines = [
            QuestionLine(row, _url(board, row), row_status(row), row is current)
            for row in board.rows
            if row.question.section == section.id
        ]
        if lines:
            yield section, lines
