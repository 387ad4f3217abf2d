"""Two assessments side by side: order of time, one bank or two, sealed or draft."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from assessments.comparing import NotComparable, compare_assessments
from assessments.models import Assessment
from assessments.services import confirm_answers, save_answer, start_assessment
from question_bank.publishing import publish
from tests.fixtures_assessments import AT, COMPLETE


def answer(assessment, question, value, owner, revision=1):
    save_answer(
        assessment_id=assessment.pk, question_id=question,
        data={"state": "answered", "value": value}, revision=revision,
        actor=owner.user, at=AT,
    )  # fmt: skip


def verdicts(found):
    return {
        (change.earlier, change.later): change.verdict
        for change in found.comparison.questions
    }


@pytest.fixture
def second(submitted, small_version, owner, fill):
    """A draft after the sealed one, one question better and one worse."""
    made = start_assessment(
        enterprise=owner.organisation, bank_version=small_version,
        actor=owner.user, at=AT + timedelta(days=90),
    )  # fmt: skip
    fill(
        made,
        {
            **COMPLETE,
            "level_one": {"state": "answered", "value": 4},
            "level_two": {"state": "answered", "value": 2},
        },
    )
    return made


def test_one_bank_compares_the_scores_as_they_are(submitted, second):
    sealed = Assessment.objects.get(pk=submitted.pk)
    found = compare_assessments(second, sealed, at=AT)
    assert (found.earlier.assessment, found.later.assessment) == (sealed, second)
    assert found.comparison.one_bank
    one, two = found.comparison.sections
    assert (one.key, one.before, one.after) == ("ONE", Fraction(100), Fraction(100))
    assert (two.before, two.after, two.difference) == (100, 60, -40)
    assert verdicts(found)["level_one", "level_one"] == "better"
    assert verdicts(found)["level_two", "level_two"] == "worse"
    assert verdicts(found)["level_event", "level_event"] == "same"
    assert ("level_export", "level_export") not in verdicts(found)


def test_better_evidence_is_better(submitted, second, owner):
    answer(second, "level_one", 3, owner)
    save_answer(
        assessment_id=second.pk, question_id="level_one", revision=2,
        data={"state": "answered", "value": 3, "document": "QP-01"},
        actor=owner.user, at=AT,
    )  # fmt: skip
    found = compare_assessments(submitted, second, at=AT)
    assert verdicts(found)["level_one", "level_one"] == "better"
    [change] = [q for q in found.comparison.questions if q.later == "level_one"]
    assert (change.before.strength, change.after.strength) == ("said", "named")


def test_an_open_question_is_open_not_worse(submitted, second, owner):
    save_answer(
        assessment_id=second.pk, question_id="level_two", revision=1,
        data={"state": "unanswered"}, actor=owner.user, at=AT,
    )  # fmt: skip
    found = compare_assessments(submitted, second, at=AT)
    assert verdicts(found)["level_two", "level_two"] == "open"


def test_facts_are_the_same_or_changed(submitted, second, owner):
    answer(second, "total", 7, owner)
    found = compare_assessments(submitted, second, at=AT)
    assert verdicts(found)["total", "total"] == "changed"
    assert verdicts(found)["sampled", "sampled"] == "same"


def test_two_editions_compare_what_both_ask(old_sealed, moved, owner):
    answer(moved, "secret_posts", 3, owner)
    answer(moved, "policy_now", 2, owner)
    answer(moved, "secret_space", 4, owner, revision=0)
    found = compare_assessments(old_sealed, moved, at=AT)
    assert not found.comparison.one_bank
    seen = verdicts(found)
    assert seen["policy", "policy_now"] == "worse"
    assert seen["secret_people", "secret_posts"] == "better"
    assert seen["secret_area", "secret_space"] == "not_compared"
    assert seen[None, "reporting"] == "new"
    assert seen["manual", None] == "gone"
    sections = {part.key: part for part in found.comparison.sections}
    # Only secret_posts is the same and scored: outsourcing is not applicable.
    assert sections["SECRET"].compared == 1
    assert (sections["SECRET"].before, sections["SECRET"].after) == (60, 100)
    # policy_now weighs 3, documented 2: (3 × 1 + 0) / 5 and (3 × 0.6 + 0) / 5.
    assert (sections["LEAD"].before, sections["LEAD"].after) == (60, 36)
    assert sections["COMPLY"].difference is None
    clauses = {part.key: part.difference for part in found.comparison.clauses}
    assert clauses["N-SEC"] == 40


def test_evidence_that_was_carried_counts_on_both_sides(old_sealed, moved, owner):
    confirm_answers(assessment_id=moved.pk, questions=None, actor=owner.user, at=AT)
    found = compare_assessments(old_sealed, moved, at=AT)
    [change] = [q for q in found.comparison.questions if q.later == "policy_now"]
    assert (change.before.strength, change.after.strength) == ("attached", "attached")
    assert change.verdict == "same"


def test_the_old_edition_comes_first_whatever_the_time(
    new_version, old_sealed, owner, old_version
):
    newer = start_assessment(
        enterprise=owner.organisation, bank_version=new_version, actor=owner.user, at=AT
    )
    older = start_assessment(
        enterprise=owner.organisation,
        bank_version=old_version,
        actor=owner.user,
        at=AT + timedelta(days=1),
    )
    found = compare_assessments(newer, older, at=AT)
    assert (found.earlier.assessment, found.later.assessment) == (older, newer)


def test_banks_without_a_map_are_not_comparable(old_sealed, draft):
    with pytest.raises(NotComparable):
        compare_assessments(old_sealed, draft, at=AT)


def test_a_sealed_side_is_shown_as_sealed(submitted, second):
    sealed = Assessment.objects.get(pk=submitted.pk)
    [one] = [part for part in sealed.scorecard["sections"] if part["id"] == "ONE"]
    one["self_score"] = "77"
    found = compare_assessments(sealed, second, at=AT)
    assert found.comparison.sections[0].before == 77


def test_versions_of_one_bank_compare_too(submitted, small_bank, owner, fill):
    questions = tuple(q for q in small_bank.questions if q.id != "words")
    later = publish(
        bank=replace(small_bank, version="1.1.0", questions=questions), at=AT
    )
    made = start_assessment(
        enterprise=owner.organisation, bank_version=later, actor=owner.user, at=AT
    )
    fill(made, COMPLETE)
    found = compare_assessments(submitted, made, at=AT)
    assert found.comparison.one_bank
    assert set(verdicts(found).values()) == {"same"}


def test_queries_are_few(submitted, second, django_assert_max_num_queries):
    sealed = Assessment.objects.select_related("bank_version").get(pk=submitted.pk)
    draft = Assessment.objects.select_related("bank_version").get(pk=second.pk)
    with django_assert_max_num_queries(3):
        compare_assessments(sealed, draft, at=AT)
