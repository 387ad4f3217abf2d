"""Reading and writing shapes of assessments."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer


class AssessmentReader(serializers.Serializer[Any]):
    """One assessment."""

    id = serializers.UUIDField()
    edition = serializers.CharField(source="bank_version.edition")
    bank = serializers.CharField(source="bank_version.bank")
    bank_version = serializers.CharField(source="bank_version.version")
    status = serializers.ChoiceField(choices=["draft", "submitted"])
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    reference_date = serializers.DateField(allow_null=True)
    band = serializers.CharField(source="shown_band")


class AssessmentWriter(StrictSerializer):
    """Start an assessment with the offered version of a bank."""

    bank = serializers.SlugField(default="gbt29490_2023")


class AnswerReader(serializers.Serializer[Any]):
    """One answer; `revision` goes into `If-Match` of the next save.

    `to_confirm`: carried from another assessment; saving it, unchanged or not, or
    confirming it takes the mark away.
    """

    question = serializers.CharField()
    state = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    reason = serializers.CharField()
    note = serializers.CharField()
    document = serializers.CharField()
    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    to_confirm = serializers.BooleanField()


class AnswerWriter(StrictSerializer):
    """One answer: `state` with `value` or `reason`, a note and a document.

    States: answered (value), not_applicable (reason), not_occurred (value: level of
    the mechanism), dont_know, unanswered (clears the answer).
    """

    state = serializers.ChoiceField(
        choices=[
            "answered",
            "not_applicable",
            "not_occurred",
            "dont_know",
            "unanswered",
        ]
    )
    value = serializers.JSONField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    document = serializers.CharField(required=False, allow_blank=True, max_length=200)


class TallyReader(serializers.Serializer[Any]):
    """How much of a part is done."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    unknown = serializers.IntegerField()


class SavedReader(serializers.Serializer[Any]):
    """The stored answer and what applies now; the server's word counts."""

    answer = AnswerReader()
    applicable = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField())
    progress = TallyReader()


class EvidenceReader(serializers.Serializer[Any]):
    """One attached file."""

    id = serializers.UUIDField()
    question = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class EvidenceWriter(StrictSerializer):
    """One file, multipart field `file`."""

    file = serializers.FileField(allow_empty_file=True)


class CheckReader(serializers.Serializer[Any]):
    """What to look at before submitting."""

    can_submit = serializers.BooleanField()
    items = serializers.ListField(child=serializers.DictField())


class DeclarationWriter(StrictSerializer):
    """The declaration of the person authorised by the enterprise."""

    name = serializers.CharField(max_length=64, allow_blank=True)
    position = serializers.CharField(max_length=64, allow_blank=True)
    confirmed = serializers.BooleanField()
