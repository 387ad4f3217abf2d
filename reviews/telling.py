"""Who is told of what happens in a review, or of what a client did."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import EndedMembership, Mandate, Membership, Notice, User
from accounts.notices import notify
from accounts.rules import MANDATED_ROLES, Role
from assessments.local_day import local_date
from assessments.rules import ANSWERING_ROLES
from reviews.models import Absence, ClientAssignment, Review, ReviewEvent

Kind = ReviewEvent.Kind

_CLIENT_IS_TOLD: Mapping[str, Notice.Kind] = {
    Kind.RETURNED: Notice.Kind.REVIEW_RETURNED,
    Kind.ACCEPTED: Notice.Kind.REVIEW_ACCEPTED,
    Kind.REMARKED: Notice.Kind.REMARK,
    Kind.REPLIED: Notice.Kind.REMARK,
    Kind.SETTLED: Notice.Kind.REMARK,
}
_AGENCY_IS_TOLD = (Kind.ACCEPTED_REMARK, Kind.ARGUED)


def tell(review: Review, kind: ReviewEvent.Kind, *, actor: User, at: datetime) -> None:
    """Tell the side that did not act; marks are told of when a review is given back."""
    if kind in _CLIENT_IS_TOLD:
        notify(
            kind=_CLIENT_IS_TOLD[kind],
            organisation=review.assessment.enterprise_id,
            roles=ANSWERING_ROLES,
            url=reverse("review", args=[review.pk]),
            at=at,
        )
    elif kind in _AGENCY_IS_TOLD:
        mandates = Mandate.objects.in_force().naming(review.assessment_id)
        for mandate in mandates.filter(
            enterprise=review.assessment.enterprise_id, agency=review.agency_id
        ):
            notify(
                kind=Notice.Kind.REMARK,
                users=workers(mandate, at) - {actor.pk},
                url=reverse("review", args=[review.pk]),
                at=at,
            )


def workers(mandate: Mandate, at: datetime) -> set[UUID]:
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
