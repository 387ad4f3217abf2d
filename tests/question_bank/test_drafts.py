"""Drafts of banks: opening, editing, importing, discarding, and who may."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import AuditEvent, Membership
from accounts.rules import Kind, Role
from backend.errors import Conflict, Forbidden, Invalid, NotFound
from question_bank.drafting import checked_text
from question_bank.engine.source_writer import bank_source
from question_bank.models import BankDraft, BankDraftEvent, BankVersion
from question_bank.publishing import publish
from question_bank.services import (
    DraftClosed,
    DraftOpen,
    IdTaken,
    SourceRefused,
    StaleDraft,
    add_part,
    discard_draft,
    edit_part,
    get_draft,
    import_source,
    move_part,
    open_draft,
    remove_part,
    restore_question,
)
from question_bank.source_tree import Part, find
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_assessments import AT

pytestmark = pytest.mark.django_db
LEVEL_ONE = Part("question", "level_one")


def edit(draft: BankDraft, actor: Membership, part: Part = LEVEL_ONE, **fields: Any):
    """Change fields of a part as somebody who sees the draft as it is here."""
    data = {**find(draft.data(), part), **fields}
    return edit_part(
        draft_id=draft.pk,
        part=part,
        data=data,
        revision=draft.revision,
        actor=actor.user,
        at=AT,
    )


def events(draft: BankDraft) -> list[tuple[str, str, str]]:
    rows = BankDraftEvent.objects.filter(draft=draft).order_by("pk")
    return [(row.action, row.subject_id, row.field) for row in rows]


def test_a_draft_of_a_version_holds_the_very_same_bank(bank_draft, small_version):
    found = checked_text(bank_draft.source)
    assert found.bank is not None
    assert found.bank.sha256 == small_version.sha256
    assert (bank_draft.bank, bank_draft.base) == ("small", small_version)
    assert events(bank_draft) == [("opened", "", "")]


@pytest.mark.parametrize("role", [Role.BUREAU_MANAGER, Role.ANALYST, Role.OPERATOR])
def test_every_member_of_the_bureau_may_edit(bank_draft, bureau_manager, role):
    member = MembershipFactory(organisation=bureau_manager.organisation, role=role)
    edit(bank_draft, member, weight="3")
    assert get_draft(member.user, bank_draft.pk).revision == 2


@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, Kind.AGENCY])
def test_nobody_else_knows_that_there_is_a_draft(bank_draft, small_version, kind):
    other = MembershipFactory(organisation=OrganisationFactory(kind=kind))
    with pytest.raises(NotFound):
        get_draft(other.user, bank_draft.pk)
    with pytest.raises(NotFound):
        edit(bank_draft, other, weight="3")
    with pytest.raises(Forbidden):
        open_draft(base=small_version, actor=other.user, at=AT)
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


def test_a_bank_has_one_open_draft(bank_draft, small_version, bureau_manager):
    with pytest.raises(DraftOpen):
        open_draft(base=small_version, actor=bureau_manager.user, at=AT)
    discard_draft(draft_id=bank_draft.pk, actor=bureau_manager.user, at=AT)
    open_draft(base=small_version, actor=bureau_manager.user, at=AT)
    assert BankDraft.objects.count() == 2


def test_an_edit_is_stored_with_what_stood_there_before(bank_draft, bureau_manager):
    edit(bank_draft, bureau_manager, weight="3", help={"zh": "看台账。"})
    event = BankDraftEvent.objects.get(draft=bank_draft, field="weight")
    assert (event.before, event.after) == ("2", "3")
    assert (event.revision, event.actor) == (2, bureau_manager.user)
    assert ("changed", "level_one", "help") in events(bank_draft)
    assert AuditEvent.objects.filter(action="bank_draft.edited").count() == 1


def test_saving_what_stands_there_changes_nothing(bank_draft, bureau_manager):
    edit(bank_draft, bureau_manager)
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1
    assert events(bank_draft) == [("opened", "", "")]


def test_the_frame_can_be_edited_but_not_its_number(bank_draft, bureau_manager):
    frame = Part("frame")
    edit_part(
        draft_id=bank_draft.pk, part=frame, data={"title": {"zh": "新名称"}},
        revision=1, actor=bureau_manager.user, at=AT,
    )  # fmt: skip
    bank_draft.refresh_from_db()
    assert bank_draft.data()["title"] == {"zh": "新名称"}
    assert len(bank_draft.data()["questions"]) == 11
    with pytest.raises(Invalid):
        edit_part(
            draft_id=bank_draft.pk, part=frame, data={"version": "9.0.0"},
            revision=2, actor=bureau_manager.user, at=AT,
        )  # fmt: skip


def test_two_people_may_edit_different_questions(bank_draft, bureau_manager, expert):
    edit(bank_draft, bureau_manager, weight="3")
    edit(bank_draft, expert, Part("question", "level_two"), weight="4")
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 3


def test_the_second_of_two_edits_of_one_question_is_refused(
    bank_draft, bureau_manager, expert
):
    edit(bank_draft, bureau_manager, weight="3")
    with pytest.raises(StaleDraft):
        edit(bank_draft, expert, weight="4")
    bank_draft.refresh_from_db()
    assert find(bank_draft.data(), LEVEL_ONE)["weight"] == "3"


def test_an_edit_after_an_import_is_refused(bank_draft, bureau_manager, expert):
    source = {**bank_draft.data(), "edition": "TEST-2"}
    import_source(
        draft_id=bank_draft.pk, source=source, revision=1, actor=expert.user, at=AT
    )
    with pytest.raises(StaleDraft):
        edit(bank_draft, bureau_manager, weight="3")


def test_an_import_over_somebody_elses_edit_is_refused(
    bank_draft, bureau_manager, expert
):
    source = bank_draft.data()
    edit(bank_draft, bureau_manager, weight="3")
    with pytest.raises(StaleDraft):
        import_source(
            draft_id=bank_draft.pk, source=source, revision=1, actor=expert.user, at=AT
        )


def test_an_import_notes_every_field_it_changed(bank_draft, expert):
    source = bank_draft.data()
    source["questions"][2]["weight"] = "9"
    del source["checks"][0]
    import_source(
        draft_id=bank_draft.pk, source=source, revision=1, actor=expert.user, at=AT
    )
    assert events(bank_draft)[1:] == [
        ("imported", "", ""),
        ("changed", "level_one", "weight"),
        ("removed", "sample_too_large", ""),
    ]


def test_a_file_of_another_bank_is_not_imported(bank_draft, expert):
    with pytest.raises(Invalid):
        import_source(
            draft_id=bank_draft.pk, source={**bank_draft.data(), "id": "other"},
            revision=1, actor=expert.user, at=AT,
        )  # fmt: skip


def new_question(question_id: str) -> dict[str, Any]:
    return {
        "id": question_id, "section": "ONE", "clause": ["C-ONE"], "type": "yesno",
        "text": {"zh": "新题？"}, "help": {"zh": "新。"}, "weight": "0",
    }  # fmt: skip


def test_a_new_question_ends_its_section(bank_draft, expert):
    add_part(
        draft_id=bank_draft.pk, part=Part("question", "fresh"),
        data=new_question("fresh"), actor=expert.user, at=AT,
    )  # fmt: skip
    bank_draft.refresh_from_db()
    ids = [question["id"] for question in bank_draft.data()["questions"]]
    assert ids[5:8] == ["sampled", "fresh", "level_two"]


def test_an_id_in_use_is_refused(bank_draft, expert):
    with pytest.raises(Conflict):
        add_part(
            draft_id=bank_draft.pk, part=LEVEL_ONE,
            data=new_question("level_one"), actor=expert.user, at=AT,
        )  # fmt: skip


def test_an_id_of_an_earlier_version_is_never_given_anew(bank_draft, expert):
    remove_part(
        draft_id=bank_draft.pk, part=Part("question", "words"), revision=1,
        actor=expert.user, at=AT,
    )  # fmt: skip
    with pytest.raises(IdTaken):
        add_part(
            draft_id=bank_draft.pk, part=Part("question", "words"),
            data=new_question("words"), actor=expert.user, at=AT,
        )  # fmt: skip


def test_an_id_never_changes(bank_draft, expert):
    with pytest.raises(Invalid):
        edit(bank_draft, expert, id="level_uno")


def test_a_question_moves_within_its_section(bank_draft, expert):
    for step in (-1, -1):
        move_part(
            draft_id=bank_draft.pk, part=LEVEL_ONE, step=step, actor=expert.user, at=AT
        )
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1
    move_part(draft_id=bank_draft.pk, part=LEVEL_ONE, step=1, actor=expert.user, at=AT)
    bank_draft.refresh_from_db()
    ids = [question["id"] for question in bank_draft.data()["questions"]]
    assert ids[2:4] == ["level_event", "level_one"]
    assert events(bank_draft)[-1] == ("moved", "level_one", "")


HOSTILE = {
    "markup": {"help": {"zh": "看<script>alert(1)</script>记录"}},
    "image": {"help": {"zh": "<img src=x onerror=alert(1)>"}},
    "control": {"help": {"zh": "看\u202e记录"}},
    "long": {"help": {"zh": "长" * 10_001}},
    "number": {"weight": 2},
    "many": {"evidence": [{"id": "e"}] * 3001},
}


@pytest.mark.parametrize("fields", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_part_is_refused_with_its_place(bank_draft, expert, fields):
    with pytest.raises(SourceRefused) as caught:
        edit(bank_draft, expert, **fields)
    assert caught.value.problems[0].path.startswith("questions/2/")
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


def test_a_bank_of_hostile_size_or_depth_is_refused(bank_draft, expert):
    deep: Any = "x"
    for _ in range(40):
        deep = [deep]
    big = {f"k{i}": "长" * 3900 for i in range(200)}
    crowd = [new_question(f"q{i}") for i in range(3001)]
    for hostile in ({"policy": deep}, {"policy": big}, {"questions": crowd}):
        with pytest.raises(SourceRefused):
            import_source(
                draft_id=bank_draft.pk, source={**bank_draft.data(), **hostile},
                revision=1, actor=expert.user, at=AT,
            )  # fmt: skip


def test_a_comparison_in_a_rule_is_no_markup(bank_draft, expert):
    part = Part("question", "level_export")
    edit(
        bank_draft,
        expert,
        part,
        applies_when="has_export = 是 and level_one <level_two",
    )
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 2


def test_a_discarded_draft_stays_as_it_was(bank_draft, expert):
    discard_draft(draft_id=bank_draft.pk, actor=expert.user, at=AT)
    with pytest.raises(DraftClosed):
        edit(bank_draft, expert, weight="3")
    row = BankDraft.objects.filter(pk=bank_draft.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(state="editing")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_the_history(bank_draft, act):
    rows = BankDraftEvent.objects.filter(draft=bank_draft)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(after="x") if act == "update" else rows.delete()
    assert events(bank_draft) == [("opened", "", "")]


def test_the_database_knows_one_open_draft_a_bank(bank_draft, bureau_manager):
    with pytest.raises(IntegrityError), transaction.atomic():
        BankDraft.objects.create(
            bank="small", source="{}", created_by=bureau_manager.user, created_at=AT,
            updated_by=bureau_manager.user, updated_at=AT,
        )  # fmt: skip


def test_an_unknown_draft_is_not_found(bureau_manager):
    with pytest.raises(NotFound):
        get_draft(bureau_manager.user, uuid4())


def test_a_removed_question_comes_back_where_it_stood(bank_draft, expert):
    part = Part("question", "level_event")
    remove_part(draft_id=bank_draft.pk, part=part, revision=1, actor=expert.user, at=AT)
    restore_question(
        draft_id=bank_draft.pk, question_id=part.id, actor=expert.user, at=AT
    )
    bank_draft.refresh_from_db()
    found = checked_text(bank_draft.source)
    assert found.bank is not None
    assert found.bank.sha256 == bank_draft.base.sha256


@pytest.mark.parametrize(
    ("question_id", "error"), [("level_one", Conflict), ("nothing", NotFound)]
)
def test_only_what_is_gone_comes_back(bank_draft, expert, question_id, error):
    with pytest.raises(error):
        restore_question(
            draft_id=bank_draft.pk, question_id=question_id, actor=expert.user, at=AT
        )


def test_a_file_may_bring_what_the_newest_version_asks(bank_draft, small_bank, expert):
    """Even where the draft began with an older one."""
    question = replace(small_bank.question("words"), id="fresh")
    newer = replace(
        small_bank, version="1.1.0", questions=(*small_bank.questions, question)
    )
    publish(bank=newer, at=AT)
    source = bank_source(newer)
    import_source(
        draft_id=bank_draft.pk, source=source, revision=1, actor=expert.user, at=AT
    )
    older = replace(small_bank, version="1.2.0")
    publish(bank=older, at=AT)
    discard_draft(draft_id=bank_draft.pk, actor=expert.user, at=AT)
    with pytest.raises(IdTaken):
        open_draft(
            source=source,
            base=BankVersion.objects.get(version="1.2.0"),
            actor=expert.user,
            at=AT,
        )


def test_a_part_needs_an_id_that_can_stand_in_an_address(bank_draft, expert):
    source = bank_draft.data()
    source["gates"][0]["id"] = "no/such id"
    with pytest.raises(SourceRefused) as caught:
        import_source(
            draft_id=bank_draft.pk, source=source, revision=1, actor=expert.user, at=AT
        )
    assert caught.value.problems[0].path == "gates/0/id"
