"""The tree of errors services raise, and how the API answers them.

An error class stands beside the rule that raises it and derives from one of
these. The API answers every error as `application/problem+json` (RFC 9457)
with a stable `code` (`backend.problems`); pages show `message` to the user.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

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


class LimitReached(ServiceError):
    """The caller did something too often; `wait` says for how many seconds."""

    status = 429
    code = "limit_reached"
    message = _("操作过于频繁，请稍后再试。")

    def __init__(self, message: Any = None, *, wait: int = 60, **other: Any) -> None:
        super().__init__(message, **other)
        self.wait = wait
