"""Doors to the registers: translate, make one call, answer.

Who keeps the registers reads and writes all; an enterprise reads its own.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.selectors import home_membership
from backend.api import Pages
from backend.errors import NotFound
from oversight.api import serializers
from oversight.counting.facts import (
    CertificateState,
    ReviewResult,
    StateChange,
    TitleReview,
)
from oversight.models import (
    Certificate,
    CertificationBody,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
    Via,
)
from oversight.services.certificates import (
    change_certificate_state,
    correct_certificate,
    enter_certificate,
    entry_of_certificate,
)
from oversight.services.handing_in import hand_in_certificate
from oversight.services.recognitions import enter_recognition, record_title_review
from oversight.services.recording import base_of, require_keeper
from oversight.services.series import enter_figure
from oversight.services.units import register_unit
from oversight.services.verifying import reject_record, verify_record, void_record

CERTIFICATE_LINKS = (
    "latest__holder", "latest__body", "in_force__holder", "in_force__body",
)  # fmt: skip
TITLE_LINKS = ("latest__holder", "in_force__holder")
_VERBS: dict[str, Any] = {"reject": reject_record, "void": void_record}


def person(request: Request) -> User:
    """Return the signed-in person; permissions have let nobody else through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _origin(request: Request) -> dict[str, Any]:
    return {"via": Via.API, "actor": person(request), "at": timezone.now()}


def _paged(view: APIView, request: Request, rows: Any, reader: Any) -> Response:
    pages = Pages()
    page: Any = pages.paginate_queryset(rows, request, view)
    return pages.get_paginated_response(reader(page, many=True).data)


def _valid(writer: Any, request: Request) -> Any:
    form = writer(data=request.data)
    form.is_valid(raise_exception=True)
    return form


def _one(rows: Any, record_id: UUID) -> Any:
    found = rows.filter(pk=record_id).first()
    if found is None:
        raise NotFound
    return found


def _certificates(request: Request) -> Any:
    rows = Certificate.objects.visible_to(request.user)
    return rows.select_related(*CERTIFICATE_LINKS)


def _titles(request: Request) -> Any:
    rows = Recognition.objects.visible_to(request.user)
    return rows.select_related(*TITLE_LINKS)


class Certificates(APIView):
    """The certificates the caller may see; entering one."""

    pagination_class = Pages

    @extend_schema(responses=serializers.CertificateReader(many=True))
    def get(self, request: Request) -> Response:
        rows = _certificates(request).newest_first()
        return _paged(self, request, rows, serializers.CertificateReader)

    @extend_schema(
        request=serializers.CertificateWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = _valid(serializers.CertificateWriter, request)
        source = form.validated_data["source"]
        made = enter_certificate(entry=form.entry(), source=source, **_origin(request))
        found = _one(_certificates(request), made.pk)
        body = serializers.CertificateReader(found).data
        return Response(body, status.HTTP_201_CREATED)


class HandedInCertificates(APIView):
    """An owner hands in a certificate of the own enterprise with a scan."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=serializers.HandedInWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request) -> Response:
        membership = home_membership(person(request))
        if membership is None:
            raise NotFound
        form = _valid(serializers.HandedInWriter, request)
        made = hand_in_certificate(
            enterprise=membership.organisation,
            entry=form.entry(),
            file=form.validated_data["file"],
            actor=person(request),
            at=timezone.now(),
        )
        found = _one(_certificates(request), made.pk)
        body = serializers.CertificateReader(found).data
        return Response(body, status.HTTP_201_CREATED)


class CertificateDetail(APIView):
    """One certificate."""

    @extend_schema(responses=serializers.CertificateReader)
    def get(self, request: Request, record_id: UUID) -> Response:
        found = _one(_certificates(request), record_id)
        return Response(serializers.CertificateReader(found).data)


class CertificateCorrections(APIView):
    """Correct a certificate; the correction waits to be verified."""

    @extend_schema(
        request=serializers.CertificateCorrectionWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        form = _valid(serializers.CertificateCorrectionWriter, request)
        data = form.validated_data
        base = base_of(_one(_certificates(request), record_id))
        correct_certificate(
            certificate_id=record_id,
            seq=data["seq"],
            entry=form.entry(entry_of_certificate(base)),
            source=data["source"],
            reason=data["reason"],
            **_origin(request),
        )
        found = _one(_certificates(request), record_id)
        body = serializers.CertificateReader(found).data
        return Response(body, status.HTTP_201_CREATED)


class CertificateStates(APIView):
    """Record that a certificate was suspended, withdrawn, cancelled or resumed."""

    @extend_schema(
        request=serializers.StateWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        data = _valid(serializers.StateWriter, request).validated_data
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
            **_origin(request),
        )
        found = _one(_certificates(request), record_id)
        body = serializers.CertificateReader(found).data
        return Response(body, status.HTTP_201_CREATED)


def _decide(request: Request, model: Any, record_id: UUID) -> None:
    require_keeper(person(request))
    data = _valid(serializers.DecisionWriter, request).validated_data
    common = {"model": model, "record_id": record_id, "seq": data["seq"]}
    if data["decision"] == "verify":
        verify_record(**common, **_origin(request))
    else:
        verb = _VERBS[data["decision"]]
        verb(**common, reason=data["reason"], **_origin(request))


class CertificateVerification(APIView):
    """Verify, send back or take out a certificate; a second official verifies."""

    @extend_schema(
        request=serializers.DecisionWriter,
        responses={201: serializers.CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        _decide(request, Certificate, record_id)
        found = _one(_certificates(request), record_id)
        body = serializers.CertificateReader(found).data
        return Response(body, status.HTTP_201_CREATED)


class Titles(APIView):
    """The titles the caller may see; entering one."""

    pagination_class = Pages

    @extend_schema(responses=serializers.TitleReader(many=True))
    def get(self, request: Request) -> Response:
        rows = _titles(request).newest_first()
        return _paged(self, request, rows, serializers.TitleReader)

    @extend_schema(
        request=serializers.TitleWriter, responses={201: serializers.TitleReader}
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = _valid(serializers.TitleWriter, request)
        source = form.validated_data["source"]
        made = enter_recognition(entry=form.entry(), source=source, **_origin(request))
        found = _one(_titles(request), made.pk)
        return Response(serializers.TitleReader(found).data, status.HTTP_201_CREATED)


class TitleDetail(APIView):
    """One title."""

    @extend_schema(responses=serializers.TitleReader)
    def get(self, request: Request, record_id: UUID) -> Response:
        found = _one(_titles(request), record_id)
        return Response(serializers.TitleReader(found).data)


class TitleReviews(APIView):
    """Record the result of a review of a title."""

    @extend_schema(
        request=serializers.TitleReviewWriter,
        responses={201: serializers.TitleReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        data = _valid(serializers.TitleReviewWriter, request).validated_data
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
            **_origin(request),
        )
        found = _one(_titles(request), record_id)
        return Response(serializers.TitleReader(found).data, status.HTTP_201_CREATED)


class TitleVerification(APIView):
    """Verify, send back or take out a title; a second official verifies."""

    @extend_schema(
        request=serializers.DecisionWriter, responses={201: serializers.TitleReader}
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        _decide(request, Recognition, record_id)
        found = _one(_titles(request), record_id)
        return Response(serializers.TitleReader(found).data, status.HTTP_201_CREATED)


class Units(APIView):
    """The units the caller may see; registering one."""

    pagination_class = Pages

    @extend_schema(responses=serializers.UnitReader(many=True))
    def get(self, request: Request) -> Response:
        rows = RegisteredUnit.objects.visible_to(request.user)
        rows = rows.select_related("latest").by_code()
        return _paged(self, request, rows, serializers.UnitReader)

    @extend_schema(
        request=serializers.UnitWriter, responses={201: serializers.UnitReader}
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = _valid(serializers.UnitWriter, request)
        source = form.validated_data["source"]
        made = register_unit(entry=form.entry(), source=source, **_origin(request))
        rows = RegisteredUnit.objects.visible_to(request.user)
        found = _one(rows.select_related("latest"), made.pk)
        return Response(serializers.UnitReader(found).data, status.HTTP_201_CREATED)


class Figures(APIView):
    """Figures other offices counted; entering one."""

    pagination_class = Pages

    @extend_schema(responses=serializers.FigureReader(many=True))
    def get(self, request: Request) -> Response:
        rows = SeriesFigure.objects.visible_to(request.user)
        rows = rows.select_related("latest").order_by("indicator", "period")
        return _paged(self, request, rows, serializers.FigureReader)

    @extend_schema(
        request=serializers.FigureWriter, responses={201: serializers.FigureReader}
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = _valid(serializers.FigureWriter, request)
        source = form.validated_data["source"]
        made = enter_figure(entry=form.entry(), source=source, **_origin(request))
        rows = SeriesFigure.objects.visible_to(request.user)
        found = _one(rows.select_related("latest"), made.pk)
        return Response(serializers.FigureReader(found).data, status.HTTP_201_CREATED)


class Bodies(APIView):
    """The certification bodies a certificate may name."""

    @extend_schema(responses=serializers.BodyReader(many=True))
    def get(self, request: Request) -> Response:
        person(request)
        rows = CertificationBody.objects.order_by("name")
        return Response(serializers.BodyReader(rows, many=True).data)
