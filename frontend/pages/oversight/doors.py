"""What the doors of the registers do first: who asks, and what for."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import show_problem
from backend.errors import Conflict, Forbidden, NotFound, ServiceError
from frontend.context import frame_of
from frontend.pages.answering.doors import answers_refusals
from oversight.rules import KEEPING_ROLES
from oversight.services.recording import StaleRecord

View = Callable[..., HttpResponseBase]


def _door(*methods: str) -> Callable[[View], View]:
    """Return a decorator: let in who keeps the registers; 403 for everybody else."""

    def wrap(view: View) -> View:
        @login_required
        @never_cache
        @require_http_methods(methods)
        @answers_refusals
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            membership = frame_of(request).membership
            if membership is None or membership.role not in KEEPING_ROLES:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return wrap


reading_door = _door("GET", "HEAD")
keeper_door = _door("GET", "HEAD", "POST")
posting_door = _door("POST")


def found_or_404(rows: Any, record_id: UUID) -> Any:
    """Return a row by its id; Http404 when the person may not see it."""
    found = rows.filter(pk=record_id).first()
    if found is None:
        raise Http404
    return found


def done_by(form: forms.Form, verb: Callable[[], Any]) -> Any:
    """Return what a service made, or None with its refusal shown in the form."""
    try:
        return verb()
    except (Forbidden, NotFound):
        raise
    except ServiceError as error:
        show_problem(form, error)
        return None


def done_or_told(request: HttpRequest, verb: Callable[[], Any], success: str) -> bool:
    """Do something a button asked for; tell how it went."""
    try:
        verb()
    except (StaleRecord, Conflict) as error:
        messages.error(request, str(error.message))
        return False
    messages.success(request, success)
    return True
