"""Fixtures around assessments: a published bank, drafts and how to fill them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Membership

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

COMPLETE = {
    "has_export": {"state": "answered", "value": False},
    "started_on": {"state": "answered", "value": "2026-01-05"},
    "level_one": {"state": "answered", "value": 3},
    "level_event": {"state": "not_occurred", "value": 3},
    "total": {"state": "answered", "value": 5},
    "sampled": {"state": "answered", "value": 5},
    "level_two": {"state": "answered", "value": 4},
}
"""Answers with which the small bank can be submitted."""


@pytest.fixture
def small_version(db: None, small_bank: Any) -> Any:
    """The small bank, published."""
    from question_bank.publishing import publish

    return publish(bank=small_bank, at=AT)


@pytest.fixture
def draft(owner: Membership, small_version: Any) -> Any:
    """A draft of the owner's enterprise on the small bank."""
    from assessments.services import start_assessment

    return start_assessment(
        enterprise=owner.organisation,
        bank_version=small_version,
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def fill(owner: Membership) -> Callable[..., None]:
    """Return a function that saves answers as the owner, each once."""
    from assessments.services import save_answer

    def save(assessment: Any, answers: dict[str, dict[str, Any]]) -> None:
        for question_id, data in answers.items():
            save_answer(
                assessment_id=assessment.pk,
                question_id=question_id,
                data=data,
                revision=0,
                actor=owner.user,
                at=AT,
            )

    return save


@pytest.fixture
def submitted(draft: Any, fill: Callable[..., None], owner: Membership) -> Any:
    """A submitted assessment of the owner's enterprise on the small bank."""
    from assessments.services import Declaration, submit_assessment

    fill(draft, COMPLETE)
    return submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )
