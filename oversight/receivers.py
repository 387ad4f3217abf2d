"""A submitted assessment gets its figures."""

from typing import Any

from django.dispatch import receiver

from assessments.signals import assessment_submitted
from oversight.services.figures import note_missing_figures


@receiver(assessment_submitted)
def note_submitted(**_kwargs: Any) -> None:
    """Note what is missing: this submission, and any that nobody told of."""
    note_missing_figures()
