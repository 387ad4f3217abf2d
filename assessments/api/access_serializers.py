"""Reading and writing shapes of named access; explicit fields, no logic."""

from typing import Any

from rest_framework import serializers

from accounts.mandate_scope import Scope
from accounts.models import NamedAccess, NamedAccessEvent
from assessments.api.mandate_serializers import PartyReader
from backend.api import StrictSerializer


class AccessScopeFields(StrictSerializer):
    """What may be read. `assessments` and `sections`: null for all of them."""

    assessments = serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, max_length=500, default=None
    )
    sections = serializers.ListField(
        child=serializers.CharField(max_length=64), allow_null=True, max_length=200
    )
    evidence = serializers.BooleanField(default=False)
    report = serializers.BooleanField(default=False)
    data_sheet = serializers.BooleanField(default=False)


class GroundFields(StrictSerializer):
    """A ground in law and its document."""

    kind = serializers.ChoiceField(choices=NamedAccess.Ground.choices)
    document_number = serializers.CharField(max_length=80)
    document_date = serializers.DateField()


class AccessWriter(StrictSerializer):
    """What is asked for, or offered by an owner.

    Officials name the `enterprise` exactly, by name or credit code; owners leave it
    out. `ground`: null for consent. `readers` are addresses of officials.
    """

    enterprise = serializers.CharField(max_length=120, required=False)
    purpose = serializers.CharField(max_length=200)
    ground = GroundFields(required=False, allow_null=True)
    readers = serializers.ListField(
        child=serializers.EmailField(), min_length=1, max_length=20
    )
    ends_at = serializers.DateTimeField()
    scope = AccessScopeFields()


class AccessChange(StrictSerializer):
    """An earlier end, or a scope within the present one."""

    ends_at = serializers.DateTimeField(required=False)
    scope = AccessScopeFields(required=False)


class AccessDecision(StrictSerializer):
    """Yes or no; an owner who agrees may agree to less."""

    approve = serializers.BooleanField()
    reason = serializers.CharField(max_length=200, default="", allow_blank=True)
    ends_at = serializers.DateTimeField(required=False)
    scope = AccessScopeFields(required=False)


class AccessEndWriter(StrictSerializer):
    """Why an access ends; both sides may read it."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)


class ObjectionWriter(StrictSerializer):
    """What the enterprise objects to."""

    text = serializers.CharField(max_length=2000)


class AccessEventReader(serializers.Serializer[Any]):
    """One thing that happened to an access."""

    kind = serializers.ChoiceField(choices=NamedAccessEvent.Kind.choices)
    actor = serializers.CharField(source="actor.name")
    at = serializers.DateTimeField()
    text = serializers.CharField()


class AccessReader(serializers.Serializer[Any]):
    """One access, as both sides may read it; it holds no answers."""

    id = serializers.UUIDField()
    enterprise = PartyReader()
    bureau = PartyReader()
    basis = serializers.ChoiceField(choices=NamedAccess.Basis.choices)
    purpose = serializers.CharField()
    ground = serializers.CharField()
    document_number = serializers.CharField()
    document_date = serializers.DateField(allow_null=True)
    readers = serializers.SerializerMethodField()
    scope = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=NamedAccess.State.choices)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoked_reason = serializers.CharField()

    def get_readers(self, access: NamedAccess) -> list[str]:
        """Return the names of who may read."""
        return sorted(str(row.person) for row in access.readers.all())

    def get_scope(self, access: NamedAccess) -> dict[str, Any]:
        """Return the scope as `AccessScopeFields` takes it."""
        scope = access.scope.to_json()
        del scope["drafts"]
        return scope


class AccessDetailReader(AccessReader):
    """One access with what happened to it."""

    events = AccessEventReader(many=True)


def access_scope_from(data: dict[str, Any]) -> Scope:
    """Return the scope in validated data."""
    named, sections = data["assessments"], data["sections"]
    return Scope(
        assessments=None if named is None else frozenset(named),
        sections=None if sections is None else frozenset(sections),
        **{key: data[key] for key in ("evidence", "report", "data_sheet")},
    )
