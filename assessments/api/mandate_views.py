"""Doors to mandates: an owner's to change, both sides' to read."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.agencies import find_agency
from accounts.mandates import (
    Terms,
    extend_mandate,
    grant_mandate,
    narrow_mandate,
    revoke_mandate,
)
from accounts.models import AccessRecord, Mandate, Organisation
from accounts.rules import Kind, Role, may
from accounts.selectors import home_membership
from assessments.api import mandate_serializers as shapes
from assessments.api.views import person
from assessments.mandate_preview import checked_scope
from backend.api import Pages
from backend.errors import Forbidden, NotFound


class FreshProofRequired(Forbidden):
    """Letting somebody in takes a proof of identity of the last few minutes."""

    code = "reauthentication_required"
    message = _("请先在“确认身份”页面重新验证密码，再办理授权。")


def require_fresh_proof(request: Request) -> None:
    """Raise FreshProofRequired unless the person has just proved who they are."""
    if not did_recently_reauthenticate(request._request):  # noqa: SLF001
        raise FreshProofRequired


def _enterprise(request: Request) -> Organisation:
    membership = home_membership(request.user)
    if membership is None or membership.organisation.kind != Kind.ENTERPRISE:
        raise Forbidden
    return membership.organisation


def _mandate(request: Request, mandate_id: UUID) -> Mandate:
    rows = Mandate.objects.visible_to(request.user).for_list()
    found: Mandate | None = rows.filter(pk=mandate_id).first()
    if found is None:
        raise NotFound
    return found


class Mandates(APIView):
    """The mandates one's organisation gave or holds."""

    pagination_class = Pages

    @extend_schema(responses=shapes.MandateReader(many=True), tags=["mandates"])
    def get(self, request: Request) -> Response:
        """List them, the latest first; those that are over too."""
        pages = self.pagination_class()
        rows = Mandate.objects.visible_to(request.user).for_list()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(shapes.MandateReader(page, many=True).data)

    @extend_schema(
        request=shapes.MandateWriter,
        responses={201: shapes.MandateReader},
        tags=["mandates"],
    )
    def post(self, request: Request) -> Response:
        """Grant a mandate; for owners who have just confirmed who they are."""
        enterprise = _enterprise(request)
        require_fresh_proof(request)
        wanted = shapes.MandateWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        mandate = grant_mandate(
            enterprise=enterprise,
            agency=find_agency(data["agency"]),
            terms=_terms(enterprise, data),
            actor=person(request),
            at=timezone.now(),
        )
        body = shapes.MandateReader(mandate).data
        return Response(body, status.HTTP_201_CREATED)


def _terms(enterprise: Organisation, data: dict[str, Any]) -> Terms:
    return Terms(
        scope=checked_scope(enterprise, shapes.scope_from(data["scope"])),
        purpose=data["purpose"],
        purpose_note=data["purpose_note"],
        starts_at=data.get("starts_at"),
        ends_at=data["ends_at"],
    )


class MandateDetail(APIView):
    """One mandate."""

    @extend_schema(responses=shapes.MandateReader, tags=["mandates"])
    def get(self, request: Request, mandate_id: UUID) -> Response:
        """Return a mandate of one's own organisation."""
        return Response(shapes.MandateReader(_mandate(request, mandate_id)).data)

    @extend_schema(
        request=shapes.MandateChange, responses=shapes.MandateReader, tags=["mandates"]
    )
    def patch(self, request: Request, mandate_id: UUID) -> Response:
        """Narrow the scope, or move the end; a later end takes a fresh proof."""
        mandate = _mandate(request, mandate_id)
        wanted = shapes.MandateChange(data=request.data)
        wanted.is_valid(raise_exception=True)
        changed = _changed(request, mandate, wanted.validated_data)
        return Response(shapes.MandateReader(changed).data)


def _changed(request: Request, mandate: Mandate, data: dict[str, Any]) -> Mandate:
    actor, now, ends_at = person(request), timezone.now(), data.get("ends_at")
    if not may(actor, mandate.enterprise_id, Role.OWNER):
        # Before anything is said about what the scope names.
        raise Forbidden
    if ends_at and ends_at > mandate.ends_at and "scope" not in data:
        require_fresh_proof(request)
        return extend_mandate(mandate=mandate, ends_at=ends_at, actor=actor, at=now)
    scope = None
    if "scope" in data:
        scope = checked_scope(mandate.enterprise, shapes.scope_from(data["scope"]))
    return narrow_mandate(
        mandate=mandate, scope=scope, ends_at=ends_at, actor=actor, at=now
    )


class MandateRevocation(APIView):
    """Shut the door."""

    @extend_schema(
        request=shapes.RevocationWriter,
        responses={201: shapes.MandateReader},
        tags=["mandates"],
    )
    def post(self, request: Request, mandate_id: UUID) -> Response:
        """Revoke a mandate; the agency's next request finds nothing."""
        wanted = shapes.RevocationWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        mandate = revoke_mandate(
            mandate=_mandate(request, mandate_id),
            reason=wanted.validated_data["reason"],
            actor=person(request),
            at=timezone.now(),
        )
        body = shapes.MandateReader(mandate).data
        return Response(body, status.HTTP_201_CREATED)


class AccessRecords(APIView):
    """Who looked at the enterprise's data."""

    pagination_class = Pages

    @extend_schema(responses=shapes.AccessRecordReader(many=True), tags=["mandates"])
    def get(self, request: Request) -> Response:
        """List the reads, the latest first; for members of the enterprise."""
        _enterprise(request)
        pages = self.pagination_class()
        rows = AccessRecord.objects.visible_to(request.user).newest_first()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(
            shapes.AccessRecordReader(page, many=True).data
        )
