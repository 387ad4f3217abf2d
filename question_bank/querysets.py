"""Which bank versions there are; banks are public, drafts are not."""

from typing import Any, Self

from django.db import models


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
