"""Fixtures around authoring: the bureau's people and a draft of the small bank."""

from typing import Any

import pytest

from accounts.models import Membership
from accounts.rules import Role
from tests.factories.accounts import MembershipFactory
from tests.fixtures_assessments import AT


@pytest.fixture
def expert(bureau_manager: Membership) -> Membership:
    """A member of the bureau who edits banks but approves nothing."""
    return MembershipFactory(
        organisation=bureau_manager.organisation, role=Role.ANALYST
    )


@pytest.fixture
def second_manager(bureau_manager: Membership) -> Membership:
    """Another manager of the same bureau."""
    return MembershipFactory(organisation=bureau_manager.organisation)


@pytest.fixture
def bank_draft(small_version: Any, bureau_manager: Membership) -> Any:
    """An open draft of the small bank."""
    from question_bank.services import open_draft

    return open_draft(base=small_version, actor=bureau_manager.user, at=AT)
