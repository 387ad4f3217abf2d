"""Figures other offices counted, entered by hand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.models.recorded import Record, Revision, revision_constraints
from oversight.querysets import KeptQuerySet, RevisionQuerySet


class SeriesFigure(Record):
    """One figure of one indicator for one period ("2017", "2017Q3", "2017-12")."""

    indicator = models.CharField(_("指标"), max_length=40)
    period = models.CharField(_("时期"), max_length=7)
    latest = models.OneToOneField("SeriesRevision", models.PROTECT, related_name="+")

    objects: ClassVar[KeptQuerySet] = KeptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period"], name="series_figure_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(period__regex=r"^[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$"),
                name="series_figure_period_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"


class SeriesRevision(Revision):
    """What the figure was said to be, with its denominator where it is a ratio."""

    content = ("value", "numerator", "denominator", "denominator_of", "note")

    record = models.ForeignKey(SeriesFigure, models.PROTECT, related_name="revisions")
    value = models.DecimalField(max_digits=24, decimal_places=6)
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    denominator_of = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            *revision_constraints("series_revision"),
            models.CheckConstraint(
                condition=~Q(source=""), name="series_revision_has_a_source"
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0),
                name="series_revision_denominator_positive",
            ),
        ]
