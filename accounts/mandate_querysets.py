"""Which mandates there are, for whom and when; and who looked at what under them."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.openings import OpeningQuerySet, barred_from, rows_of
from accounts.querysets import Subject, person_id
from accounts.rules import MANDATED_ROLES, Role


class MandateQuerySet(OpeningQuerySet):
    """Chainable filters over mandates."""

    names, link = "MandateAssessment", "mandate"

    def visible_to(self, user: Subject) -> Self:
        """The mandates of the person's own organisation, given or held."""
        if (person := person_id(user)) is None:
            return self.none()
        mine = rows_of("Membership").filter(user=person).values("organisation")
        return self.filter(Q(enterprise__in=mine) | Q(agency__in=mine))

    def opening_to(self, person: UUID) -> Self:
        """Those through which this person of an agency may read.

        Nobody whose own membership of the enterprise ended less than two years
        ago, and nobody of a certification body.
        """
        member = rows_of("Membership").filter(
            user=person, organisation=OuterRef("agency"), role__in=MANDATED_ROLES
        )
        open_ones = self.filter(agency__is_certification_body=False)
        return open_ones.filter(Exists(member), ~Exists(barred_from(person))).in_force()

    def running(self, at: datetime) -> Self:
        """Neither ended nor revoked at `at`; those that start later too."""
        return self.filter(revoked_at=None, ends_at__gt=at)

    def over(self, at: datetime) -> Self:
        """Ended or revoked before `at`."""
        return self.filter(Q(revoked_at__isnull=False) | Q(ends_at__lte=at))

    def for_list(self) -> Self:
        """With both sides and what it names, the latest first."""
        rows = self.select_related("enterprise", "agency", "granted_by")
        return rows.prefetch_related("assessments").order_by("-granted_at", "pk")


class MandateEventQuerySet(models.QuerySet[Any]):
    """What happened to mandates."""

    def visible_to(self, user: Subject) -> Self:
        """The history of the mandates the person may see."""
        return self.filter(mandate__in=rows_of("Mandate").visible_to(user))  # type: ignore[attr-defined]

    def in_order(self) -> Self:
        """As it happened, the first first."""
        return self.select_related("actor").order_by("pk")


class MandateInvitationQuerySet(models.QuerySet[Any]):
    """Requests for mandates."""

    def visible_to(self, user: Subject) -> Self:
        """The requests of the agency the person works for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(
            agency__memberships__user=person,
            agency__memberships__role__in=MANDATED_ROLES,
        )

    def open(self, at: datetime) -> Self:
        """Neither accepted nor revoked nor expired at `at`, newest first."""
        return self.filter(
            accepted_at=None, revoked_at=None, expires_at__gt=at
        ).order_by("-created_at", "pk")


class AccessRecordQuerySet(models.QuerySet[Any]):
    """Who looked at what."""

    def visible_to(self, user: Subject) -> Self:
        """What was read of the enterprise the person belongs to."""
        if (person := person_id(user)) is None:
            return self.none()
        mine = rows_of("Membership").filter(user=person).values("organisation")
        return self.filter(
            Q(mandate__enterprise__in=mine) | Q(access__enterprise__in=mine)
        )

    def of_agency(self, user: Subject) -> Self:
        """What the people of the agency read that the person manages."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(
            mandate__agency__memberships__user=person,
            mandate__agency__memberships__role=Role.AGENCY_MANAGER,
        )

    def newest_first(self) -> Self:
        """By the last read, the latest first."""
        rows = self.select_related("person", "mandate__agency", "access__bureau")
        return rows.order_by("-last_at", "-pk")
