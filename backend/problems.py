"""How the API answers errors: as problem documents (RFC 9457).

Apart from the errors themselves, so that workers need not load the API's framework.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from backend.errors import PROBLEM_TYPE, Forbidden, Invalid, NotFound, ServiceError

logger = logging.getLogger(__name__)


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer `error` as problem+json, or return None for a programming error."""
    if isinstance(error, ServiceError):
        return _told_to_wait(
            _answer(error.status, error.code, error.message, error.fields, error.extra),
            error,
        )
    if isinstance(error, Http404):
        return problem_response(NotFound(), context)
    if isinstance(error, PermissionDenied):
        return problem_response(Forbidden(), context)
    if isinstance(error, OperationalError):
        logger.warning("database unavailable: %s", type(error).__name__)
        return _unavailable()
    if isinstance(error, exceptions.ValidationError):
        return _answer(400, "invalid", Invalid.message, error.detail, {})
    if isinstance(error, exceptions.APIException):
        return _framework_answer(error)
    return None


def _unavailable() -> Response:
    response = _answer(503, "busy", _("系统繁忙，请稍后重试。"), {}, {})
    response["Retry-After"] = "2"
    return response


def _framework_answer(error: exceptions.APIException) -> Response:
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    response = _told_to_wait(
        _answer(error.status_code, code, error.detail, {}, {}), error
    )
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def _told_to_wait(response: Response, error: Exception) -> Response:
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _answer(
    status: int, code: str, message: Any, fields: Any, extra: Mapping[str, Any]
) -> Response:
    body: dict[str, Any] = {
        "type": f"/api/docs/errors#{code}",
        "title": str(message),
        "status": status,
        "code": code,
        **extra,
    }
    if problems := list(_field_problems(fields)):
        body["errors"] = problems
    return Response(body, status=status, content_type=PROBLEM_TYPE)


def _field_problems(fields: Any, path: str = "") -> Any:
    """Flatten nested field errors to `{field, code, message}` rows."""
    if isinstance(fields, Mapping):
        for name, inner in fields.items():
            yield from _field_problems(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(fields, (list, tuple)):
        for index, inner in enumerate(fields):
            nested = isinstance(inner, (Mapping, list, tuple))
            yield from _field_problems(inner, f"{path}[{index}]" if nested else path)
    else:
        code = getattr(fields, "code", None) or "invalid"
        yield {"field": path, "code": str(code), "message": str(fields)}
