"""Whether the person who registered an enterprise has proved to act for it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.querysets import ClaimQuerySet


class EnterpriseClaim(models.Model):
    """The claim to an enterprise: pending, proven or refused.

    An enterprise whose claim is not proven may assess itself; it grants no
    mandates. `decided_by` is None when an operator's command decided.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("待认领审核")
        PROVEN = "proven", _("已认领")
        REFUSED = "refused", _("未通过")

    class Proof(models.TextChoices):
        BUREAU = "bureau", _("主管部门核对")
        LICENCE = "licence", _("核对营业执照")
        DEMO = "demo", _("演示单位")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.OneToOneField(
        Organisation, models.PROTECT, related_name="claim"
    )
    registrant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    proof = models.CharField(max_length=16, choices=Proof, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None, proof="")
                | Q(state="proven", decided_at__isnull=False) & ~Q(proof="")
                | Q(state="refused", decided_at__isnull=False, proof="")
                & ~Q(reason=""),
                name="claim_is_decided_with_proof_or_reason",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state="pending"),
                name="claim_awaiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.state}"

    @property
    def is_proven(self) -> bool:
        """Whether the enterprise may grant mandates."""
        return self.state == self.State.PROVEN
