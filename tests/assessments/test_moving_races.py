"""Two people move, or move and remove, at the same moment.

SQLite admits one writer at a time, so only PostgreSQL can get these wrong.
"""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection  # noqa: F401, the condition below names it

from assessments.models import Assessment, Evidence, Move
from assessments.services import confirm_answers, move_assessment, remove_evidence
from tests.accounts.test_races import at_once
from tests.fixtures_assessments import AT
from tests.fixtures_moving import CARRIED

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="needs concurrent writers"
    ),
]


@pytest.mark.parametrize("_round", range(3))
def test_two_moves_make_one_draft(
    _round: int, old_sealed: Any, new_version: Any, owner: Any, contributor: Any
):
    def move(person: Any) -> Any:
        return lambda: move_assessment(
            assessment_id=old_sealed.pk, target_version=new_version,
            actor=person.user, at=AT,
        )  # fmt: skip

    outcomes = at_once(move(owner), move(contributor))
    assert outcomes == ["done", "draft_exists"]
    assert Assessment.objects.drafts().count() == Move.objects.count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_no_row_is_left_without_its_file(
    _round: int, old_draft: Any, new_version: Any, owner: Any
):
    file = old_draft.evidence.get()
    at_once(
        lambda: move_assessment(
            assessment_id=old_draft.pk, target_version=new_version,
            actor=owner.user, at=AT,
        ),
        lambda: remove_evidence(evidence_id=file.pk, actor=owner.user, at=AT),
    )  # fmt: skip
    for row in Evidence.objects.all():
        assert default_storage.exists(row.key)
    assert Evidence.objects.exists() == default_storage.exists(file.key)


def test_an_answer_is_confirmed_once(moved: Any, owner: Any, contributor: Any):
    def confirm(person: Any) -> Any:
        return lambda: confirm_answers(
            assessment_id=moved.pk, questions=None, actor=person.user, at=AT
        )

    assert at_once(confirm(owner), confirm(contributor)) == ["done", "done"]
    assert set(moved.answers.values_list("revision", flat=True)) == {2}
    assert moved.events.count() == 2 * len(CARRIED)
