"""Which bank versions and drafts there are; banks are public, drafts are not."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, IntegerField, Value, When

from accounts.models import Membership
from accounts.querysets import Subject, person_id
from question_bank.rules import EDITING_ROLES


class BankVersionQuerySet(models.QuerySet[Any]):
    """Chainable filters over bank versions."""

    def open(self) -> Self:
        """What anybody may read: published and retired versions."""
        return self.exclude(status="draft")

    def offered(self) -> Self:
        """Versions a new assessment may use, newest first."""
        return self.filter(status="published").order_by("bank", "-published_at", "-pk")

    def light(self) -> Self:
        """Without the document: it is large and cached elsewhere."""
        return self.defer("document")


class BankDraftQuerySet(models.QuerySet[Any]):
    """Chainable filters over drafts."""

    def visible_to(self, user: Subject) -> Self:
        """Every draft for the bureau's members, none for anybody else."""
        if (person := person_id(user)) is None:
            return self.none()
        members = Membership.objects.filter(user=person, role__in=EDITING_ROLES)
        return self.filter(models.Exists(members))

    def open(self) -> Self:
        """Those that may still become a version."""
        return self.filter(state__in=("editing", "in_review"))

    def light(self) -> Self:
        """Without the source, which is large."""
        return self.defer("source")

    def for_list(self) -> Self:
        """With the people and the base's number, the last changed first."""
        return (
            self.light()
            .select_related("created_by", "updated_by", "requested_by", "base")
            .defer("base__document")
            .order_by("-updated_at", "pk")
        )


class StoredMapQuerySet(models.QuerySet[Any]):
    """Chainable filters over maps between banks."""

    def between(self, source_bank: str, target: Any) -> Self:
        """Maps to the target version's bank, its own first, then the newest.

        A version published without a map of its own is reached by the last one.
        """
        own = Case(
            When(target_version=target, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        rows = self.filter(source_bank=source_bank, target_bank=target.bank)
        return rows.order_by(own, "-published_at", "-pk")
