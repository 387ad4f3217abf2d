"""Reading and writing shapes of reviews; explicit fields, no logic."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer
from reviews.models import ReviewMark
from reviews.opinions import TEXT_LIMIT


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

    `revision` counts the changes of the mark and is what `If-Match` names. `na`:
    confirmed, rejected or empty.
    """

    question = serializers.CharField()
    verdict = serializers.ChoiceField(choices=ReviewMark.Verdict.choices)
    reason = serializers.CharField()
    suggested_level = serializers.IntegerField(allow_null=True)
    na = serializers.CharField()
    answer_revision = serializers.IntegerField()
    revision = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ReviewMarkWriter(StrictSerializer):
    """What the agency thinks of one answer.

    `answer_revision` is the revision of the answer that was looked at, 0 for none.
    `reason` is needed unless the verdict is `agree`. Of an answer “not applicable”
    `agree` confirms and `disagree` rejects it; there is no other verdict on it.
    """

    verdict = serializers.ChoiceField(choices=ReviewMark.Verdict.choices)
    answer_revision = serializers.IntegerField(min_value=0, max_value=999_999_999)
    reason = serializers.CharField(
        max_length=TEXT_LIMIT, default="", allow_blank=True, trim_whitespace=False
    )
    suggested_level = serializers.IntegerField(
        default=None, allow_null=True, min_value=0, max_value=4
    )


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


class RemarkWriter(StrictSerializer):
    """What the agency says to its client about one question, or about the whole."""

    question = serializers.CharField(max_length=64, default="", allow_blank=True)
    text = serializers.CharField(max_length=TEXT_LIMIT, trim_whitespace=False)


class RemarkAnswerWriter(StrictSerializer):
    """What is said in a thread, and what becomes of it.

    `accept` and `argue` are the client's, `reply` and `settle` the agency's. `argue`
    and `reply` need a text.
    """

    do = serializers.ChoiceField(choices=["accept", "argue", "reply", "settle"])
    text = serializers.CharField(
        max_length=TEXT_LIMIT, default="", allow_blank=True, trim_whitespace=False
    )


class ReviewClosingWriter(StrictSerializer):
    """The agency's last word on a review; the client reads it."""

    text = serializers.CharField(
        max_length=TEXT_LIMIT, default="", allow_blank=True, trim_whitespace=False
    )


class ReviewDetailReader(serializers.Serializer[Any]):
    """A review with the marks and remarks the caller may see."""

    review = ReviewReader()
    marks = ReviewMarkReader(many=True)
    remarks = RemarkReader(many=True)
