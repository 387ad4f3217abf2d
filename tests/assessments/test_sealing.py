"""Submitting: what is sealed, what blocks, and that the database keeps the seal."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.evaluation import evaluate_stored
from assessments.models import Answer, AnswerEvent, Assessment, Evidence
from assessments.sealing import record_hash
from assessments.services import Declaration, start_assessment, submit_assessment
from assessments.services.lifecycle import NotReadyToSubmit
from backend.errors import Forbidden, Invalid
from question_bank.engine.scoring import SCORER_VERSION
from question_bank.models import BankVersion
from tests.fixtures_assessments import AT, COMPLETE

DECLARED = Declaration("声明人", "总经理", confirmed=True)


def submit(
    assessment: Any, actor: Any, declaration: Declaration = DECLARED
) -> Assessment:
    return submit_assessment(
        assessment_id=assessment.pk, declaration=declaration, actor=actor, at=AT
    )


def test_the_seal_names_answers_bank_and_scorer(submitted, small_bank):
    sealed = Assessment.objects.get(pk=submitted.pk)
    assert sealed.bank_sha256 == small_bank.sha256
    assert sealed.scorer_version == SCORER_VERSION
    assert sealed.reference_date.isoformat() == "2026-11-24"
    assert sealed.answers_sha256 == evaluate_stored(sealed, at=AT).sheet.sha256


def test_scoring_again_gives_the_stored_result_bit_for_bit(submitted):
    sealed = Assessment.objects.get(pk=submitted.pk)
    assert evaluate_stored(sealed, at=AT).scorecard.to_json() == sealed.scorecard


def test_publishing_a_version_changes_no_stored_result(submitted, small_bank):
    from dataclasses import replace

    from question_bank.publishing import publish

    before = Assessment.objects.get(pk=submitted.pk).scorecard
    publish(bank=replace(small_bank, version="1.0.1"), at=AT)
    sealed = Assessment.objects.get(pk=submitted.pk)
    assert (sealed.scorecard, sealed.bank_version.version) == (before, "1.0.0")
    assert sealed.bank_version.status == "retired"


def test_an_owner_alone_submits(draft, fill, contributor):
    fill(draft, COMPLETE)
    with pytest.raises(Forbidden):
        submit(draft, contributor.user)


@pytest.mark.parametrize(
    ("declaration", "field"),
    [
        (Declaration(" ", "总经理", confirmed=True), "name"),
        (Declaration("声明人", "", confirmed=True), "position"),
        (Declaration("声明人", "总经理", confirmed=False), "confirmed"),
        (Declaration("声明\u202e人", "总经理", confirmed=True), "name"),
        (Declaration("声明人", "总\x0b经理", confirmed=True), "position"),
    ],
)
def test_an_incomplete_declaration_is_refused(draft, fill, owner, declaration, field):
    fill(draft, COMPLETE)
    with pytest.raises(Invalid) as caught:
        submit(draft, owner.user, declaration)
    assert list(caught.value.fields) == [field]


def test_unknown_applicability_blocks(draft, fill, owner):
    fill(draft, {key: value for key, value in COMPLETE.items() if key != "has_export"})
    with pytest.raises(NotReadyToSubmit) as caught:
        submit(draft, owner.user)
    blockers = [(b["remark"], b["questions"]) for b in caught.value.extra["blockers"]]
    assert blockers == [("unknown", ["level_export", "has_export"])]


def test_a_contradiction_blocks_until_it_is_explained(draft, fill, owner):
    fill(draft, {**COMPLETE, "sampled": {"state": "answered", "value": 9}})
    with pytest.raises(NotReadyToSubmit):
        submit(draft, owner.user)
    Answer.objects.filter(question="sampled").update(note="含上年度结转 4 项")
    assert submit(draft, owner.user).status == "submitted"


def test_open_questions_do_not_block_but_count_as_nothing(draft, fill, owner):
    fill(
        draft, {key: COMPLETE[key] for key in ("has_export", "started_on", "level_one")}
    )
    fill(draft, {"total": COMPLETE["total"], "sampled": COMPLETE["sampled"]})
    assert submit(draft, owner.user).band == ""


REFUSED = [
    lambda a: Answer.objects.filter(assessment=a).update(value=4),
    lambda a: Answer.objects.filter(assessment=a).delete(),
    lambda a: Assessment.objects.filter(pk=a.pk).update(band="A"),
    lambda a: Assessment.objects.filter(pk=a.pk).update(status="draft"),
    lambda a: AnswerEvent.objects.update(value=4),
    lambda a: AnswerEvent.objects.all().delete(),
    lambda a: BankVersion.objects.update(document="{}"),
    lambda a: BankVersion.objects.update(sha256="0" * 64),
    lambda a: BankVersion.objects.update(edition="另一标准"),
]


@pytest.mark.parametrize("change", REFUSED)
def test_the_database_refuses_to_break_the_seal(submitted, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(submitted)


def test_the_database_refuses_a_new_answer_after_the_seal(submitted, owner):
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.create(
            assessment=submitted, question="words", state="answered", value="x",
            revision=1, updated_by=owner.user, updated_at=AT,
        )  # fmt: skip


def test_nothing_is_moved_into_a_sealed_assessment(submitted, owner, fill):
    other = start_assessment(
        enterprise=owner.organisation,
        bank_version=submitted.bank_version,
        actor=owner.user,
        at=AT,
    )
    fill(other, {"words": {"state": "answered", "value": "后来的话"}})
    Evidence.objects.create(
        assessment=other, question="words", kind="pdf", name="x.pdf", size=1,
        sha256="0" * 64, key="evidence/x", uploaded_by=owner.user, uploaded_at=AT,
    )  # fmt: skip
    for rows in (Answer.objects, Evidence.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.filter(assessment=other).update(assessment=submitted)


def test_the_history_of_a_sealed_assessment_gets_no_more_lines(submitted, owner):
    with pytest.raises(DatabaseError), transaction.atomic():
        AnswerEvent.objects.create(
            assessment=submitted, question="words", state="answered", value="x",
            revision=99, actor=owner.user, at=AT,
        )  # fmt: skip


def test_raw_sql_is_refused_too(submitted):
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE assessments_assessment SET band = 'A'")


def test_the_record_hash_covers_notes_documents_evidence_and_declaration(
    submitted, owner
):
    from backend.triggers import all_guards, install, remove

    sealed = Assessment.objects.get(pk=submitted.pk)
    assert record_hash(sealed) == sealed.record_sha256

    remove(connection, all_guards())
    try:
        answer = Answer.objects.get(assessment=sealed, question="level_one")
        for field in ("note", "document"):
            Answer.objects.filter(pk=answer.pk).update(**{field: "事后补写"})
            assert record_hash(sealed) != sealed.record_sha256
            Answer.objects.filter(pk=answer.pk).update(**{field: ""})
        assert record_hash(sealed) == sealed.record_sha256
        Evidence.objects.create(
            assessment=sealed, question="level_one", kind="pdf", name="后补.pdf",
            size=1, sha256="0" * 64, key="evidence/x", uploaded_by=owner.user,
            uploaded_at=AT,
        )  # fmt: skip
        assert record_hash(sealed) != sealed.record_sha256
    finally:
        install(connection, all_guards())
