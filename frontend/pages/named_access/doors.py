"""What the doors of named access do first: who asks, on which side."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import Membership, NamedAccess
from accounts.rules import NAMED_ROLES, Kind, Role
from frontend.pages.answering.doors import person
from frontend.pages.mandates.doors import member_of


def official(request: HttpRequest) -> Membership:
    """Return the membership of a bureau's manager or analyst, or refuse."""
    membership = member_of(request, Kind.BUREAU)
    if membership.role not in NAMED_ROLES:
        raise PermissionDenied
    return membership


def bureaus_access(request: HttpRequest, access_id: UUID) -> NamedAccess:
    """Return an access of one's bureau that the official may see; 404 otherwise."""
    found = _access_or_404(request, access_id)
    if found.bureau_id != official(request).organisation_id:
        raise Http404
    return found


def managed_access(request: HttpRequest, access_id: UUID) -> NamedAccess:
    """Return an access of one's bureau for its managers; 403 for other officials."""
    found = bureaus_access(request, access_id)
    if official(request).role != Role.BUREAU_MANAGER:
        raise PermissionDenied
    return found


def own_access(
    request: HttpRequest, access_id: UUID, *, manages: bool = False
) -> NamedAccess:
    """Return an access to one's enterprise; `manages`: for its owner, 403 otherwise."""
    found = _access_or_404(request, access_id)
    membership = member_of(request, Kind.ENTERPRISE, manages=manages)
    if found.enterprise_id != membership.organisation_id:
        raise Http404
    return found


def opened_access(request: HttpRequest, access_id: UUID) -> NamedAccess:
    """Return an access that lets the person read now; 404 otherwise."""
    who = person(request)
    rows = NamedAccess.objects.visible_to(who).opening_to(who.pk).for_list()
    found: NamedAccess | None = rows.filter(pk=access_id).first()
    if found is None:
        raise Http404
    return found


def _access_or_404(request: HttpRequest, access_id: UUID) -> NamedAccess:
    rows = NamedAccess.objects.visible_to(person(request)).for_list()
    found: NamedAccess | None = rows.filter(pk=access_id).first()
    if found is None:
        raise Http404
    return found
