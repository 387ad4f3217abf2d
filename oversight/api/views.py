"""Doors to certificates and titles: translate, make one call, answer.

Who keeps the registers reads and writes all; an enterprise reads its own.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages
from oversight.api import correction_serializers, filters, serializers
from oversight.api.doors import (
    asked,
    certificates,
    made,
    one,
    origin,
    paged,
    person,
    titles,
    valid,
)
from oversight.counting.facts import (
    CertificateState,
    ReviewResult,
    StateChange,
    TitleReview,
)
from oversight.models import Certificate, Recognition
from oversight.services.certificates import (
    change_certificate_state,
    correct_certificate,
    enter_certificate,
    entry_of_certificate,
)
from oversight.services.recognitions import (
    correct_recognition,
    end_recognition,
    enter_recognition,
    entry_of_recognition,
    record_title_review,
    record_veto,
)
from oversight.services.recording import base_of, require_keeper
from oversight.services.verifying import reject_record, verify_record, void_record

_VERBS: dict[str, Any] = {"reject": reject_record, "void": void_record}


class Certificates(APIView):
    """The certificates the caller may see; entering one."""

    pagination_class = Pages

    @extend_schema(
        parameters=[filters.CertificateFilter],
        responses=serializers.CertificateReader(many=True),
    )
    def get(self, request: Request) -> Response:
        wanted, today = asked(filters.CertificateFilter, request), timezone.localdate()
        rows = filters.filtered_certificates(certificates(request), wanted, today)
        rows = rows.newest_first()
        return paged(self, request, rows, serializers.CertificateReader)

    @extend_schema(
        request=serializers.CertificateWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = valid(serializers.CertificateWriter, request)
        source = form.validated_data["source"]
        kept = enter_certificate(entry=form.entry(), source=source, **origin(request))
        return made(serializers.CertificateReader, one(certificates(request), kept.pk))


class CertificateDetail(APIView):
    """One certificate."""

    @extend_schema(responses=serializers.CertificateReader)
    def get(self, request: Request, record_id: UUID) -> Response:
        found = one(certificates(request), record_id)
        return Response(serializers.CertificateReader(found).data)


class CertificateCorrections(APIView):
    """Correct a certificate; the correction waits to be verified."""

    @extend_schema(
        request=correction_serializers.CertificateCorrectionWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        form = valid(correction_serializers.CertificateCorrectionWriter, request)
        data = form.validated_data
        base = base_of(one(certificates(request), record_id))
        correct_certificate(
            certificate_id=record_id,
            seq=data["seq"],
            entry=form.entry(entry_of_certificate(base)),
            source=data["source"],
            reason=data["reason"],
            **origin(request),
        )
        return made(
            serializers.CertificateReader, one(certificates(request), record_id)
        )


class CertificateStates(APIView):
    """Record that a certificate was suspended, withdrawn, cancelled or resumed."""

    @extend_schema(
        request=serializers.StateWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        data = valid(serializers.StateWriter, request).validated_data
        change_certificate_state(
            certificate_id=record_id,
            seq=data["seq"],
            change=StateChange(
                CertificateState(data["state"]),
                data["on"],
                data["fraud"],
                data["document"],
            ),
            source=data["document"],
            **origin(request),
        )
        return made(
            serializers.CertificateReader, one(certificates(request), record_id)
        )


def _decide(request: Request, model: Any, record_id: UUID) -> None:
    require_keeper(person(request))
    data = valid(serializers.DecisionWriter, request).validated_data
    common = {"model": model, "record_id": record_id, "seq": data["seq"]}
    if data["decision"] == "verify":
        verify_record(**common, **origin(request))
    else:
        verb = _VERBS[data["decision"]]
        verb(**common, reason=data["reason"], **origin(request))


class CertificateVerification(APIView):
    """Verify, send back or take out a certificate; a second official verifies."""

    @extend_schema(
        request=serializers.DecisionWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        _decide(request, Certificate, record_id)
        return made(
            serializers.CertificateReader, one(certificates(request), record_id)
        )


class Titles(APIView):
    """The titles the caller may see; entering one."""

    pagination_class = Pages

    @extend_schema(
        parameters=[filters.TitleFilter], responses=serializers.TitleReader(many=True)
    )
    def get(self, request: Request) -> Response:
        wanted = asked(filters.TitleFilter, request)
        rows = filters.filtered_titles(titles(request), wanted).newest_first()
        return paged(self, request, rows, serializers.TitleReader)

    @extend_schema(
        request=serializers.TitleWriter, responses={201: serializers.TitleReader}
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = valid(serializers.TitleWriter, request)
        source = form.validated_data["source"]
        kept = enter_recognition(entry=form.entry(), source=source, **origin(request))
        return made(serializers.TitleReader, one(titles(request), kept.pk))


class TitleDetail(APIView):
    """One title."""

    @extend_schema(responses=serializers.TitleReader)
    def get(self, request: Request, record_id: UUID) -> Response:
        found = one(titles(request), record_id)
        return Response(serializers.TitleReader(found).data)


class TitleCorrections(APIView):
    """Correct a title; the correction waits to be verified."""

    @extend_schema(
        request=correction_serializers.TitleCorrectionWriter,
        responses={201: serializers.TitleReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        form = valid(correction_serializers.TitleCorrectionWriter, request)
        data = form.validated_data
        base = base_of(one(titles(request), record_id))
        correct_recognition(
            recognition_id=record_id,
            seq=data["seq"],
            entry=form.entry_after(entry_of_recognition(base)),
            source=data["source"],
            reason=data["reason"],
            **origin(request),
        )
        return made(serializers.TitleReader, one(titles(request), record_id))


class TitleReviews(APIView):
    """Record the result of a review of a title."""

    @extend_schema(
        request=serializers.TitleReviewWriter,
        responses={201: serializers.TitleReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        data = valid(serializers.TitleReviewWriter, request).validated_data
        record_title_review(
            recognition_id=record_id,
            seq=data["seq"],
            review=TitleReview(
                ReviewResult(data["result"]),
                data["on"],
                data["document"],
                data["term_ends_on"],
            ),
            source=data["document"],
            **origin(request),
        )
        return made(serializers.TitleReader, one(titles(request), record_id))


class TitleEnd(APIView):
    """Record from when a title no longer holds."""

    @extend_schema(
        request=correction_serializers.TitleEndWriter,
        responses={201: serializers.TitleReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        data = valid(correction_serializers.TitleEndWriter, request).validated_data
        end_recognition(
            recognition_id=record_id,
            seq=data["seq"],
            on=data["on"],
            end_reason=data["end_reason"],
            source=data["end_reason"],
            **origin(request),
        )
        return made(serializers.TitleReader, one(titles(request), record_id))


class TitleVeto(APIView):
    """Record a disqualifying event, or without a day that it was answered."""

    @extend_schema(
        request=correction_serializers.TitleVetoWriter,
        responses={201: serializers.TitleReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        data = valid(correction_serializers.TitleVetoWriter, request).validated_data
        record_veto(
            recognition_id=record_id,
            seq=data["seq"],
            on=data["on"],
            source=data["reason"][:200],
            reason=data["reason"],
            **origin(request),
        )
        return made(serializers.TitleReader, one(titles(request), record_id))


class TitleVerification(APIView):
    """Verify, send back or take out a title; a second official verifies."""

    @extend_schema(
        request=serializers.DecisionWriter, responses={201: serializers.TitleReader}
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        _decide(request, Recognition, record_id)
        return made(serializers.TitleReader, one(titles(request), record_id))
