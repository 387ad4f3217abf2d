"""People and organisations over the API.

Everything is about the organisation of the person who asks; whoever belongs to
none, or asks for a row of another organisation, gets 404.
"""

from dataclasses import asdict
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import mails, selectors, services
from accounts.api import serializers
from accounts.models import Invitation, Membership, User
from backend.errors import Forbidden, NotFound

ORGANISATION = {
    "id": "3f0f3c52-6a0c-4f6e-9d4f-0f2f8f3a1c11",
    "kind": "enterprise",
    "name": "示例科技有限公司",
    "credit_code": "91370600MA3QY001XA",
    "district": "370602",
    "created_at": "2026-11-23T09:00:00+08:00",
}
INVITATION = {
    "id": "8b1f5a43-8f0e-4f67-9f0c-2b0a5a3f7d10",
    "role": "contributor",
    "email": "zhang@example.com",
    "created_by": "李明",
    "created_at": "2026-11-23T09:00:00+08:00",
    "expires_at": "2026-11-30T09:00:00+08:00",
}
MEMBER = {
    "id": "0a7a7f8e-54a5-4b07-8a37-3d1b4b2f4f02",
    "user_id": "6a1c2a2e-3f1b-4b6a-8f9d-7a5d0a0c9e33",
    "name": "李明",
    "email": "li@example.com",
    "role": "owner",
    "joined_at": "2026-11-23T09:00:00+08:00",
    "last_login": "2026-11-24T08:30:00+08:00",
}
ME = {
    "id": MEMBER["user_id"],
    "name": "李明",
    "email": "li@example.com",
    "role": "owner",
    "organisation": ORGANISATION,
}


def _example(value: object) -> OpenApiExample:
    return OpenApiExample("示例", value=value, response_only=True)


def _person(request: Request) -> User:
    # IsAuthenticated has let only people pass.
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _membership(request: Request) -> Membership:
    membership = selectors.home_membership(_person(request))
    if membership is None:
        raise NotFound
    return membership


class MeView(APIView):
    """The signed-in person."""

    @extend_schema(
        summary="当前用户",
        responses=serializers.MeOut,
        examples=[_example(ME)],
        tags=["people"],
    )
    def get(self, request: Request) -> Response:
        """Return who is signed in, the role and the organisation."""
        person = _person(request)
        membership = selectors.home_membership(person)
        me = {
            "id": person.pk,
            "name": person.name,
            "email": person.email,
            "role": membership.role if membership else None,
            "organisation": membership.organisation if membership else None,
        }
        return Response(serializers.MeOut(me).data)


class OrganisationView(APIView):
    """The person's organisation."""

    @extend_schema(
        summary="本单位信息",
        responses=serializers.OrganisationOut,
        examples=[_example(ORGANISATION)],
        tags=["people"],
    )
    def get(self, request: Request) -> Response:
        """Return the organisation the person belongs to."""
        organisation = _membership(request).organisation
        return Response(serializers.OrganisationOut(organisation).data)

    @extend_schema(
        summary="修改本单位信息",
        description="只有负责人可以修改名称和所属区市。",
        request=serializers.OrganisationChange,
        responses=serializers.OrganisationOut,
        examples=[
            _example(ORGANISATION),
            OpenApiExample("修改区市", value={"district": "370611"}, request_only=True),
        ],
        tags=["people"],
    )
    def patch(self, request: Request) -> Response:
        """Change name or district; for those who manage the organisation."""
        organisation = _membership(request).organisation
        change = serializers.OrganisationChange(data=request.data)
        change.is_valid(raise_exception=True)
        changed = services.change_organisation(
            organisation=organisation,
            actor=_person(request),
            changes=change.validated_data,
            at=timezone.now(),
        )
        return Response(serializers.OrganisationOut(changed).data)


class MembersView(APIView):
    """The members of the person's organisation."""

    @extend_schema(
        summary="本单位成员",
        responses=serializers.MemberOut(many=True),
        examples=[_example(MEMBER)],
        tags=["people"],
    )
    def get(self, request: Request) -> Response:
        """Return all members in the order of joining."""
        organisation = _membership(request).organisation
        rows = selectors.members(_person(request), organisation)
        return Response(serializers.MemberOut(rows, many=True).data)


class InvitationsView(APIView):
    """The open invitations of the organisation the person manages."""

    @extend_schema(
        summary="未使用的邀请",
        description="只有负责人可以查看。",
        responses=serializers.InvitationOut(many=True),
        examples=[_example(INVITATION)],
        tags=["people"],
    )
    def get(self, request: Request) -> Response:
        """Return what can still be accepted, newest first."""
        membership = _membership(request)
        if not membership.manages:
            raise Forbidden
        rows = selectors.open_invitations(
            _person(request), membership.organisation, timezone.now()
        )
        return Response(serializers.InvitationOut(rows, many=True).data)

    @extend_schema(
        summary="邀请成员",
        description="链接七天内有效，只能使用一次，只在本次响应中给出。",
        request=serializers.InvitationIn,
        responses={201: serializers.NewInvitationOut},
        examples=[
            _example({**INVITATION, "url": "https://example.com/invitations/…/"}),
            OpenApiExample("填报人", value={"role": "contributor"}, request_only=True),
        ],
        tags=["people"],
    )
    def post(self, request: Request) -> Response:
        """Make an invitation; the answer alone holds its link."""
        organisation = _membership(request).organisation
        wish = serializers.InvitationIn(data=request.data)
        wish.is_valid(raise_exception=True)
        invited = services.invite_member(
            organisation=organisation,
            actor=_person(request),
            at=timezone.now(),
            **wish.validated_data,
        )
        row = asdict(selectors.invitation_row(invited.invitation))
        answer = serializers.NewInvitationOut(
            {**row, "url": mails.invitation_url(invited.token)}
        )
        return Response(answer.data, status=status.HTTP_201_CREATED)


class InvitationView(APIView):
    """One invitation."""

    @extend_schema(
        summary="撤销邀请", request=None, responses={204: None}, tags=["people"]
    )
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Revoke an open invitation."""
        person = _person(request)
        invitation = Invitation.objects.visible_to(person).filter(pk=invitation_id)
        if (found := invitation.first()) is None:
            raise NotFound
        services.revoke_invitation(invitation=found, actor=person, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
