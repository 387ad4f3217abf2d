"""Who belongs to which organisation, in which role."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.querysets import MembershipQuerySet
from accounts.rules import Role, manages


class Membership(models.Model):
    """One person in one organisation.

    A person belongs to one organisation at a time, so nobody is on both sides
    of a review. That the role fits the organisation's kind is held by a
    guard (`accounts.apps`): the kind is stored in one place only.
    """

    Role = Role

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="membership"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="membership_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"

    @property
    def manages(self) -> bool:
        """Whether this person manages the organisation's members."""
        return manages(self.role)


class EndedMembership(models.Model):
    """A membership that has ended; append-only.

    Until `barred_until` the person sees nothing of the organisation through a
    mandate: nobody reviews an enterprise they have just worked for.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="ended_memberships"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    barred_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
