"""Published question banks."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from question_bank.querysets import BankVersionQuerySet


class BankVersion(models.Model):
    """One compiled version of a bank; immutable once published.

    `document` is the canonical JSON whose SHA-256 is `sha256`; an assessment pins
    one version for ever, so a score can be recomputed at any later time.
    `retired_by` is None when a newer version took its place.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    bank = models.CharField(max_length=64)
    edition = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    document = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[BankVersionQuerySet] = BankVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "version"], name="bank_version_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="bank_version_published_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.version}"
