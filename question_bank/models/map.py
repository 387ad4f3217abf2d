"""Maps between banks, as they were published."""

from typing import ClassVar

from django.db import models

from question_bank.models.version import BankVersion
from question_bank.querysets import StoredMapQuerySet


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
