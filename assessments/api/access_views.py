"""Doors to named access: officials ask, owners and second managers decide."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.mandate_scope import Scope
from accounts.models import NamedAccess, NamedAccessEvent, Organisation
from accounts.named_access import (
    Ground,
    Wanted,
    approve,
    ask_consent,
    ask_on_ground,
    consent,
    end,
    narrow,
    object_to,
    offer,
    refuse,
)
from accounts.parties import find_enterprise, find_officials
from accounts.rules import NAMED_ROLES, Kind, Role, may
from accounts.selectors import home_membership
from assessments.api import access_serializers as shapes
from assessments.api.mandate_views import require_fresh_proof
from assessments.api.views import person
from assessments.mandate_preview import checked_scope, offered_sections
from backend.api import Pages
from backend.errors import Forbidden, Invalid, NotFound

TAGS = ["named access"]


def _access(request: Request, access_id: UUID) -> NamedAccess:
    rows = NamedAccess.objects.visible_to(request.user).for_list()
    found: NamedAccess | None = rows.filter(pk=access_id).first()
    if found is None:
        raise NotFound
    return found


def _is_owner(request: Request, enterprise: Any) -> bool:
    return may(request.user, enterprise, Role.OWNER)


def _created(access: NamedAccess) -> Response:
    return Response(shapes.AccessReader(access).data, status.HTTP_201_CREATED)


class Accesses(APIView):
    """The named accesses of one's bureau, or to one's enterprise."""

    pagination_class = Pages

    @extend_schema(responses=shapes.AccessReader(many=True), tags=TAGS)
    def get(self, request: Request) -> Response:
        """List those the person may see, the latest first; no answers."""
        pages = self.pagination_class()
        rows = NamedAccess.objects.visible_to(request.user).for_list()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(shapes.AccessReader(page, many=True).data)

    @extend_schema(
        request=shapes.AccessWriter, responses={201: shapes.AccessReader}, tags=TAGS
    )
    def post(self, request: Request) -> Response:
        """Ask for consent or on a ground; as an owner, offer with a fresh proof."""
        membership = home_membership(request.user)
        kind = membership.organisation.kind if membership else ""
        if membership is None or not _may_ask(membership.role):
            raise Forbidden
        if kind == Kind.ENTERPRISE:
            require_fresh_proof(request)
        wanted = shapes.AccessWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        if kind == Kind.ENTERPRISE:
            return _created(_offered(request, membership.organisation, data))
        return _created(_asked(request, data))


def _may_ask(role: str) -> bool:
    return role == Role.OWNER or role in NAMED_ROLES


def _wanted(data: dict[str, Any], scope: Scope) -> Wanted:
    return Wanted(
        scope=scope,
        purpose=data["purpose"],
        ends_at=data["ends_at"],
        readers=find_officials(data["readers"]),
    )


def _offered(
    request: Request, enterprise: Organisation, data: dict[str, Any]
) -> NamedAccess:
    scope = checked_scope(enterprise, shapes.access_scope_from(data["scope"]))
    return offer(
        enterprise=enterprise,
        wanted=_wanted(data, scope),
        actor=person(request),
        at=timezone.now(),
    )


def _asked(request: Request, data: dict[str, Any]) -> NamedAccess:
    scope = shapes.access_scope_from(data["scope"])
    known = {key for key, _title in offered_sections()}
    if scope.assessments is not None or not (scope.sections or set()) <= known:
        raise Invalid(fields={"scope": Invalid.message})
    enterprise = find_enterprise(data.get("enterprise", ""))
    wanted, now = _wanted(data, scope), timezone.now()
    actor, ground = person(request), data.get("ground")
    if ground is None:
        return ask_consent(enterprise=enterprise, wanted=wanted, actor=actor, at=now)
    return ask_on_ground(
        enterprise=enterprise,
        wanted=wanted,
        ground=Ground(**ground),
        actor=actor,
        at=now,
    )


class AccessDetail(APIView):
    """One named access."""

    @extend_schema(responses=shapes.AccessDetailReader, tags=TAGS)
    def get(self, request: Request, access_id: UUID) -> Response:
        """Return an access and its history; no answers."""
        access = _access(request, access_id)
        events = NamedAccessEvent.objects.visible_to(request.user).in_order()
        lines = shapes.AccessEventReader(events.filter(access=access), many=True)
        return Response(shapes.AccessReader(access).data | {"events": lines.data})

    @extend_schema(
        request=shapes.AccessChange, responses=shapes.AccessReader, tags=TAGS
    )
    def patch(self, request: Request, access_id: UUID) -> Response:
        """Show less or end sooner."""
        access = _access(request, access_id)
        _require_side(request, access)
        wanted = shapes.AccessChange(data=request.data)
        wanted.is_valid(raise_exception=True)
        changed = narrow(
            access=access,
            scope=_scope(request, access, wanted.validated_data),
            ends_at=wanted.validated_data.get("ends_at"),
            actor=person(request),
            at=timezone.now(),
        )
        return Response(shapes.AccessReader(changed).data)


def _require_side(request: Request, access: NamedAccess) -> None:
    """Raise Forbidden, before anything is said about what a scope names."""
    if access.is_on_ground:
        decides = may(request.user, access.bureau_id, Role.BUREAU_MANAGER)
    else:
        decides = _is_owner(request, access.enterprise_id)
    if not decides:
        raise Forbidden


def _scope(request: Request, access: NamedAccess, data: dict[str, Any]) -> Scope | None:
    """Return the scope in a change; what an owner names must be theirs."""
    if "scope" not in data:
        return None
    scope = shapes.access_scope_from(data["scope"])
    if _is_owner(request, access.enterprise_id):
        return checked_scope(access.enterprise, scope)
    return scope


class AccessDecisions(APIView):
    """Yes or no to what was asked for."""

    @extend_schema(
        request=shapes.AccessDecision, responses={201: shapes.AccessReader}, tags=TAGS
    )
    def post(self, request: Request, access_id: UUID) -> Response:
        """Agree as the owner, approve as a second manager, or refuse.

        Takes a fresh proof of identity.
        """
        access = _access(request, access_id)
        _require_side(request, access)
        require_fresh_proof(request)
        wanted = shapes.AccessDecision(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, actor, now = wanted.validated_data, person(request), timezone.now()
        if not data["approve"]:
            decided = refuse(access=access, reason=data["reason"], actor=actor, at=now)
        elif access.is_on_ground:
            decided = approve(access=access, actor=actor, at=now)
        else:
            decided = consent(
                access=access,
                scope=_scope(request, access, data),
                ends_at=data.get("ends_at"),
                actor=actor,
                at=now,
            )
        return _created(decided)


class AccessRevocation(APIView):
    """Shut the door."""

    @extend_schema(
        request=shapes.AccessEndWriter, responses={201: shapes.AccessReader}, tags=TAGS
    )
    def post(self, request: Request, access_id: UUID) -> Response:
        """End an access or take a request back; the next read finds nothing."""
        access = _access(request, access_id)
        wanted = shapes.AccessEndWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        reason, now = wanted.validated_data["reason"], timezone.now()
        return _created(
            end(access=access, reason=reason, actor=person(request), at=now)
        )


class AccessObjection(APIView):
    """What the enterprise objects to."""

    @extend_schema(
        request=shapes.ObjectionWriter,
        responses={201: shapes.AccessDetailReader},
        tags=TAGS,
    )
    def post(self, request: Request, access_id: UUID) -> Response:
        """Put an objection to a ground on record."""
        access = _access(request, access_id)
        if not _is_owner(request, access.enterprise_id):
            raise Forbidden
        wanted = shapes.ObjectionWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        text, now = wanted.validated_data["text"], timezone.now()
        object_to(access=access, text=text, actor=person(request), at=now)
        events = NamedAccessEvent.objects.visible_to(request.user).in_order()
        lines = shapes.AccessEventReader(events.filter(access=access), many=True)
        body = shapes.AccessReader(access).data | {"events": lines.data}
        return Response(body, status.HTTP_201_CREATED)
