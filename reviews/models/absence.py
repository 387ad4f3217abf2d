"""When somebody of an agency is away, and who stands in."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from reviews.coaching_querysets import AbsenceQuerySet


class Absence(models.Model):
    """Days, the first and the last included, on which a deputy's list shows more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("deputy")), name="absence_has_another_deputy"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "last_day"], name="absence_by_person")
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
