"""Fixtures around moving: two editions of a small bank and an assessment on the old."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.models import Membership
from tests.conftest import BANKS, load_bank_once
from tests.fixtures_assessments import AT

OLD_ANSWERS: dict[str, dict[str, Any]] = {
    "has_export": {"state": "answered", "value": False},
    "started_on": {"state": "answered", "value": "2026-01-05"},
    "staff": {"state": "answered", "value": 120},
    "policy": {"state": "answered", "value": 3, "document": "QP-01 方针"},
    "manual": {"state": "answered", "value": 4, "note": "手册第三版"},
    "documents": {"state": "dont_know"},
    "secret_people": {"state": "answered", "value": 2},
    "secret_area": {"state": "answered", "value": 3, "note": "研发楼一层"},
    "contract": {"state": "answered", "value": 1},
    "search": {"state": "answered", "value": 3},
    "outsourced": {"state": "not_applicable", "reason": "没有委外加工"},
}
"""A full sheet of the old edition."""

CARRIED = {
    "export": "has_export",
    "system_start": "started_on",
    "staff": "staff",
    "policy_now": "policy",
    "documented": "documents",
    "secret_posts": "secret_people",
    "outsourcing": "outsourced",
}
"""What of it goes over to the new edition: new question by old."""


@pytest.fixture(scope="session")
def earlier_edition() -> Any:
    """The bank of the old edition; see tests/banks/edition_old."""
    return load_bank_once(BANKS / "edition_old")


@pytest.fixture(scope="session")
def later_edition() -> Any:
    """The bank of the new edition; see tests/banks/edition_new."""
    return load_bank_once(BANKS / "edition_new")


@pytest.fixture(scope="session")
def edition_map(later_edition: Any) -> Any:
    """The map from the old edition to the new one."""
    from question_bank.maps import load_maps

    [bank_map], problems = load_maps(BANKS / "edition_new", later_edition)
    assert problems == ()
    return bank_map


@pytest.fixture
def old_version(db: None, earlier_edition: Any) -> Any:
    """The old edition, published."""
    from question_bank.publishing import publish

    return publish(bank=earlier_edition, at=AT)


@pytest.fixture
def new_version(db: None, later_edition: Any, edition_map: Any) -> Any:
    """The new edition, published with its map."""
    from question_bank.publishing import publish, publish_map

    version = publish(bank=later_edition, at=AT)
    publish_map(bank_map=edition_map, target_version=version, at=AT)
    return version


@pytest.fixture
def old_draft(owner: Membership, old_version: Any, fill: Callable[..., None]) -> Any:
    """A full draft of the owner's enterprise on the old edition, with one file."""
    from assessments.services import add_evidence, start_assessment

    assessment = start_assessment(
        enterprise=owner.organisation,
        bank_version=old_version,
        actor=owner.user,
        at=AT,
    )
    fill(assessment, OLD_ANSWERS)
    add_evidence(
        assessment_id=assessment.pk,
        question_id="policy",
        file=ContentFile(b"%PDF-1.4 policy %%EOF"),
        name="方针.pdf",
        actor=owner.user,
        at=AT,
    )
    return assessment


@pytest.fixture
def old_sealed(old_draft: Any, owner: Membership) -> Any:
    """The same, submitted."""
    from assessments.services import Declaration, submit_assessment

    return submit_assessment(
        assessment_id=old_draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def moved(old_sealed: Any, new_version: Any, owner: Membership) -> Any:
    """The draft on the new edition made from the sealed old one."""
    from assessments.services import move_assessment

    return move_assessment(
        assessment_id=old_sealed.pk,
        target_version=new_version,
        actor=owner.user,
        at=AT,
    )
