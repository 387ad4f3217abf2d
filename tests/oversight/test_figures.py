"""A sealed assessment's figures: what snapshots are made of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from oversight.models import SubmittedFigures
from oversight.services.figures import note_missing_figures
from question_bank.engine.scorecard import Scorecard

pytestmark = pytest.mark.django_db


def test_a_sealed_assessment_gets_its_figures_once(submitted: Any) -> None:
    assert note_missing_figures() == 1
    assert note_missing_figures() == 0

    figures = SubmittedFigures.objects.get()
    card = Scorecard.from_json(submitted.scorecard)
    assert figures.enterprise_id == submitted.enterprise_id
    assert figures.band == submitted.band
    assert card.self_score is not None
    assert figures.points == Decimal(round(card.self_score * 100)) / 100
    assert figures.levels == {
        item.question: item.level
        for item in card.items
        if item.state == "counted" and item.level is not None
    }
    assert figures.gaps == [
        clause.key
        for clause in card.clauses
        if clause.weakest_level is not None and clause.weakest_level < 2
    ]
    assert figures.seconds == 0


def test_a_draft_has_no_figures(draft: Any) -> None:
    assert note_missing_figures() == 0


def test_submitting_notes_the_figures(
    draft: Any, fill: Any, owner: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from assessments.services import Declaration, submit_assessment
    from tests.fixtures_assessments import AT, COMPLETE

    fill(draft, COMPLETE)
    with django_capture_on_commit_callbacks(execute=True):
        submit_assessment(
            assessment_id=draft.pk,
            declaration=Declaration("声明人", "总经理", confirmed=True),
            actor=owner.user,
            at=AT + timedelta(minutes=3),
        )
    assert SubmittedFigures.objects.get().submitted_at == datetime(
        2026, 11, 24, 2, 3, tzinfo=UTC
    )


def test_figures_never_change(submitted: Any) -> None:
    note_missing_figures()
    with pytest.raises(DatabaseError), transaction.atomic():
        SubmittedFigures.objects.update(band="A")
    with pytest.raises(DatabaseError), transaction.atomic():
        SubmittedFigures.objects.all().delete()


def test_a_batch_takes_three_queries_and_the_end_one(
    submitted: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        note_missing_figures()
