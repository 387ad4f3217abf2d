"""Write the audit trail: one line for each thing a service did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import AuditEvent, Organisation, User


def record(
    *,
    action: str,
    actor: User | None,
    organisation: Organisation | None,
    subject: models.Model | None,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add one line in the caller's transaction.

    `action` is "noun.verb" (`member.invited`); `actor` is None for commands and
    tasks; `detail` must be JSON and must not hold what an enterprise answered.
    """
    return AuditEvent.objects.create(
        action=action,
        actor=actor,
        organisation=organisation,
        subject_type=subject._meta.label_lower if subject else "",  # noqa: SLF001
        subject_id=str(subject.pk) if subject else "",
        at=at,
        detail=dict(detail or {}),
    )
