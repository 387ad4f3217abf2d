"""Doors to calibration: what the report of a snapshot says, and nothing computed."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages
from backend.errors import NotFound
from oversight.calibration_shown import editions_of
from oversight.models import CalibrationReport


class ShareReader(serializers.Serializer[Any]):
    """How many of `of` came true, in per cent, with a 95 % interval."""

    of = serializers.IntegerField()
    percent = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()


class PointReader(serializers.Serializer[Any]):
    """A class of scores, read as `forecast` per cent."""

    from_score = serializers.IntegerField()
    to_score = serializers.IntegerField()
    forecast = serializers.IntegerField()
    observed = ShareReader()


class PartsReader(serializers.Serializer[Any]):
    """The Brier score and its parts, in thousandths."""

    score = serializers.IntegerField()
    reliability = serializers.IntegerField()
    resolution = serializers.IntegerField()
    uncertainty = serializers.IntegerField()
    within = serializers.IntegerField()


class BandOutcomeReader(serializers.Serializer[Any]):
    """What became of a band; null where there are too few."""

    band = serializers.CharField()
    observed = ShareReader(allow_null=True)


class QuestionFindingReader(serializers.Serializer[Any]):
    """What sheets tell of a question, in tenths."""

    question = serializers.CharField()
    of = serializers.IntegerField()
    difficulty = serializers.IntegerField()
    discrimination = serializers.IntegerField(allow_null=True)


class QuestionsReader(serializers.Serializer[Any]):
    """Those that tell least, those nearly all answer alike, and how many spoke."""

    weakest = QuestionFindingReader(many=True)
    alike = QuestionFindingReader(many=True)
    spoken = serializers.IntegerField()
    silent = serializers.IntegerField()


class SignsReader(serializers.Serializer[Any]):
    """How many sheets show a sign of haste; null below five."""

    sheets = serializers.IntegerField()
    all_top_at_once = serializers.IntegerField(allow_null=True)
    straight_line = serializers.IntegerField(allow_null=True)
    too_quick = serializers.IntegerField(allow_null=True)


class EditionFindingsReader(serializers.Serializer[Any]):
    """What is said of one edition; empty or null where there is too little."""

    bank = serializers.CharField()
    groups = serializers.IntegerField()
    points = PointReader(many=True)
    brier = PartsReader(allow_null=True)
    bands = BandOutcomeReader(many=True)
    questions = QuestionsReader()
    signs = SignsReader(allow_null=True)
    held = serializers.BooleanField()


class CalibrationSummaryReader(serializers.Serializer[Any]):
    """The calibration made with a snapshot."""

    number = serializers.IntegerField(source="snapshot.number")
    month = serializers.CharField(source="snapshot.month")
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()


class CalibrationReader(CalibrationSummaryReader):
    """All that a report says, edition by edition."""

    editions = serializers.SerializerMethodField()

    @extend_schema_field(EditionFindingsReader(many=True))
    def get_editions(self, report: CalibrationReport) -> Any:
        return EditionFindingsReader(editions_of(report), many=True).data


class Reports(APIView):
    """The published reports, the latest first."""

    pagination_class = Pages

    @extend_schema(responses=CalibrationSummaryReader(many=True))
    def get(self, request: Request) -> Response:
        rows = CalibrationReport.objects.visible_to(request.user).published()
        pages = Pages()
        rows = rows.light()
        page: Any = pages.paginate_queryset(rows, request, self)
        body = CalibrationSummaryReader(page, many=True).data
        return pages.get_paginated_response(body)


class ReportDetail(APIView):
    """The report of one snapshot."""

    @extend_schema(responses=CalibrationReader)
    def get(self, request: Request, number: int) -> Response:
        rows = CalibrationReport.objects.visible_to(request.user).published()
        found = rows.filter(snapshot__number=number).first()
        if found is None:
            raise NotFound
        return Response(CalibrationReader(found).data)
