"""One PDF of one sealed assessment in one language."""

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Assessment
from reports.querysets import ReportQuerySet


def new_code() -> str:
    """Return a verification code of 128 random bits, 26 characters in base 32."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = secrets.randbits(128)
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(alphabet[digit])
    return "".join(digits)


class Report(models.Model):
    """The row is the queue of record: a worker takes it by lease and attempt.

    pending → rendering (attempt, lease_until) → ready | failed. Only the worker
    that holds the current attempt may publish, so a worker that was thought dead
    can't overwrite its successor's file. `key` is where the file lies, named by
    its SHA-256; `code` verifies the paper without naming the enterprise. `asker` is
    who asked for it under a mandate: without the mandate nobody waits for it.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        RENDERING = "rendering"
        READY = "ready"
        FAILED = "failed"

    class Locale(models.TextChoices):
        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="reports"
    )
    locale = models.CharField(max_length=8, choices=Locale)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    code = models.CharField(max_length=26, unique=True, default=new_code)
    requested_at = models.DateTimeField()
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=128, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "locale"], name="report_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(ready_at__isnull=False) & ~Q(sha256="") & ~Q(key=""),
                name="report_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
