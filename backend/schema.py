"""How the OpenAPI document describes errors.

Apart from `backend.api`, which the API framework imports while it is loading.
"""

from typing import Any, Literal

from drf_spectacular.authentication import SessionScheme as CookieScheme
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    """The shape of every error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField(), required=False
    )


class ProblemSchema(AutoSchema):
    """Adds the problem document to every operation."""

    STATUSES = ("400", "401", "403", "404", "429")

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self.STATUSES:
            bodies.setdefault(
                status,
                self._get_response_for_code(  # type: ignore[no-untyped-call]
                    ProblemSerializer, status, ["application/problem+json"]
                ),
            )
        return bodies


class SessionScheme(CookieScheme):  # type: ignore[no-untyped-call]
    """Names the session cookie as what authenticates."""

    target_class = "backend.api.SessionAuthentication"
    name = "session"
    priority = 1
