"""Reading shapes of reviews; explicit fields, no logic."""

from typing import Any

from rest_framework import serializers


class ReviewAgencyReader(serializers.Serializer[Any]):
    """The agency that reviews."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ReviewReader(serializers.Serializer[Any]):
    """One review. `state`: open, returned or accepted; hashes where it is pinned."""

    id = serializers.UUIDField()
    assessment = serializers.UUIDField(source="assessment_id")
    agency = ReviewAgencyReader()
    state = serializers.CharField()
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_by = serializers.CharField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    answers_sha256 = serializers.CharField()
    record_sha256 = serializers.CharField()


class ReviewMarkReader(serializers.Serializer[Any]):
    """What the agency thinks of one answer, at the revision it looked at.

    `verdict`: agree, partly, disagree or evidence_insufficient; `na`: confirmed,
    rejected or empty.
    """

    question = serializers.CharField()
    verdict = serializers.CharField()
    reason = serializers.CharField()
    suggested_level = serializers.IntegerField(allow_null=True)
    na = serializers.CharField()
    answer_revision = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class RemarkMessageReader(serializers.Serializer[Any]):
    """One message; `side`: agency or enterprise."""

    side = serializers.CharField()
    text = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class RemarkReader(serializers.Serializer[Any]):
    """One thread; `question` is empty where the whole is meant.

    `state`: open, accepted, argued or settled.
    """

    id = serializers.UUIDField()
    question = serializers.CharField()
    state = serializers.CharField()
    messages = RemarkMessageReader(many=True, source="messages.all")


class ReviewDetailReader(serializers.Serializer[Any]):
    """A review with the marks and remarks the caller may see."""

    review = ReviewReader()
    marks = ReviewMarkReader(many=True)
    remarks = RemarkReader(many=True)
