"""Files that prove an answer."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from assessments.models.assessment import Assessment
from assessments.querysets import EvidenceQuerySet


class Evidence(models.Model):
    """One file attached to one question.

    Files lie under random keys; the name the user gave is a column, so that long
    Chinese names survive. `sha256` is the hash of the stored bytes. Rows of several
    assessments may name one `key`: a move shares the stored file instead of copying it,
    and the file goes with the last row that names it.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        JPEG = "jpg", "JPEG"
        PNG = "png", "PNG"
        WORD = "docx", "Word"
        EXCEL = "xlsx", "Excel"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="evidence"
    )
    question = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=128, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    objects: ClassVar[EvidenceQuerySet] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "sha256"], name="evidence_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
