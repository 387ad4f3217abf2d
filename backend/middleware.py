"""What holds for every request: what is let in, and what caches may keep."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

logger = logging.getLogger(__name__)


class SoundRequestsMiddleware:
    """Answer 400 to requests that no browser makes and no view expects.

    A NUL in the address or a cookie is an error of the database (PostgreSQL) where
    it is looked up; a body in another character set than UTF-8 may hold halves of
    characters; and a body is spooled to the disk before a view sees it, so its
    length is looked at first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "\0" in "".join(request.COOKIES.values()):
            raise SuspiciousOperation("NUL in the address or in a cookie")
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            raise SuspiciousOperation("the body is not in UTF-8")
        if _length(request) > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig("the body is longer than REQUEST_MAX_BYTES")
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    """Return the announced length of the body; Django reads no more than that."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdigit()):
        return 0
    return int(text.lstrip("0")[:16] or 0)


class PrivatePagesMiddleware:
    """Mark every answer to a signed-in person as not to be stored.

    The back button after signing out, and a shared proxy, must show nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_personal(request):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether somebody signed in asked, even of a view that looks at no session."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return signed_in or settings.SESSION_COOKIE_NAME in request.COOKIES


class BusyDatabaseMiddleware:
    """Answer 503 where the database is locked, slow or away, and say when to retry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Turn the database's refusal into a page; leave all other errors alone."""
        if not isinstance(error, OperationalError):
            return None
        logger.warning("database unavailable: %s", type(error).__name__)
        return busy_page()


def busy_page() -> HttpResponse:
    """Return the page that asks to try again soon."""
    # Without the request: the page's frame would ask the database again.
    response = HttpResponse(get_template("503.html").render(), status=503)
    response["Retry-After"] = "2"
    return response
