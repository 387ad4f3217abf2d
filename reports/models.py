"""Printed papers: reports of sealed assessments, and bulletins of the bureau."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Assessment
from oversight.models import Bulletin
from reports.querysets import PrintQuerySet, ReportQuerySet


def new_code() -> str:
    """Return a verification code of 128 random bits, 26 characters in base 32."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = secrets.randbits(128)
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(alphabet[digit])
    return "".join(digits)


class Printed(models.Model):
    """The row is the queue of record: a worker takes it by lease and attempt.

    pending → rendering (attempt, lease_until) → ready | failed. Only the worker
    that holds the current attempt may publish, so a worker that was thought dead
    can't overwrite its successor's file. `key` is where the file lies, named by
    its SHA-256.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        RENDERING = "rendering"
        READY = "ready"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    requested_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=128, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


def ready_has_file(name: str) -> models.CheckConstraint:
    """Return the constraint that a finished paper has a file."""
    return models.CheckConstraint(
        condition=~Q(state="ready")
        | Q(ready_at__isnull=False) & ~Q(sha256="") & ~Q(key=""),
        name=name,
    )


class Report(Printed):
    """One PDF of one sealed assessment in one language.

    `code` verifies the paper without naming the enterprise. `asker` is who asked for
    it under a mandate: without the mandate nobody waits for it.
    """

    class Locale(models.TextChoices):
        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="reports"
    )
    locale = models.CharField(max_length=8, choices=Locale)
    code = models.CharField(max_length=26, unique=True, default=new_code)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "locale"], name="report_once"
            ),
            ready_has_file("report_ready_has_file"),
        ]


class BulletinPrint(Printed):
    """The PDF of one issued bulletin, in Chinese and in the official layout."""

    bulletin = models.OneToOneField(Bulletin, models.PROTECT, related_name="print")

    objects: ClassVar[PrintQuerySet] = PrintQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [ready_has_file("bulletin_print_ready_has_file")]
