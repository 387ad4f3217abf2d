"""What either side does on a review: remark, answer, settle, give back."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from backend.errors import Forbidden, NotFound, ServiceError
from frontend.pages.answering.doors import answers_refusals, person, problem_text
from reviews import services
from reviews.models import Remark

View = Callable[..., HttpResponseBase]
ANSWERS: dict[str, tuple[Callable[..., Remark], Any]] = {
    "accept": (services.accept_remark, gettext_lazy("已接受这条意见。")),
    "argue": (services.argue_remark, gettext_lazy("已提交不同看法。")),
    "reply": (services.reply_remark, gettext_lazy("已补充意见。")),
    "settle": (services.settle_remark, gettext_lazy("意见已了结。")),
}


def _tells_problems(view: View) -> View:
    """Go back to the review with a message where a service refuses the content."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (NotFound, Forbidden):
            raise
        except ServiceError as error:
            messages.error(request, problem_text(error))
            return redirect(_back(request, **kwargs))

    return guarded


def _back(request: HttpRequest, **kwargs: Any) -> str:
    """Return the page a form was on: the question's, or the review's."""
    if "review_id" not in kwargs:
        remarks = Remark.objects.visible_to(person(request))
        found = remarks.filter(pk=kwargs["remark_id"]).first()
        if found is None:
            raise Http404
        return f"{reverse('review', args=[found.review_id])}#remark-{found.pk}"
    question = kwargs.get("question_id") or request.POST.get("question", "")[:64]
    return _page(kwargs["review_id"], question)


def _page(review_id: UUID, question_id: str) -> str:
    if question_id:
        return reverse("review-question", args=[review_id, question_id])
    return reverse("review", args=[review_id])


@login_required
@require_POST
@answers_refusals
@_tells_problems
def remark(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Say something about a question or the whole."""
    question = request.POST.get("question", "")[:64]
    services.add_remark(
        review_id=review_id,
        question_id=question,
        text=request.POST.get("text", ""),
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("意见已提出，企业可以看到。"))
    return redirect(_page(review_id, question))


@login_required
@require_POST
@answers_refusals
@_tells_problems
def answer(request: HttpRequest, remark_id: UUID) -> HttpResponse:
    """Accept or argue as the client; reply or settle as the agency."""
    if (named := ANSWERS.get(request.POST.get("do", ""))) is None:
        raise Http404
    service, words = named
    found = service(
        remark_id=remark_id,
        text=request.POST.get("text", ""),
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, str(words))
    return redirect(f"{reverse('review', args=[found.review_id])}#remark-{found.pk}")


@login_required
@require_POST
@answers_refusals
@_tells_problems
def unmark(request: HttpRequest, review_id: UUID, question_id: str) -> HttpResponse:
    """Take a mark back."""
    services.remove_mark(
        review_id=review_id,
        question_id=question_id,
        revision=_number(request.POST.get("revision", "")),
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("评审已撤回，仍可在记录中看到。"))
    return redirect("review-question", review_id, question_id)


def _number(text: str) -> int:
    """Return a revision; what is none fits nothing that is stored."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@login_required
@require_POST
@answers_refusals
@_tells_problems
def give_back(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Return the review to the client."""
    services.return_review(
        review_id=review_id,
        text=request.POST.get("text", ""),
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("评审已退回企业。"))
    return redirect("review", review_id)


@login_required
@require_POST
@answers_refusals
@_tells_problems
def accept(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Close the review as accepted."""
    services.accept_review(
        review_id=review_id,
        text=request.POST.get("text", ""),
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("评审已认可，企业可以看到结果。"))
    return redirect("review", review_id)
