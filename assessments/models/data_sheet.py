"""The figures an enterprise gives once a year, and the history of every change."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from assessments.querysets import DataSheetQuerySet

FIRST_YEAR, LAST_YEAR = 2000, 2199


class DataSheet(models.Model):
    """One enterprise's hard figures for the calendar year `year` (Y).

    `values` holds entries by slot, `rights` the list of IP numbers, `vetoes` the
    disqualifying matters, `notes` the explanations of warnings, `unconfirmed` the
    slots carried over from last year that nobody has confirmed yet. `revision`
    counts saves from 1. Every change takes the confirmation back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="data_sheets"
    )
    year = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    rights = models.JSONField(default=list)
    vetoes = models.JSONField(default=list)
    notes = models.JSONField(default=dict)
    unconfirmed = models.JSONField(default=list)
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    mandate_id: uuid.UUID | None
    access_id: uuid.UUID | None
    """Put in by `visible_to`: what opened the row, both None for one's own."""

    objects: ClassVar[DataSheetQuerySet] = DataSheetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "year"], name="data_sheet_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="data_sheet_year",
            ),
            models.CheckConstraint(
                condition=Q(revision__gte=1), name="data_sheet_revision"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="data_sheet_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} r{self.revision}"


class DataSheetEvent(models.Model):
    """One save or confirmation of a data sheet; append-only.

    `changes` holds [old, new] by slot, and under "rights", "vetoes", "notes" and
    "confirmed" what was done to those.
    """

    class Action(models.TextChoices):
        CREATED = "created"
        SAVED = "saved"
        CONFIRMED = "confirmed"

    sheet = models.ForeignKey(
        DataSheet, on_delete=models.PROTECT, related_name="events"
    )
    revision = models.PositiveIntegerField()
    action = models.CharField(max_length=16, choices=Action)
    changes = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "revision"], name="data_sheet_event_once"
            ),
            models.CheckConstraint(
                condition=Q(action__in=["created", "saved", "confirmed"]),
                name="data_sheet_event_action",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} r{self.revision}"
