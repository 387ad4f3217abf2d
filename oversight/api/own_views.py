"""Doors for an enterprise: hand in its own certificates and titles, and mend them."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation
from accounts.selectors import home_membership
from backend.errors import NotFound
from oversight.api import own_serializers
from oversight.api.doors import certificates, made, one, person, titles, valid
from oversight.api.serializers import CertificateReader, TitleReader
from oversight.services.handing_in import (
    hand_in_certificate,
    hand_in_certificate_again,
    hand_in_recognition,
    hand_in_recognition_again,
    require_handing_in,
)


def _enterprise(request: Request) -> Organisation:
    """Return the caller's enterprise; refuse who may not hand in for it."""
    membership = home_membership(person(request))
    if membership is None:
        raise NotFound
    require_handing_in(membership.organisation, person(request))
    return membership.organisation


class _OwnView(APIView):
    parser_classes = (MultiPartParser,)


def _said(request: Request, writer: Any, enterprise: Organisation) -> dict[str, Any]:
    """Return what the form says, as the services take it."""
    form = valid(writer, request)
    data = form.validated_data
    said = {
        "enterprise": enterprise,
        "entry": form.entry(),
        "file": data.get("file"),
        "actor": person(request),
        "at": timezone.now(),
    }
    return said | ({"seq": data["seq"]} if "seq" in data else {})


class HandedInCertificates(_OwnView):
    """An owner hands in a certificate of the own enterprise with a scan."""

    @extend_schema(
        request=own_serializers.HandedInWriter, responses={201: CertificateReader}
    )
    def post(self, request: Request) -> Response:
        enterprise = _enterprise(request)
        writer = own_serializers.HandedInWriter
        kept = hand_in_certificate(**_said(request, writer, enterprise))
        return made(CertificateReader, one(certificates(request), kept.pk))


class CertificateMending(_OwnView):
    """An owner mends a certificate handed in, while nobody has verified it."""

    @extend_schema(
        request=own_serializers.MendedCertificateWriter,
        responses={201: CertificateReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        enterprise = _enterprise(request)
        one(certificates(request), record_id)
        said = _said(request, own_serializers.MendedCertificateWriter, enterprise)
        hand_in_certificate_again(certificate_id=record_id, **said)
        return made(CertificateReader, one(certificates(request), record_id))


class HandedInTitles(_OwnView):
    """An owner hands in a title of the own enterprise with its document."""

    @extend_schema(
        request=own_serializers.HandedInTitleWriter, responses={201: TitleReader}
    )
    def post(self, request: Request) -> Response:
        enterprise = _enterprise(request)
        writer = own_serializers.HandedInTitleWriter
        kept = hand_in_recognition(**_said(request, writer, enterprise))
        return made(TitleReader, one(titles(request), kept.pk))


class TitleMending(_OwnView):
    """An owner mends a title handed in, while nobody has verified it."""

    @extend_schema(
        request=own_serializers.MendedTitleWriter, responses={201: TitleReader}
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        enterprise = _enterprise(request)
        one(titles(request), record_id)
        said = _said(request, own_serializers.MendedTitleWriter, enterprise)
        hand_in_recognition_again(recognition_id=record_id, **said)
        return made(TitleReader, one(titles(request), record_id))
