"""Doors to the question banks; everybody may read them."""

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages, StrictSerializer
from backend.errors import NotFound
from question_bank.engine.definition import Bank
from question_bank.engine.scoring import display
from question_bank.models import BankVersion
from question_bank.quick_scan import Scan, scan, scan_questions
from question_bank.selectors import compiled_bank, offered_version


class BankReader(serializers.Serializer[Any]):
    """One published version of a bank."""

    bank = serializers.CharField()
    edition = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()
    status = serializers.CharField()
    published_at = serializers.DateTimeField()


class ScanWriter(StrictSerializer):
    """Levels 0–4 by question id; null means "don't know"."""

    levels = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=4, allow_null=True)
    )


class GapReader(serializers.Serializer[Any]):
    """One of the largest gaps."""

    question = serializers.CharField()
    text = serializers.DictField()
    level = serializers.IntegerField()
    guidance = serializers.DictField(allow_null=True)


class ScanReader(serializers.Serializer[Any]):
    """The indication; nothing is stored."""

    score = serializers.CharField(allow_null=True)
    band = serializers.CharField(allow_null=True)
    answered = serializers.IntegerField()
    gaps = GapReader(many=True)


class Banks(APIView):
    """Published and retired bank versions."""

    permission_classes = [AllowAny]
    pagination_class = Pages

    @extend_schema(responses=BankReader(many=True))
    def get(self, request: Request) -> Response:
        rows = BankVersion.objects.open().light().order_by("bank", "-pk")
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(BankReader(page, many=True).data)


class BankDocument(APIView):
    """The canonical JSON of one version."""

    permission_classes = [AllowAny]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, _request: Request, bank: str, version: str) -> Response:
        found = BankVersion.objects.open().filter(bank=bank, version=version).first()
        if found is None:
            raise NotFound
        return Response(json.loads(found.document))


class QuickScan(APIView):
    """Twelve questions, an indication, nothing stored."""

    permission_classes = [AllowAny]

    @extend_schema(request=ScanWriter, responses=ScanReader)
    def post(self, request: Request) -> Response:
        wanted = ScanWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        bank = _offered_bank()
        levels = wanted.validated_data["levels"]
        known = {question.id for question in scan_questions(bank)}
        if unknown := sorted(set(levels) - known):
            raise serializers.ValidationError(
                {"levels": {key: [_("快速测评中没有这道题。")] for key in unknown[:20]}}
            )
        found = scan(bank, levels, as_of=timezone.localdate())
        return Response(_scan_body(found))


def _offered_bank() -> Bank:
    try:
        return compiled_bank(offered_version().sha256)
    except BankVersion.DoesNotExist as error:
        raise NotFound(_("没有这个题库。"), code="unknown_bank") from error


def _scan_body(found: Scan) -> dict[str, Any]:
    return {
        "score": None if found.score is None else display(found.score),
        "band": found.band.id if found.band else None,
        "answered": found.answered,
        "gaps": [
            {
                "question": gap.question.id,
                "text": dict(gap.question.text),
                "level": gap.level,
                "guidance": dict(gap.guidance.text) if gap.guidance else None,
            }
            for gap in found.gaps
        ],
    }
