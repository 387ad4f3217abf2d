"""Which bank versions there are; banks are public, drafts are not."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, IntegerField, Value, When


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
