"""What lets somebody from outside read of an enterprise: what all openings share.

A mandate opens to an agency, a named access to single officials. Whether one is in
force is decided by the database's own clock inside the query that fetches the data:
there is no moment between the decision and the read, and every process agrees on the
time.
"""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now


def rows_of(model: str) -> models.QuerySet[Any]:
    """Return all rows of a model of this app; querysets can't import models."""
    manager = apps.get_model("accounts", model)._default_manager  # noqa: SLF001
    found: models.QuerySet[Any] = manager.all()
    return found


def barred_from(person: UUID) -> models.QuerySet[Any]:
    """Return what bars a person from an opening: having just left the enterprise."""
    return rows_of("EndedMembership").filter(
        user=person, organisation=OuterRef("enterprise"), barred_until__gt=Now()
    )


class OpeningQuerySet(models.QuerySet[Any]):
    """Chainable filters over openings.

    `names` is the model of the assessments one names, `link` its key to the opening.
    """

    names: ClassVar[str]
    link: ClassVar[str]

    def in_force(self) -> Self:
        """Started, not ended, not revoked: by the database's clock, now."""
        return self.filter(revoked_at=None, starts_at__lte=Now(), ends_at__gt=Now())

    def covering(self, assessment: str) -> Self:
        """Those that cover an assessment; `assessment` names its column two out."""
        return self._covering(OuterRef(OuterRef(assessment)))

    def naming(self, assessment_id: UUID) -> Self:
        """Those that cover one given assessment."""
        return self._covering(assessment_id)

    def _covering(self, key: Any) -> Self:
        named = rows_of(self.names).filter(
            **{self.link: OuterRef("pk")}, assessment_id=key
        )
        return self.filter(Q(all_assessments=True) | Q(Exists(named)))
