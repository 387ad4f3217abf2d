"""Doors to bulletins: read what was issued, with everything it says."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages
from backend.errors import NotFound
from oversight.models import Bulletin

KIND_CHOICES = list(Bulletin.Kind.values)


class BulletinSummaryReader(serializers.Serializer[Any]):
    """An issued bulletin. `known_on` is the day whose knowledge it rests on."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(KIND_CHOICES)
    period = serializers.CharField()
    edition = serializers.IntegerField()
    number = serializers.IntegerField()
    day = serializers.DateField()
    known_on = serializers.DateField()
    snapshot = serializers.IntegerField(source="snapshot.number", default=None)
    sha256 = serializers.CharField()
    reason = serializers.CharField()
    issued_at = serializers.DateTimeField()


class BulletinTableReader(serializers.Serializer[Any]):
    """A table; every row is as long as the headers, its first cell names it."""

    key = serializers.CharField()
    title = serializers.CharField()
    headers = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField())
    )
    notes = serializers.ListField(child=serializers.CharField())


class BulletinReader(BulletinSummaryReader):
    """A bulletin with its headline and tables, in the caller's language."""

    headline = serializers.ListField(child=serializers.CharField())
    tables = BulletinTableReader(many=True)


class Bulletins(APIView):
    """The issued bulletins, the latest period first; for the bureau."""

    pagination_class = Pages

    @extend_schema(responses=BulletinSummaryReader(many=True))
    def get(self, request: Request) -> Response:
        pages = Pages()
        page: Any = pages.paginate_queryset(
            _issued(request).light().newest_first(), request, self
        )
        return pages.get_paginated_response(BulletinSummaryReader(page, many=True).data)


class BulletinDetail(APIView):
    """One issued bulletin."""

    @extend_schema(responses=BulletinReader)
    def get(self, request: Request, bulletin_id: UUID) -> Response:
        bulletin = _issued(request).filter(pk=bulletin_id).first()
        if bulletin is None:
            raise NotFound
        document = bulletin.read().in_language(get_language() or "")
        bulletin.headline, bulletin.tables = document.headline, document.tables
        return Response(BulletinReader(bulletin).data)


def _issued(request: Request) -> Any:
    return Bulletin.objects.visible_to(request.user).issued().select_related("snapshot")
