"""Who may see which report, and which reports wait for a worker."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.mandated_reads import MandatedQuerySet
from accounts.querysets import Subject, person_id
from assessments.querysets import member_of, openings_for


class PrintQuerySet(models.QuerySet[Any]):
    """Chainable filters over printed papers."""

    def due(self, at: datetime) -> Self:
        """What no living worker has in hand: waiting, or its lease ran out."""
        return self.filter(_is_due(at)).order_by("requested_at", "pk")


class ReportQuerySet(MandatedQuerySet):
    """Chainable filters over reports."""

    what = "report"

    def visible_to(self, user: Subject) -> Self:
        """The reports of one's enterprise, and those of an opening with reports."""
        if (person := person_id(user)) is None:
            return self.none()
        found = openings_for(
            person,
            enterprise="assessment__enterprise",
            assessment="assessment",
            report=True,
        )
        own = Q(member_of(person, "assessment__enterprise"))
        return self.filter(own | found.any()).annotate(**found.which())

    def due(self, at: datetime) -> Self:
        """What no living worker has in hand: waiting, or its lease ran out."""
        return self.filter(_is_due(at)).order_by("requested_at", "pk")

    def in_order(self) -> Self:
        """By time of request."""
        return self.order_by("requested_at", "pk")


def _is_due(at: datetime) -> Q:
    return Q(state="pending") | Q(state="rendering", lease_until__lt=at)
