"""Who may see which assessment. Every door starts here."""

from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import Membership
from accounts.querysets import Subject, person_id
from assessments.rules import ANSWERING_ROLES


def _member_of(person: UUID, organisation: str) -> Exists:
    return Exists(
        Membership.objects.filter(
            user=person, organisation=OuterRef(organisation), role__in=ANSWERING_ROLES
        )
    )


class AssessmentQuerySet(models.QuerySet[Any]):
    """Chainable filters over assessments."""

    def visible_to(self, user: Subject) -> Self:
        """The assessments of the enterprise the person belongs to."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(_member_of(person, "enterprise"))

    def drafts(self) -> Self:
        """What can still be answered."""
        return self.filter(status="draft")

    def submitted(self) -> Self:
        """What is sealed, newest first."""
        return self.filter(status="submitted").order_by("-submitted_at", "pk")

    def light(self) -> Self:
        """Without the scorecard: it is large and only results need it."""
        return self.defer("scorecard")

    def newest_first(self) -> Self:
        """By start, newest first."""
        return self.order_by("-created_at", "pk")


class EvidenceQuerySet(models.QuerySet[Any]):
    """Chainable filters over evidence files."""

    def visible_to(self, user: Subject) -> Self:
        """The files of assessments the person may see."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(_member_of(person, "assessment__enterprise"))

    def in_order(self) -> Self:
        """By time of upload."""
        return self.order_by("uploaded_at", "pk")


class DataSheetQuerySet(models.QuerySet[Any]):
    """Chainable filters over enterprise data sheets."""

    def visible_to(self, user: Subject) -> Self:
        """The sheets of the enterprise the person belongs to."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(_member_of(person, "enterprise"))

    def newest_first(self) -> Self:
        """By year, the latest first."""
        return self.order_by("-year", "pk")
