"""Doors to moving, following and comparing assessments."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments import services
from assessments.api import moving_serializers as shapes
from assessments.api.serializers import AssessmentReader
from assessments.api.views import person
from assessments.comparing import Compared, compare_assessments
from assessments.moved import move_of
from assessments.moving import Outlook, outlook
from assessments.scopes import whole_assessment
from assessments.services.access import get_assessment
from backend.errors import NotFound
from question_bank.engine.codec import encode
from question_bank.engine.scorecard import display
from question_bank.models import BankVersion
from question_bank.selectors import offered_version
from question_bank.versions import version_of

BANK = OpenApiParameter("bank", str, description="The bank to look at it under")
OTHER = OpenApiParameter(
    "with", UUID, required=True, description="The other assessment"
)


class ReferenceWriter(serializers.Serializer[Any]):
    """The id of another assessment in the query."""

    other = serializers.UUIDField()


def _offered(bank: str) -> BankVersion:
    try:
        return offered_version(bank)
    except BankVersion.DoesNotExist as error:
        raise NotFound(_("没有这个题库。"), code="unknown_bank") from error


class OutlookDetail(APIView):
    """Where an assessment would stand under another bank; nothing is stored."""

    @extend_schema(responses=shapes.OutlookReader, parameters=[BANK])
    def get(self, request: Request, assessment_id: UUID) -> Response:
        source = whole_assessment(request.user, assessment_id)
        wanted = shapes.TargetWriter(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        target = _offered(wanted.validated_data["bank"])
        found = outlook(source, target, at=timezone.now())
        return Response(shapes.OutlookReader(_outlook_body(found)).data)


def _outlook_body(found: Outlook) -> dict[str, Any]:
    carried = found.carried
    return {
        "bank": found.target.bank,
        "bank_version": found.target.version,
        "carried": list(carried.carried.answers),
        "to_confirm": carried.to_confirm,
        "hinted": carried.hinted,
        "left_behind": carried.left_behind,
        "new": carried.new,
        "low": display(found.scorecard.low),
        "high": display(found.scorecard.high),
    }


class MoveDetail(APIView):
    """How an assessment came from another one; and moving it on."""

    @extend_schema(responses=shapes.MoveReader)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        move = move_of(get_assessment(request.user, assessment_id))
        if move is None:
            raise NotFound
        return Response(shapes.MoveReader(move).data)

    @extend_schema(request=shapes.TargetWriter, responses={201: AssessmentReader})
    def post(self, request: Request, assessment_id: UUID) -> Response:
        get_assessment(request.user, assessment_id)
        wanted = shapes.TargetWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        assessment = services.move_assessment(
            assessment_id=assessment_id,
            target_version=_offered(wanted.validated_data["bank"]),
            actor=person(request),
            at=timezone.now(),
        )
        return Response(AssessmentReader(assessment).data, status.HTTP_201_CREATED)


class Confirmation(APIView):
    """Carried answers that are right as they stand."""

    @extend_schema(
        request=shapes.ConfirmationWriter, responses=shapes.ConfirmationReader
    )
    def post(self, request: Request, assessment_id: UUID) -> Response:
        wanted = shapes.ConfirmationWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        confirmed = services.confirm_answers(
            assessment_id=assessment_id,
            questions=wanted.validated_data.get("questions"),
            actor=person(request),
            at=timezone.now(),
        )
        return Response({"confirmed": confirmed})


class Version(APIView):
    """The bank version of a draft; it may follow a correction of words."""

    @extend_schema(request=shapes.VersionWriter, responses=AssessmentReader)
    def post(self, request: Request, assessment_id: UUID) -> Response:
        source = get_assessment(request.user, assessment_id)
        wanted = shapes.VersionWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        version = wanted.validated_data["version"]
        assessment = services.follow_patch(
            assessment_id=assessment_id,
            target_version=version_of(source.bank_version.bank, version),
            actor=person(request),
            at=timezone.now(),
        )
        return Response(AssessmentReader(assessment).data)


class ComparisonDetail(APIView):
    """This assessment beside another one of the enterprise."""

    @extend_schema(responses=shapes.ComparisonReader, parameters=[OTHER])
    def get(self, request: Request, assessment_id: UUID) -> Response:
        first = whole_assessment(request.user, assessment_id)
        wanted = ReferenceWriter(data={"other": request.query_params.get("with")})
        wanted.is_valid(raise_exception=True)
        second = whole_assessment(request.user, wanted.validated_data["other"])
        found = compare_assessments(first, second, at=timezone.now())
        return Response(shapes.ComparisonReader(_comparison_body(found)).data)


def _comparison_body(found: Compared) -> dict[str, Any]:
    comparison = found.comparison
    return {
        "earlier": found.earlier.assessment.pk,
        "later": found.later.assessment.pk,
        "one_bank": comparison.one_bank,
        "questions": [
            {
                **encode(change),
                "difference": encode(change.difference),
            }
            for change in comparison.questions
        ],
        "sections": encode(comparison.sections),
        "clauses": encode(comparison.clauses),
    }
