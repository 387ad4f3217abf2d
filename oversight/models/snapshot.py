"""Monthly snapshots: the only way readiness and participation are ever shown."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.querysets import SnapshotQuerySet


class Snapshot(models.Model):
    """What may be shown of one month, or that nothing may.

    `month` is "2026-10", `day` its last day. A published one has the next number and
    never changes: `document` are the canonical bytes of what is shown, `sha256` their
    hash. A refused one says why in `reason` and `about`.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", _("已发布")
        REFUSED = "refused", _("未通过披露审核")

    number = models.PositiveIntegerField(null=True, unique=True)
    month = models.CharField(max_length=7)
    day = models.DateField()
    state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(max_length=32, blank=True)
    about = models.CharField(max_length=200, blank=True)
    document = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[SnapshotQuerySet] = SnapshotQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                condition=Q(state="published"),
                name="snapshot_published_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(state="published", number__isnull=False, reason="")
                & ~Q(document="")
                & ~Q(sha256="")
                | Q(state="refused", number=None, document="", sha256="")
                & ~Q(reason=""),
                name="snapshot_published_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(month__regex=r"^[0-9]{4}-[0-9]{2}$"),
                name="snapshot_month_is_well_formed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.state}"

    @property
    def is_published(self) -> bool:
        """Whether it may be shown."""
        return self.state == self.State.PUBLISHED


class SnapshotLedger(models.Model):
    """What the next snapshot has to know of this one. Confidential: no door reads it.

    `content` is compressed JSON (`disclosure.publish.Ledger`).
    """

    snapshot = models.OneToOneField(
        Snapshot, models.PROTECT, primary_key=True, related_name="ledger"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
