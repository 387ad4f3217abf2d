"""Doors to assessments: translate, make one call, answer."""

import re
from typing import Any, Protocol
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.selectors import home_membership
from assessments import services
from assessments.api import serializers
from assessments.checking import check, item_json
from assessments.evaluation import Evaluation, evaluate_stored
from assessments.evidence_files import CONTENT_TYPES
from assessments.models import Answer, Assessment, Evidence
from assessments.scopes import (
    scope_of,
    shown_answers,
    shown_evidence,
    shown_questions,
    whole_assessment,
)
from assessments.selectors import result, whole_tally
from assessments.services.access import get_assessment, get_evidence
from assessments.services.answering import UnknownQuestion
from backend.api import Pages
from backend.errors import Conflict, Forbidden, Invalid, NotFound
from question_bank.engine.codec import encode
from question_bank.models import BankVersion
from question_bank.selectors import offered_version

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='Revision: "3"; "0" for none'
)
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="8–64 characters"
)
_REVISION = re.compile(r'(?:W/)?"?(\d{1,9})"?')


class NotSubmittedYet(Conflict):
    """A draft has no result."""

    code = "not_submitted"
    message = _("自评尚未提交，还没有结果。")


def person(request: Request) -> User:
    """Return the signed-in person; permissions have let nobody else through."""
    user = request.user
    if not isinstance(user, User):
        raise Forbidden
    return user


def revision_of(request: Request) -> int | None:
    """Return the revision in If-Match, None when there is none."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        return None
    match = _REVISION.fullmatch(header)
    if match is None:
        raise Invalid(_('If-Match 须为修订号，例如 "3"。'), code="bad_if_match")
    return int(match.group(1))


class Assessments(APIView):
    """The enterprise's assessments."""

    pagination_class = Pages

    @extend_schema(responses=serializers.AssessmentReader(many=True))
    def get(self, request: Request) -> Response:
        rows = Assessment.objects.visible_to(request.user).light().newest_first()
        pages = self.pagination_class()
        page = pages.paginate_queryset(
            rows.select_related("bank_version").defer(
                "scorecard", "bank_version__document"
            ),
            request,
            self,
        )
        return pages.get_paginated_response(
            serializers.AssessmentReader(page, many=True).data
        )

    @extend_schema(
        request=serializers.AssessmentWriter,
        responses={201: serializers.AssessmentReader},
    )
    def post(self, request: Request) -> Response:
        wanted = serializers.AssessmentWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        membership = home_membership(request.user)
        if membership is None:
            raise Forbidden
        try:
            version = offered_version(wanted.validated_data["bank"])
        except BankVersion.DoesNotExist as error:
            raise NotFound(_("没有这个题库。"), code="unknown_bank") from error
        assessment = services.start_assessment(
            enterprise=membership.organisation,
            bank_version=version,
            actor=person(request),
            at=timezone.now(),
        )
        return Response(
            serializers.AssessmentReader(assessment).data, status.HTTP_201_CREATED
        )


class AssessmentDetail(APIView):
    """One assessment."""

    @extend_schema(responses=serializers.AssessmentReader)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = get_assessment(request.user, assessment_id)
        return Response(serializers.AssessmentReader(assessment).data)


class Answers(APIView):
    """All answers of one assessment: at most one for each question of the bank."""

    @extend_schema(responses=serializers.AnswerReader(many=True))
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = get_assessment(request.user, assessment_id)
        rows = shown_answers(assessment, scope_of(request.user, assessment))
        return Response(serializers.AnswerReader(rows, many=True).data)


class AnswerDetail(APIView):
    """The answer to one question."""

    @extend_schema(responses=serializers.AnswerReader)
    def get(self, request: Request, assessment_id: UUID, question_id: str) -> Response:
        assessment = get_assessment(request.user, assessment_id)
        scope = scope_of(request.user, assessment)
        if not scope.is_whole and question_id not in shown_questions(assessment, scope):
            raise UnknownQuestion
        row = Answer.objects.filter(assessment=assessment, question=question_id).first()
        if row is None:
            raise UnknownQuestion
        return _with_revision(Response(serializers.AnswerReader(row).data), row)

    @extend_schema(
        request=serializers.AnswerWriter,
        responses=serializers.SavedReader,
        parameters=[IF_MATCH, IDEMPOTENCY],
    )
    def put(self, request: Request, assessment_id: UUID, question_id: str) -> Response:
        wanted = serializers.AnswerWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        saved = services.save_answer(
            assessment_id=assessment_id,
            question_id=question_id,
            data=wanted.validated_data,
            revision=revision_of(request),
            request_key=request.headers.get("Idempotency-Key", ""),
            actor=person(request),
            at=timezone.now(),
        )
        body = _saved_body(saved.answer, saved.evaluation)
        return _with_revision(Response(body), saved.answer)


def _saved_body(answer: Answer, evaluation: Evaluation) -> dict[str, Any]:
    return {
        "answer": serializers.AnswerReader(answer).data,
        "applicable": evaluation.applicability.applicable,
        "unknown": evaluation.applicability.unknown,
        "progress": serializers.TallyReader(whole_tally(evaluation)).data,
    }


def _with_revision(response: Response, answer: Answer) -> Response:
    response["ETag"] = f'"{answer.revision}"'
    return response


class AnswerEvidence(APIView):
    """The files attached to one question."""

    parser_classes = [MultiPartParser]

    @extend_schema(responses=serializers.EvidenceReader(many=True))
    def get(self, request: Request, assessment_id: UUID, question_id: str) -> Response:
        assessment = get_assessment(request.user, assessment_id)
        rows = shown_evidence(assessment, scope_of(request.user, assessment))
        found = [row for row in rows if row.question == question_id]
        return Response(serializers.EvidenceReader(found, many=True).data)

    @extend_schema(
        request={"multipart/form-data": serializers.EvidenceWriter},
        responses={201: serializers.EvidenceReader},
    )
    def post(self, request: Request, assessment_id: UUID, question_id: str) -> Response:
        wanted = serializers.EvidenceWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        file = wanted.validated_data["file"]
        evidence = services.add_evidence(
            assessment_id=assessment_id,
            question_id=question_id,
            file=file,
            name=file.name,
            actor=person(request),
            at=timezone.now(),
        )
        return Response(
            serializers.EvidenceReader(evidence).data, status.HTTP_201_CREATED
        )


class EvidenceDetail(APIView):
    """One attached file."""

    @extend_schema(responses=serializers.EvidenceReader)
    def get(self, request: Request, evidence_id: UUID) -> Response:
        evidence = get_evidence(request.user, evidence_id)
        return Response(serializers.EvidenceReader(evidence).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, evidence_id: UUID) -> Response:
        services.remove_evidence(
            evidence_id=evidence_id, actor=person(request), at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class EvidenceFile(APIView):
    """The content of one attached file, always as a download."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, evidence_id: UUID) -> FileResponse:
        return evidence_download(get_evidence(request.user, evidence_id))


class StoredFile(Protocol):
    """A row that names a stored file."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


def evidence_download(evidence: StoredFile) -> FileResponse:
    """Return the stored bytes as a download under the name the user gave."""
    try:
        content = default_storage.open(evidence.key)
    except FileNotFoundError as error:
        raise NotFound(_("文件已丢失，请联系管理员。"), code="file_missing") from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=evidence.name,
        content_type=CONTENT_TYPES[Evidence.Kind(evidence.kind)],
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


class CheckDetail(APIView):
    """What is open, contradictory or weak."""

    @extend_schema(responses=serializers.CheckReader)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = whole_assessment(request.user, assessment_id)
        found = check(assessment, evaluate_stored(assessment, at=timezone.now()))
        body = {
            "can_submit": assessment.is_draft and not found.blockers,
            "items": [item_json(item) for item in found.items],
        }
        return Response(body)


class Submission(APIView):
    """Seal the answers."""

    @extend_schema(
        request=serializers.DeclarationWriter,
        responses={201: serializers.AssessmentReader},
    )
    def post(self, request: Request, assessment_id: UUID) -> Response:
        wanted = serializers.DeclarationWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        assessment = services.submit_assessment(
            assessment_id=assessment_id,
            declaration=services.Declaration(**wanted.validated_data),
            actor=person(request),
            at=timezone.now(),
            locale=get_language() or "zh-hans",
        )
        return Response(
            serializers.AssessmentReader(assessment).data, status.HTTP_201_CREATED
        )


class ResultDetail(APIView):
    """The sealed scorecard and the ranked plan."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = whole_assessment(request.user, assessment_id)
        if assessment.is_draft:
            raise NotSubmittedYet
        found = result(assessment)
        return Response(
            {
                "assessment": serializers.AssessmentReader(assessment).data,
                "scorecard": assessment.scorecard,
                "plan": encode(found.plan),
            }
        )
