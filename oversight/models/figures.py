"""What a sealed assessment amounts to in figures: what snapshots are made of."""

from django.db import models

from accounts.models import Organisation
from assessments.models import Assessment


class SubmittedFigures(models.Model):
    """The figures of one sealed assessment; written once, as the seal is.

    `points` is the self score of 100 (None when nothing is counted), `band` empty
    when the bank gave none. `gaps` lists the clauses whose weakest item is below
    level 2, `levels` the level of every counted item by question. `seconds` is the
    time from the first change of an answer to the last, None when there was none.
    """

    assessment = models.OneToOneField(
        Assessment, models.PROTECT, primary_key=True, related_name="figures"
    )
    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    bank = models.CharField(max_length=64)
    edition = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_on = models.DateField()
    band = models.CharField(max_length=8, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    gaps = models.JSONField(default=list)
    levels = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["bank", "enterprise", "submitted_at"],
                include=["assessment"],
                name="figures_newest",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
