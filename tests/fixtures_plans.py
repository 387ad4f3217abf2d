"""Fixtures around improvement plans: a sealed assessment with gaps, and its plan."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.models import Membership
from tests.fixtures_assessments import AT, COMPLETE

WITH_GAPS = COMPLETE | {
    "started_on": {"state": "answered", "value": "2026-10-05"},
    "level_one": {"state": "answered", "value": 1},
    "level_two": {"state": "answered", "value": 2},
}
"""Answers with a major finding, a gap and a run that is not over."""
HIDDEN = ("total", "sampled")
"""Questions that are not asked while level_one is below 2."""


@pytest.fixture
def main_version(db: None, small_bank: Any) -> Any:
    """The small bank on offer as the main one: it has a checklist."""
    from question_bank.publishing import publish
    from question_bank.selectors import MAIN_BANK

    return publish(bank=replace(small_bank, id=MAIN_BANK), at=AT)


@pytest.fixture
def sealed_with_gaps(
    owner: Membership, main_version: Any, fill: Callable[..., None]
) -> Any:
    """A sealed assessment with gaps and one file."""
    from assessments.services import (
        Declaration,
        add_evidence,
        start_assessment,
        submit_assessment,
    )

    made = start_assessment(
        enterprise=owner.organisation,
        bank_version=main_version,
        actor=owner.user,
        at=AT,
    )
    fill(made, {key: data for key, data in WITH_GAPS.items() if key not in HIDDEN})
    add_evidence(
        assessment_id=made.pk,
        question_id="level_two",
        file=ContentFile(b"%PDF-1.4 rules %%EOF"),
        name="知识产权制度.pdf",
        actor=owner.user,
        at=AT,
    )
    return submit_assessment(
        assessment_id=made.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )


@pytest.fixture
def plan(sealed_with_gaps: Any, owner: Membership) -> Any:
    """The improvement plan of that assessment."""
    from reviews.services import make_plan

    return make_plan(assessment_id=sealed_with_gaps.pk, actor=owner.user, at=AT)
