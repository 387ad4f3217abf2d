"""A client's submission is told to those of the agency who work for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.dispatch import receiver
from django.urls import reverse

from accounts.models import EndedMembership, Mandate, Membership, Notice
from accounts.notices import notify
from accounts.rules import MANDATED_ROLES, Role
from assessments.local_day import local_date
from assessments.models import Assessment
from assessments.signals import assessment_submitted
from reviews.models import Absence, ClientAssignment


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
            users=_workers(mandate, at),
            url=reverse("client", args=[mandate.pk]),
            at=at,
        )


def _workers(mandate: Mandate, at: datetime) -> Iterable[UUID]:
    """Return who works for the client, deputies too; the managers when nobody does.

    Nobody who has just left the enterprise: the mandate does not let them in.
    """
    barred = EndedMembership.objects.filter(
        user=OuterRef("user"),
        organisation=mandate.enterprise_id,
        barred_until__gt=Now(),
    )
    members = Membership.objects.filter(
        ~Exists(barred), organisation=mandate.agency_id, role__in=MANDATED_ROLES
    )
    roles = dict(members.values_list("user_id", "role"))
    assigned = ClientAssignment.objects.filter(
        project__agency=mandate.agency_id, project__enterprise=mandate.enterprise_id
    )
    people = set(assigned.values_list("person_id", flat=True))
    away = Absence.objects.on(local_date(at)).filter(
        agency=mandate.agency_id, person__in=people
    )
    people |= set(away.values_list("deputy_id", flat=True))
    managers = {pk for pk, role in roles.items() if role == Role.AGENCY_MANAGER}
    return (people & roles.keys()) or managers
