"""Published question banks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from question_bank.querysets import BankVersionQuerySet, StoredMapQuerySet


class BankVersion(models.Model):
    """One compiled version of a bank; immutable once published.

    `document` is the canonical JSON whose SHA-256 is `sha256`; an assessment pins
    one version for ever, so a score can be recomputed at any later time.
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


class StoredMap(models.Model):
    """A published map from another bank to one version of a bank; immutable.

    `document` is the canonical JSON whose SHA-256 is `sha256`, so that a move can be
    repeated and explained at any later time.
    """

    source_bank = models.CharField(max_length=64)
    target_bank = models.CharField(max_length=64)
    target_version = models.ForeignKey(
        BankVersion, on_delete=models.PROTECT, related_name="maps"
    )
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    objects: ClassVar[StoredMapQuerySet] = StoredMapQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_bank", "target_version"], name="stored_map_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_bank} → {self.target_bank}"
