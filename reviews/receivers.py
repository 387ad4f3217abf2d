"""A client's submission is told to those of the agency who work for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse

from accounts.models import Mandate, Notice
from accounts.notices import notify
from assessments.models import Assessment
from assessments.signals import assessment_submitted
from reviews.telling import workers


@receiver(assessment_submitted)
@transaction.atomic
def tell_agencies(assessment_id: UUID, at: datetime, **_kwargs: Any) -> None:
    """Tell the agencies whose mandate covers what was submitted."""
    assessment = Assessment.objects.light().get(pk=assessment_id)
    mandates = Mandate.objects.in_force().naming(assessment.pk)
    for mandate in mandates.filter(
        enterprise=assessment.enterprise_id, agency__is_certification_body=False
    ):
        notify(
            kind=Notice.Kind.SUBMISSION,
            users=workers(mandate, at),
            url=reverse("client", args=[mandate.pk]),
            at=at,
        )
