"""Sessions end: after a while without a request, and after a working day."""

import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

STARTED = "rules.started"
SEEN = "rules.seen"
WRITE_EVERY = 60
"""Seconds between two notes of activity: a page costs a write once a minute."""


class SessionRulesMiddleware:
    """Sign out sessions that are idle or too old; note when one was last used.

    A request of an ended session goes on as a stranger's: public pages open, the
    API answers 401 and pages for members lead to the sign-in page, which then
    says why and brings the person back to where they were.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        reason = _reason_to_end(request, now)
        if reason:
            logout(request)
        response = self.get_response(request)
        _note_activity(request, now)
        return _explain(request, response, reason) if reason else response


def _reason_to_end(request: HttpRequest, now: int) -> str:
    """Return why the session of `request` has to end, or an empty string."""
    if not request.session.session_key or STARTED not in request.session:
        return ""
    if now - request.session[STARTED] > settings.SESSION_MAX_HOURS * 3600:
        return "old"
    if now - request.session[SEEN] > settings.SESSION_IDLE_MINUTES * 60:
        return "idle"
    return ""


def _note_activity(request: HttpRequest, now: int) -> None:
    # Asking an anonymous session for its person costs no query.
    if not request.user.is_authenticated or request.session.is_empty():
        return
    if STARTED not in request.session:
        request.session[STARTED] = request.session[SEEN] = now
    elif now - request.session[SEEN] >= WRITE_EVERY:
        request.session[SEEN] = now
        own = UserSession.objects.filter(session_key=request.session.session_key)
        own.update(last_seen_at=timezone.now())


def _explain(request: HttpRequest, response: HttpResponse, reason: str) -> HttpResponse:
    """Add to a way to the sign-in page why, and where to go afterwards."""
    target = urlsplit(response.headers.get("Location", ""))
    if target.path != reverse("account_login"):
        return response
    query = dict(parse_qsl(target.query)) | {"ended": reason}
    if request.method not in ("GET", "HEAD"):
        # The address of a form's target can't be opened; its page can.
        query["next"] = _page_before(request)
    response["Location"] = urlunsplit(target._replace(query=urlencode(query)))
    return response


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page a form was on, or the home page."""
    referer = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(referer, {request.get_host()})
    page = urlsplit(referer)
    path = urlunsplit(("", "", page.path, page.query, ""))
    return path if own and path else reverse(settings.LOGIN_REDIRECT_URL)
