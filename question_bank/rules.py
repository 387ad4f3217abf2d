"""Who works on question banks: pure facts about roles."""

from accounts.rules import Role

EDITING_ROLES = (Role.BUREAU_MANAGER, Role.ANALYST, Role.OPERATOR)
"""Members of the bureau: they see and edit drafts and propose publication."""

APPROVING_ROLES = (Role.BUREAU_MANAGER,)
"""Those who publish what another person proposed, and retire versions."""
