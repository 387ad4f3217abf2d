"""What the doors of mandates do first: who asks, for which organisation."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict

from accounts.models import Mandate, Membership
from accounts.rules import Kind
from accounts.selectors import home_membership
from frontend.pages.answering.doors import person


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; an empty form was sent too."""
    return request.POST if request.method == "POST" else None


def member_of(request: HttpRequest, kind: Kind, *, manages: bool = False) -> Membership:
    """Return the person's membership in an organisation of `kind`, or refuse."""
    found = home_membership(person(request))
    if found is None or found.organisation.kind != kind:
        raise PermissionDenied
    if manages and not found.manages:
        raise PermissionDenied
    return found


def mandate_or_404(request: HttpRequest, mandate_id: UUID) -> Mandate:
    """Return a mandate of the person's own organisation; Http404 otherwise."""
    rows = Mandate.objects.visible_to(person(request)).for_list()
    found: Mandate | None = rows.filter(pk=mandate_id).first()
    if found is None:
        raise Http404
    return found


def own_mandate(request: HttpRequest, mandate_id: UUID) -> Mandate:
    """Return a mandate the person's enterprise gave, for its owner to change.

    403 for its other members and for the agency, 404 for everybody else.
    """
    found = mandate_or_404(request, mandate_id)
    membership = member_of(request, Kind.ENTERPRISE, manages=True)
    if found.enterprise_id != membership.organisation_id:
        raise Http404
    return found


def client_or_404(request: HttpRequest, mandate_id: UUID) -> Mandate:
    """Return a mandate that lets the person in now; Http404 otherwise."""
    member_of(request, Kind.AGENCY)
    who = person(request)
    opening = Mandate.objects.visible_to(who).opening_to(who.pk).for_list()
    found: Mandate | None = opening.filter(pk=mandate_id).first()
    if found is None:
        raise Http404
    return found
