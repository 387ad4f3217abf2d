"""Reading and writing shapes of improvement plans; explicit fields, no logic."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer
from reviews.models import PlanTask
from reviews.services.tasks import (
    LONGEST_LINE,
    LONGEST_REASON,
    LONGEST_TEXT,
    MOST_LINES,
)

STATES = [(state.value, state.value) for state in PlanTask.State]


class PlanTaskReader(serializers.Serializer[Any]):
    """One task. `text` and the lines of `evidence` are words by language, as the bank
    has them, or a string as somebody typed it.

    `kind`: gate, gap, proof or own. A task in the state `proposed` counts once a
    member of the enterprise accepts it.
    """

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    question = serializers.CharField()
    clause = serializers.CharField()
    text = serializers.JSONField()
    evidence = serializers.ListField(child=serializers.JSONField())
    department = serializers.CharField()
    owner = serializers.UUIDField(source="owner_id", allow_null=True)
    owner_name = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    essential = serializers.BooleanField()
    days = serializers.IntegerField()
    reason = serializers.CharField()
    proposed_by = serializers.CharField(
        source="proposed_by.name", allow_null=True, default=None
    )
    done_by = serializers.CharField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class PlanEventReader(serializers.Serializer[Any]):
    """One thing done to a task; `agency` is null for the enterprise's members.

    `changes` holds the old and the new value by field.
    """

    kind = serializers.CharField()
    by = serializers.CharField(source="actor")
    agency = serializers.CharField(source="agency.name", allow_null=True, default=None)
    at = serializers.DateTimeField()
    changes = serializers.DictField(child=serializers.JSONField(allow_null=True))
    text = serializers.CharField()


class PlanTaskDetailReader(serializers.Serializer[Any]):
    """One task with its history, the first event first."""

    task = PlanTaskReader()
    events = PlanEventReader(many=True)


class PlanReader(serializers.Serializer[Any]):
    """One improvement plan with its tasks as it ranks them.

    `state`: running, or followed by the next assessment.
    """

    assessment = serializers.UUIDField(source="plan.pk")
    state = serializers.CharField(source="plan.state")
    start_on = serializers.DateField(source="plan.start_on")
    created_at = serializers.DateTimeField(source="plan.created_at")
    system_start_on = serializers.DateField(
        source="plan.system_start_on", allow_null=True
    )
    audit_on = serializers.DateField(source="plan.audit_on", allow_null=True)
    review_on = serializers.DateField(source="plan.review_on", allow_null=True)
    applied_on = serializers.DateField(source="plan.applied_on", allow_null=True)
    next_assessment = serializers.UUIDField(
        source="plan.next_assessment_id", allow_null=True
    )
    tasks = PlanTaskReader(many=True)


class PlanTaskChange(StrictSerializer):
    """What a task shall say; what is not named stays.

    `owner` is a member of the enterprise and only the enterprise's to name;
    `owner_name` is for somebody without an account.
    """

    text = serializers.CharField(max_length=LONGEST_TEXT, required=False)
    department = serializers.CharField(max_length=64, required=False, allow_blank=True)
    owner = serializers.UUIDField(required=False, allow_null=True)
    owner_name = serializers.CharField(max_length=64, required=False, allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    evidence = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_LINE),
        max_length=MOST_LINES,
        required=False,
    )


class PlanTaskWriter(PlanTaskChange):
    """A new task; an agency's is a proposal."""

    text = serializers.CharField(max_length=LONGEST_TEXT)


class PlanTaskStateWriter(StrictSerializer):
    """The state to put a task in; `dropped` needs a reason."""

    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.CharField(
        max_length=LONGEST_REASON, default="", allow_blank=True
    )


class PlanCommentWriter(StrictSerializer):
    """What somebody says about a task."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
