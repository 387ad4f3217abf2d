"""What every door of answering does first: who asks, for which assessment."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from accounts.models import User
from assessments.models import Assessment
from assessments.services.access import AlreadySubmitted, get_own_assessment
from backend.errors import Forbidden, NotFound, ServiceError
from frontend.pages.answering.words import url_if_any

View = Callable[..., HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Return the signed-in person; `login_required` has let nobody else through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def answers_refusals(view: View) -> View:
    """Turn what services refuse about the whole page into 404 or 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except Forbidden as error:
            raise PermissionDenied from error

    return guarded


def answers_errors(view: View) -> View:
    """Turn refusals that are about the whole page into 404, 403 or a redirect."""
    refusing = answers_refusals(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return refusing(request, *args, **kwargs)
        except AlreadySubmitted as error:
            messages.info(request, str(error.message))
            if "assessment_id" in kwargs:
                return sealed_redirect(kwargs["assessment_id"])
            return redirect("home")

    return guarded


def assessment_or_404(request: HttpRequest, assessment_id: UUID) -> Assessment:
    """Return the assessment if the person answers for it; Http404 otherwise.

    These pages are for answering: an agency reads on pages of its own.
    """
    try:
        return get_own_assessment(person(request), assessment_id)
    except (NotFound, Forbidden) as error:
        raise Http404 from error


def sealed_redirect(assessment_id: UUID) -> HttpResponse:
    """Lead from a page about a draft to what a sealed assessment shows."""
    if url := url_if_any("result", assessment_id):
        return redirect(url)
    return redirect("submitted", assessment_id)


def problem_text(error: ServiceError) -> str:
    """Return what a service refused, with what is wrong with each field."""
    texts = [str(text) for text in error.fields.values()] or [str(error.message)]
    return " ".join(dict.fromkeys(texts))
