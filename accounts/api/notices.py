"""The inbox over the API: what happened, and how one wants to be told."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Notice, NoticePreference, User
from accounts.notice_words import kinds_for, notice_text
from accounts.notices import channels_of, choose_channels, mark_read
from accounts.selectors import home_membership
from backend.api import Pages, StrictSerializer
from backend.errors import Forbidden, Invalid, NotFound

KINDS = [(kind.value, kind.value) for kind in Notice.Kind]
CHANNELS = [(channel.value, channel.value) for channel in NoticePreference.Channel]
TAGS = ["notices"]


class NoticeReader(serializers.Serializer[Any]):
    """One notice. `url` is a path of this service; `text` names nobody."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    text = serializers.SerializerMethodField()
    url = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_text(self, notice: Notice) -> str:
        """Return the sentence in the caller's language."""
        return notice_text(notice.text, notice.parameters)


class NoticesReadReader(serializers.Serializer[Any]):
    """How many notices were unread until now."""

    read = serializers.IntegerField()


class NoticeChannelReader(serializers.Serializer[Any]):
    """How one is told of one kind."""

    kind = serializers.ChoiceField(choices=KINDS)
    channel = serializers.ChoiceField(choices=CHANNELS)


class NoticeChannelsWriter(StrictSerializer):
    """Channels by kind; a kind that is not named stays.

    Who may see an enterprise's data can't be turned `off`.
    """

    channels = serializers.DictField(child=serializers.ChoiceField(choices=CHANNELS))


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise Forbidden
    return request.user


class Notices(APIView):
    """The person's own notices."""

    pagination_class = Pages

    @extend_schema(responses=NoticeReader(many=True), tags=TAGS)
    def get(self, request: Request) -> Response:
        """List them, the latest first."""
        pages = self.pagination_class()
        rows = Notice.objects.visible_to(request.user).newest_first()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(NoticeReader(page, many=True).data)


class NoticesRead(APIView):
    """All of the person's notices at once."""

    @extend_schema(
        operation_id="notices_read_all",
        request=None,
        responses=NoticesReadReader,
        tags=TAGS,
    )
    def post(self, request: Request) -> Response:
        """Mark all notices read."""
        found = mark_read(user=_person(request), at=timezone.now())
        return Response(NoticesReadReader({"read": found}).data)


class NoticeRead(APIView):
    """One notice."""

    @extend_schema(request=None, responses=NoticeReader, tags=TAGS)
    def post(self, request: Request, notice_id: UUID) -> Response:
        """Mark one notice read; it keeps the time of the first reading."""
        notice = Notice.objects.visible_to(request.user).filter(pk=notice_id).first()
        if notice is None:
            raise NotFound
        mark_read(user=_person(request), notice=notice, at=timezone.now())
        notice.refresh_from_db()
        return Response(NoticeReader(notice).data)


class NoticeChannels(APIView):
    """How the person wants to be told of each kind their role knows."""

    @extend_schema(responses=NoticeChannelReader(many=True), tags=TAGS)
    def get(self, request: Request) -> Response:
        """Return the channel of each kind."""
        return _channels(_person(request))

    @extend_schema(
        request=NoticeChannelsWriter,
        responses=NoticeChannelReader(many=True),
        tags=TAGS,
    )
    def patch(self, request: Request) -> Response:
        """Choose the channels of some kinds."""
        wanted = NoticeChannelsWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        user, channels = _person(request), wanted.validated_data["channels"]
        if not set(channels) <= set(_kinds(user)):
            raise Invalid(fields={"channels": Invalid.message})
        choose_channels(user=user, channels=channels)
        return _channels(user)


def _kinds(user: User) -> tuple[Notice.Kind, ...]:
    membership = home_membership(user)
    return kinds_for(membership.role) if membership else ()


def _channels(user: User) -> Response:
    found = channels_of(user, _kinds(user))
    rows = [{"kind": kind, "channel": channel} for kind, channel in found.items()]
    return Response(NoticeChannelReader(rows, many=True).data)
