"""Doors to reports: translate, make one call, answer."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.api.views import person
from assessments.scopes import whole_assessment
from backend.errors import NotFound
from reports.api.serializers import ReportReader, ReportWriter, VerificationReader
from reports.models import Report
from reports.receivers import ring
from reports.selectors import file_name, get_report, open_file, reports_of
from reports.services import request_report
from reports.verification import VerifyThrottle, verify


class UnknownCode(NotFound):
    """No finished report bears this code."""

    code = "unknown_code"
    message = _("查无此码。")


class AssessmentReports(APIView):
    """The reports of one assessment: at most one in each language."""

    @extend_schema(responses=ReportReader(many=True))
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = whole_assessment(request.user, assessment_id, report=True)
        return Response(ReportReader(reports_of(assessment), many=True).data)

    @extend_schema(request=ReportWriter, responses={202: ReportReader})
    def post(self, request: Request, assessment_id: UUID) -> Response:
        wanted = ReportWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        actor = person(request)
        report = request_report(
            assessment=whole_assessment(actor, assessment_id, report=True),
            locale=wanted.validated_data["locale"],
            actor=actor,
            at=timezone.now(),
        )
        ring(report)
        return Response(ReportReader(report).data, status.HTTP_202_ACCEPTED)


class ReportDetail(APIView):
    """One report and its state."""

    @extend_schema(responses=ReportReader)
    def get(self, request: Request, report_id: UUID) -> Response:
        return Response(ReportReader(get_report(request.user, report_id)).data)


class ReportFile(APIView):
    """The PDF, always as a download."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, report_id: UUID) -> FileResponse:
        return report_download(get_report(request.user, report_id))


def report_download(report: Report) -> FileResponse:
    """Return the stored PDF as a download under a name that says what it is."""
    response = FileResponse(
        open_file(report),
        as_attachment=True,
        filename=file_name(report),
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


class VerifyCode(APIView):
    """Whether a report is genuine; open to everybody, without names or scores."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [VerifyThrottle]

    @extend_schema(responses=VerificationReader)
    def get(self, request: Request, code: str) -> Response:
        found = verify(code)
        if found is None:
            raise UnknownCode
        return Response(VerificationReader(found).data)
