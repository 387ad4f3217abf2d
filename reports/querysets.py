"""Who may see which report, and which reports wait for a worker."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.querysets import Subject
from assessments.models import Assessment


class ReportQuerySet(models.QuerySet[Any]):
    """Chainable filters over reports."""

    def visible_to(self, user: Subject) -> Self:
        """The reports of assessments the person may see."""
        return self.filter(assessment__in=Assessment.objects.visible_to(user))

    def due(self, at: datetime) -> Self:
        """What no living worker has in hand: waiting, or its lease ran out."""
        return self.filter(
            Q(state="pending") | Q(state="rendering", lease_until__lt=at)
        ).order_by("requested_at", "pk")

    def in_order(self) -> Self:
        """By time of request."""
        return self.order_by("requested_at", "pk")
