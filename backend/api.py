"""What every API endpoint shares: authentication, parsing, paging."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework import authentication, exceptions, pagination, parsers, serializers
from rest_framework.request import Request

MAX_BODY_BYTES = 256 * 1024


class SessionAuthentication(authentication.SessionAuthentication):
    """Session cookie with CSRF; strangers get 401 instead of 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object names the same key twice")
    return found


def _refuse_lone_surrogates(body: bytes, data: Any) -> None:
    r"""Raise ValueError for half a character: it can't be stored or sent back.

    Only an escape, `\ud800` to `\udfff`, can bring one in.
    """
    if b"\\ud" in body.lower():
        json.dumps(data, ensure_ascii=False).encode()


class StrictJSONParser(parsers.JSONParser):
    """JSON of whole characters, without NaN or duplicate keys, at most 256 KiB."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise exceptions.ParseError(_("请求内容超过 256 KiB。"), "too_large")
        try:
            data = json.loads(
                body.decode("utf-8"),
                parse_constant=_refuse_constant,
                object_pairs_hook=_unique_keys,
            )
            _refuse_lone_surrogates(body, data)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(
                _("请求内容不是有效的 JSON：%(reason)s") % {"reason": error},
                "malformed_json",
            ) from error
        return data


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses keys it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError(
                {key: [_unknown_key()] for key in unknown}
            )
        return value


def _unknown_key() -> exceptions.ErrorDetail:
    return exceptions.ErrorDetail(str(_("没有这个字段。")), code="unknown_key")


class Pages(pagination.PageNumberPagination):
    """`?page=2&page_size=20`, at most 200 rows a page."""

    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        """Return the wanted size; refuse what is no whole number from 1."""
        for text in request.query_params.getlist(self.page_size_query_param):
            if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
                raise serializers.ValidationError(
                    {self.page_size_query_param: [_("须为不小于 1 的整数。")]}
                )
        return super().get_page_size(request)
