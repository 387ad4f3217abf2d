"""Moving an assessment: what carries, that nothing is lost, who may, what blocks."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings, strategies as st

from accounts.models import AuditEvent
from assessments.checking import check
from assessments.evaluation import bank_of, evaluate_stored
from assessments.models import Answer, AnswerEvent, Assessment, Evidence, Move
from assessments.moving import outlook
from assessments.sealing import record_hash
from assessments.services import (
    Declaration,
    add_evidence,
    confirm_answers,
    move_assessment,
    remove_evidence,
    save_answer,
    submit_assessment,
)
from assessments.services.access import AlreadySubmitted
from assessments.services.answering import UnknownQuestion
from assessments.services.lifecycle import DraftExists, NotReadyToSubmit
from assessments.services.moving import NotOffered, SameVersion
from backend.errors import NotFound
from question_bank.engine.definition import Rule
from question_bank.engine.language import parse
from question_bank.engine.migration import BankMap, MapEntry
from question_bank.publishing import publish, publish_map
from question_bank.versions import NoRoute
from tests.fixtures_assessments import AT
from tests.fixtures_moving import CARRIED, OLD_ANSWERS


def move(source: Any, target: Any, actor: Any) -> Assessment:
    return move_assessment(
        assessment_id=source.pk, target_version=target, actor=actor, at=AT
    )


def content(rows: Any) -> dict[str, tuple[Any, ...]]:
    names = ("state", "value", "reason", "note", "document")
    return {row.question: tuple(getattr(row, n) for n in names) for row in rows}


def test_a_move_makes_a_draft_and_leaves_the_old_one_alone(
    old_sealed, new_version, owner
):
    before = Assessment.objects.filter(pk=old_sealed.pk).values().get()
    made = move(old_sealed, new_version, owner.user)
    assert (made.status, made.bank_version, made.enterprise) == (
        "draft", new_version, owner.organisation,
    )  # fmt: skip
    assert Assessment.objects.filter(pk=old_sealed.pk).values().get() == before
    assert record_hash(old_sealed) == old_sealed.record_sha256


def test_a_draft_can_be_moved_too(old_draft, new_version, owner):
    made = move(old_draft, new_version, owner.user)
    assert old_draft.answers.count() == len(OLD_ANSWERS)
    assert made.answers.count() == len(CARRIED)


def test_the_same_questions_carry_with_notes_and_documents(moved, old_sealed):
    old, new = content(old_sealed.answers.all()), content(moved.answers.all())
    assert new == {target: old[source] for target, source in CARRIED.items()}
    assert set(moved.answers.values_list("to_confirm", flat=True)) == {True}


def test_the_history_begins_with_what_was_carried(moved, owner):
    events = AnswerEvent.objects.filter(assessment=moved)
    assert content(events) == content(moved.answers.all())
    assert set(events.values_list("revision", "actor")) == {(1, owner.user.pk)}


def test_hints_and_what_is_left_behind_are_kept_as_they_were(moved):
    kept = Move.objects.get(assessment=moved)
    assert [
        (hint["question"], hint["old_question"], hint["relation"], hint["value"])
        for hint in kept.hints
    ] == [
        ("secret_space", "secret_area", "narrower", 3),
        ("contracts", "contract", "broader", 1),
        ("watch", "search", "related", 3),
    ]
    assert kept.hints[0]["note"] == "研发楼一层"
    [left] = kept.left_behind
    assert (left["old_question"], left["value"], left["note"]) == (
        "manual", 4, "手册第三版",
    )  # fmt: skip
    assert kept.new == ["reporting"]
    assert kept.carried == CARRIED


def test_a_later_change_of_the_old_draft_does_not_change_what_is_kept(
    old_draft, new_version, owner
):
    made = move(old_draft, new_version, owner.user)
    save_answer(
        assessment_id=old_draft.pk, question_id="manual",
        data={"state": "unanswered"}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    assert Move.objects.get(assessment=made).left_behind[0]["value"] == 4


def test_the_move_names_source_map_and_person(
    moved, old_sealed, old_version, edition_map, owner
):
    kept = Move.objects.get(assessment=moved)
    assert (kept.source, kept.source_version) == (old_sealed, old_version)
    assert kept.map_sha256 == kept.stored_map.sha256 == edition_map.sha256
    assert (kept.moved_by, kept.moved_at) == (owner.user, AT)
    line = AuditEvent.objects.get(action="assessment.moved")
    assert (line.subject_id, line.detail["source"]) == (
        str(moved.pk), str(old_sealed.pk),
    )  # fmt: skip


def test_a_contributor_may_move(old_sealed, new_version, contributor):
    assert move(old_sealed, new_version, contributor.user).created_by.pk == (
        contributor.user.pk
    )


def test_nobody_else_may_move(old_sealed, new_version, stranger, bureau_manager):
    for person in (stranger, bureau_manager):
        with pytest.raises(NotFound):
            move(old_sealed, new_version, person.user)
    assert not Move.objects.exists()


def test_a_draft_in_the_way_is_named(moved, old_sealed, new_version, owner):
    with pytest.raises(DraftExists) as caught:
        move(old_sealed, new_version, owner.user)
    assert caught.value.extra == {"assessment": str(moved.pk)}
    assert Move.objects.count() == 1


def test_a_version_cannot_be_moved_to_itself(old_sealed, old_version, owner):
    with pytest.raises(SameVersion):
        move(old_sealed, old_version, owner.user)


def test_a_version_no_longer_offered_takes_no_move(
    old_sealed, new_version, later_edition, owner
):
    publish(bank=replace(later_edition, version="1.1.0"), at=AT)
    new_version.refresh_from_db()
    with pytest.raises(NotOffered):
        move(old_sealed, new_version, owner.user)


def test_without_a_map_nothing_moves(old_sealed, small_version, owner):
    with pytest.raises(NoRoute):
        move(old_sealed, small_version, owner.user)
    assert Assessment.objects.count() == 1


def test_between_versions_only_what_reads_otherwise_waits(
    old_sealed, earlier_edition, owner
):
    questions = tuple(
        replace(q, text={"zh": "改过", "en": "x"}) if q.id == "policy" else q
        for q in earlier_edition.questions
        if q.id != "manual"
    )
    later = publish(
        bank=replace(earlier_edition, version="1.1.0", questions=questions), at=AT
    )
    made = move(old_sealed, later, owner.user)
    waiting = made.answers.filter(to_confirm=True).values_list("question", flat=True)
    assert list(waiting) == ["policy"]
    assert Move.objects.get().stored_map is None
    assert [row["old_question"] for row in Move.objects.get().left_behind] == ["manual"]


def test_remarks_without_an_answer_come_along(old_draft, new_version, owner):
    for question, note in (("policy", "待议"), ("manual", "待编")):
        save_answer(
            assessment_id=old_draft.pk, question_id=question,
            data={"state": "unanswered", "note": note}, revision=1,
            actor=owner.user, at=AT,
        )  # fmt: skip
    made = move(old_draft, new_version, owner.user)
    row = made.answers.get(question="policy_now")
    assert (row.state, row.note, row.to_confirm) == ("unanswered", "待议", False)
    assert Move.objects.get().left_behind[0]["note"] == "待编"


# --- Files ------------------------------------------------------------------------


def test_files_are_shared_not_copied(moved, old_sealed):
    [old], [new] = old_sealed.evidence.all(), moved.evidence.all()
    assert (new.question, new.key, new.sha256) == ("policy_now", old.key, old.sha256)
    assert evaluate_stored(moved, at=AT).sheet.strengths["policy_now"] == "attached"


def test_removing_a_shared_file_leaves_it_to_the_other(
    moved, old_sealed, owner, django_capture_on_commit_callbacks
):
    evidence = moved.evidence.get()
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(evidence_id=evidence.pk, actor=owner.user, at=AT)
    assert not moved.evidence.exists()
    with default_storage.open(old_sealed.evidence.get().key) as file:
        assert file.read() == b"%PDF-1.4 policy %%EOF"


def test_the_last_row_takes_the_file_with_it(
    old_draft, new_version, owner, django_capture_on_commit_callbacks
):
    made = move(old_draft, new_version, owner.user)
    key = made.evidence.get().key
    for assessment, remains in ((old_draft, True), (made, False)):
        with django_capture_on_commit_callbacks(execute=True):
            evidence = assessment.evidence.get()
            remove_evidence(evidence_id=evidence.pk, actor=owner.user, at=AT)
        assert default_storage.exists(key) is remains


def test_files_of_questions_that_are_gone_stay_and_are_named(
    old_draft, new_version, owner
):
    from django.core.files.base import ContentFile

    add_evidence(
        assessment_id=old_draft.pk, question_id="manual",
        file=ContentFile(b"%PDF-1.4 manual %%EOF"), name="手册.pdf",
        actor=owner.user, at=AT,
    )  # fmt: skip
    made = move(old_draft, new_version, owner.user)
    assert made.evidence.count() == 1
    assert Move.objects.get().left_behind[0]["files"] == ["手册.pdf"]


# --- Confirming -------------------------------------------------------------------


def blockers(assessment: Assessment) -> list[str]:
    found = check(assessment, evaluate_stored(assessment, at=AT)).of("to_confirm")
    return [item.questions[0].id for item in found]


def test_carried_answers_block_until_they_are_confirmed(moved, owner):
    assert blockers(moved) == list(CARRIED)
    with pytest.raises(NotReadyToSubmit) as caught:
        submit(moved, owner)
    remarks = {item["remark"] for item in caught.value.extra["blockers"]}
    assert remarks == {"to_confirm"}
    confirm_answers(assessment_id=moved.pk, questions=None, actor=owner.user, at=AT)
    assert blockers(moved) == []
    assert submit(moved, owner).status == "submitted"


def submit(assessment: Assessment, person: Any) -> Assessment:
    return submit_assessment(
        assessment_id=assessment.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=person.user,
        at=AT,
    )


def test_a_hidden_carried_answer_does_not_block_until_it_is_asked(
    old_sealed, later_edition, edition_map, owner
):
    rule = Rule("export = yes", parse("export = yes"))
    questions = tuple(
        replace(q, applies_when=rule) if q.id == "secret_posts" else q
        for q in later_edition.questions
    )
    target = publish(bank=replace(later_edition, questions=questions), at=AT)
    publish_map(bank_map=edition_map, target_version=target, at=AT)
    made = move(old_sealed, target, owner.user)
    assert "secret_posts" not in blockers(made)
    save_answer(
        assessment_id=made.pk, question_id="export",
        data={"state": "answered", "value": True}, revision=1, actor=owner.user, at=AT,
    )  # fmt: skip
    assert "secret_posts" in blockers(made)


def test_one_answer_is_confirmed_with_a_revision_of_its_own(moved, owner, contributor):
    count = confirm_answers(
        assessment_id=moved.pk, questions=["policy_now"], actor=contributor.user, at=AT
    )
    row = moved.answers.get(question="policy_now")
    assert (count, row.to_confirm, row.revision) == (1, False, 2)
    event = AnswerEvent.objects.get(assessment=moved, question="policy_now", revision=2)
    assert (event.actor, event.value) == (contributor.user, 3)
    assert "policy_now" not in blockers(moved)
    assert AuditEvent.objects.get(action="assessment.confirmed").detail == {
        "questions": 1
    }


def test_confirming_again_changes_nothing(moved, owner):
    for expected in (1, 0):
        assert expected == confirm_answers(
            assessment_id=moved.pk, questions=["staff"], actor=owner.user, at=AT
        )
    assert moved.answers.get(question="staff").revision == 2
    assert AuditEvent.objects.filter(action="assessment.confirmed").count() == 1


@pytest.mark.parametrize("value", [3, 2])
def test_saving_confirms_whether_changed_or_not(moved, owner, value):
    saved = save_answer(
        assessment_id=moved.pk, question_id="policy_now",
        data={"state": "answered", "value": value}, revision=1,
        actor=owner.user, at=AT,
    )  # fmt: skip
    assert saved.answer.to_confirm is False
    assert "policy_now" not in blockers(moved)


def test_a_question_the_bank_lacks_is_refused(moved, owner):
    with pytest.raises(UnknownQuestion):
        confirm_answers(
            assessment_id=moved.pk, questions=["policy"], actor=owner.user, at=AT
        )


def test_strangers_confirm_nothing(moved, stranger):
    with pytest.raises(NotFound):
        confirm_answers(
            assessment_id=moved.pk, questions=None, actor=stranger.user, at=AT
        )


def test_a_sealed_assessment_has_nothing_to_confirm(old_sealed, owner):
    with pytest.raises(AlreadySubmitted):
        confirm_answers(
            assessment_id=old_sealed.pk, questions=None, actor=owner.user, at=AT
        )


# --- The outlook ------------------------------------------------------------------


def test_the_outlook_tells_what_a_move_would_do_and_stores_nothing(
    old_sealed, new_version
):
    found = outlook(old_sealed, new_version, at=AT)
    assert set(found.carried.carried.answers) == set(CARRIED)
    assert found.scorecard.low is not None
    assert found.scorecard.low < found.scorecard.high
    assert found.unanswered == 4
    assert Assessment.objects.count() == 1


def test_the_move_comes_out_as_the_outlook_said(old_sealed, new_version, owner):
    found = outlook(old_sealed, new_version, at=AT)
    made = move(old_sealed, new_version, owner.user)
    assert evaluate_stored(made, at=AT).sheet == found.carried.carried


# --- The database -----------------------------------------------------------------

REFUSED = [
    lambda: Move.objects.update(map_sha256="0" * 64),
    lambda: Move.objects.update(left_behind=[]),
    lambda: Move.objects.all().delete(),
]


@pytest.mark.parametrize("change", REFUSED)
def test_the_database_refuses_to_change_a_move(moved, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_sealed_assessment_gets_no_move_afterwards(moved, old_sealed):
    kept = Move.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Move.objects.create(
            assessment=old_sealed, source=moved, source_version=kept.target_version,
            target_version=kept.source_version, map_sha256="0" * 64, carried={},
            hints=[], left_behind=[], new=[], moved_by=kept.moved_by, moved_at=AT,
        )  # fmt: skip


# --- Speed ------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_answers(
    old_draft, new_version, owner
):
    many = queries_of(lambda: move(old_draft, new_version, owner.user))
    with transaction.atomic():
        remove_guards_and_rows()
        few = queries_of(lambda: move(old_draft, new_version, owner.user))
    assert many == few <= 24


def test_confirming_all_costs_no_query_an_answer(moved, owner):
    def confirm(questions: Any) -> int:
        return queries_of(
            lambda: confirm_answers(
                assessment_id=moved.pk, questions=questions, actor=owner.user, at=AT
            )
        )

    bank_of(moved)
    assert confirm(["staff"]) == confirm(None) <= 10


def queries_of(action: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        action()
    return len(queries)


def remove_guards_and_rows() -> None:
    """Take the first move back and most of the old answers."""
    from backend.triggers import all_guards, install, remove

    remove(connection, all_guards())
    made = Move.objects.get().assessment
    for rows in (Move, AnswerEvent, Answer, Evidence):
        rows.objects.filter(assessment=made).delete()
    made.delete()
    Answer.objects.exclude(question__in=["policy", "search"]).delete()
    install(connection, all_guards())


# --- Any map, any sheet -----------------------------------------------------------

OLD_IDS = list(OLD_ANSWERS)
NEW_IDS = [
    "export", "system_start", "staff", "policy_now", "documented", "secret_posts",
    "secret_space", "contracts", "outsourcing", "watch", "reporting",
]  # fmt: skip
RELATIONS = st.sampled_from(["same", "narrower", "broader", "related"])
ENTRIES = st.lists(
    st.builds(MapEntry, st.sampled_from(OLD_IDS), RELATIONS, st.sampled_from(NEW_IDS)),
    max_size=20,
)


@pytest.mark.django_db
@given(entries=ENTRIES)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_answer_is_lost_whatever_the_map(
    old_sealed, earlier_edition, later_edition, owner, entries
):
    """Stored: each old answer is a row of the new draft, a hint, or left behind."""
    bank_map = BankMap(earlier_edition.id, later_edition.id, tuple(entries))
    with transaction.atomic():
        target = publish(bank=later_edition, at=AT)
        publish_map(bank_map=bank_map, target_version=target, at=AT)
        made = move(old_sealed, target, owner.user)
        kept = Move.objects.get(assessment=made)
        carried = set(kept.carried.values())
        hinted = {hint["old_question"] for hint in kept.hints} - carried
        left = [row["old_question"] for row in kept.left_behind]
        assert made.answers.count() == len(kept.carried)
        transaction.set_rollback(True)
    assert carried | hinted | set(left) == set(OLD_ANSWERS)
    assert len(carried) + len(hinted) + len(left) == len(OLD_ANSWERS)
