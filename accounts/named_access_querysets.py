"""Which named accesses there are, for whom, and through which an official reads."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.openings import OpeningQuerySet, barred_from, rows_of
from accounts.querysets import Subject, person_id
from accounts.rules import NAMED_ROLES, Role


class NamedAccessQuerySet(OpeningQuerySet):
    """Chainable filters over named accesses."""

    names, link = "NamedAccessAssessment", "access"

    def visible_to(self, user: Subject) -> Self:
        """Those about one's enterprise, and those of one's bureau.

        What was asked on a ground is shown to the enterprise once it is approved. A
        bureau's manager sees all of the bureau's, an analyst those they asked for or
        are named in, an operator none. None of this shows an answer.
        """
        if (person := person_id(user)) is None:
            return self.none()
        of = rows_of("Membership").filter(user=person)
        told = Q(basis="consent") | Q(state="open")
        ours = Q(enterprise__in=of.values("organisation")) & told
        managed = of.filter(role=Role.BUREAU_MANAGER).values("organisation")
        reader = rows_of("NamedReader").filter(access=OuterRef("pk"), person=person)
        part = Q(asked_by=person) | Q(Exists(reader))
        served = of.filter(role__in=NAMED_ROLES).values("organisation")
        return self.filter(ours | Q(bureau__in=managed) | Q(bureau__in=served) & part)

    def in_force(self) -> Self:
        """Approved, started, not ended, not revoked: by the database's clock."""
        return super().in_force().filter(state="open")

    def opening_to(self, person: UUID) -> Self:
        """Those through which this official may read.

        Named in it, still a manager or an analyst of the bureau, and nobody whose own
        membership of the enterprise ended less than two years ago.
        """
        named = rows_of("NamedReader").filter(access=OuterRef("pk"), person=person)
        member = rows_of("Membership").filter(
            user=person, organisation=OuterRef("bureau"), role__in=NAMED_ROLES
        )
        found = self.filter(Exists(named), Exists(member), ~Exists(barred_from(person)))
        return found.in_force()

    def undecided(self, at: datetime) -> Self:
        """What waits for a decision that would still help."""
        return self.filter(state="asked", ends_at__gt=at)

    def running(self, at: datetime) -> Self:
        """Approved and neither ended nor revoked at `at`."""
        return self.filter(state="open", revoked_at=None, ends_at__gt=at)

    def over(self, at: datetime) -> Self:
        """Neither undecided nor running at `at`."""
        gone = Q(revoked_at__isnull=False) | Q(ends_at__lte=at)
        return self.filter(gone | Q(state__in=["refused", "withdrawn"]))

    def for_list(self) -> Self:
        """With both sides, who asked and who reads, the latest first."""
        rows = self.select_related("enterprise", "bureau", "asked_by", "decided_by")
        rows = rows.prefetch_related("assessments", "readers__person")
        return rows.order_by("-asked_at", "pk")


class NamedAccessEventQuerySet(models.QuerySet[Any]):
    """What happened to named accesses."""

    def visible_to(self, user: Subject) -> Self:
        """The history of the accesses the person may see."""
        return self.filter(access__in=rows_of("NamedAccess").visible_to(user))  # type: ignore[attr-defined]

    def in_order(self) -> Self:
        """As it happened, the first first."""
        return self.select_related("actor").order_by("pk")
