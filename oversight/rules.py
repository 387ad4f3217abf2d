"""Who keeps the registers, and who hands in what belongs there."""

from accounts.models import Membership
from accounts.querysets import Subject, person_id
from accounts.rules import Kind, Role

KEEPING_ROLES = (Role.BUREAU_MANAGER, Role.ANALYST)
"""Who of a bureau enters, corrects and verifies; operators do not."""

ISSUING_ROLES = (Role.BUREAU_MANAGER,)
"""Who of a bureau issues a bulletin; analysts draft it."""

HANDING_IN_ROLES = (Role.OWNER,)
"""Who of an enterprise hands in its certificates and titles."""


def may_keep(user: Subject) -> bool:
    """Tell whether the person keeps the registers; one query."""
    return _serves_with(user, KEEPING_ROLES)


def may_issue(user: Subject) -> bool:
    """Tell whether the person issues bulletins; one query."""
    return _serves_with(user, ISSUING_ROLES)


def _serves_with(user: Subject, roles: tuple[Role, ...]) -> bool:
    if (person := person_id(user)) is None:
        return False
    return Membership.objects.filter(
        user=person, organisation__kind=Kind.BUREAU, role__in=roles
    ).exists()
