"""Who sees an agency's own notes about its clients: its people, while they may.

A project hangs on a mandate: once it is over, nobody finds the project any more.
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import Mandate, Membership
from accounts.querysets import Subject, person_id
from accounts.rules import MANDATED_ROLES


class CoachingProjectQuerySet(models.QuerySet[Any]):
    """Coaching projects."""

    def visible_to(self, user: Subject) -> Self:
        """Those of one's agency with clients whose mandate lets one in now."""
        if (person := person_id(user)) is None:
            return self.none()
        opening = Mandate.objects.opening_to(person)
        return self.filter(
            Exists(
                opening.filter(
                    agency=OuterRef("agency"), enterprise=OuterRef("enterprise")
                )
            )
        )


class ProjectEventQuerySet(models.QuerySet[Any]):
    """What was done with projects."""

    def newest_first(self) -> Self:
        """The last first, with who did it."""
        return self.select_related("actor").order_by("-pk")


class AbsenceQuerySet(models.QuerySet[Any]):
    """When people of an agency are away."""

    def visible_to(self, user: Subject) -> Self:
        """The absences of one's own agency."""
        if (person := person_id(user)) is None:
            return self.none()
        mine = Membership.objects.filter(
            user=person, organisation=OuterRef("agency"), role__in=MANDATED_ROLES
        )
        return self.filter(Exists(mine))

    def on(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(cancelled_at=None, first_day__lte=day, last_day__gte=day)

    def to_come(self, day: date) -> Self:
        """Those that are not over on a day, in order."""
        rows = self.filter(cancelled_at=None, last_day__gte=day)
        return rows.select_related("person", "deputy").order_by("first_day", "pk")
