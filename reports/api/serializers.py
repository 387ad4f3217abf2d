"""Reading and writing shapes of reports."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer
from reports.models import Report


class ReportReader(serializers.Serializer[Any]):
    """One report. `sha256`, `size` and `pages` are known once it is ready."""

    id = serializers.UUIDField()
    assessment = serializers.UUIDField(source="assessment_id")
    locale = serializers.ChoiceField(choices=Report.Locale.choices)
    state = serializers.ChoiceField(choices=Report.State.choices)
    code = serializers.CharField()
    requested_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    pages = serializers.IntegerField()
    error = serializers.CharField()


class ReportWriter(StrictSerializer):
    """Ask for the report in a language."""

    locale = serializers.ChoiceField(
        choices=Report.Locale.choices, default=Report.Locale.CHINESE
    )


class VerificationReader(serializers.Serializer[Any]):
    """What anybody who holds a report's code may know of it."""

    standing = serializers.ChoiceField(choices=["valid", "superseded"])
    issued_at = serializers.DateTimeField()
    edition = serializers.CharField()
    bank_version = serializers.CharField()
    locale = serializers.ChoiceField(choices=Report.Locale.choices)
    pages = serializers.IntegerField()
    sha256 = serializers.CharField()
