"""A link with which one person joins an organisation once."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.querysets import InvitationQuerySet
from accounts.rules import Role


class Invitation(models.Model):
    """An offer of a role; the link's secret is stored as a SHA-256 only.

    `created_by` is None when an operator's command made the organisation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations"
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    email = models.EmailField(_("邮箱"), blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_by=None, accepted_at=None)
                | models.Q(
                    accepted_by__isnull=False,
                    accepted_at__isnull=False,
                    revoked_at=None,
                ),
                name="invitation_is_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="invitation_expires_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody may still accept this at `at`."""
        unused = self.accepted_at is None and self.revoked_at is None
        return unused and at < self.expires_at
