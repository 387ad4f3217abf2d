"""The API's documentation: the interactive reference and the list of errors."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView

from backend.errors import ServiceError


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI inside the site's frame; its script comes as a separate file."""

    template_name = "public/api_docs.html"


@dataclass(frozen=True)
class ErrorEntry:
    """One stable code: what it answers with and what the caller can do."""

    code: str
    status: int
    message: str
    remedy: str


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """List every error code; a problem document's `type` links here."""
    entries = {entry.code: entry for entry in (*_framework(), *_services())}
    ordered = sorted(entries.values(), key=lambda entry: (entry.status, entry.code))
    return render(request, "public/api_errors.html", {"entries": ordered})


def _services() -> Iterator[ErrorEntry]:
    """The errors our own services raise: the whole tree below ServiceError."""
    for error in _family(ServiceError):
        message = str(error.message)
        yield ErrorEntry(error.code, error.status, message, _remedy(error.status))


def _family(error: type[ServiceError]) -> Iterator[type[ServiceError]]:
    yield error
    for child in error.__subclasses__():
        yield from _family(child)


def _framework() -> Iterator[ErrorEntry]:
    """The errors raised before a service is reached."""
    rows = (
        ("malformed_json", 400, _("请求内容不是有效的 JSON。")),
        ("unknown_key", 400, _("没有这个字段。")),
        ("required", 400, _("缺少必填字段。")),
        ("not_authenticated", 401, _("未登录，或登录已失效。")),
        ("method_not_allowed", 405, _("该地址不支持这种请求方法。")),
        ("not_acceptable", 406, _("只能返回 JSON。")),
        ("throttled", 429, _("请求过于频繁。")),
        ("busy", 503, _("系统繁忙。")),
    )
    for code, status, message in rows:
        yield ErrorEntry(code, status, message, _remedy(status))


def _remedy(status: int) -> str:
    remedies = {
        400: _("按 errors 中列出的字段改正后重发。"),
        401: _("先登录取得会话，再重发请求。"),
        403: _("换用有相应角色的账号。"),
        404: _("核对编号；无权查看的对象也按不存在答复。"),
        405: _("按接口文档换用正确的方法。"),
        406: _("把 Accept 设为 application/json。"),
        409: _("先读取对象的当前状态，再决定下一步。"),
        412: _("重新读取最新修订，合并改动后再提交。"),
        413: _("减小文件或请求内容后重发。"),
        415: _("换用接口文档列出的类型。"),
        428: _("在 If-Match 中带上所依据的修订号。"),
        429: _("等待 Retry-After 指明的秒数后重试。"),
        503: _("等待 Retry-After 指明的秒数后重试。"),
    }
    return remedies.get(status, remedies[400])


urlpatterns = [
    path("api/docs/", ApiDocsView.as_view(url_name="schema"), name="api-docs"),
    path("api/docs/errors", errors, name="api-errors"),
]
