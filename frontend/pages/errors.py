"""The pages shown when a request can't be answered.

The page for a server error is rendered without a request: no context processor,
no session and no database is touched, since any of them may be what failed.
"""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from backend.errors import PROBLEM_TYPE, Invalid, NotFound, ServiceError

logger = logging.getLogger(__name__)


class Failure(ServiceError):
    """A fault of the service itself; the log has it, the answer has not."""

    status = 500
    code = "server_error"
    message = _("系统暂时无法处理该请求，请稍后再试。")


LAST_RESORT = (
    "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>系统故障</title>"
    "<h1>系统暂时无法处理您的请求</h1><p>请稍后再试。</p>"
    "<p lang=en>The service can't answer right now. Please try again later.</p>"
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 400: the request itself is broken."""
    if _asks_api(request):
        return _problem(Invalid)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 403: signed in, but not allowed."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 404: no such page, or not for this person."""
    if _asks_api(request):
        return _problem(NotFound)
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: the form's token is missing or old."""
    logger.info("CSRF check failed: %s", reason)
    return render(request, "csrf.html", status=403)


def _asks_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")


def _problem(error: type[ServiceError]) -> HttpResponse:
    """Answer a program as the API does, where no view of the API was reached."""
    body = {
        "type": f"/api/docs/errors#{error.code}",
        "title": str(error.message),
        "status": error.status,
        "code": error.code,
    }
    return JsonResponse(body, status=error.status, content_type=PROBLEM_TYPE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with as little machinery as possible."""
    if _asks_api(request):
        return _problem(Failure)
    try:
        body = get_template("500.html").render()
    except Exception:
        # Whatever broke the request may break the template too.
        logger.exception("the page for server errors failed")
        body = LAST_RESORT
    return HttpResponse(body, status=500)
