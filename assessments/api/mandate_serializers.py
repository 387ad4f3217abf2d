"""Reading and writing shapes of mandates; explicit fields, no logic."""

from typing import Any

from rest_framework import serializers

from accounts.mandate_scope import Scope
from accounts.models import AccessRecord, Mandate
from backend.api import StrictSerializer


class ScopeFields(StrictSerializer):
    """What may be read. `assessments` and `sections`: null for all of them."""

    assessments = serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, max_length=500
    )
    sections = serializers.ListField(
        child=serializers.CharField(max_length=64), allow_null=True, max_length=200
    )
    evidence = serializers.BooleanField(default=False)
    report = serializers.BooleanField(default=False)
    data_sheet = serializers.BooleanField(default=False)
    drafts = serializers.BooleanField(default=False)


class MandateWriter(StrictSerializer):
    """A new mandate. `agency` is its exact name or credit code."""

    agency = serializers.CharField(max_length=120)
    purpose = serializers.ChoiceField(choices=Mandate.Purpose.choices)
    purpose_note = serializers.CharField(max_length=200, default="", allow_blank=True)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)
    ends_at = serializers.DateTimeField()
    scope = ScopeFields()


class MandateChange(StrictSerializer):
    """A later or an earlier end, or a scope within the present one."""

    ends_at = serializers.DateTimeField(required=False)
    scope = ScopeFields(required=False)


class RevocationWriter(StrictSerializer):
    """Why a mandate is revoked; both sides may read it."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)


class PartyReader(serializers.Serializer[Any]):
    """One side of a mandate."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class MandateReader(serializers.Serializer[Any]):
    """One mandate, as both sides may read it."""

    id = serializers.UUIDField()
    enterprise = PartyReader()
    agency = PartyReader()
    purpose = serializers.ChoiceField(choices=Mandate.Purpose.choices)
    purpose_note = serializers.CharField()
    scope = serializers.SerializerMethodField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    granted_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    revoked_reason = serializers.CharField()

    def get_scope(self, mandate: Mandate) -> dict[str, Any]:
        """Return the scope as `ScopeFields` takes it."""
        return mandate.scope.to_json()


class AccessRecordReader(serializers.Serializer[Any]):
    """What one person read of one object through one door on one day.

    `agency` is the agency's or the bureau's name; `mandate` or `access` what opened it.
    """

    agency = serializers.CharField(source="side.name")
    mandate = serializers.UUIDField(source="mandate_id", allow_null=True)
    access = serializers.UUIDField(source="access_id", allow_null=True)
    person = serializers.CharField(source="person.name")
    what = serializers.ChoiceField(choices=AccessRecord.What.choices)
    object_id = serializers.CharField()
    door = serializers.CharField()
    is_download = serializers.BooleanField()
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    count = serializers.IntegerField()


def scope_from(data: dict[str, Any]) -> Scope:
    """Return the scope in validated data."""
    named, sections = data["assessments"], data["sections"]
    flags = {key: data[key] for key in ("evidence", "report", "data_sheet", "drafts")}
    return Scope(
        assessments=None if named is None else frozenset(named),
        sections=None if sections is None else frozenset(sections),
        **flags,
    )
