"""What calibration said with a snapshot; experts read it, nobody computes it anew."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.models.snapshot import Snapshot
from oversight.querysets import CalibrationQuerySet


class CalibrationReport(models.Model):
    """The calibration made together with a published snapshot, or why there is none.

    It never changes: `document` are the canonical bytes of what experts may read,
    `sha256` their hash. A refused one says why in `reason` and `about`.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", _("已发布")
        REFUSED = "refused", _("未通过披露审核")

    snapshot = models.OneToOneField(
        Snapshot, models.PROTECT, primary_key=True, related_name="calibration"
    )
    state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(max_length=32, blank=True)
    about = models.CharField(max_length=200, blank=True)
    document = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    objects: ClassVar[CalibrationQuerySet] = CalibrationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", reason="")
                & ~Q(document="")
                & ~Q(sha256="")
                | Q(state="refused", document="", sha256="") & ~Q(reason=""),
                name="calibration_published_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_published(self) -> bool:
        """Whether it may be read."""
        return self.state == self.State.PUBLISHED


class CalibrationLedger(models.Model):
    """What the next report has to know of this one. Confidential: no door reads it.

    `content` is compressed JSON (`calibration.publish.Ledger`).
    """

    report = models.OneToOneField(
        CalibrationReport, models.PROTECT, primary_key=True, related_name="ledger"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
