"""What the API takes and gives about people; explicit fields, no logic."""

from typing import Any

from rest_framework import serializers

from accounts.districts import DISTRICT_CHOICES
from accounts.rules import Kind, Role
from backend.api import StrictSerializer


class OrganisationOut(serializers.Serializer[Any]):
    """The organisation the person belongs to."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    name = serializers.CharField()
    credit_code = serializers.CharField()
    district = serializers.CharField()
    created_at = serializers.DateTimeField()


class OrganisationChange(StrictSerializer):
    """Name and district; nothing else of an organisation can be changed."""

    name = serializers.CharField(max_length=120, required=False)
    district = serializers.ChoiceField(choices=DISTRICT_CHOICES, required=False)


class MeOut(serializers.Serializer[Any]):
    """The signed-in person; `organisation` is null for who belongs to none."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices, allow_null=True)
    organisation = OrganisationOut(allow_null=True)


class MemberOut(serializers.Serializer[Any]):
    """One member of the person's organisation."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)
    joined_at = serializers.DateTimeField()
    last_login = serializers.DateTimeField(allow_null=True)


class InvitationIn(StrictSerializer):
    """Whom to invite: the role, and the address if only one person may join."""

    role = serializers.ChoiceField(choices=Role.choices)
    email = serializers.EmailField(
        required=False, allow_blank=True, default="", max_length=254
    )


class InvitationOut(serializers.Serializer[Any]):
    """An open invitation. Its link is in the answer to the request that made it."""

    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.choices)
    email = serializers.CharField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class NewInvitationOut(InvitationOut):
    """A new invitation with its link, which is not shown again."""

    url = serializers.URLField()
