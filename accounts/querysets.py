"""Who may see which row: `visible_to(user)` is the only way to tenant rows."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.rules import MANAGING_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import User

Subject = AbstractBaseUser | AnonymousUser
"""Whoever asks: a person or a stranger."""


def person_id(user: Subject) -> UUID | None:
    """Return the id of a signed-in, active person; None for anybody else."""
    return user.pk if user.is_authenticated and user.is_active else None


class UserQuerySet(models.QuerySet[Any]):
    """People."""

    def visible_to(self, user: Subject) -> Self:
        """The person alone and the colleagues in the same organisation."""
        if (person := person_id(user)) is None:
            return self.none()
        colleague = models.Q(membership__organisation__memberships__user=person)
        return self.filter(models.Q(pk=person) | colleague)


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Subject) -> UserQuerySet:
        """See `UserQuerySet.visible_to`."""
        return self.get_queryset().visible_to(user)

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Store a person; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail address, in whatever case."""
        return self.get(email=(username or "").strip().lower())


class OrganisationQuerySet(models.QuerySet[Any]):
    """Enterprises, agencies and bureaus."""

    def visible_to(self, user: Subject) -> Self:
        """The organisation the person belongs to, and no other.

        What a bureau counts and what an agency was shown is reached through
        rules of their own, never through the list of organisations.
        """
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(memberships__user=person)


class MembershipQuerySet(models.QuerySet[Any]):
    """Who belongs where."""

    def visible_to(self, user: Subject) -> Self:
        """The members of the person's own organisation."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(organisation__memberships__user=person)

    def managing(self) -> Self:
        """Those who manage their organisation."""
        return self.filter(role__in=MANAGING_ROLES)

    def for_list(self) -> Self:
        """With the person, in the order of joining."""
        return self.select_related("user").order_by("joined_at", "pk")


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations to join an organisation."""

    def visible_to(self, user: Subject) -> Self:
        """The invitations of the organisation the person manages."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(
            organisation__memberships__user=person,
            organisation__memberships__role__in=MANAGING_ROLES,
        )

    def open(self, at: datetime) -> Self:
        """Neither accepted nor revoked, and not expired at `at`."""
        return self.filter(
            accepted_at=None, revoked_at=None, expires_at__gt=at
        ).order_by("-created_at", "pk")

    def for_list(self) -> Self:
        """With the person who invited, newest first."""
        return self.select_related("created_by").order_by("-created_at", "pk")


class ClaimQuerySet(models.QuerySet[Any]):
    """Claims to enterprises."""

    def visible_to(self, user: Subject) -> Self:
        """The claims a bureau's manager decides on, and the one of one's own."""
        if (person := person_id(user)) is None:
            return self.none()
        memberships = apps.get_model("accounts", "Membership").objects
        decides = memberships.filter(user=person, role=Role.BUREAU_MANAGER)
        own = models.Q(enterprise__memberships__user=person)
        return self.filter(own | models.Exists(decides)).distinct()

    def undecided(self) -> Self:
        """What the bureau has still to look at, the oldest first."""
        return self.filter(state="pending").order_by("created_at", "pk")

    def for_list(self) -> Self:
        """With the enterprise and who registered it."""
        return self.select_related("enterprise", "registrant")


class NoticeQuerySet(models.QuerySet[Any]):
    """What people are told."""

    def visible_to(self, user: Subject) -> Self:
        """The person's own notices, and nobody else's."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(recipient=person)

    def unread(self) -> Self:
        """What has not been opened yet."""
        return self.filter(read_at=None)

    def newest_first(self) -> Self:
        """By time, the latest first."""
        return self.order_by("-created_at", "pk")


class NoticePreferenceQuerySet(models.QuerySet[Any]):
    """How people want to be told."""

    def visible_to(self, user: Subject) -> Self:
        """The person's own choices."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(person=person)


class AuditEventQuerySet(models.QuerySet[Any]):
    """What happened, in order."""

    def visible_to(self, user: Subject) -> Self:
        """The events of the organisation the person manages."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(
            organisation__memberships__user=person,
            organisation__memberships__role__in=MANAGING_ROLES,
        )

    def newest_first(self) -> Self:
        """In the order of writing, the last first."""
        return self.order_by("-pk")
