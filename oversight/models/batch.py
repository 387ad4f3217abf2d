"""A workbook with many records, checked, applied and perhaps undone."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.querysets import KeptQuerySet


class ImportBatch(models.Model):
    """One uploaded workbook; its file is kept under `key`.

    Checked when it was looked through without storing a record, applied when all
    of its rows were stored at once, undone when counter-revisions took them back.
    `counts` holds how many records it adds, changes and leaves, by sheet; `preview`
    the first of the changes and warnings in words.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("已检查，未导入")
        APPLIED = "applied", _("已导入")
        UNDONE = "undone", _("已撤销")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    source = models.CharField(_("来源"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKED)
    counts = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[KeptQuerySet] = KeptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checked", applied_at=None, undone_at=None)
                | Q(state="applied", applied_at__isnull=False, undone_at=None)
                | Q(state="undone", applied_at__isnull=False, undone_at__isnull=False)
                & ~Q(undo_reason=""),
                name="import_batch_state_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return self.name
