"""One enterprise's self-assessment against one version of a bank."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from assessments.querysets import AssessmentQuerySet
from question_bank.models import BankVersion


class Assessment(models.Model):
    """A draft until it is submitted; then sealed, and the database keeps it so.

    The seal: hash of what is scored, hash of the whole record (notes, documents and
    evidence too), hash of the bank, version of the scorer, the whole scorecard, and
    the data sheet's `facts` (and vetoes) that it was computed from.
    `reference_date` is the day the answers speak of: the day of submission,
    Asia/Shanghai.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments"
    )
    bank_version = models.ForeignKey(
        BankVersion, on_delete=models.PROTECT, related_name="assessments"
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reference_date = models.DateField(null=True, blank=True)
    declared_name = models.CharField(max_length=64, blank=True)
    declared_position = models.CharField(max_length=64, blank=True)
    answers_sha256 = models.CharField(max_length=64, blank=True)
    record_sha256 = models.CharField(max_length=64, blank=True)
    bank_sha256 = models.CharField(max_length=64, blank=True)
    scorer_version = models.CharField(max_length=16, blank=True)
    band = models.CharField(max_length=8, blank=True)
    scorecard = models.JSONField(null=True, blank=True)
    facts = models.JSONField(null=True, blank=True)

    mandate_id: uuid.UUID | None
    access_id: uuid.UUID | None
    """Put in by `visible_to`: what opened the row, both None for one's own."""

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "bank_version"],
                condition=Q(status="draft"),
                name="assessment_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    reference_date__isnull=False,
                    scorecard__isnull=False,
                )
                & ~Q(answers_sha256="")
                & ~Q(record_sha256="")
                & ~Q(bank_sha256="")
                & ~Q(scorer_version=""),
                name="assessment_sealed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["enterprise", "status"], name="assessment_by_enterprise"
            ),
            models.Index(
                fields=["bank_version", "enterprise", "created_at"],
                name="assessment_by_bank",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def shown_band(self) -> str:
        """The band, empty for who sees only some of the sections."""
        return "" if self.__dict__.get("in_parts") else self.band

    @property
    def is_draft(self) -> bool:
        """Whether answers may still change."""
        return self.status == self.Status.DRAFT
