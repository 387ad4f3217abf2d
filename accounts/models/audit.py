"""What happened: who did what to which object, and when."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models.organisation import Organisation
from accounts.querysets import AuditEventQuerySet


class AuditEvent(models.Model):
    """One line of the audit trail.

    Rows are only ever added: guards (`accounts.apps`) refuse to change or delete
    them. `detail` holds names of fields and numbers, never an answer.
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)

    objects: ClassVar[AuditEventQuerySet] = AuditEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="audit_by_organisation"),
            models.Index(
                fields=["subject_type", "subject_id"], name="audit_by_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
