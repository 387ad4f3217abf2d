"""Who may see which improvement plan. Every door starts here.

A plan speaks of a whole result: members of the enterprise see it, and people of an
agency whose mandate covers the assessment with every section, and its report or its
evidence.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Q, Subquery

from accounts.mandated_reads import MandatedQuerySet
from accounts.querysets import Subject, person_id
from assessments.querysets import mandates_for, member_of


class PlanQuerySet(MandatedQuerySet):
    """Chainable filters over plans; a plan's key is its assessment's."""

    what = "assessment"

    def visible_to(self, user: Subject) -> Self:
        """The plans of one's enterprise, and those a mandate shows."""
        if (person := person_id(user)) is None:
            return self.none()
        mandates = mandates_for(
            person,
            enterprise="assessment__enterprise",
            assessment="assessment",
            all_sections=True,
        ).filter(Q(report=True) | Q(evidence=True))
        own = member_of(person, "assessment__enterprise")
        found = self.filter(Q(own) | Q(Exists(mandates)))
        return found.annotate(mandate_id=Subquery(mandates.values("pk")[:1]))

    def own_of(self, user: Subject) -> Self:
        """The plans of the enterprise the person answers for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(member_of(person, "assessment__enterprise"))

    def with_enterprise(self) -> Self:
        """With what every page names: the assessment and its enterprise."""
        rows = self.select_related("assessment__enterprise", "assessment__bank_version")
        return rows.defer("assessment__bank_version__document")


class PlanTaskQuerySet(models.QuerySet[Any]):
    """Chainable filters over tasks."""

    def visible_to(self, user: Subject) -> Self:
        """The tasks of the plans the person may see."""
        plans = self.model._meta.get_field("plan").related_model  # noqa: SLF001
        shown = plans.objects.visible_to(user).values("pk")
        return self.filter(plan__in=shown)

    def to_do(self) -> Self:
        """What is neither finished nor given up."""
        return self.filter(state__in=("open", "doing"))

    def due_soon(self, today: date, days: int) -> Self:
        """Due within `days`, today included, and not reminded of that date."""
        last = today + timedelta(days=days)
        rows = self.to_do().filter(due_on__gte=today, due_on__lte=last)
        return rows.exclude(told_soon=models.F("due_on"), told_soon__isnull=False)

    def overdue(self, today: date) -> Self:
        """Due before today, and not reminded of that date."""
        rows = self.to_do().filter(due_on__lt=today)
        return rows.exclude(told_late=models.F("due_on"), told_late__isnull=False)

    def in_order(self) -> Self:
        """As the plan ranks them."""
        return self.select_related("owner", "proposed_by").order_by("position")
