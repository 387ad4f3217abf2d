"""Reading and writing shapes of moving, following and comparing."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer

RELATIONS = ["same", "narrower", "broader", "related", "dropped", "reopened"]


class TargetWriter(StrictSerializer):
    """The bank to move to; the version on offer is used."""

    bank = serializers.SlugField(default="gbt29490_2023")


class VersionWriter(StrictSerializer):
    """The version to follow, such as "1.0.1"."""

    version = serializers.CharField(max_length=32)


class ConfirmationWriter(StrictSerializer):
    """The questions whose carried answers are right; all that wait when left out."""

    questions = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=1000
    )


class ConfirmationReader(serializers.Serializer[Any]):
    """How many answers were waiting and are confirmed now."""

    confirmed = serializers.IntegerField()


class OutlookReader(serializers.Serializer[Any]):
    """What a move would do; nothing is stored.

    `low` and `high` bound the score under the target: every open question 0, or full.
    """

    bank = serializers.CharField()
    bank_version = serializers.CharField()
    carried = serializers.ListField(child=serializers.CharField())
    to_confirm = serializers.ListField(child=serializers.CharField())
    hinted = serializers.ListField(child=serializers.CharField())
    left_behind = serializers.ListField(child=serializers.CharField())
    new = serializers.ListField(child=serializers.CharField())
    low = serializers.CharField(allow_null=True)
    high = serializers.CharField(allow_null=True)


class KeptReader(serializers.Serializer[Any]):
    """An old answer that was not carried, as it was at the time of the move."""

    old_question = serializers.CharField()
    state = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    reason = serializers.CharField()
    note = serializers.CharField()
    document = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField())


class HintReader(KeptReader):
    """An old answer to be looked at beside a new question."""

    question = serializers.CharField()
    relation = serializers.ChoiceField(choices=RELATIONS)


class MoveReader(serializers.Serializer[Any]):
    """Where the first answers of an assessment come from."""

    moved_from = serializers.UUIDField(source="source_id")
    source_bank = serializers.CharField(source="source_version.bank")
    source_bank_version = serializers.CharField(source="source_version.version")
    map_sha256 = serializers.CharField()
    moved_at = serializers.DateTimeField()
    carried = serializers.DictField(child=serializers.CharField())
    hints = HintReader(many=True)
    left_behind = KeptReader(many=True)
    new = serializers.ListField(child=serializers.CharField())


class QuestionChangeReader(serializers.Serializer[Any]):
    """One question then and now; `difference` is in shares of a question's points."""

    earlier = serializers.CharField(allow_null=True)
    later = serializers.CharField(allow_null=True)
    relation = serializers.CharField(allow_null=True)
    verdict = serializers.CharField()
    difference = serializers.CharField(allow_null=True)


class PartChangeReader(serializers.Serializer[Any]):
    """A section or clause then and now, in points of 100, exact fractions."""

    key = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    evidenced_before = serializers.CharField(allow_null=True)
    evidenced_after = serializers.CharField(allow_null=True)
    compared = serializers.IntegerField()


class ComparisonReader(serializers.Serializer[Any]):
    """Two assessments, the earlier first.

    `one_bank` false: sections and clauses rest on the questions that both banks ask.
    """

    earlier = serializers.UUIDField()
    later = serializers.UUIDField()
    one_bank = serializers.BooleanField()
    questions = QuestionChangeReader(many=True)
    sections = PartChangeReader(many=True)
    clauses = PartChangeReader(many=True)
