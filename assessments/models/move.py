"""How an assessment came to its bank version: moved there, or followed a patch."""

import uuid

from django.conf import settings
from django.db import models

from assessments.models.assessment import Assessment
from question_bank.models import BankVersion, StoredMap


class Move(models.Model):
    """Where the first answers of an assessment come from; written once, never changed.

    The old assessment may be a draft and change later, so what was not carried is kept
    here as it was: `hints` and `left_behind` hold the old answers, `carried` the old
    question of each answer taken over, `new` the questions nothing old speaks to.
    `stored_map` is None between versions of one bank; `map_sha256` names the map
    used in either case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="move"
    )
    source = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="moves"
    )
    source_version = models.ForeignKey(
        BankVersion, on_delete=models.PROTECT, related_name="+"
    )
    target_version = models.ForeignKey(
        BankVersion, on_delete=models.PROTECT, related_name="+"
    )
    stored_map = models.ForeignKey(
        StoredMap, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    map_sha256 = models.CharField(max_length=64)
    carried = models.JSONField()
    hints = models.JSONField()
    left_behind = models.JSONField()
    new = models.JSONField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(assessment=models.F("source")),
                name="move_between_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.assessment_id}"


class Follow(models.Model):
    """A draft that went on to a version with corrected words; append-only."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="follows"
    )
    from_version = models.ForeignKey(
        BankVersion, on_delete=models.PROTECT, related_name="+"
    )
    to_version = models.ForeignKey(
        BankVersion, on_delete=models.PROTECT, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "to_version"], name="follow_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.to_version_id}"
