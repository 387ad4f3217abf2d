"""The tree of errors services raise, and how the API answers them.

An error class stands beside the rule that raises it and derives from one of
these. The API answers every error as `application/problem+json` (RFC 9457)
with a stable `code`; pages show `message` to the user.
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

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"


class ServiceError(Exception):
    """Something the caller asked for can't be done.

    `code` is stable and part of the API; `message` is for people, in their
    language; `fields` maps a field name to what is wrong with it; `extra` is
    added to the problem document.
    """

    status = 400
    code = "invalid"
    message: Any = _("请求的内容有误。")

    def __init__(
        self,
        message: Any = None,
        *,
        code: str | None = None,
        fields: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        super().__init__(str(self.message))


class Invalid(ServiceError):
    """The input breaks a rule that the caller can mend."""


class Forbidden(ServiceError):
    """The caller may see the object but not do this with it."""

    status = 403
    code = "forbidden"
    message = _("您没有执行此操作的权限。")


class NotFound(ServiceError):
    """There is no such object, or the caller may not know that there is."""

    status = 404
    code = "not_found"
    message = _("没有找到该内容，或您无权查看。")


class Conflict(ServiceError):
    """The object's state does not allow this now."""

    status = 409
    code = "conflict"
    message = _("当前状态下不能执行此操作。")


class PreconditionFailed(ServiceError):
    """Somebody else changed the object since the caller read it."""

    status = 412
    code = "stale_revision"
    message = _("内容已被他人修改，请核对后再保存。")


class TooLarge(ServiceError):
    """The file or body exceeds a limit that was announced beforehand."""

    status = 413
    code = "too_large"
    message = _("内容超过大小限制。")


class UnsupportedType(ServiceError):
    """The file is of a kind that is not accepted."""

    status = 415
    code = "unsupported_type"
    message = _("不支持的文件类型。")


class PreconditionRequired(ServiceError):
    """The request lacks the revision it is based on."""

    status = 428
    code = "revision_required"
    message = _("缺少修订号，请刷新页面后再保存。")


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer `error` as problem+json, or return None for a programming error."""
    if isinstance(error, ServiceError):
        return _answer(
            error.status, error.code, error.message, error.fields, error.extra
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
    response = _answer(error.status_code, code, error.detail, {}, {})
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
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
