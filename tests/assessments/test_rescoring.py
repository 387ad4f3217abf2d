"""The command that recomputes what was sealed."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessments.models import Answer, Assessment
from assessments.rescoring import rescore
from backend.triggers import all_guards, install, remove


def run() -> str:
    out = io.StringIO()
    call_command("rescore", stdout=out)
    return out.getvalue()


def test_sealed_results_come_out_the_same(submitted, old_sealed):
    assert [found.differences for found in rescore()] == [(), ()]
    assert run() == "2 sealed assessments recomputed\n"


def test_drafts_are_left_out(draft):
    assert list(rescore()) == []


@pytest.fixture
def unguarded(submitted):
    """A sealed assessment that a test may tamper with."""
    remove(connection, all_guards())
    yield submitted
    install(connection, all_guards())


def test_a_changed_answer_is_found(unguarded):
    Answer.objects.filter(question="level_two").update(value=0)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 of 1 differ"):
        call_command("rescore", stdout=out)
    assert f"{unguarded.pk} scorer 1: answers_sha256, self_score" in out.getvalue()
    assert out.getvalue().strip().endswith("record")


def test_a_changed_note_is_found(unguarded):
    Answer.objects.filter(question="level_two").update(note="后来写的")
    [found] = rescore()
    assert (found.differences, found.is_fault) == (("record",), True)


def test_a_changed_scorecard_is_found(unguarded):
    card = Assessment.objects.get().scorecard
    Assessment.objects.update(scorecard={**card, "band": "A"})
    [found] = rescore()
    assert found.differences == ("band",)


def test_another_scorer_may_differ(unguarded):
    card = Assessment.objects.get().scorecard
    Assessment.objects.update(scorecard={**card, "band": "A"}, scorer_version="0")
    [found] = rescore()
    assert (found.differences, found.is_fault) == (("band",), False)
    assert run().endswith("1 sealed assessments recomputed\n")
