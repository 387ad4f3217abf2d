"""People, organisations, memberships, openings, notices and the audit trail."""

from accounts.models.access_record import AccessRecord
from accounts.models.audit import AuditEvent
from accounts.models.claim import EnterpriseClaim
from accounts.models.invitation import Invitation
from accounts.models.mandate import (
    Mandate,
    MandateAssessment,
    MandateEvent,
    MandateInvitation,
)
from accounts.models.membership import EndedMembership, Membership
from accounts.models.named_access import (
    NamedAccess,
    NamedAccessAssessment,
    NamedAccessEvent,
    NamedReader,
)
from accounts.models.notice import Notice, NoticePreference
from accounts.models.organisation import Organisation
from accounts.models.user import User

__all__ = [
    "AccessRecord",
    "AuditEvent",
    "EndedMembership",
    "EnterpriseClaim",
    "Invitation",
    "Mandate",
    "MandateAssessment",
    "MandateEvent",
    "MandateInvitation",
    "Membership",
    "NamedAccess",
    "NamedAccessAssessment",
    "NamedAccessEvent",
    "NamedReader",
    "Notice",
    "NoticePreference",
    "Organisation",
    "User",
]
