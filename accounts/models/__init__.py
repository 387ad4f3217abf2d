"""People, organisations, memberships, invitations and the audit trail."""

from accounts.models.audit import AuditEvent
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organisation import Organisation
from accounts.models.user import User

__all__ = ["AuditEvent", "Invitation", "Membership", "Organisation", "User"]
